package outbox

import (
	"context"
	"database/sql"
	"fmt"
	"strings"

	"github.com/uptrace/bun"
)

// Append records entries in the caller's transaction, in their order, with one
// INSERT: they are delivered if and only if tx commits. Entries of tenants that
// are not open are silently left out.
//
// It makes no network call, reads no other row once the tenant has been seen
// open, and writes no shared row. An error is a programmer's mistake
// (ErrUnknownKind, ErrPayloadTooLarge, ErrInvalidEntry, found before any SQL) or
// the database's. Order per subject holds if the caller locks or updates the
// subject's own row in tx before Append; across subjects there is none.
func (o *Outbox) Append(ctx context.Context, tx bun.Tx, entries ...Entry) error {
	return o.append(ctx, entries, func(query string, args []any) (sql.Result, error) {
		return tx.ExecContext(ctx, query, args...)
	})
}

// AppendSQL is Append for a transaction that was begun without bun.
func (o *Outbox) AppendSQL(ctx context.Context, tx *sql.Tx, entries ...Entry) error {
	return o.append(ctx, entries, func(query string, args []any) (sql.Result, error) {
		return tx.ExecContext(ctx, o.db.QueryGen().FormatQuery(query, args...))
	})
}

func (o *Outbox) append(ctx context.Context, entries []Entry, exec func(string, []any) (sql.Result, error)) error {
	if len(entries) == 0 {
		return nil
	}
	ready := make([]Entry, len(entries))
	tenants := make([]string, 0, 1)
	for i, e := range entries {
		n, err := e.normalize(o.cfg.Kinds)
		if err != nil {
			if len(entries) > 1 {
				return fmt.Errorf("entry %d: %w", i, err)
			}
			return err
		}
		ready[i] = n
		if len(tenants) == 0 || tenants[len(tenants)-1] != n.Tenant {
			tenants = append(tenants, n.Tenant)
		}
	}
	open := o.gate.seen(tenants)
	query, args := insertion(o.table, ready, open)
	res, err := exec(query, args)
	if err != nil {
		return fmt.Errorf("outbox: append: %w", err)
	}
	n, err := res.RowsAffected()
	if err != nil {
		return fmt.Errorf("outbox: append: %w", err)
	}
	if n == 0 {
		return nil
	}
	if !open {
		o.gate.learn(tenants)
	}
	o.wake.appended(ctx, tenants)
	return nil
}

// insertion builds the one INSERT. Asked, the gate is a scalar subquery per
// entry, never a join: a join could reorder entries, and ids are their order.
func insertion(t tables, entries []Entry, open bool) (string, []any) {
	var q strings.Builder
	args := make([]any, 0, 2+6*len(entries))
	args = append(args, t.rows)
	q.WriteString("insert into ? (tenant, lane, kind, key, subject, payload) ")
	if !open {
		q.WriteString("select v.* from (")
	}
	q.WriteString("values ")
	for i, e := range entries {
		if i > 0 {
			q.WriteString(", ")
		}
		q.WriteString("(?::uuid, ?::smallint, ?, ?, ?, ?::json)")
		var payload any
		if e.Payload != nil {
			payload = string(e.Payload)
		}
		args = append(args, e.Tenant, int(e.Lane), e.Kind, e.Key, e.Subject, payload)
	}
	if !open {
		q.WriteString(") as v (tenant, lane, kind, key, subject, payload) where (select t.open from ? as t where t.tenant = v.tenant)")
		args = append(args, t.tenants)
	}
	return q.String(), args
}

// RunInTx runs fn in a transaction of the outbox's database and, after its
// commit, wakes the tenants that fn appended for, if Append was given fn's ctx.
// Hosts that install QueryHook have no need of it.
func (o *Outbox) RunInTx(ctx context.Context, opts *sql.TxOptions, fn func(ctx context.Context, tx bun.Tx) error) error {
	ctx, c := o.wake.collect(ctx)
	if err := o.db.RunInTx(ctx, opts, fn); err != nil {
		return err
	}
	o.wake.committed(c)
	return nil
}
