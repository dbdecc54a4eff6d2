// Package migrationstest gives each test a PostgreSQL database of its own.
//
// A test binary starts one private server at its first use and keeps it to its
// end, whatever that end is; several binaries (go test ./...) run one each. The
// server trades durability for speed. Nothing has to be installed or running:
// see package localpg.
package migrationstest

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/uptrace/bun"
	"github.com/uptrace/bun/dialect/pgdialect"
	"github.com/uptrace/bun/driver/pgdriver"

	"github.com/memberpulse/hubspotplugin/migrations"
	"github.com/memberpulse/hubspotplugin/migrations/localpg"
)

const (
	template  = "hubspot_template" // migrated once, copied for each test
	adminWait = 4 * time.Minute    // to start, and to create or drop a database
	readWait  = 60 * time.Second   // many test binaries share few processors
	maxConns  = 400
)

// shared is the one server of this test binary. It has no Stop: the server ends
// with the process, which no hook of package testing could promise.
var shared struct {
	once   sync.Once
	server *localpg.Server
	admin  *sql.DB
	err    error
	serial atomic.Int64
}

// NewDB returns a pool on a fresh, migrated database (schema "public") that no
// other test sees. The database is dropped, with every connection to it, when
// the test ends.
func NewDB(t testing.TB) *bun.DB {
	t.Helper()
	return newDB(t, template)
}

// NewEmptyDB is NewDB without the migrations.
func NewEmptyDB(t testing.TB) *bun.DB {
	t.Helper()
	return newDB(t, "template0")
}

// Open returns another pool on the database of db, as another replica of the
// host has one. It is closed when the test ends; closing it earlier is fine.
// opts come after the address, so they may change it.
func Open(t testing.TB, db *bun.DB, opts ...pgdriver.Option) *bun.DB {
	t.Helper()
	second := connect(DSN(t, db), opts...)
	t.Cleanup(func() { _ = second.Close() })
	return second
}

// DSN returns the connection string of the database of db, for a program that a
// test starts or for another driver.
func DSN(t testing.TB, db *bun.DB) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), adminWait)
	defer cancel()
	var name string
	if err := db.NewRaw("select current_database()").Scan(ctx, &name); err != nil {
		t.Fatalf("migrationstest: name of the database: %v", err)
	}
	return start(t).DSN(name)
}

func newDB(t testing.TB, from string) *bun.DB {
	t.Helper()
	server := start(t)
	name := fmt.Sprintf("test_%d", shared.serial.Add(1))
	admin(t, "create database "+name+" template "+from)
	db := connect(server.DSN(name))
	t.Cleanup(func() {
		_ = db.Close()
		admin(t, "drop database if exists "+name+" with (force)")
	})
	return db
}

// admin runs one statement beside the databases of the tests. Its context is
// its own: in Cleanup the context of the test has ended.
func admin(t testing.TB, query string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), adminWait)
	defer cancel()
	if _, err := shared.admin.ExecContext(ctx, query); err != nil {
		t.Errorf("migrationstest: %s: %v", query[:strings.IndexByte(query, ' ')], err)
	}
}

func connect(dsn string, opts ...pgdriver.Option) *bun.DB {
	opts = append([]pgdriver.Option{pgdriver.WithDSN(dsn), pgdriver.WithReadTimeout(readWait)}, opts...)
	pool := sql.OpenDB(pgdriver.NewConnector(opts...))
	pool.SetMaxIdleConns(8) // two, the default, would make tests a measure of connecting
	return bun.NewDB(pool, pgdialect.New())
}

func start(t testing.TB) *localpg.Server {
	t.Helper()
	shared.once.Do(func() { shared.err = startShared() })
	if shared.err != nil {
		t.Fatalf("migrationstest: %v", shared.err)
	}
	return shared.server
}

func startShared() error {
	ctx, cancel := context.WithTimeout(context.Background(), adminWait)
	defer cancel()
	server, err := localpg.Start(ctx, localpg.Options{MaxConnections: maxConns})
	if err != nil {
		return err
	}
	shared.server = server
	shared.admin = sql.OpenDB(pgdriver.NewConnector(pgdriver.WithDSN(server.DSN("postgres")),
		pgdriver.WithTimeout(adminWait)))
	// Copies of one template must follow each other.
	shared.admin.SetMaxOpenConns(1)
	if _, err := shared.admin.ExecContext(ctx, "create database "+template+" template template0"); err != nil {
		return fmt.Errorf("template: %w", err)
	}
	db := connect(server.DSN(template))
	err = migrations.Migrate(ctx, db, migrations.Options{})
	if closeErr := db.Close(); err == nil {
		err = closeErr
	}
	return err
}
