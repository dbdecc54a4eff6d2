package hubspot

import (
	"slices"
	"strings"
)

// Properties by which HubSpot tells that a record answers to further names.
const (
	propertyRecordID     = "hs_object_id"
	propertyMergedIDs    = "hs_merged_object_ids"
	propertyEmail        = "email"
	propertyMoreEmails   = "hs_additional_emails"
	separatorOfMoreNames = ";"
)

// roster finds the input that a part of a reply is about: by trace id, by
// record id or by key property, and never by position, because HubSpot answers
// in an order of its own.
type roster struct {
	idProperty string
	byTrace    map[string]int
	byID       map[string]int // folded

	// byValue tells new records apart: property, folded value, input. Nil for inputs
	// that have an id.
	byValue map[string]map[string]int
}

func newRoster(idProperty string, ids, traces []string) roster {
	r := roster{
		idProperty: idProperty,
		byTrace:    make(map[string]int, len(traces)),
		byID:       make(map[string]int, len(ids)),
	}
	for i, t := range traces {
		r.byTrace[t] = i
	}
	for i, id := range ids {
		r.byID[fold(id)] = i
	}
	return r
}

// names returns what a record answers to: its id or key first, then the ids
// that were merged into it, or its secondary emails.
func (r roster) names(w wireRecord) []string {
	switch r.idProperty {
	case "", propertyRecordID:
		return append([]string{w.id()}, further(w.property(propertyMergedIDs))...)
	case propertyEmail:
		return append([]string{w.property(propertyEmail)}, further(w.property(propertyMoreEmails))...)
	default:
		return []string{w.property(r.idProperty)}
	}
}

func further(joined string) []string {
	if joined == "" {
		return nil
	}
	return strings.Split(joined, separatorOfMoreNames)
}

// askedBy returns the positions of the inputs that a record answers to.
func (r roster) askedBy(w wireRecord) []int {
	var out []int
	for _, name := range r.names(w) {
		if i, ok := r.byID[fold(name)]; ok && !slices.Contains(out, i) {
			out = append(out, i)
		}
	}
	return out
}

// blamed returns the positions that an error names; none if it names nobody of
// this batch. In a batch of one there is nobody else to blame.
func (r roster) blamed(b blame) []int {
	var out []int
	add := func(i int, ok bool) {
		if ok && !slices.Contains(out, i) {
			out = append(out, i)
		}
	}
	for _, t := range b.traces {
		i, ok := r.byTrace[t]
		add(i, ok)
	}
	for _, id := range b.ids {
		i, ok := r.byID[fold(id)]
		add(i, ok)
	}
	alone := len(r.byID) == 1 && len(b.ids) == 0 || len(r.byID) == 0 && len(r.byTrace) == 1
	if len(out) == 0 && alone && len(b.traces) == 0 {
		out = append(out, 0)
	}
	slices.Sort(out)
	return out
}
