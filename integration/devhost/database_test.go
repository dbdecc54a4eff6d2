package main

import (
	"net"
	"strings"
	"testing"
	"time"

	"github.com/memberpulse/hubspotplugin/migrations/migrationstest"
)

func TestDatabaseThatDoesNotAnswer(t *testing.T) {
	t.Parallel()
	closed, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	refused := closed.Addr().String()
	_ = closed.Close()
	silent, err := net.Listen("tcp", "127.0.0.1:0") // accepts in the kernel, says nothing
	if err != nil {
		t.Fatal(err)
	}
	defer silent.Close()
	for _, addr := range []string{refused, silent.Addr().String()} {
		begun := time.Now()
		_, err := openDatabase(t.Context(), "postgres://me:secret-word@"+addr+"/mine?sslmode=disable")
		if err == nil || !strings.Contains(err.Error(), addr+"/mine") || strings.Contains(err.Error(), "secret-word") {
			t.Errorf("%v; want the place and no password", err)
		}
		if took := time.Since(begun); took > firstAnswer+3*time.Second {
			t.Errorf("it took %v", took)
		}
	}
	if _, err := openDatabase(t.Context(), "postgres://x/y?colour=red&sslmode=sometimes"); err == nil {
		t.Error("a parameter that is not known was accepted")
	}
}

func TestTLSIsOptional(t *testing.T) {
	t.Parallel()
	dsn := migrationstest.DSN(t, migrationstest.NewEmptyDB(t))
	bare, _, _ := strings.Cut(dsn, "?")
	db, err := openDatabase(t.Context(), bare)
	if err != nil {
		t.Fatalf("without sslmode, on a server without TLS: %v", err)
	}
	_ = db.Close()
}

func TestWipe(t *testing.T) {
	t.Parallel()
	db := migrationstest.NewEmptyDB(t)
	if err := wipe(t.Context(), db); err != nil {
		t.Fatalf("an empty database: %v", err)
	}
	if _, err := db.ExecContext(t.Context(), "create table accounts (id int)"); err != nil {
		t.Fatal(err)
	}
	if err := wipe(t.Context(), db); err == nil || !strings.Contains(err.Error(), "something else") {
		t.Errorf("somebody else's database: %v", err)
	}
	if err := migrate(t.Context(), db); err != nil {
		t.Fatal(err)
	}
	if _, err := db.ExecContext(t.Context(), "insert into mp_clients (id, name, time_zone, created_at) values (gen_random_uuid(), 'x', 'UTC', now())"); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := wipe(t.Context(), db); err != nil {
			t.Fatal(err)
		}
		if err := migrate(t.Context(), db); err != nil {
			t.Fatalf("after a wipe: %v", err)
		}
	}
	var ours int
	if err := db.NewRaw("select (select count(*) from mp_clients) + (select count(*) from accounts)").Scan(t.Context(), &ours); err != nil || ours != 0 {
		t.Errorf("after a wipe: %d rows, %v; want none, and the other table kept", ours, err)
	}
}
