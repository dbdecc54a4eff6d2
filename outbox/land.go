package outbox

import (
	"context"
	"errors"
	"math"
	"time"
)

// settledSince says whether a key was settled since a flight began, or is being
// settled now.
func (p *partition) settledSince(key string, began int64) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.settledKeys[key] > began
}

// settlements are keys and when they were last settled, by the partition's
// counter.
type settlements map[string]int64

// under notes that keys are being settled.
func (s settlements) under(keys []string) {
	for _, k := range keys {
		s[k] = math.MaxInt64
	}
}

// done notes that the settlement of keys has ended, one way or the other.
func (s settlements) done(keys []string, counter int64) {
	for _, k := range keys {
		s[k] = counter
	}
}

// landed brings memory in line with a settlement that was committed.
func (p *partition) landed(f *flight, w *writes, park *Park) {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := p.o.cfg.Now()
	for i, it := range f.items {
		p.w.land(it, w.landed[i])
	}
	f.items = nil
	if len(w.settled) > 0 && p.asides {
		p.nextAsides = time.Time{} // something may have waited for these
	}
	for _, a := range w.asides {
		if !a.human && a.wait < p.o.cfg.Poll || a.waitsFor != "" {
			p.nextAsides = time.Time{}
		}
	}
	switch {
	case w.snooze:
		p.snooze[f.lane] = min(max(2*p.snooze[f.lane], p.o.cfg.SnoozeMin), p.o.cfg.SnoozeMax)
		until := now.Add(max(w.snoozed, p.snooze[f.lane]))
		for l := f.lane; l < lanes; l++ {
			if until.After(p.rest[l]) {
				p.rest[l] = until
			}
		}
		p.limit = max(1, p.limit/2)
	case w.wellEnded:
		p.snooze[f.lane] = 0
		p.limit = min(2*p.limit, p.o.cfg.MaxInFlight)
	}
	if park != nil {
		p.leaving = true
	}
	p.poke()
}

// lostSight ends a flight whose settlement is unknown: only the database can
// tell which of its rows still exist, and what was called for them is in doubt.
func (p *partition) lostSight(f *flight) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, it := range f.items {
		for _, ids := range it.rows {
			for _, id := range ids {
				p.doubtID = max(p.doubtID, id)
			}
		}
		p.doubtAsides = p.doubtAsides || it.aside
		p.w.land(it, forget)
	}
	f.items = nil
	p.drop(f)
	now := p.o.cfg.Now()
	p.dirty, p.nextFloor, p.nextSweep, p.nextAsides = true, now, now, now
}

// finishFlight follows the handler's answer: a batch that it did not settle is
// set aside as a bug.
func (o *Outbox) finishFlight(f *flight, said string) {
	p := f.p
	if f.isSettled() {
		p.mu.Lock()
		p.drop(f)
		p.mu.Unlock()
		return
	}
	if !p.lease.covers(p.o.cfg.Now(), p.o.cfg.CallTimeout) {
		// Guard refuses such a batch: that the handler left it is no fault of its own.
		p.log.Warn("outbox: batch was left with its lease", "kind", f.batch.Kind)
		p.lostSight(f)
		return
	}
	p.log.Error("outbox: batch was not settled", "kind", f.batch.Kind, "deliveries", len(f.batch.Deliveries), "handler", said)
	if err := f.begin(); err == nil {
		s := Settlement{Outcomes: make([]Outcome, len(f.batch.Deliveries))}
		for i := range s.Outcomes {
			s.Outcomes[i] = Retry(ClassBug, said, 0)
		}
		ctx, cancel := context.WithTimeout(context.Background(), readTimeout)
		err = o.settleFlight(ctx, f, s)
		cancel()
		f.finishSettle(err == nil)
		if err == nil {
			p.mu.Lock()
			p.drop(f)
			p.mu.Unlock()
			return
		}
		p.log.Error("outbox: batch could not be set aside", "error", err)
		if errors.Is(err, ErrClaimLost) {
			p.lease.lose()
		}
	}
	p.lostSight(f)
}
