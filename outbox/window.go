package outbox

import (
	"slices"
	"sort"
	"time"
)

// ClassBug is the class of records that are set aside because the handler
// panicked, returned an error or said nothing, or because a row made no sense.
const ClassBug = "bug"

// window is what a holder knows of its tenant: the rows from the floor on,
// folded into items, and which subjects are in flight. It is pure memory, for
// one goroutine at a time.
type window struct {
	queues     [lanes][]*item // waiting, oldest first
	items      map[itemKey]*item
	floors     [lanes]*floor
	cursor     [lanes]int64 // highest id read
	more       [lanes]bool  // the last read stopped at its limit
	subjects   map[string]int
	flyingKeys map[itemKey]bool

	// While a read is under way, what is finished meanwhile: the read may still
	// have seen it.
	reading  bool
	goneRows map[rowRef]bool
	goneKeys map[itemKey]bool
}

type rowRef struct {
	lane Lane
	id   int64
}

func newWindow(floors [lanes]int64, trail time.Duration) *window {
	w := &window{items: map[itemKey]*item{}, subjects: map[string]int{}, flyingKeys: map[itemKey]bool{}}
	for l := range w.floors {
		w.floors[l] = newFloor(floors[l], trail)
		w.cursor[l] = floors[l]
	}
	return w
}

func (w *window) startRead() {
	w.reading, w.goneRows, w.goneKeys = true, map[rowRef]bool{}, map[itemKey]bool{}
}

func (w *window) endRead() { w.reading, w.goneRows, w.goneKeys = false, nil, nil }

func (w *window) finished(lane Lane, id int64) bool { return w.goneRows[rowRef{lane, id}] }

// known counts the rows of a lane held in memory.
func (w *window) known(lane Lane) int { return len(w.floors[lane].unfinished) }

func (w *window) size() int { return w.known(0) + w.known(1) + w.known(2) }

// empty says that nothing waits and nothing is in flight.
func (w *window) empty() bool { return len(w.items) == 0 && len(w.flyingKeys) == 0 }

func (w *window) enqueue(it *item) {
	it.picked = false
	w.items[it.itemKey] = it
	q := w.queues[it.lane]
	if n := len(q); n == 0 || q[n-1].first <= it.first {
		w.queues[it.lane] = append(q, it)
		return
	}
	at := sort.Search(len(q), func(i int) bool { return q[i].first > it.first })
	w.queues[it.lane] = slices.Insert(q, at, it)
}

func (w *window) dequeue(it *item) {
	delete(w.items, it.itemKey)
	q := w.queues[it.lane]
	if i := slices.Index(q, it); i >= 0 {
		w.queues[it.lane] = slices.Delete(q, i, i+1)
	}
}

// takeOff moves items from waiting to in flight. All are of one lane.
func (w *window) takeOff(items []*item) {
	if len(items) == 0 {
		return
	}
	for _, it := range items {
		it.picked = true
		delete(w.items, it.itemKey)
		w.subjects[it.subject]++
		w.flyingKeys[it.itemKey] = true
	}
	lane := items[0].lane
	w.queues[lane] = slices.DeleteFunc(w.queues[lane], func(it *item) bool { return it.picked })
}

// land ends an item's flight. Its rows are finished, or, if it is to stay,
// waiting again; forget drops it from memory so that only a new read can tell
// whether its rows still exist.
func (w *window) land(it *item, fate fate) {
	if n := w.subjects[it.subject]; n > 1 {
		w.subjects[it.subject] = n - 1
	} else {
		delete(w.subjects, it.subject)
	}
	delete(w.flyingKeys, it.itemKey)
	if fate == stay {
		w.giveBack(it)
		return
	}
	for lane, list := range it.rows {
		for _, id := range list {
			w.floors[lane].finish(id)
			if w.reading && fate == finish {
				w.goneRows[rowRef{Lane(lane), id}] = true
			}
		}
	}
	if w.reading && fate == finish {
		w.goneKeys[it.itemKey] = true
	}
	if next := w.items[it.itemKey]; next != nil {
		next.checked = false // the settlement may have made an aside of this key
	}
}

// giveBack returns an item to the queue, joined with rows that arrived meanwhile.
func (w *window) giveBack(it *item) {
	if next := w.items[it.itemKey]; next != nil {
		w.dequeue(next)
		for lane, list := range next.rows {
			it.rows[lane] = append(it.rows[lane], list...)
			slices.Sort(it.rows[lane])
		}
		it.lane = min(it.lane, next.lane)
		it.first = min(it.first, next.first)
		it.doubt = it.doubt || next.doubt
		if it.payload == nil {
			it.payload = next.payload
		}
	}
	w.enqueue(it)
}

// fate says what becomes of an item when its flight ends.
type fate int8

const (
	finish fate = iota
	stay
	forget
)
