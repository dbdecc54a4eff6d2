package outbox

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"github.com/uptrace/bun"
)

// Aside is a record that was set aside: it waits for its time (DueAt), for
// another record (WaitsFor) or for a human (neither).
type Aside struct {
	Kind, Key, Subject string
	Attempts           int
	Class, Reason      string
	// DueAt is zero for a record that is held for a human.
	DueAt time.Time
	// WaitsFor is "kind:key", or empty.
	WaitsFor string
	Since    time.Time
}

// AsideQuery chooses among a tenant's asides. The zero value takes the first
// 100 of all.
type AsideQuery struct {
	// Kind and Class restrict the answer unless empty.
	Kind, Class string
	// HeldOnly leaves out what comes back by itself.
	HeldOnly bool
	// Limit is at most 1000, default 100; Offset pages.
	Limit, Offset int
}

// Asides lists a tenant's records set aside, the longest set aside first.
func (o *Outbox) Asides(ctx context.Context, tenant string, q AsideQuery) ([]Aside, error) {
	tenant, err := parseTenant(tenant)
	if err != nil {
		return nil, err
	}
	if q.Limit <= 0 {
		q.Limit = 100
	}
	q.Limit = min(q.Limit, 1000)
	q.Offset = max(q.Offset, 0)
	rows, err := o.db.QueryContext(ctx, `select kind, key, subject, attempts, class, reason,
			case when isfinite(due_at) then due_at end, coalesce(waits_for, ''), since
		from ? where tenant = ? and (? = '' or kind = ?) and (? = '' or class = ?)
			and (not ? or (due_at = 'infinity' and waits_for is null))
		order by since, kind, key limit ? offset ?`,
		o.table.asides, tenant, q.Kind, q.Kind, q.Class, q.Class, q.HeldOnly, q.Limit, q.Offset)
	if err != nil {
		return nil, fmt.Errorf("outbox: asides: %w", err)
	}
	defer rows.Close()
	var out []Aside
	for rows.Next() {
		var a Aside
		var due sql.NullTime
		if err := rows.Scan(&a.Kind, &a.Key, &a.Subject, &a.Attempts, &a.Class, &a.Reason, &due, &a.WaitsFor, &a.Since); err != nil {
			return nil, fmt.Errorf("outbox: asides: %w", err)
		}
		a.DueAt = due.Time
		out = append(out, a)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("outbox: asides: %w", err)
	}
	return out, nil
}

// Resend makes records that are set aside due now, whatever they wait for, and
// says how many. Without keys it takes all of the kind. What was held for a
// human starts anew: its attempts count from zero. Attempts of what comes back
// by itself are kept. Call Wake after the commit for an immediate look.
func (o *Outbox) Resend(ctx context.Context, tx *sql.Tx, tenant, kind string, keys ...string) (int, error) {
	tenant, err := parseTenant(tenant)
	if err != nil {
		return 0, err
	}
	query := `update ? set due_at = clock_timestamp(), waits_for = null,
			attempts = case when due_at = 'infinity' and waits_for is null then 0 else attempts end
		where tenant = ? and kind = ?`
	args := []any{o.table.asides, tenant, kind}
	if len(keys) > 0 {
		query += ` and key in (?)`
		args = append(args, bun.List(keys))
	}
	res, err := o.exec(ctx, tx, query, args...)
	if err != nil {
		return 0, fmt.Errorf("outbox: resend: %w", err)
	}
	n, err := res.RowsAffected()
	if err != nil {
		return 0, fmt.Errorf("outbox: resend: %w", err)
	}
	return int(n), nil
}
