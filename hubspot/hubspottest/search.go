package hubspottest

import (
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// The bounds of a search. https://developers.hubspot.com/docs/api-reference/2026-03/crm/search-the-crm
const (
	maxGroups     = 5
	maxFilters    = 6
	maxAllFilters = 18
	maxSearchBody = 3_000
	maxPage       = 200
	maxWindow     = 10_000
)

func searchRoutes() []route {
	return []route{{http.MethodPost, "objects", "{type}/search", reads, searchRecords}}
}

type filter struct {
	Property  string   `json:"propertyName"`
	Operator  string   `json:"operator"`
	Value     text     `json:"value"`
	HighValue text     `json:"highValue"`
	Values    []string `json:"values"`
}

type sortBy struct {
	Property  string `json:"propertyName"`
	Direction string `json:"direction"`
}

// UnmarshalJSON takes the object of the guide and the bare name of the schema.
func (s *sortBy) UnmarshalJSON(raw []byte) error {
	if len(raw) > 0 && raw[0] == '"' {
		return json.Unmarshal(raw, &s.Property)
	}
	type plainSort sortBy
	return json.Unmarshal(raw, (*plainSort)(s))
}

type searchRequest struct {
	Groups []struct {
		Filters []filter `json:"filters"`
	} `json:"filterGroups"`
	Sorts      []sortBy `json:"sorts"`
	Query      string   `json:"query"`
	Properties []string `json:"properties"`
	Limit      int      `json:"limit"`
	After      text     `json:"after"`
}

// searchRecords answers from an index that runs behind: of each record the version
// that was written before the lag.
func searchRecords(c *call) reply {
	o, f := c.objectsOf()
	if f != nil {
		return f.reply(c)
	}
	req := searchRequest{Limit: 10}
	if f = c.decode(&req); f == nil {
		f = c.checkSearch(o, &req)
	}
	if f != nil {
		return f.reply(c)
	}
	var hits []*record
	for _, r := range o.indexed(c.now.Add(-c.sim.opts.SearchLag)) {
		if req.matches(o, r) {
			hits = append(hits, r)
		}
	}
	for _, s := range slices.Backward(req.Sorts) {
		slices.SortStableFunc(hits, func(a, b *record) int {
			n := compareValues(o.schema.live[s.Property], valueOf(o, a, s.Property), valueOf(o, b, s.Property))
			if strings.EqualFold(s.Direction, "DESCENDING") {
				return -n
			}
			return n
		})
	}
	total, from := len(hits), int(parseID(string(req.After)))
	to := min(from+req.Limit, total)
	results := []result{}
	for _, r := range hits[min(from, total):to] {
		if o.get(r.id) != nil { // one that is gone since is counted, not shown
			results = append(results, c.shown(o, r, req.Properties, nil))
		}
	}
	next := ""
	if to < total {
		next = strconv.Itoa(to)
	}
	return reply{http.StatusOK, page{Total: &total, Results: results, Paging: pagingTo(next)}}
}

// indexed answers the records as they were at a time, in the order of their ids.
func (o *objects) indexed(at time.Time) []*record {
	out := make([]*record, 0, o.live)
	for _, n := range o.order {
		r := o.byID[formatID(n)]
		for r != nil && r.writtenAt.After(at) {
			r = r.prev
		}
		if r != nil && !r.archived() {
			out = append(out, r)
		}
	}
	return out
}

func (c *call) checkSearch(o *objects, req *searchRequest) *failure {
	if len(c.body) > maxSearchBody {
		return badRequest("The search request is longer than 3000 characters")
	}
	if req.Limit < 0 || req.Limit > maxPage {
		return badRequest("The limit must be between 0 and 200")
	}
	after := string(req.After)
	if from, err := strconv.Atoi(after); after != "" && (err != nil || from < 0) {
		return badRequest("after must be a number of results")
	} else if from+req.Limit > maxWindow {
		return badRequest("The maximum number of results that can be paged through is 10000")
	}
	if len(req.Groups) > maxGroups {
		return badRequest("A search may have at most 5 filter groups")
	}
	all := 0
	for _, g := range req.Groups {
		if all += len(g.Filters); len(g.Filters) > maxFilters || all > maxAllFilters {
			return badRequest("A search may have at most 6 filters in a group and 18 in all")
		}
		for _, f := range g.Filters {
			if o.schema.find(f.Property, c.now) == nil {
				return badRequest("There was a problem with the request: property " + f.Property + " does not exist")
			}
			if !slices.Contains(operators(), f.Operator) {
				return badRequest("There is no operator " + f.Operator)
			}
		}
	}
	for _, s := range req.Sorts {
		if o.schema.find(s.Property, c.now) == nil {
			return badRequest("There was a problem with the request: property " + s.Property + " does not exist")
		}
	}
	return nil
}

func operators() []string {
	return []string{
		"BETWEEN", "CONTAINS_TOKEN", "EQ", "GT", "GTE", "HAS_PROPERTY", "IN", "LT", "LTE", "NEQ", "NOT_CONTAINS_TOKEN", "NOT_HAS_PROPERTY", "NOT_IN",
	}
}

// matches reports whether a record has the words of the query and fits one group.
func (req *searchRequest) matches(o *objects, r *record) bool {
	for word := range strings.FieldsSeq(strings.ToLower(req.Query)) {
		if !slices.ContainsFunc(o.t.query, func(name string) bool { return strings.Contains(strings.ToLower(valueOf(o, r, name)), word) }) {
			return false
		}
	}
	if len(req.Groups) == 0 {
		return true
	}
	for _, g := range req.Groups {
		if !slices.ContainsFunc(g.Filters, func(f filter) bool { return !f.fits(o, r) }) {
			return true
		}
	}
	return false
}

func valueOf(o *objects, r *record, name string) string {
	v, _ := r.value(o.t, name)
	return v
}

// fits applies one filter. A record without a value fits only the operators that
// negate.
func (f filter) fits(o *objects, r *record) bool {
	def := o.schema.live[f.Property]
	have := valueOf(o, r, f.Property)
	each := []string{have}
	if def.multi() || f.Property == "hs_additional_emails" {
		each = strings.Split(have, ";")
	}
	one := func(want string) bool {
		return have != "" && slices.ContainsFunc(each, func(v string) bool { return compareValues(def, v, want) == 0 })
	}
	token := func() bool {
		return have != "" && containsToken(have, string(f.Value))
	}
	switch f.Operator {
	case "HAS_PROPERTY":
		return have != ""
	case "NOT_HAS_PROPERTY":
		return have == ""
	case "EQ":
		return one(string(f.Value))
	case "NEQ":
		return !one(string(f.Value))
	case "IN":
		return slices.ContainsFunc(f.Values, one)
	case "NOT_IN":
		return !slices.ContainsFunc(f.Values, one)
	case "CONTAINS_TOKEN":
		return token()
	case "NOT_CONTAINS_TOKEN":
		return !token()
	}
	if have == "" {
		return false
	}
	n := compareValues(def, have, string(f.Value))
	switch f.Operator {
	case "LT":
		return n < 0
	case "LTE":
		return n <= 0
	case "GT":
		return n > 0
	case "GTE":
		return n >= 0
	}
	return n >= 0 && compareValues(def, have, string(f.HighValue)) <= 0 // BETWEEN
}

// compareValues orders two values as their property's type says; text without case.
func compareValues(def *property, a, b string) int {
	switch def.Type {
	case "number":
		x, errX := strconv.ParseFloat(a, 64)
		y, errY := strconv.ParseFloat(b, 64)
		if errX == nil && errY == nil {
			switch {
			case x < y:
				return -1
			case x > y:
				return 1
			}
			return 0
		}
	case "date", "datetime":
		x, okX := parseInstant(a)
		y, okY := parseInstant(b)
		if okX && okY {
			return x.Compare(y)
		}
	}
	return strings.Compare(strings.ToLower(a), strings.ToLower(b))
}

// containsToken looks for a word; a star stands for any ending or beginning.
func containsToken(have, want string) bool {
	split := func(r rune) bool { return strings.ContainsRune(" ,;@.-/", r) }
	have, want = strings.ToLower(have), strings.ToLower(want)
	core := strings.Trim(want, "*")
	if core == "" {
		return true
	}
	if core != want {
		return slices.ContainsFunc(append(strings.FieldsFunc(have, split), have), func(w string) bool {
			starts, ends := strings.HasSuffix(want, "*"), strings.HasPrefix(want, "*")
			return starts && ends && strings.Contains(w, core) || starts && strings.HasPrefix(w, core) || ends && strings.HasSuffix(w, core)
		})
	}
	words := strings.FieldsFunc(have, split)
	for _, w := range strings.FieldsFunc(core, split) {
		if !slices.Contains(words, w) {
			return false
		}
	}
	return true
}
