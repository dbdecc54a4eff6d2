// Package store holds what the modules of the reference host share about their
// database: the tables, and what a failure of PostgreSQL means.
package store

import (
	"context"
	"database/sql"
	"embed"
	"fmt"

	"github.com/uptrace/bun"
)

//go:embed sql/*.sql
var files embed.FS

// lockKey is any constant that other programs on the database do not use.
const lockKey = 7012026112301

// Migrate brings the host's own tables (prefix mp_) up to date. It is
// idempotent; of several processes that call it at once, one works and the
// others wait. Either all of it is applied or nothing.
func Migrate(ctx context.Context, db *bun.DB) error {
	err := db.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error { return migrate(ctx, tx.Tx) })
	if err != nil {
		return fmt.Errorf("store: migrate: %w", err)
	}
	return nil
}

func migrate(ctx context.Context, tx *sql.Tx) error {
	if _, err := tx.ExecContext(ctx, fmt.Sprintf("select pg_advisory_xact_lock(%d)", lockKey)); err != nil {
		return err
	}
	const book = "create table if not exists mp_migrations (name text primary key, applied_at timestamptz not null default now())"
	if _, err := tx.ExecContext(ctx, book); err != nil {
		return err
	}
	entries, err := files.ReadDir("sql") // in the order of the names
	if err != nil {
		return err
	}
	for _, e := range entries {
		if err := apply(ctx, tx, e.Name()); err != nil {
			return fmt.Errorf("%s: %w", e.Name(), err)
		}
	}
	return nil
}

func apply(ctx context.Context, tx *sql.Tx, name string) error {
	body, err := files.ReadFile("sql/" + name)
	if err != nil {
		return err
	}
	// The names come from the binary, so they need no quoting.
	res, err := tx.ExecContext(ctx, "insert into mp_migrations (name) values ('"+name+"') on conflict do nothing")
	if err != nil {
		return err
	}
	if n, err := res.RowsAffected(); err != nil || n == 0 {
		return err
	}
	_, err = tx.ExecContext(ctx, string(body))
	return err
}
