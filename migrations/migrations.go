// Package migrations brings a database to the tables that the plugin needs.
//
// The SQL is embedded. Every table, index and function starts with "hubspot_"
// and lives in one schema of the host's choice, beside the host's own tables or
// apart from them. The bookkeeping is the plugin's own too (hubspot_migrations),
// so that a host which uses bun's migrator for itself never meets our entries.
package migrations

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"regexp"
	"strings"
	"time"

	"github.com/uptrace/bun"
	"github.com/uptrace/bun/migrate"
)

//go:embed sql
var files embed.FS

// DefaultSchema is where the tables live unless the host says otherwise.
const DefaultSchema = "public"

// lockPoll is how often a waiting process asks whether it is its turn.
const lockPoll = 100 * time.Millisecond

// Options configures Migrate and Pending.
type Options struct {
	// Schema is the PostgreSQL schema of all tables. Empty means "public".
	// Letters, digits and underscores, not starting with a digit or "pg_"; case
	// is kept. Migrate creates it if it is missing.
	Schema string
}

// schemaName is stricter than PostgreSQL, so that no room of the plugin has to
// ask itself how a schema name must be quoted.
var schemaName = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]{0,62}$`)

// Migrate applies what is missing, in the order of the file names, each file in
// a transaction together with its bookkeeping row. It is idempotent, and several
// processes may call it at the same moment: one works, the others wait for it
// and find nothing to do.
//
// A failed file leaves no trace, and the files before it stay applied; the next
// call continues there. Entries of a newer release are left alone, so an older
// replica can start during a rollout. Migrate needs two connections of the pool
// and the right to create tables.
func Migrate(ctx context.Context, db *bun.DB, opts Options) error {
	set, err := fs.Sub(files, "sql")
	if err != nil {
		return fmt.Errorf("migrations: %w", err)
	}
	return run(ctx, db, opts, set)
}

// Pending returns the names of the files that Migrate would apply, for example
// "20261123000100_outbox", oldest first. It changes nothing, and works on a
// database that has never been migrated.
func Pending(ctx context.Context, db *bun.DB, opts Options) ([]string, error) {
	set, err := fs.Sub(files, "sql")
	if err != nil {
		return nil, fmt.Errorf("migrations: %w", err)
	}
	return pending(ctx, db, opts, set)
}

func run(ctx context.Context, db *bun.DB, opts Options, set fs.FS) error {
	m, schema, err := newMigrator(db, opts, set)
	if err != nil {
		return err
	}
	if db.DB.Stats().MaxOpenConnections == 1 {
		return errors.New("migrations: the pool allows one connection, but two are needed")
	}
	unlock, err := lock(ctx, db, schema)
	if err != nil {
		return err
	}
	defer unlock()
	if err := prepare(ctx, db, schema); err != nil {
		return err
	}
	if _, err := m.Migrate(ctx); err != nil {
		return fmt.Errorf("migrations: %w", err)
	}
	return nil
}

func pending(ctx context.Context, db *bun.DB, opts Options, set fs.FS) ([]string, error) {
	m, schema, err := newMigrator(db, opts, set)
	if err != nil {
		return nil, err
	}
	var known bool
	err = db.NewRaw("select to_regclass(?) is not null", tableName(schema)).Scan(ctx, &known)
	if err != nil {
		return nil, fmt.Errorf("migrations: %w", err)
	}
	var all migrate.MigrationSlice
	if known {
		all, err = m.MigrationsWithStatus(ctx)
		if err != nil {
			return nil, fmt.Errorf("migrations: %w", err)
		}
	} else if all, err = discover(set); err != nil {
		return nil, err
	}
	var names []string
	for _, one := range all.Unapplied() {
		names = append(names, one.String())
	}
	return names, nil
}

// newMigrator joins bun's migrator to our tables. The bookkeeping row is written
// by a hook inside the file's own transaction; the migrator then writes it again
// with ON CONFLICT. So a process that dies between the two repeats nothing.
func newMigrator(db *bun.DB, opts Options, set fs.FS) (*migrate.Migrator, string, error) {
	schema := opts.Schema
	if schema == "" {
		schema = DefaultSchema
	}
	if !schemaName.MatchString(schema) || strings.HasPrefix(strings.ToLower(schema), "pg_") {
		return nil, "", fmt.Errorf("migrations: %q is not a schema name that the plugin accepts", schema)
	}
	found, err := discover(set)
	if err != nil {
		return nil, "", err
	}
	ms := migrate.NewMigrations()
	for _, one := range found {
		ms.Add(one)
	}
	table := tableName(schema)
	record := func(ctx context.Context, in bun.IConn, one *migrate.Migration) error {
		_, err := in.ExecContext(ctx, db.QueryGen().FormatQuery(
			"insert into "+table+" (name, group_id) values (?, ?) on conflict (name) do nothing",
			one.Name, one.GroupID))
		return err
	}
	return migrate.NewMigrator(db, ms,
		migrate.WithTableName(table),
		migrate.WithLocksTableName(quote(schema)+".hubspot_migration_locks"),
		migrate.WithMarkAppliedOnSuccess(true),
		migrate.WithUpsert(true),
		migrate.AfterMigration(record),
		migrate.WithTemplateData(struct{ Schema string }{quote(schema)}),
	), schema, nil
}

// discover reads the files and insists on transactions.
func discover(set fs.FS) (migrate.MigrationSlice, error) {
	names, err := fs.Glob(set, "*")
	if err != nil {
		return nil, fmt.Errorf("migrations: %w", err)
	}
	for _, name := range names {
		if !strings.HasSuffix(name, ".tx.up.sql") {
			return nil, fmt.Errorf("migrations: %s: the name of a migration ends in .tx.up.sql", name)
		}
	}
	ms := migrate.NewMigrations()
	if err := ms.Discover(set); err != nil {
		return nil, fmt.Errorf("migrations: %w", err)
	}
	return ms.Sorted(), nil
}

// lock makes the processes that migrate one schema follow each other. The
// advisory lock belongs to a transaction, so it also holds behind a connection
// pooler, and it goes with the process that held it. It is asked for again and
// again, not waited for: drivers bound the time of one statement.
func lock(ctx context.Context, db *bun.DB, schema string) (unlock func(), err error) {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return nil, fmt.Errorf("migrations: lock: %w", err)
	}
	give := func(err error) error {
		return errors.Join(fmt.Errorf("migrations: lock: %w", err), tx.Rollback())
	}
	// A long migration runs while this transaction looks idle.
	if _, err := tx.ExecContext(ctx, "set local idle_in_transaction_session_timeout = 0"); err != nil {
		return nil, give(err)
	}
	tick := time.NewTicker(lockPoll)
	defer tick.Stop()
	for {
		var taken bool
		err := tx.NewRaw("select pg_try_advisory_xact_lock(hashtextextended(?, 0))", tableName(schema)).Scan(ctx, &taken)
		if err != nil {
			return nil, give(err)
		}
		if taken {
			return func() { _ = tx.Rollback() }, nil
		}
		select {
		case <-ctx.Done():
			return nil, give(ctx.Err())
		case <-tick.C:
		}
	}
}

// prepare creates schema and bookkeeping. The locks table is for bun's own
// tools, should an operator point them here; Migrate does not need it.
func prepare(ctx context.Context, db *bun.DB, schema string) error {
	var exists bool
	err := db.NewRaw("select exists (select from pg_namespace where nspname = ?)", schema).Scan(ctx, &exists)
	if err != nil {
		return fmt.Errorf("migrations: %w", err)
	}
	var steps []string
	if !exists { // asked first: "if not exists" demands a right that a host may not have given
		steps = append(steps, "create schema "+quote(schema))
	}
	steps = append(steps,
		`create table if not exists `+tableName(schema)+` (
			id bigint generated by default as identity primary key,
			name text not null unique,
			group_id bigint not null,
			migrated_at timestamptz not null default current_timestamp)`,
		`create table if not exists `+quote(schema)+`.hubspot_migration_locks (
			id bigint generated by default as identity primary key,
			table_name text not null unique)`)
	for _, q := range steps {
		if _, err := db.ExecContext(ctx, q); err != nil {
			return fmt.Errorf("migrations: bookkeeping: %w", err)
		}
	}
	return nil
}

func tableName(schema string) string { return quote(schema) + ".hubspot_migrations" }

func quote(ident string) string { return `"` + strings.ReplaceAll(ident, `"`, `""`) + `"` }
