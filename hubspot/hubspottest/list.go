package hubspottest

import (
	"slices"
	"strings"
	"time"
)

// The kinds of lists. https://developers.hubspot.com/docs/api-reference/latest/crm/lists/guide
const (
	manual   = "MANUAL"
	snapshot = "SNAPSHOT"
	dynamic  = "DYNAMIC"
)

// restorable is how long a deleted list can be brought back.
const restorable = 90 * 24 * time.Hour

// list is one list (segment) of a portal.
type list struct {
	num       int64
	id        string
	version   int
	name      string
	o         *objects
	kind      string
	folder    string
	filter    *branch // as it was defined last; nil for none
	active    *branch // as the members follow it
	createdAt time.Time
	updatedAt time.Time
	filtersAt time.Time
	readyAt   time.Time // processed then
	built     int       // the latest move that the processing has seen
	deletedAt time.Time
	members   map[string]*membership // by record id, those that left included
	size      int
}

// membership is a record's time in a list.
type membership struct {
	in          bool
	first, last time.Time // added
}

func (l *list) deleted() bool { return !l.deletedAt.IsZero() }

// status is COMPLETE once the latest filter has been processed.
func (l *list) status(now time.Time) string {
	if now.Before(l.readyAt) {
		return "PROCESSING"
	}
	return "COMPLETE"
}

func (l *list) has(id string) bool {
	m := l.members[id]
	return m != nil && m.in
}

// add reports whether the record was not in the list before.
func (l *list) add(id string, at time.Time) bool {
	m := l.members[id]
	switch {
	case m == nil:
		l.members[id] = &membership{in: true, first: at, last: at}
	case m.in:
		return false
	default:
		m.in, m.last = true, at
	}
	l.size++
	return true
}

// remove reports whether the record was in the list before.
func (l *list) remove(id string) bool {
	if !l.has(id) {
		return false
	}
	l.members[id].in = false
	l.size--
	return true
}

// ids are the members in the order of their numbers.
func (l *list) ids() []string {
	out := make([]string, 0, l.size)
	for id, m := range l.members {
		if m.in {
			out = append(out, id)
		}
	}
	slices.SortFunc(out, compareIDs)
	return out
}

// listStore is everything about lists in one portal.
type listStore struct {
	all     []*list // in the order of their ids, deleted ones included
	folders []*folder
	lastID  int64 // of lists and folders
	moves   int   // counted so far
	due     []due // in the order of time
}

func (s *listStore) nextID() int64 {
	s.lastID++
	return s.lastID
}

// get finds a list that is not deleted.
func (s *listStore) get(id string) *list {
	for _, l := range s.all {
		if l.id == id && !l.deleted() {
			return l
		}
	}
	return nil
}

// named finds a live list by its name, which knows no case.
func (s *listStore) named(name string) *list {
	for _, l := range s.all {
		if !l.deleted() && strings.EqualFold(l.name, name) {
			return l
		}
	}
	return nil
}

func (s *listStore) count() int {
	n := 0
	for _, l := range s.all {
		if !l.deleted() {
			n++
		}
	}
	return n
}

// dynamic reports whether some list follows the records of a type.
func (s *listStore) dynamic(o *objects) bool {
	return slices.ContainsFunc(s.all, func(l *list) bool { return l.o == o && l.active != nil && l.kind == dynamic })
}

// forget takes a record that is gone out of every list. What was merged into another
// leaves its place in hand-made lists to the survivor.
func (s *listStore) forget(o *objects, id string, now time.Time) {
	heir := o.get(id)
	for _, l := range s.all {
		if l.o == o && l.remove(id) && heir != nil && l.kind != dynamic {
			l.add(heir.id, now)
		}
	}
}

// review looks at one version of a record for every list that follows its type.
func (p *PortalState) review(d due) {
	if d.o.get(d.rec.id) == nil {
		return
	}
	for _, l := range p.lists.all {
		if l.o != d.o || l.active == nil || l.kind != dynamic || d.move <= l.built {
			continue
		}
		if l.active.fits(d.o, d.rec) {
			p.enter(l, d.rec.id, d.at, false)
		} else {
			l.remove(d.rec.id)
		}
	}
}

// rebuild makes the members of a list those that fit its latest filter.
func (p *PortalState) rebuild(d due) {
	l := d.list
	if l.filter != d.filter {
		return // changed again since
	}
	l.active, l.built = l.filter, p.lists.moves
	for r := range l.o.each(false) {
		if l.active.fits(l.o, r) {
			p.enter(l, r.id, d.at, d.quiet)
		} else {
			l.remove(r.id)
		}
	}
}

// enter makes a record a member and reports whether it was none before. A quiet entry
// triggers no workflow.
func (p *PortalState) enter(l *list, id string, at time.Time, quiet bool) bool {
	if !l.add(id, at) {
		return false
	}
	if !quiet {
		p.entered(l, id, at)
	}
	return true
}

func compareIDs(a, b string) int {
	if n := len(a) - len(b); n != 0 {
		return n
	}
	return strings.Compare(a, b)
}
