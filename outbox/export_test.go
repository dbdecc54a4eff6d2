package outbox

import "time"

// The pure parts, for tests of the external package.

var Backoff = backoff

type Floor = floor

func NewFloor(value int64, trail time.Duration) *Floor { return newFloor(value, trail) }
func (f *floor) See(id int64, now time.Time) bool      { return f.see(id, now) }
func (f *floor) Finish(id int64)                       { f.finish(id) }
func (f *floor) Advance(now time.Time) int64           { return f.advance(now) }
func (f *floor) Stored() int64                         { return f.stored() }

// Window drives a window by plain values.
type Window struct{ w *window }

func NewWindow() Window { return Window{newWindow([lanes]int64{}, time.Second)} }

func (w Window) Add(lane Lane, id int64, kind, key, subject string, now time.Time) bool {
	return w.w.add(row{lane: lane, id: id, kind: kind, key: key, subject: subject, recordedAt: now}, false, now)
}

func (w Window) AddAside(kind, key, subject, class string, attempts int, now time.Time) bool {
	return w.w.addHeld(held{lane: LaneLive, kind: kind, key: key, subject: subject, class: class, attempts: attempts, recordedAt: now}, false, now)
}

// Pick returns the deliveries of the next batch, in flight from then on, and a
// func that lands them: finished, or waiting again.
func (w Window) Pick(lane Lane, size int, partial bool, linger time.Duration, now time.Time) ([]Delivery, func(done bool), time.Time) {
	items, again := w.w.pick(lane, picking{size: size, partial: partial, linger: linger, now: now})
	items = append([]*item(nil), items...)
	w.w.takeOff(items)
	var out []Delivery
	for _, it := range items {
		out = append(out, it.delivery())
	}
	return out, func(done bool) {
		fate := stay
		if done {
			fate = finish
		}
		for _, it := range items {
			w.w.land(it, fate)
		}
	}, again
}

func (w Window) Label(key, label string, now time.Time) {
	for k, it := range w.w.items {
		if k.key == key {
			it.label, it.labelledAt = label, now
		}
	}
}

func (w Window) StartRead() { w.w.startRead() }
func (w Window) EndRead()   { w.w.endRead() }

// Rows are the ids behind a delivery in one lane.
func (d Delivery) Rows(lane Lane) []int64 { return d.rows[lane] }
