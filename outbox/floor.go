package outbox

import (
	"container/heap"
	"math"
	"time"
)

// floor is where the window of one lane begins. Ids are given out at insert and
// become visible at commit, so a read that only moved forward would pass over
// late commits. The floor therefore stays below the lowest unfinished id and
// below the highest id first seen a while (trail) ago. What a longer transaction
// leaves behind it is for the sweep.
type floor struct {
	trail      time.Duration
	value      int64
	seen       int64 // highest id seen
	marks      []mark
	unfinished map[int64]struct{}
	order      ids // unfinished and some already finished, lowest first
}

// mark says that no id up to id was first seen after last.
type mark struct {
	id          int64
	first, last time.Time
}

func newFloor(value int64, trail time.Duration) *floor {
	return &floor{trail: trail, value: value, seen: value, unfinished: map[int64]struct{}{}}
}

// see notes a row that was read and reports whether it is new.
func (f *floor) see(id int64, now time.Time) bool {
	if _, ok := f.unfinished[id]; ok {
		return false
	}
	f.unfinished[id] = struct{}{}
	heap.Push(&f.order, id)
	if id <= f.seen {
		return true
	}
	f.seen = id
	if n := len(f.marks); n > 0 && now.Sub(f.marks[n-1].first) < f.trail/16 {
		f.marks[n-1].id, f.marks[n-1].last = id, now
	} else {
		f.marks = append(f.marks, mark{id: id, first: now, last: now})
	}
	return true
}

// finish notes that a row no longer has to be held.
func (f *floor) finish(id int64) { delete(f.unfinished, id) }

// lowest is the lowest unfinished id, MaxInt64 if there is none.
func (f *floor) lowest() int64 {
	for len(f.order) > 0 {
		if _, ok := f.unfinished[f.order[0]]; ok {
			return f.order[0]
		}
		heap.Pop(&f.order)
	}
	return math.MaxInt64
}

// advance moves the floor as far as it may go at now and returns it. It never
// moves back.
func (f *floor) advance(now time.Time) int64 {
	old := 0
	for old < len(f.marks) && now.Sub(f.marks[old].last) >= f.trail {
		old++
	}
	if old > 0 {
		f.value = max(f.value, min(f.marks[old-1].id, f.lowest()-1))
	}
	if old > 1 { // the newest old mark is kept: an unfinished id may hold it back now
		f.marks = append(f.marks[:0], f.marks[old-1:]...)
	}
	return f.value
}

// stored is the floor to leave in the database: also below rows that a sweep
// found and that are not finished.
func (f *floor) stored() int64 { return min(f.value, f.lowest()-1) }

type ids []int64

func (h ids) Len() int           { return len(h) }
func (h ids) Less(i, j int) bool { return h[i] < h[j] }
func (h ids) Swap(i, j int)      { h[i], h[j] = h[j], h[i] }
func (h *ids) Push(x any)        { *h = append(*h, x.(int64)) }
func (h *ids) Pop() any {
	old := *h
	x := old[len(old)-1]
	*h = old[:len(old)-1]
	return x
}
