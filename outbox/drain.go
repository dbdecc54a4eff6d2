package outbox

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/uptrace/bun"
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

// look checks the leases held and claims tenants that are due.
func (d *drain) look(ctx context.Context, deep bool) error {
	if err := d.check(ctx); err != nil {
		return err
	}
	due, err := d.due(ctx, nil, deep)
	if err != nil {
		return err
	}
	waiting := false
	for _, tenant := range due {
		if d.stopped() {
			return nil
		}
		ok, err := d.claim(ctx, tenant, true)
		if err != nil {
			return err
		}
		waiting = waiting || !ok
	}
	d.mu.Lock()
	d.waiting = waiting
	d.mu.Unlock()
	return nil
}

// check notices what others did to the tenants held here: pause, park, shut.
func (d *drain) check(ctx context.Context) error {
	d.mu.Lock()
	held := make([]string, 0, len(d.parts))
	for t := range d.parts {
		held = append(held, t)
	}
	d.mu.Unlock()
	if len(held) == 0 {
		return nil
	}
	var rows []struct {
		Tenant    string
		Term      int64
		Drainable bool
	}
	err := d.o.conns.control(ctx, func() error {
		ctx, cancel := context.WithTimeout(ctx, readTimeout)
		defer cancel()
		return d.o.db.NewRaw(`select tenant::text as tenant, term, open and not paused and due_at <= now() as drainable
			from ? where tenant in (?)`, d.o.table.tenants, bun.In(held)).Scan(ctx, &rows)
	})
	if err != nil {
		return fmt.Errorf("outbox: check leases: %w", err)
	}
	for _, r := range rows {
		p := d.part(r.Tenant)
		switch {
		case p == nil:
		case r.Term > p.lease.term:
			p.lease.lose()
		case r.Term == p.lease.term && !r.Drainable:
			p.leave()
		}
	}
	return nil
}

func (d *drain) part(tenant string) *partition {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.parts[tenant]
}

// due returns tenants that nobody holds and that have something to do, those
// served longest ago first; with a list, those of the list, held here or free.
// Each tenant is probed for one row per lane over its floor (deep: over 0), so
// the outbox itself is never scanned.
func (d *drain) due(ctx context.Context, among []string, deep bool) ([]string, error) {
	over := [lanes]string{"t.floor_urgent", "t.floor_live", "t.floor_backfill"}
	if deep {
		over = [lanes]string{"0", "0", "0"}
	}
	query := `select t.tenant::text from ?0 t cross join lateral (
		(select 1 from ?1 o where o.tenant = t.tenant and o.lane = 0 and o.id > ` + over[0] + ` order by o.id limit 1) union all
		(select 1 from ?1 o where o.tenant = t.tenant and o.lane = 1 and o.id > ` + over[1] + ` order by o.id limit 1) union all
		(select 1 from ?1 o where o.tenant = t.tenant and o.lane = 2 and o.id > ` + over[2] + ` order by o.id limit 1) union all
		(select 1 from ?2 a where a.tenant = t.tenant and a.due_at <= now() order by a.due_at limit 1)
		limit 1) w where t.open and not t.paused and t.due_at <= now()`
	args := []any{d.o.table.rows, d.o.table.asides, d.owner}
	args = append([]any{d.o.table.tenants}, args...)
	switch {
	case d.raw():
		query += ` and t.tenant = ?4 and t.leased_until < now()`
		args = append(args, d.tenant)
	case among != nil:
		query += ` and t.topic is null and t.tenant in (?4) and (t.leased_until < now() or t.owner = ?3)`
		args = append(args, bun.In(among))
	default:
		query += ` and t.topic is null and t.leased_until < now()`
	}
	query += ` order by t.released_at limit 512`
	var due []string
	err := d.o.conns.control(ctx, func() error {
		ctx, cancel := context.WithTimeout(ctx, readTimeout)
		defer cancel()
		return d.o.db.NewRaw(query, args...).Scan(ctx, &due)
	})
	if err != nil {
		return nil, fmt.Errorf("outbox: due tenants: %w", err)
	}
	return due, nil
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
	d.parts[tenant] = p
	if d.stopped() {
		p.leaving = true
	}
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

// sweepStrays deletes what was recorded for tenants that are not open, by
// processes that had seen them open or by transactions older than Shut.
func (d *drain) sweepStrays(ctx context.Context) error {
	if d.raw() {
		return nil
	}
	if err := d.o.gate.refresh(ctx); err != nil {
		return err
	}
	var shut []string
	err := d.o.conns.control(ctx, func() error {
		return d.o.db.NewRaw(`select t.tenant::text from ?0 t cross join lateral (
			(select 1 from ?1 o where o.tenant = t.tenant limit 1) union all
			(select 1 from ?2 a where a.tenant = t.tenant limit 1) limit 1) w
			where not t.open and t.topic is null`, d.o.table.tenants, d.o.table.rows, d.o.table.asides).Scan(ctx, &shut)
	})
	if err != nil {
		return fmt.Errorf("outbox: find strays: %w", err)
	}
	for _, tenant := range shut {
		err := d.o.conns.work(ctx, func() error {
			return d.o.db.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
				// Against a concurrent Open: what it lets in must stay.
				var still []bool
				err := tx.NewRaw(`select true from ? where tenant = ? and not open for update skip locked`,
					d.o.table.tenants, tenant).Scan(ctx, &still)
				if err != nil || len(still) == 0 {
					return err
				}
				return d.o.drop(ctx, tx.Tx, tenant)
			})
		})
		if err != nil {
			return fmt.Errorf("outbox: sweep strays: %w", err)
		}
	}
	return nil
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
