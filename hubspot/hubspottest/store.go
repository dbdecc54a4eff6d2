package hubspottest

import (
	"maps"
	"slices"
	"strings"
	"time"
)

// record is one version of a CRM record. A stored version is never changed: a write
// stores a new one that points back, so that replies need no lock, a rejected batch
// can be undone, and search can lag behind.
type record struct {
	num        int64
	id         string
	props      map[string]string
	secondary  []string // further emails, folded
	merged     []string // ids merged into this record
	createdAt  time.Time
	updatedAt  time.Time
	archivedAt time.Time
	writtenAt  time.Time // when this version was stored
	prev       *record   // the version before, while search may still see it
	changes    *change   // the latest change of a value
}

// change is one value that a property got; the list of a record grows at its head, so
// that all versions share it.
type change struct {
	name, value, source string
	at                  time.Time
	older               *change
}

// note puts a new value at the head of the list.
func (r *record) note(name, value string, v version, at time.Time) {
	source := "INTEGRATION"
	if v == byHand {
		source = "CRM_UI"
	}
	r.changes = &change{name: name, value: value, source: source, at: at, older: r.changes}
}

func (r *record) archived() bool { return !r.archivedAt.IsZero() }

// next copies the version for a change at now.
func (r *record) next(now time.Time) *record {
	n := *r
	n.props = maps.Clone(r.props)
	n.writtenAt = now
	n.prev = r
	return &n
}

// value answers what a reply shows for a property, computed ones included.
func (r *record) value(t *objectType, name string) (string, bool) {
	switch name {
	case "hs_object_id":
		return r.id, true
	case "createdate", "hs_createdate":
		return stamp(r.createdAt).String(), true
	case t.modified:
		return stamp(r.updatedAt).String(), true
	case "hs_merged_object_ids":
		return strings.Join(r.merged, ";"), len(r.merged) > 0
	case "hs_additional_emails":
		return strings.Join(r.secondary, ";"), len(r.secondary) > 0
	case "hs_email_domain":
		_, domain, ok := strings.Cut(r.props["email"], "@")
		return domain, ok && t.emails
	}
	v, ok := r.props[name]
	return v, ok
}

// objects is the store of one object type in one portal: records by id, and for each
// unique property the live record that holds a value. Every lookup is a map access.
type objects struct {
	t       *objectType
	schema  *schema
	byID    map[string]*record
	order   []int64           // ids in ascending order, those erased included
	alias   map[string]string // id merged away -> survivor
	unique  map[string]map[string]string
	blocked map[string]bool // addresses a GDPR deletion keeps out
	live    int
	moves   []move // what lists and workflows have not followed yet
}

func newObjects(t *objectType, created time.Time) *objects {
	return &objects{
		t: t, schema: newSchema(t, created),
		byID: map[string]*record{}, alias: map[string]string{}, unique: map[string]map[string]string{}, blocked: map[string]bool{},
	}
}

// isUnique reports whether records can be addressed by the property.
func (o *objects) isUnique(name string) bool {
	if o.t.emails && name == "email" {
		return true
	}
	p := o.schema.live[name]
	return p != nil && p.HasUniqueValue
}

// fold is the form in which two values of a unique property are the same.
func fold(v string) string { return strings.ToLower(strings.TrimSpace(v)) }

// byKey finds the live record that holds a value of a unique property.
func (o *objects) byKey(name, value string) *record {
	return o.byID[o.unique[name][fold(value)]]
}

// get finds a live record by id and follows merges.
func (o *objects) get(id string) *record {
	if r := o.byID[o.resolve(id)]; r != nil && !r.archived() {
		return r
	}
	return nil
}

// resolve follows the ids of merged records to the survivor.
func (o *objects) resolve(id string) string {
	for {
		to, ok := o.alias[id]
		if !ok {
			return id
		}
		id = to
	}
}

// put stores a version and keeps the indexes right. old is the version it replaces,
// nil for a new record.
func (o *objects) put(old, r *record) {
	if old != nil {
		o.unindex(old)
	} else if n := len(o.order); n == 0 || o.order[n-1] < r.num {
		o.order = append(o.order, r.num)
	} else if i, found := slices.BinarySearch(o.order, r.num); !found {
		o.order = slices.Insert(o.order, i, r.num)
	}
	o.byID[r.id] = r
	o.index(r)
	o.step(old, r)
}

// drop forgets a record and every trace of it.
func (o *objects) drop(r *record) {
	o.unindex(r)
	delete(o.byID, r.id)
	o.step(r, nil)
	if i, found := slices.BinarySearch(o.order, r.num); found && i == len(o.order)-1 {
		o.order = o.order[:i]
	}
}

func (o *objects) index(r *record) {
	if r.archived() {
		return
	}
	o.live++
	for name, key := range o.keys(r) {
		m := o.unique[name]
		if m == nil {
			m = map[string]string{}
			o.unique[name] = m
		}
		m[key] = r.id
	}
}

func (o *objects) unindex(r *record) {
	if r.archived() {
		return
	}
	o.live--
	for name, key := range o.keys(r) {
		if o.unique[name][key] == r.id {
			delete(o.unique[name], key)
		}
	}
}

// keys yields the unique values of a record, each with its property.
func (o *objects) keys(r *record) func(yield func(name, key string) bool) {
	return func(yield func(name, key string) bool) {
		for name, v := range r.props {
			if v != "" && o.isUnique(name) && !yield(name, fold(v)) {
				return
			}
		}
		for _, email := range r.secondary {
			if !yield("email", email) {
				return
			}
		}
	}
}

// reindex builds the indexes anew after a definition was archived or restored.
func (o *objects) reindex() {
	o.unique, o.live = map[string]map[string]string{}, 0
	for _, n := range o.order {
		if r := o.byID[formatID(n)]; r != nil {
			o.index(r)
		}
	}
}

// each yields the records in the order of their ids, archived ones if asked.
func (o *objects) each(archived bool) func(yield func(*record) bool) {
	return func(yield func(*record) bool) {
		for _, n := range o.order {
			if r := o.byID[formatID(n)]; r != nil && r.archived() == archived && !yield(r) {
				return
			}
		}
	}
}
