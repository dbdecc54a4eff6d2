package outbox

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"
)

// partition drains one tenant while this process holds its lease.
type partition struct {
	o     *Outbox
	d     *drain
	lease *lease
	log   *slog.Logger
	kick  chan struct{} // holds one signal
	done  chan struct{}
	since time.Time

	mu          sync.Mutex
	w           *window
	flights     map[*flight]struct{}
	partials    [lanes]int
	limit       int // batches in flight that went well so far
	turn        int
	rest        [lanes]time.Time
	snooze      [lanes]time.Duration
	asides      bool // the tenant may have asides
	nextAsides  time.Time
	doubtID     int64
	doubtAt     time.Time
	doubtAsides bool
	nonsense    bool // rows that no handler can be given may wait
	dirty       bool // a read from the floor is due
	kicked      bool // a signal came since the last read
	nextSweep   time.Time
	nextFloor   time.Time
	again       time.Time // when the loop should look even without a signal
	fault       time.Duration
	busyAt      time.Time
	leaving     bool
	counter     int64
	acked       []*flight // of a raw topic, not yet deleted
	deleting    bool
	settledKeys settlements
}

func newPartition(d *drain, l *lease, t terms) *partition {
	now := d.o.cfg.Now()
	p := &partition{
		o: d.o, d: d, lease: l,
		log:         d.o.cfg.Logger.With("tenant", l.tenant, "term", l.term),
		kick:        make(chan struct{}, 1),
		done:        make(chan struct{}),
		since:       now,
		w:           newWindow(t.floors, d.o.cfg.Trail),
		flights:     map[*flight]struct{}{},
		limit:       1,
		asides:      t.asides,
		doubtID:     t.doubtID,
		doubtAt:     t.doubtAt,
		dirty:       true,
		nextSweep:   now,
		busyAt:      now,
		settledKeys: settlements{},
	}
	if d.raw() {
		p.limit = d.o.cfg.MaxInFlight
	}
	return p
}

// signal makes the loop look at the tenant's rows now.
func (p *partition) signal() {
	p.mu.Lock()
	p.dirty, p.kicked = true, true
	p.mu.Unlock()
	p.poke()
}

func (p *partition) poke() {
	select {
	case p.kick <- struct{}{}:
	default:
	}
}

// leave makes the loop end once nothing is in flight.
func (p *partition) leave() {
	p.mu.Lock()
	p.leaving = true
	p.mu.Unlock()
	p.poke()
}

// run is the partition's life: read, dispatch, wait for something to happen.
func (p *partition) run(ctx context.Context) {
	defer close(p.done)
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	var renewing sync.WaitGroup
	renewing.Go(func() { p.keep(ctx) })
	defer renewing.Wait()
	defer cancel()

	timer := time.NewTimer(0)
	defer timer.Stop()
	for {
		select {
		case <-p.kick:
		case <-timer.C:
		case <-p.lease.ctx.Done():
			p.subside(ctx)
			return
		case <-ctx.Done():
			if p.mayEnd() {
				p.releaseLease(ctx)
			}
			return
		}
		if p.mayEnd() {
			p.releaseLease(ctx)
			return
		}
		timer.Reset(p.step(ctx))
	}
}

// step does what can be done now and returns when to look again.
func (p *partition) step(ctx context.Context) time.Duration {
	err := p.read(ctx)
	if err == nil {
		err = p.dispatch(ctx)
	}
	crowded := p.d.crowded()
	p.mu.Lock()
	defer p.mu.Unlock()
	now := p.o.cfg.Now()
	if err != nil {
		p.dirty = true
		p.fault = min(max(2*p.fault, 50*time.Millisecond), 5*time.Second)
		if ctx.Err() == nil {
			p.log.Warn("outbox: partition waits after an error", "error", err, "wait", p.fault)
		}
		return p.fault
	}
	p.fault = 0
	if !p.w.empty() {
		p.busyAt = now
	} else if !p.leaving && now.Sub(p.busyAt) >= p.o.cfg.Idle {
		p.leaving = true
		p.poke()
	}
	if !p.leaving && (p.w.empty() || now.Sub(p.since) >= p.o.cfg.Hold) && crowded {
		p.leaving = true
		p.poke()
	}
	wait := p.o.cfg.Poll
	if !p.again.IsZero() {
		wait = min(wait, p.again.Sub(now))
	}
	return max(wait, time.Millisecond)
}

// mayEnd says that the partition is to be left and nothing is in flight.
func (p *partition) mayEnd() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.leaving && len(p.flights) == 0
}

func (p *partition) releaseLease(ctx context.Context) {
	t, doubtAsides := p.terms()
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	if err := p.o.release(ctx, p.lease, t, doubtAsides); err != nil {
		p.log.Warn("outbox: lease not released, it will expire", "error", err)
	}
	p.lease.lose()
}

func (p *partition) terms() (terms, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	t := terms{doubtID: p.doubtID}
	now := p.o.cfg.Now()
	for l, f := range p.w.floors {
		f.advance(now)
		t.floors[l] = f.stored()
	}
	return t, p.doubtAsides
}

// keep renews the lease until the partition ends. A lease that cannot be renewed
// is lost when its trust window ends, not before.
func (p *partition) keep(ctx context.Context) {
	every := p.o.cfg.RenewEvery
	timer := time.NewTimer(every)
	defer timer.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-p.lease.ctx.Done():
			return
		case <-timer.C:
		}
		left := p.lease.left(p.o.cfg.Now())
		if left <= 0 {
			p.log.Error("outbox: lease expired")
			p.lease.lose()
			return
		}
		t, _ := p.terms()
		try, cancel := context.WithTimeout(ctx, min(left, every))
		drainable, err := p.o.renew(try, p.lease, t)
		cancel()
		switch {
		case errors.Is(err, ErrClaimLost):
			p.log.Warn("outbox: lease lost")
			p.lease.lose()
			return
		case err != nil:
			if ctx.Err() == nil {
				p.log.Warn("outbox: lease not renewed", "error", err, "left", p.lease.left(p.o.cfg.Now()))
			}
			timer.Reset(max(min(every/8, p.lease.left(p.o.cfg.Now())), time.Millisecond))
		default:
			if !drainable {
				p.leave()
			}
			timer.Reset(every)
		}
	}
}

// subside follows the loss of the lease. Guard has ended the calls; once the
// handlers have returned, what is left of the lease's time is given back, which
// matters after Shut, when nobody else holds it.
func (p *partition) subside(ctx context.Context) {
	for p.lease.left(p.o.cfg.Now()) > 0 {
		p.mu.Lock()
		quiet := len(p.flights) == 0
		p.mu.Unlock()
		if quiet {
			p.releaseLease(ctx)
			return
		}
		timer := time.NewTimer(min(max(p.lease.left(p.o.cfg.Now()), time.Millisecond), 100*time.Millisecond))
		select {
		case <-p.kick:
		case <-timer.C:
		case <-ctx.Done():
			timer.Stop()
			return
		}
		timer.Stop()
	}
}
