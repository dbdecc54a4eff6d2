package outbox

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"
)

// BacklogCap is where counting stops: a page needs no exact number of millions.
const BacklogCap = 10_000

// Backlog is the truth about one tenant's partition.
type Backlog struct {
	Open, Paused bool
	// Parked is nil unless the partition is parked now.
	Parked *Park
	// Waiting counts rows, in flight or not, up to BacklogCap; Capped says that
	// there are more. Backfill counts those of LaneBackfill, to the same cap.
	Waiting  int
	Capped   bool
	Backfill int
	// Oldest is when the oldest waiting row was recorded; zero without rows.
	Oldest time.Time
	// Retrying, WaitingForKey and Held count the records set aside: until a
	// time, until another record is settled, for a human.
	Retrying, WaitingForKey, Held int
}

// Backlog reads a tenant's partition. A tenant that was never opened is all zero.
func (o *Outbox) Backlog(ctx context.Context, tenant string) (Backlog, error) {
	var b Backlog
	tenant, err := parseTenant(tenant)
	if err != nil {
		return b, err
	}
	var until, oldest sql.NullTime
	var parked bool
	var class, reason string
	err = o.db.QueryRowContext(ctx, `select t.open, t.paused, t.due_at > now(), case when isfinite(t.due_at) then t.due_at end,
			t.park_class, t.park_reason,
			(select count(*) from (select 1 from ?1 o where o.tenant = t.tenant limit ?2) x),
			(select count(*) from (select 1 from ?1 o where o.tenant = t.tenant and o.lane = 2 limit ?3) x),
			(select min(l.recorded_at) from (values (0), (1), (2)) v (lane) cross join lateral
				(select o.recorded_at from ?1 o where o.tenant = t.tenant and o.lane = v.lane order by o.id limit 1) l),
			a.retrying, a.waiting, a.held
		from ?0 t cross join lateral (select
			count(*) filter (where x.waits_for is null and x.due_at < 'infinity') as retrying,
			count(*) filter (where x.waits_for is not null) as waiting,
			count(*) filter (where x.waits_for is null and x.due_at = 'infinity') as held
			from ?4 x where x.tenant = t.tenant) a
		where t.tenant = ?5`,
		o.table.tenants, o.table.rows, BacklogCap+1, BacklogCap, o.table.asides, tenant).
		Scan(&b.Open, &b.Paused, &parked, &until, &class, &reason, &b.Waiting, &b.Backfill, &oldest, &b.Retrying, &b.WaitingForKey, &b.Held)
	if errors.Is(err, sql.ErrNoRows) {
		return Backlog{}, nil
	}
	if err != nil {
		return Backlog{}, fmt.Errorf("outbox: backlog: %w", err)
	}
	if parked {
		b.Parked = &Park{Until: until.Time, Class: class, Reason: reason}
	}
	if b.Waiting > BacklogCap {
		b.Waiting, b.Capped = BacklogCap, true
	}
	b.Oldest = oldest.Time
	return b, nil
}
