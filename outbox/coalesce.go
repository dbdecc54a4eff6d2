package outbox

import (
	"slices"
	"time"
)

// row is one entry as read.
type row struct {
	lane               Lane
	id                 int64
	kind, key, subject string
	payload            []byte
	recordedAt         time.Time
}

// held is a record that was set aside and is due.
type held struct {
	lane               Lane
	kind, key, subject string
	attempts, bugs     int
	class              string
	doubt              bool
	payload            []byte
	recordedAt, since  time.Time
}

type itemKey struct{ kind, key string }

// item is a delivery in the making: every row of one key, and its aside.
type item struct {
	itemKey
	subject    string
	lane       Lane
	rows       [lanes][]int64
	first      int64 // the lowest id; 0 for a due aside, which is older than any row
	payload    []byte
	recordedAt time.Time
	seenAt     time.Time
	aside      bool
	attempts   int
	bugs       int // attempts that ended in a bug
	doubt      bool
	alone      bool // ended in a bug before: shares no batch
	checked    bool // asides were looked up
	label      string
	labelledAt time.Time
	notBefore  time.Time
	nacks      int
	picked     bool
}

// fold puts a row into the item. Rows of a state key are one delivery, because
// the state is read late. Two rows of one fact key are the same fact recorded
// twice: the first payload stays.
func (it *item) fold(r row) {
	at, _ := slices.BinarySearch(it.rows[r.lane], r.id)
	it.rows[r.lane] = slices.Insert(it.rows[r.lane], at, r.id)
	it.recordedAt = oldest(it.recordedAt, r.recordedAt)
	if it.payload == nil {
		it.payload = r.payload
	}
}

func (it *item) delivery() Delivery {
	return Delivery{
		Kind: it.kind, Key: it.key, Subject: it.subject, Lane: it.lane, Payload: it.payload,
		RecordedAt: it.recordedAt, Attempt: it.attempts, Doubt: it.doubt, rows: it.rows, aside: it.aside,
	}
}

// add takes a row that was read and reports whether it is new.
func (w *window) add(r row, doubt bool, now time.Time) bool {
	if w.finished(r.lane, r.id) || !w.floors[r.lane].see(r.id, now) {
		return false
	}
	key := itemKey{r.kind, r.key}
	it := w.items[key]
	if it == nil {
		it = &item{itemKey: key, subject: r.subject, lane: r.lane, first: r.id, seenAt: now, doubt: doubt}
		it.fold(r)
		w.enqueue(it)
		return true
	}
	it.fold(r)
	it.doubt = it.doubt || doubt
	if r.lane < it.lane || r.id < it.first {
		w.dequeue(it)
		it.lane, it.first = min(it.lane, r.lane), min(it.first, r.id)
		w.enqueue(it)
	}
	return true
}

// addHeld merges a due aside. One whose key is in flight is left for later: the
// flight decides about it.
func (w *window) addHeld(h held, doubt bool, now time.Time) bool {
	key := itemKey{h.kind, h.key}
	if w.flyingKeys[key] || w.goneKeys[key] {
		return false
	}
	it := w.items[key]
	if it != nil && it.aside {
		return false
	}
	if it == nil {
		it = &item{itemKey: key, subject: h.subject, lane: h.lane, seenAt: now, recordedAt: h.recordedAt}
		it.annotate(h, doubt)
		w.enqueue(it)
		return true
	}
	w.dequeue(it)
	it.first = 0
	it.annotate(h, doubt)
	w.enqueue(it)
	return true
}

// annotate gives an item what is known from its aside.
func (it *item) annotate(h held, doubt bool) {
	it.aside, it.checked = true, true
	it.attempts, it.bugs = h.attempts, h.bugs
	it.doubt = it.doubt || h.doubt || doubt
	it.alone = h.class == ClassBug
	it.recordedAt = oldest(it.recordedAt, h.recordedAt)
	if h.payload != nil {
		it.payload = h.payload
	}
}
