package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"path/filepath"
	"strings"
	"time"

	"github.com/uptrace/bun"
	"github.com/uptrace/bun/dialect/pgdialect"
	"github.com/uptrace/bun/driver/pgdriver"

	"github.com/memberpulse/hubspotplugin/integration/devhost/host/store"
	"github.com/memberpulse/hubspotplugin/migrations"
	"github.com/memberpulse/hubspotplugin/migrations/localpg"
)

// firstAnswer is how long a database may take to answer at the start.
const firstAnswer = 5 * time.Second

// startPostgres runs our own server and returns the address of our database on
// it, made anew if fresh.
func startPostgres(ctx context.Context, f folder, name string, fresh bool, log *slog.Logger) (*localpg.Server, string, error) {
	server, err := localpg.Start(ctx, localpg.Options{DataDir: filepath.Join(f.path, "postgres"), Durable: true, Logger: log})
	if err != nil {
		return nil, "", err
	}
	if err := createDatabase(ctx, server.DSN("postgres"), name, fresh); err != nil {
		server.Stop()
		return nil, "", err
	}
	return server, server.DSN(name), nil
}

func createDatabase(ctx context.Context, dsn, name string, fresh bool) error {
	admin, err := openDatabase(ctx, dsn)
	if err != nil {
		return err
	}
	defer func() { _ = admin.Close() }()
	if fresh {
		if _, err := admin.ExecContext(ctx, "drop database if exists ? with (force)", bun.Ident(name)); err != nil {
			return fmt.Errorf("wipe the database: %w", err)
		}
	}
	var exists bool
	if err := admin.NewRaw("select exists (select from pg_database where datname = ?)", name).Scan(ctx, &exists); err != nil {
		return fmt.Errorf("look for the database: %w", err)
	}
	if exists {
		return nil
	}
	if _, err := admin.ExecContext(ctx, "create database ?", bun.Ident(name)); err != nil {
		return fmt.Errorf("create the database: %w", err)
	}
	return nil
}

// openDatabase returns a pool that has answered once. It prefers TLS as psql
// does: without sslmode in the address it does without if the server has none.
func openDatabase(ctx context.Context, dsn string) (*bun.DB, error) {
	ctx, cancel := context.WithTimeout(ctx, firstAnswer)
	defer cancel()
	db, err := connect(dsn)
	if err != nil {
		return nil, err
	}
	err = db.PingContext(ctx)
	if err != nil && strings.Contains(err.Error(), "SSL is not enabled") {
		u, parseErr := url.Parse(dsn)
		if parseErr == nil && !u.Query().Has("sslmode") {
			_ = db.Close()
			q := u.Query()
			q.Set("sslmode", "disable")
			u.RawQuery = q.Encode()
			if db, err = connect(u.String()); err != nil {
				return nil, err
			}
			err = db.PingContext(ctx)
		}
	}
	if err != nil {
		_ = db.Close()
		return nil, fmt.Errorf("the database at %s does not answer: %w", place(dsn), err)
	}
	return db, nil
}

func connect(dsn string) (db *bun.DB, err error) {
	defer func() { // the driver panics on parameters that it does not know
		if p := recover(); p != nil {
			err = errors.New("the address of the database has a parameter that is not known; sslmode is")
		}
	}()
	pool := sql.OpenDB(pgdriver.NewConnector(pgdriver.WithDSN(dsn), pgdriver.WithDialTimeout(2*time.Second),
		pgdriver.WithReadTimeout(30*time.Second), pgdriver.WithWriteTimeout(10*time.Second), pgdriver.WithApplicationName("devhost")))
	pool.SetMaxOpenConns(32)
	pool.SetMaxIdleConns(16)
	pool.SetConnMaxIdleTime(time.Minute)
	return bun.NewDB(pool, pgdialect.New()), nil
}

// place is the address of a database without user, password and parameters.
func place(dsn string) string {
	u, err := url.Parse(dsn)
	if err != nil {
		return "an unreadable address"
	}
	return u.Host + u.Path
}

// wipe removes the tables of the reference host and of the plugin. It refuses a
// database that has tables but was never a reference host's.
func wipe(ctx context.Context, db *bun.DB) error {
	var ours, any bool
	err := db.NewRaw(`select to_regclass('public.mp_migrations') is not null,
		exists (select from pg_tables where schemaname = 'public')`).Scan(ctx, &ours, &any)
	if err != nil {
		return fmt.Errorf("wipe: %w", err)
	}
	if !any {
		return nil
	}
	if !ours {
		return errors.New("-fresh: this database holds tables of something else, so nothing was wiped; name an empty database")
	}
	_, err = db.ExecContext(ctx, `do $$
declare r record;
begin
	for r in select format('drop table if exists public.%I cascade', tablename) as q from pg_tables
			where schemaname = 'public' and (tablename like 'mp\_%' or tablename like 'hubspot\_%')
		union all select format('drop sequence if exists public.%I cascade', sequencename) from pg_sequences
			where schemaname = 'public' and sequencename like 'mp\_%'
		union all select format('drop routine if exists %s cascade', p.oid::regprocedure) from pg_proc p
			join pg_namespace n on n.oid = p.pronamespace where n.nspname = 'public' and p.proname like 'hubspot\_%'
	loop execute r.q; end loop;
end $$`)
	if err != nil {
		return fmt.Errorf("wipe: %w", err)
	}
	return nil
}

func migrate(ctx context.Context, db *bun.DB) error {
	if err := migrations.Migrate(ctx, db, migrations.Options{}); err != nil {
		return err
	}
	return store.Migrate(ctx, db)
}
