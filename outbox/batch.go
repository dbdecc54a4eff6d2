package outbox

import "time"

// group collects items that may share a batch.
type group struct {
	kind, label string
	alone       *item
}

// picking says what may be picked now.
type picking struct {
	size    int
	routed  bool // items without a label are not ready
	partial bool // a batch that is not full may go at once
	linger  time.Duration
	now     time.Time
}

// pick chooses the next batch of a lane without taking it: the first group that
// fills a batch, else the oldest group if it may go as it is. The second result
// is when it is worth looking again, zero if only an event can change anything.
//
// A subject in flight is passed over, and so is a later item of a subject whose
// earlier item is not in the same batch: order per subject.
func (w *window) pick(lane Lane, p picking) ([]*item, time.Time) {
	type bucket struct {
		items []*item
		ready bool
	}
	groups := map[group]*bucket{}
	var order []*bucket
	var again time.Time
	sooner := func(t time.Time) {
		if again.IsZero() || t.Before(again) {
			again = t
		}
	}
	owners := map[string]*bucket{} // of subjects; nil: not in this pass
	for _, it := range w.queues[lane] {
		owner, seen := owners[it.subject]
		if seen && owner == nil {
			continue
		}
		if w.subjects[it.subject] > 0 || w.flyingKeys[it.itemKey] {
			owners[it.subject] = nil
			continue
		}
		if it.notBefore.After(p.now) {
			sooner(it.notBefore)
			owners[it.subject] = nil
			continue
		}
		if p.routed && it.labelledAt.IsZero() {
			owners[it.subject] = nil
			continue
		}
		g := group{kind: it.kind, label: it.label}
		if it.alone {
			g.alone = it
		}
		b := groups[g]
		if seen && owner != b {
			owners[it.subject] = nil
			continue
		}
		if b == nil {
			b = &bucket{}
			groups[g] = b
			order = append(order, b)
		}
		owners[it.subject] = b
		b.items = append(b.items, it)
		b.ready = b.ready || p.partial || it.alone || p.now.Sub(it.seenAt) >= p.linger
		if len(b.items) >= p.size {
			return b.items, time.Time{}
		}
	}
	for _, b := range order {
		if b.ready {
			return b.items, time.Time{}
		}
		sooner(b.items[0].seenAt.Add(p.linger))
	}
	return nil, again
}

// unlabelled returns waiting items whose label is missing or older than since,
// the first few of every lane: as many as the next batches may want.
func (w *window) unlabelled(perLane int, since time.Time) []*item {
	var out []*item
	for lane := range w.queues {
		for i, it := range w.queues[lane] {
			if i >= perLane {
				break
			}
			if it.labelledAt.Before(since) {
				out = append(out, it)
			}
		}
	}
	return out
}

// unchecked returns waiting items whose asides were not looked up.
func (w *window) unchecked(perLane int) []*item {
	var out []*item
	for lane := range w.queues {
		for i, it := range w.queues[lane] {
			if i >= perLane {
				break
			}
			if !it.checked {
				out = append(out, it)
			}
		}
	}
	return out
}
