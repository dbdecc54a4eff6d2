package outbox

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"
)

// drain is the engine behind one topic: it finds tenants with work, takes their
// leases and runs a partition for each. The tenants' drain serves all tenants; a
// raw topic's drain serves the one partition that the topic is.
type drain struct {
	o      *Outbox
	topic  string // "" for the tenants
	tenant string // of a raw topic
	owner  string
	feed   chan *flight

	stopping chan struct{} // no new batch after this
	ctx      context.Context
	cancel   context.CancelFunc
	stopOnce sync.Once
	subs     int // under o.mu

	mu       sync.Mutex
	parts    map[string]*partition
	claiming map[string]bool
	waiting  bool // tenants are due that this process has no place for
	parting  sync.WaitGroup
	loops    sync.WaitGroup
}

func (o *Outbox) newDrain(topic string) *drain {
	o.opened++
	d := &drain{
		o: o, topic: topic,
		owner:    fmt.Sprintf("%s/%d", o.cfg.Owner, o.opened),
		feed:     make(chan *flight),
		stopping: make(chan struct{}),
		parts:    map[string]*partition{},
		claiming: map[string]bool{},
	}
	d.ctx, d.cancel = context.WithCancel(context.Background())
	if topic != "" {
		d.tenant = topicTenant(topic)
	}
	d.loops.Go(d.poll)
	if topic == "" {
		d.loops.Go(func() { o.wake.run(d) })
	}
	return d
}

func (d *drain) raw() bool { return d.topic != "" }

func (d *drain) stopped() bool {
	select {
	case <-d.stopping:
		return true
	default:
		return false
	}
}

// poll is the truth behind all signals: every Poll it looks at every tenant, and
// every SweepEvery it looks below the floors too and sweeps strays.
func (d *drain) poll() {
	timer := time.NewTimer(0)
	defer timer.Stop()
	var nextSweep time.Time
	for {
		select {
		case <-timer.C:
		case <-d.stopping:
			return
		}
		now := d.o.cfg.Now()
		deep := !now.Before(nextSweep)
		err := d.look(d.ctx, deep)
		if err == nil && deep {
			nextSweep = now.Add(d.o.cfg.SweepEvery)
			err = d.sweepStrays(d.ctx)
		}
		if err != nil && d.ctx.Err() == nil {
			d.o.cfg.Logger.Warn("outbox: poll", "error", err)
		}
		timer.Reset(d.o.cfg.Poll)
	}
}

func (d *drain) part(tenant string) *partition {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.parts[tenant]
}

// claim takes a tenant's lease and starts its partition; a partition that runs
// already is signalled. It reports false if this process has no place left. While
// tenants wait for a place, only the poll claims, for it knows whose turn it is.
func (d *drain) claim(ctx context.Context, tenant string, polled bool) (bool, error) {
	d.mu.Lock()
	if p := d.parts[tenant]; p != nil {
		d.mu.Unlock()
		p.signal()
		return true, nil
	}
	if d.claiming[tenant] || d.stopped() || d.waiting && !polled {
		d.mu.Unlock()
		return true, nil
	}
	if len(d.parts)+len(d.claiming) >= d.o.cfg.MaxTenants {
		d.mu.Unlock()
		return false, nil
	}
	d.claiming[tenant] = true
	d.mu.Unlock()

	ctx, cancel := context.WithTimeout(ctx, min(readTimeout, d.o.cfg.LeaseTTL/2))
	l, t, err := d.o.acquire(ctx, tenant, d.owner)
	cancel()

	d.mu.Lock()
	defer d.mu.Unlock()
	delete(d.claiming, tenant)
	if err != nil || l == nil {
		return true, err
	}
	p := newPartition(d, l, t)
	if d.stopped() { // nobody waits for a partition that starts now
		d.loops.Go(func() { p.releaseLease(d.ctx) })
		return true, nil
	}
	d.parts[tenant] = p
	d.parting.Go(func() {
		p.run(d.ctx)
		d.mu.Lock()
		delete(d.parts, tenant)
		d.mu.Unlock()
		d.o.wake.parted(tenant)
		p.mu.Lock()
		again := p.dirty && p.leaving
		p.mu.Unlock()
		if again && !d.stopped() {
			d.wake(tenant)
		}
	})
	return true, nil
}

// wake looks at a tenant soon, without making the caller wait.
func (d *drain) wake(tenant string) {
	if p := d.part(tenant); p != nil {
		p.signal()
		return
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.claiming[tenant] || d.stopped() {
		return
	}
	d.loops.Go(func() {
		if _, err := d.claim(d.ctx, tenant, false); err != nil && d.ctx.Err() == nil && !errors.Is(err, context.DeadlineExceeded) {
			d.o.cfg.Logger.Warn("outbox: claim", "tenant", tenant, "error", err)
		}
	})
}

// crowded says whether other tenants wait for this process.
func (d *drain) crowded() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.waiting
}

// stop ends claiming and dispatching.
func (d *drain) stop() {
	d.stopOnce.Do(func() {
		close(d.stopping)
		d.mu.Lock()
		parts := slices.Collect(maps.Values(d.parts))
		d.mu.Unlock()
		for _, p := range parts { // not under d.mu: a partition's lock comes first
			p.leave()
		}
	})
}

// end follows stop once the flights have had their time: partitions without
// flights have released their leases, the others keep theirs until it expires,
// for their calls may still be out.
func (d *drain) end() {
	d.stop()
	quiet := make(chan struct{})
	go func() {
		d.parting.Wait()
		close(quiet)
	}()
	settle := time.NewTimer(time.Second)
	defer settle.Stop()
	for open := true; open; {
		select {
		case <-quiet:
			open = false
		case <-settle.C:
			open = false
		}
	}
	d.cancel()
	d.parting.Wait()
	d.loops.Wait()
}
