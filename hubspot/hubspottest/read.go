package hubspottest

import (
	"net/http"
	"slices"
	"strings"
)

// maxWithHistory bounds a batch read that asks for property histories.
const maxWithHistory = 50

// historyRow is one earlier value of a property.
type historyRow struct {
	Value      string `json:"value"`
	Timestamp  stamp  `json:"timestamp"`
	SourceType string `json:"sourceType"`
}

func batchRead(c *call) reply {
	o, f := c.objectsOf()
	var req batchReadRequest
	if f == nil {
		f = c.decode(&req)
	}
	if f == nil {
		req.Inputs, f = c.bounded(req.Inputs)
	}
	if f != nil {
		return f.reply(c)
	}
	if len(req.WithHistory) > 0 && len(req.Inputs) > maxWithHistory {
		return badRequest("The maximum number of inputs supported in a batch request for property histories is 50").reply(c)
	}
	if req.IDProperty != "" && req.IDProperty != "hs_object_id" && !o.isUnique(req.IDProperty) {
		return badRequest("Unable to read by non-unique " + o.t.id + " property " + req.IDProperty + ".").reply(c)
	}
	archived := c.flag("archived")
	var results []result
	var missing []string
	seen := map[string]bool{}
	for _, in := range req.Inputs {
		r := c.find(o, in.ID, req.IDProperty, archived)
		if r == nil {
			missing = append(missing, in.ID)
			continue
		}
		if !seen[r.id] {
			seen[r.id] = true
			results = append(results, c.shown(o, r, req.Properties, req.WithHistory))
		}
	}
	var errors []entry
	if len(missing) > 0 {
		errors = append(errors, lost(o.t, missing).entry(c, ""))
	}
	return c.multi(http.StatusOK, results, errors)
}

// find answers a record for reading: by id, following merges, or by a unique
// property. Archived records are found by id only, and only when asked for.
func (c *call) find(o *objects, id, idProperty string, archived bool) *record {
	if archived {
		if r := o.byID[id]; r != nil && r.archived() {
			return r
		}
		return nil
	}
	if idProperty != "" && idProperty != "hs_object_id" {
		return c.byKey(o, idProperty, id)
	}
	return o.get(id)
}

// shown is a record as a read answers it: the properties asked for, null where there
// is no value, and a few that always come along.
func (c *call) shown(o *objects, r *record, names, withHistory []string) result {
	res := result{ID: r.id, Properties: map[string]*string{}, CreatedAt: stamp(r.createdAt), UpdatedAt: stamp(r.updatedAt), Archived: r.archived()}
	if r.archived() {
		res.ArchivedAt = stampOf(r.archivedAt)
	}
	if len(names) == 0 {
		names = o.t.shown
	}
	for _, name := range names {
		c.put(o, r, res.Properties, strings.ToLower(name))
	}
	for _, name := range o.t.always {
		c.put(o, r, res.Properties, name)
	}
	for _, name := range withHistory {
		if rows := r.rows(name); rows != nil {
			if res.History == nil {
				res.History = map[string][]historyRow{}
			}
			res.History[name] = rows
		}
	}
	return res
}

// put adds a property to a reply; one that is not defined is left out in silence.
func (c *call) put(o *objects, r *record, into map[string]*string, name string) {
	if o.schema.find(name, c.now) == nil {
		return
	}
	into[name] = nil
	if v, ok := r.value(o.t, name); ok && v != "" {
		into[name] = &v
	}
}

// written is a record as a write answers it: what was sent, what HubSpot computed
// from it, and at creation the values that it filled in.
func (c *call) written(o *objects, d *draft) result {
	r := d.rec
	names := append(slices.Clone(d.touched), o.t.modified)
	if d.old == nil || o.t.dated {
		names = append(names, o.t.always...)
	}
	if d.old == nil {
		if o.t.computed != nil {
			for name := range o.t.computed(r.id) {
				names = append(names, name)
			}
		}
	}
	if r.props["email"] != "" && slices.Contains(names, "email") {
		names = append(names, "hs_email_domain")
	}
	res := result{
		ID: r.id, Properties: map[string]*string{}, CreatedAt: stamp(r.createdAt), UpdatedAt: stamp(r.updatedAt), Warnings: d.warnings,
	}
	for _, name := range names {
		v, _ := r.value(o.t, name)
		if v != "" || slices.Contains(d.touched, name) {
			res.Properties[name] = &v
		}
	}
	return res
}

// maxHistory is the number of values that HubSpot keeps of a contact's property.
const maxHistory = 45

// rows answers the values that a property had, the latest first.
func (r *record) rows(name string) []historyRow {
	var out []historyRow
	for ch := r.changes; ch != nil && len(out) < maxHistory; ch = ch.older {
		if ch.name == name {
			out = append(out, historyRow{Value: ch.value, Timestamp: stamp(ch.at), SourceType: ch.source})
		}
	}
	return out
}

func join(ids []string) string { return strings.Join(ids, ", ") }
