package outbox

import (
	"context"
	"database/sql"
	"fmt"
)

// SetPaused stops or resumes a tenant's deliveries. Recording goes on. The
// holder of the lease notices within Config.Poll; batches in flight are settled.
func (o *Outbox) SetPaused(ctx context.Context, tx *sql.Tx, tenant string, paused bool) error {
	tenant, err := parseTenant(tenant)
	if err != nil {
		return err
	}
	_, err = o.exec(ctx, tx, `update ? set paused = ? where tenant = ? and topic is null and paused <> ?`,
		o.table.tenants, paused, tenant, paused)
	if err != nil {
		return fmt.Errorf("outbox: set paused: %w", err)
	}
	return nil
}

// Unpark ends a tenant's park now. Without one it does nothing.
func (o *Outbox) Unpark(ctx context.Context, tx *sql.Tx, tenant string) error {
	tenant, err := parseTenant(tenant)
	if err != nil {
		return err
	}
	_, err = o.exec(ctx, tx, `update ? set due_at = '-infinity', park_class = '', park_reason = ''
		where tenant = ? and topic is null and due_at > '-infinity'`, o.table.tenants, tenant)
	if err != nil {
		return fmt.Errorf("outbox: unpark: %w", err)
	}
	return nil
}

// exec runs a statement in a transaction that was begun with bun or without:
// a bun.Tx carries its *sql.Tx as the field Tx.
func (o *Outbox) exec(ctx context.Context, tx *sql.Tx, query string, args ...any) (sql.Result, error) {
	return tx.ExecContext(ctx, o.db.QueryGen().FormatQuery(query, args...))
}
