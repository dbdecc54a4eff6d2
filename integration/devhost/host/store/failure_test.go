package store_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"net"
	"sync"
	"testing"
	"time"

	"github.com/uptrace/bun"
	"github.com/uptrace/bun/dialect/pgdialect"
	"github.com/uptrace/bun/driver/pgdriver"

	"github.com/memberpulse/hubspotplugin/integration/devhost/host/store"
	"github.com/memberpulse/hubspotplugin/migrations/migrationstest"
)

func TestDown(t *testing.T) {
	t.Parallel()
	db := migrationstest.NewEmptyDB(t)
	_, syntax := db.ExecContext(t.Context(), "selec 1")
	closed, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	if err := closed.Close(); err != nil {
		t.Fatal(err)
	}
	nobody := bun.NewDB(sql.OpenDB(pgdriver.NewConnector(pgdriver.WithDSN("postgres://x:y@"+closed.Addr().String()+"/z?sslmode=disable"),
		pgdriver.WithTimeout(time.Second))), pgdialect.New())
	_, refused := nobody.ExecContext(t.Context(), "select 1")
	_, ended := db.ExecContext(t.Context(), "select pg_terminate_backend(pg_backend_pid())")
	for name, c := range map[string]struct {
		err  error
		want bool
	}{
		"nil": {nil, false}, "a mistake in SQL": {syntax, false}, "no rows": {sql.ErrNoRows, false},
		"the client went away": {context.Canceled, false}, "any other error": {errors.New("x"), false},
		"connection refused": {refused, true}, "connection ended": {ended, true},
		"too slow": {fmt.Errorf("q: %w", context.DeadlineExceeded), true}, "cut off": {io.ErrUnexpectedEOF, true},
	} {
		if name != "nil" && c.err == nil {
			t.Errorf("%s: there was no error", name)
		}
		if got := store.Down(c.err); got != c.want {
			t.Errorf("%s (%v): %v, want %v", name, c.err, got, c.want)
		}
	}
}

func TestMigrateByManyAtOnce(t *testing.T) {
	t.Parallel()
	db := migrationstest.NewEmptyDB(t)
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			if err := store.Migrate(t.Context(), db); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	_, err := db.ExecContext(t.Context(), `insert into mp_clients (id, name, time_zone, created_at)
		select gen_random_uuid(), 'same', 'UTC', now() from generate_series(1, 2)`)
	if got := store.Violates(err); got != "mp_clients_name_key" {
		t.Errorf("a name twice: %q (%v)", got, err)
	}
}
