package hubspot

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"unicode/utf8"
)

// The bounds of a search.
// See https://developers.hubspot.com/docs/api-reference/latest/crm/search-the-crm
const (
	maxSearchGroups  = 5
	maxGroupFilters  = 6
	maxSearchFilters = 18
	maxSearchLength  = 3_000 // characters
	maxSearchPage    = 200
	maxSearchWindow  = 10_000
)

// SearchQuery asks for records by what they contain.
type SearchQuery struct {
	// Groups: a record fits if all filters of one group fit. At most 5 groups of 6
	// filters, 18 filters in all. None fits every record.
	Groups [][]Filter
	// Words are looked for in the properties that HubSpot searches by default.
	Words string
	Sorts []Sort
	// Properties to return. Without any HubSpot returns its own choice.
	Properties []string
	// Limit is the size of a page, at most 200. Default 100.
	Limit int
	// After continues a search: SearchPage.After of the page before.
	After string
}

// Filter compares the value of a property. Operators are EQ, NEQ, LT, LTE, GT, GTE,
// BETWEEN (Value and HighValue), IN and NOT_IN (Values, lower case), HAS_PROPERTY,
// NOT_HAS_PROPERTY, CONTAINS_TOKEN and NOT_CONTAINS_TOKEN.
type Filter struct {
	Property  string   `json:"propertyName"`
	Operator  string   `json:"operator"`
	Value     string   `json:"value,omitempty"`
	HighValue string   `json:"highValue,omitempty"`
	Values    []string `json:"values,omitempty"`
}

// Sort orders a search by a property.
type Sort struct {
	Property   string
	Descending bool
}

// SearchPage is one page of a search.
type SearchPage struct {
	Total   int // that fit; HubSpot shows the first 10,000 alone
	Records []Record
	After   string // empty on the last page
}

// Search looks for records, for instance to PROPOSE companies of a similar name to a
// person. Never decide by it whether a record exists, nor which one it is: the index
// runs up to half a minute behind writes, and what it finds may be gone since. Read by
// id or by a unique property with BatchRead for that.
//
// HubSpot allows five searches a second of a whole account, and says nothing about it in
// its replies; the client keeps below on its own account.
// See https://developers.hubspot.com/docs/api-reference/latest/crm/search-the-crm
func (c *Client) Search(ctx context.Context, t ObjectType, q SearchQuery) (SearchPage, error) {
	body, err := q.request(t)
	if err != nil {
		return SearchPage{}, err
	}
	cl := call{
		op: string(t) + " search", method: http.MethodPost, path: c.paths.search(t),
		body: body, lane: laneSearch, repeatable: true,
	}
	rep, e := c.send(ctx, cl)
	if e != nil {
		return SearchPage{}, e
	}
	var w struct {
		Total   json.RawMessage `json:"total"`
		Results json.RawMessage `json:"results"`
		Paging  struct {
			Next struct{ After json.RawMessage } `json:"next"`
		} `json:"paging"`
	}
	if json.Unmarshal(rep.body, &w) != nil || w.Results == nil {
		return SearchPage{}, unreadable(cl, rep)
	}
	out := SearchPage{After: text(w.Paging.Next.After)}
	if n, err := strconv.Atoi(text(w.Total)); err == nil {
		out.Total = n
	}
	for _, raw := range list(w.Results) {
		var r wireRecord
		if json.Unmarshal(raw, &r) == nil && r.id() != "" {
			out.Records = append(out.Records, r.record())
		}
	}
	return out, nil
}

// request checks the query and encodes it, to know its length.
func (q SearchQuery) request(t ObjectType) (json.RawMessage, error) {
	if !t.valid() {
		return nil, fmt.Errorf("%w: object type", ErrInvalidInput)
	}
	if len(q.Groups) > maxSearchGroups {
		return nil, fmt.Errorf("%w: %d filter groups, at most %d", ErrTooManyInputs, len(q.Groups), maxSearchGroups)
	}
	type group struct {
		Filters []Filter `json:"filters"`
	}
	type sort struct {
		Property  string `json:"propertyName"`
		Direction string `json:"direction"`
	}
	groups, sorts, all := []group{}, []sort{}, 0
	for i, g := range q.Groups {
		if all += len(g); len(g) > maxGroupFilters || all > maxSearchFilters {
			return nil, fmt.Errorf("%w: filters of group %d, at most %d and %d in all", ErrTooManyInputs, i, maxGroupFilters, maxSearchFilters)
		}
		groups = append(groups, group{g})
	}
	for _, s := range q.Sorts {
		direction := "ASCENDING"
		if s.Descending {
			direction = "DESCENDING"
		}
		sorts = append(sorts, sort{s.Property, direction})
	}
	limit, after := q.Limit, 0
	if limit == 0 {
		limit = 100
	}
	if q.After != "" {
		n, err := strconv.Atoi(q.After)
		if err != nil || n < 0 {
			return nil, fmt.Errorf("%w: not a place to go on from", ErrInvalidInput)
		}
		after = n
	}
	if limit < 0 || limit > maxSearchPage || after+limit > maxSearchWindow {
		return nil, fmt.Errorf("%w: a page of at most %d, and %d records in all", ErrTooManyInputs, maxSearchPage, maxSearchWindow)
	}
	request := map[string]any{
		"filterGroups": groups, "sorts": sorts, "properties": append([]string{}, q.Properties...), "limit": limit, "after": strconv.Itoa(after),
	}
	if q.Words != "" {
		request["query"] = q.Words
	}
	body, err := json.Marshal(request)
	if err != nil || utf8.RuneCount(body) > maxSearchLength {
		return nil, fmt.Errorf("%w: a search of at most %d characters", ErrInvalidInput, maxSearchLength)
	}
	return body, nil
}
