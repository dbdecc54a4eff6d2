package hubspottest

import (
	"cmp"
	"slices"
	"time"
)

// move is one step of a record, from a version to the next; nil is no record. Lists and
// workflows follow the moves.
type move struct{ from, to *record }

// step notes a move. One that takes the latest back, as the undo of a batch does, leaves
// nothing to follow.
func (o *objects) step(from, to *record) {
	if n := len(o.moves); n > 0 && o.moves[n-1] == (move{to, from}) {
		o.moves = o.moves[:n-1]
		return
	}
	o.moves = append(o.moves, move{from, to})
}

// due is work that DYNAMIC lists do later: a record to look at, or a list to build anew.
type due struct {
	at     time.Time
	move   int // its number, of a record
	o      *objects
	rec    *record
	list   *list
	filter *branch // that the list is built by
	quiet  bool    // members that come in enrol in no workflow
}

// follow lets lists and workflows catch up with what happened until now.
func (p *PortalState) follow(now time.Time) {
	for _, o := range p.types {
		for _, m := range o.moves {
			p.moved(o, m, now)
		}
		clear(o.moves)
		o.moves = o.moves[:0]
	}
	s := &p.lists
	n := 0
	for ; n < len(s.due) && !s.due[n].at.After(now); n++ {
		if d := s.due[n]; d.list != nil {
			p.rebuild(d)
		} else {
			p.review(d)
		}
	}
	s.due = slices.Delete(s.due, 0, n)
}

func (p *PortalState) moved(o *objects, m move, now time.Time) {
	if m.to == nil || m.to.archived() {
		p.lists.forget(o, m.from.id, now)
		return
	}
	p.trigger(o, m)
	if p.lists.dynamic(o) {
		p.lists.moves++
		p.lists.later(due{at: m.to.writtenAt.Add(p.sim.opts.ListLag), move: p.lists.moves, o: o, rec: m.to})
	}
}

// later queues work in the order of its time.
func (s *listStore) later(d due) {
	if n := len(s.due); n == 0 || !s.due[n-1].at.After(d.at) {
		s.due = append(s.due, d)
		return
	}
	i, _ := slices.BinarySearchFunc(s.due, d.at, func(e due, at time.Time) int {
		return cmp.Or(e.at.Compare(at), -1) // behind those of the same time
	})
	s.due = slices.Insert(s.due, i, d)
}
