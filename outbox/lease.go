package outbox

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"sync"
	"time"
)

// lease is this process's right to a tenant's partition.
//
//	            acquire (term+1)                    renew fails, and the trust window ends
//	┌──────┐ ──────────────────────▶ ┌──────┐ ─────────────────────────────▶ ┌─────────┐
//	│ free │                         │ held │                                │ expired │
//	└──────┘ ◀────────────────────── └──────┘ ◀───────────────────────────── └─────────┘
//	            release (owner = null)         another acquires: term+1, and
//	                                           what was in flight is in doubt
//
// A term is one holding: whoever acquires advances it, and every write of a
// holder is scoped to its term. The database's clock says when a lease may be
// taken over; the holder trusts itself for a shorter time: LeaseTTL on its own
// monotonic clock, counted from the start of the call that acquired or renewed.
// That call reaches the server later than it started, so the holder stops
// before anybody else may begin, and no clocks have to agree.
type lease struct {
	tenant string
	owner  string
	term   int64

	ctx  context.Context // ends when the lease is lost
	lose context.CancelFunc

	mu    sync.Mutex
	until time.Time
}

// terms are what the tenant's row says when it is acquired.
type terms struct {
	floors  [lanes]int64
	doubtID int64
	doubtAt time.Time
	asides  bool // there are any
}

func (l *lease) extend(until time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if until.After(l.until) {
		l.until = until
	}
}

// covers says whether the lease is held and lasts longer than need from now.
func (l *lease) covers(now time.Time, need time.Duration) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.ctx.Err() == nil && l.until.Sub(now) > need
}

func (l *lease) left(now time.Time) time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.until.Sub(now)
}

// acquire takes the tenant's lease if it is free and the tenant may be drained.
// It returns nil if not.
func (o *Outbox) acquire(ctx context.Context, tenant, owner string) (*lease, terms, error) {
	start := o.cfg.Now()
	l := &lease{tenant: tenant, owner: owner}
	l.ctx, l.lose = context.WithCancel(context.Background())
	var got terms
	var finite bool
	err := o.conns.control(ctx, func() error {
		return o.db.QueryRowContext(ctx, `with old as (
				select t.tenant, t.owner is not null as died from ?0 t
				where t.tenant = ?2 and t.open and not t.paused and t.due_at <= now() and t.leased_until < now()
				for update skip locked)
			update ?0 t set term = t.term + 1, owner = ?3, leased_until = now() + ?4 * interval '1 microsecond',
				doubt_id = case when old.died then greatest(t.doubt_id,
					(select max(m.id) from (values (0), (1), (2)) v (lane) cross join lateral
						(select o.id from ?1 o where o.tenant = t.tenant and o.lane = v.lane order by o.id desc limit 1) m)) else t.doubt_id end,
				doubt_at = case when old.died then clock_timestamp() else t.doubt_at end
			from old where t.tenant = old.tenant
			returning t.term, t.floor_urgent, t.floor_live, t.floor_backfill, t.doubt_id,
				isfinite(t.doubt_at), case when isfinite(t.doubt_at) then t.doubt_at else now() end,
				exists (select 1 from ?5 a where a.tenant = t.tenant)`,
			o.table.tenants, o.table.rows, tenant, owner, o.cfg.LeaseTTL.Microseconds(), o.table.asides).
			Scan(&l.term, &got.floors[0], &got.floors[1], &got.floors[2], &got.doubtID, &finite, &got.doubtAt, &got.asides)
	})
	if errors.Is(err, sql.ErrNoRows) {
		return nil, terms{}, nil
	}
	if err != nil {
		return nil, terms{}, fmt.Errorf("outbox: acquire: %w", err)
	}
	if !finite {
		got.doubtAt = time.Time{}
	}
	l.until = start.Add(o.cfg.LeaseTTL)
	return l, got, nil
}

// renew extends the lease and stores the floors. It reports whether the
// partition may go on being drained; a lost lease is ErrClaimLost.
func (o *Outbox) renew(ctx context.Context, l *lease, t terms) (bool, error) {
	start := o.cfg.Now()
	var drainable bool
	err := o.conns.control(ctx, func() error {
		return o.db.QueryRowContext(ctx, `update ? set leased_until = now() + ? * interval '1 microsecond',
				floor_urgent = ?, floor_live = ?, floor_backfill = ?, doubt_id = greatest(doubt_id, ?)
			where tenant = ? and term = ? and owner = ?
			returning open and not paused and due_at <= now()`,
			o.table.tenants, o.cfg.LeaseTTL.Microseconds(), t.floors[0], t.floors[1], t.floors[2], t.doubtID,
			l.tenant, l.term, l.owner).Scan(&drainable)
	})
	if errors.Is(err, sql.ErrNoRows) {
		return false, ErrClaimLost
	}
	if err != nil {
		return false, fmt.Errorf("outbox: renew: %w", err)
	}
	l.extend(start.Add(o.cfg.LeaseTTL))
	return drainable, nil
}

// release gives the lease back. Nothing of the holder may be in flight. A term
// that advanced without a new holder (Shut) is released too, so that a tenant
// that is opened again need not wait for the lease's end.
func (o *Outbox) release(ctx context.Context, l *lease, t terms, doubtAsides bool) error {
	err := o.conns.control(ctx, func() error {
		_, err := o.db.ExecContext(ctx, `update ? set owner = null, leased_until = '-infinity', released_at = now(),
				floor_urgent = ?, floor_live = ?, floor_backfill = ?, doubt_id = greatest(doubt_id, ?),
				doubt_at = case when ? then clock_timestamp() else doubt_at end
			where tenant = ? and term >= ? and owner = ?`,
			o.table.tenants, t.floors[0], t.floors[1], t.floors[2], t.doubtID, doubtAsides,
			l.tenant, l.term, l.owner)
		return err
	})
	if err != nil {
		return fmt.Errorf("outbox: release: %w", err)
	}
	return nil
}
