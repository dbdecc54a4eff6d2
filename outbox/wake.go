package outbox

import (
	"context"
	"sync"
	"time"
)

// probeAfter is when a tenant is probed after an Append whose commit nobody
// reports.
var probeAfter = [...]time.Duration{2 * time.Millisecond, 5 * time.Millisecond, 10 * time.Millisecond,
	25 * time.Millisecond, 50 * time.Millisecond}

const (
	// recentFor is how long a tenant is looked at often after it was active.
	recentFor = time.Minute
	// recentMost bounds the tenants that are looked at often.
	recentMost = 1000
)

// waker turns what this process knows about commits into looks at tenants. All
// of it is a hint: the poll finds what it misses.
type waker struct {
	o    *Outbox
	kick chan struct{}

	mu     sync.Mutex
	d      *drain              // nil unless tenants are drained in this process
	marks  map[string]*pending // tenants that may commit soon
	recent map[string]time.Time
}

// pending is a tenant that was recorded for, by a transaction not seen to end.
type pending struct {
	since time.Time
	step  int
	more  bool // recorded for again meanwhile
}

// collector gathers the tenants that one transaction recorded for.
type collector struct {
	mu      sync.Mutex
	tenants map[string]struct{}
}

type collectorKey struct{ w *waker }

func newWaker(o *Outbox) *waker {
	return &waker{o: o, kick: make(chan struct{}, 1), marks: map[string]*pending{}, recent: map[string]time.Time{}}
}

// Wake looks at the tenant now, for example after the commit of Resend or
// Unpark. It does not wait, and does nothing where tenants are not drained.
func (o *Outbox) Wake(tenant string) {
	tenant, err := parseTenant(tenant)
	if err != nil {
		return
	}
	o.wake.look(tenant)
}

func (w *waker) draining() *drain {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.d
}

func (w *waker) look(tenant string) {
	if d := w.draining(); d != nil {
		d.wake(tenant)
	}
}

// collect gives a transaction's context its list of tenants.
func (w *waker) collect(ctx context.Context) (context.Context, *collector) {
	c := &collector{}
	return context.WithValue(ctx, collectorKey{w}, c), c
}

func (w *waker) collected(ctx context.Context) *collector {
	c, _ := ctx.Value(collectorKey{w}).(*collector)
	return c
}

// appended notes that a transaction recorded for tenants: in its own list if the
// context has one, else as tenants that may commit soon.
func (w *waker) appended(ctx context.Context, tenants []string) {
	if c := w.collected(ctx); c != nil {
		c.mu.Lock()
		if c.tenants == nil {
			c.tenants = map[string]struct{}{}
		}
		for _, t := range tenants {
			c.tenants[t] = struct{}{}
		}
		c.mu.Unlock()
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.d == nil {
		return
	}
	now := w.o.cfg.Now()
	for _, t := range tenants {
		if m := w.marks[t]; m != nil {
			m.more = true
		} else {
			w.marks[t] = &pending{since: now}
		}
	}
	w.poke()
}

// committed wakes the tenants of a transaction that ended well. A transaction
// whose Append had another context is known only by the marks: then every marked
// tenant may be the one.
func (w *waker) committed(c *collector) {
	d := w.draining()
	if d == nil {
		return
	}
	var tenants []string
	if c != nil {
		c.mu.Lock()
		for t := range c.tenants {
			tenants = append(tenants, t)
		}
		c.mu.Unlock()
	}
	if len(tenants) == 0 {
		w.mu.Lock()
		for t := range w.marks {
			tenants = append(tenants, t)
		}
		w.mu.Unlock()
	}
	for _, t := range tenants {
		d.wake(t)
	}
}

// parted notes a tenant whose lease was just given back: it is likely to be
// active again, perhaps by another replica's doing.
func (w *waker) parted(tenant string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.recent) < recentMost {
		w.recent[tenant] = w.o.cfg.Now()
	}
}

func (w *waker) poke() {
	select {
	case w.kick <- struct{}{}:
	default:
	}
}

// run probes marked tenants by their schedule and recently active ones every
// RecentEvery, each time with one query for all, until the drain stops.
func (w *waker) run(d *drain) {
	w.mu.Lock()
	w.d = d
	w.mu.Unlock()
	defer func() {
		w.mu.Lock()
		defer w.mu.Unlock()
		if w.d == d {
			w.d = nil
			clear(w.marks)
		}
	}()
	timer := time.NewTimer(0)
	defer timer.Stop()
	nextRecent := w.o.cfg.Now()
	for {
		select {
		case <-timer.C:
		case <-w.kick:
		case <-d.stopping:
			return
		}
		now := w.o.cfg.Now()
		tenants, next := w.ripe(now)
		if !now.Before(nextRecent) {
			tenants = append(tenants, w.recents(d, now)...)
			nextRecent = now.Add(w.o.cfg.RecentEvery)
		}
		if len(tenants) > 0 {
			due, err := d.due(d.ctx, tenants, false)
			if err != nil && d.ctx.Err() == nil {
				w.o.cfg.Logger.Warn("outbox: probe", "error", err)
			}
			for _, t := range due {
				d.wake(t)
			}
		}
		wait := nextRecent.Sub(w.o.cfg.Now())
		if !next.IsZero() {
			wait = min(wait, next.Sub(w.o.cfg.Now()))
		}
		timer.Reset(max(wait, 500*time.Microsecond))
	}
}

// ripe returns the marked tenants whose next probe is due, and when the next one
// is. A tenant that was recorded for meanwhile starts over after its last probe,
// so that a busy tenant costs no more than five probes per 50 ms.
func (w *waker) ripe(now time.Time) ([]string, time.Time) {
	w.mu.Lock()
	defer w.mu.Unlock()
	var ripe []string
	var next time.Time
	for t, m := range w.marks {
		if at := m.since.Add(probeAfter[m.step]); !now.Before(at) {
			ripe = append(ripe, t)
			for m.step++; m.step < len(probeAfter) && !now.Before(m.since.Add(probeAfter[m.step])); m.step++ {
			}
			if m.step == len(probeAfter) {
				if !m.more {
					delete(w.marks, t)
					continue
				}
				*m = pending{since: now}
			}
		}
		if at := m.since.Add(probeAfter[m.step]); next.IsZero() || at.Before(next) {
			next = at
		}
	}
	return ripe, next
}

// recents returns the tenants that are held here or were until lately.
func (w *waker) recents(d *drain, now time.Time) []string {
	d.mu.Lock()
	list := make([]string, 0, len(d.parts))
	for t := range d.parts {
		list = append(list, t)
	}
	d.mu.Unlock()
	w.mu.Lock()
	defer w.mu.Unlock()
	for t, at := range w.recent {
		if now.Sub(at) > recentFor {
			delete(w.recent, t)
			continue
		}
		list = append(list, t)
	}
	return list
}
