package outbox

import (
	"context"
	"fmt"

	"github.com/uptrace/bun"
)

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
			from ? where tenant in (?)`, d.o.table.tenants, bun.List(held)).Scan(ctx, &rows)
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
		args = append(args, bun.List(among))
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
