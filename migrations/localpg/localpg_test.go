package localpg_test

import (
	"context"
	"database/sql"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/uptrace/bun/driver/pgdriver"

	"github.com/memberpulse/hubspotplugin/migrations/localpg"
)

func start(t *testing.T, opts localpg.Options) *localpg.Server {
	t.Helper()
	s, err := localpg.Start(t.Context(), opts)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Stop)
	return s
}

func open(t *testing.T, dsn string) *sql.DB {
	t.Helper()
	db := sql.OpenDB(pgdriver.NewConnector(pgdriver.WithDSN(dsn)))
	t.Cleanup(func() { _ = db.Close() })
	return db
}

func exec(t *testing.T, db *sql.DB, queries ...string) {
	t.Helper()
	for _, q := range queries {
		if _, err := db.ExecContext(t.Context(), q); err != nil {
			t.Fatalf("%s: %v", q, err)
		}
	}
}

func show(t *testing.T, db *sql.DB, query string) string {
	t.Helper()
	var v string
	if err := db.QueryRowContext(t.Context(), query).Scan(&v); err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	return v
}

// keptFolder is a folder that the account of the server can reach: the parent
// that package testing makes is private to the account of the test.
func keptFolder(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.Chmod(filepath.Dir(dir), 0o755); err != nil {
		t.Fatal(err)
	}
	return filepath.Join(dir, "postgres")
}

// eventually waits for a state with a deadline.
func eventually(t *testing.T, what string, ok func() bool) {
	t.Helper()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	deadline := time.After(time.Minute)
	for !ok() {
		select {
		case <-deadline:
			t.Fatal("still not true: " + what)
		case <-tick.C:
		}
	}
}

func listens(port int) bool {
	c, err := net.Dial("tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(port)))
	if err != nil {
		return false
	}
	_ = c.Close()
	return true
}

func TestTemporaryServer(t *testing.T) {
	t.Parallel()
	s := start(t, localpg.Options{MaxConnections: 33})
	db := open(t, s.DSN("postgres"))
	for query, want := range map[string]string{
		"show max_connections":         "33",
		"show listen_addresses":        "127.0.0.1",
		"show unix_socket_directories": "",
		"show fsync":                   "off",
		"show server_encoding":         "UTF8",
		"show data_directory":          filepath.Join(s.Home(), "data"),
	} {
		if got := show(t, db, query); got != want {
			t.Errorf("%s = %q, want %q", query, got, want)
		}
	}
	wrong, err := url.Parse(s.DSN("postgres"))
	if err != nil {
		t.Fatal(err)
	}
	wrong.User = url.UserPassword(localpg.Superuser, "guess")
	if err := open(t, wrong.String()).PingContext(t.Context()); err == nil || !strings.Contains(err.Error(), "password authentication failed") {
		t.Errorf("with a wrong password: %v", err)
	}
	port, pid := s.Port(), s.PID()
	s.Stop()
	s.Stop() // twice is fine
	if listens(port) {
		t.Error("the server still listens after Stop")
	}
	if err := syscall.Kill(pid, 0); err == nil {
		t.Error("the process still runs after Stop")
	}
	if _, err := os.Stat(s.Home()); !os.IsNotExist(err) {
		t.Errorf("the folder is still there after Stop: %v", err)
	}
}

func TestKeptFolder(t *testing.T) {
	t.Parallel()
	opts := localpg.Options{DataDir: keptFolder(t), Durable: true}
	first := start(t, opts)
	db := open(t, first.DSN("postgres"))
	if got := show(t, db, "show fsync"); got != "on" {
		t.Errorf("durable server: fsync = %s", got)
	}
	exec(t, db, "create database kept")
	kept := open(t, first.DSN("kept"))
	exec(t, kept, "create table fruit (name text)", "insert into fruit values ('quince')")

	// A second server on the same folder is refused while the first runs.
	ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer cancel()
	if _, err := localpg.Start(ctx, opts); err == nil || !strings.Contains(err.Error(), "another server already runs on") {
		t.Fatalf("second server on one folder: %v", err)
	}

	first.Stop()
	second := start(t, opts)
	if got := show(t, open(t, second.DSN("kept")), "select name from fruit"); got != "quince" {
		t.Errorf("after a restart: %q", got)
	}
}

func TestRestartIsACrash(t *testing.T) {
	t.Parallel()
	s := start(t, localpg.Options{Durable: true})
	db := open(t, s.DSN("postgres"))
	exec(t, db, "create table fruit (name text)", "insert into fruit values ('medlar')")
	tx, err := db.BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := tx.ExecContext(t.Context(), "insert into fruit values ('lost')"); err != nil {
		t.Fatal(err)
	}
	dsn, pid := s.DSN("postgres"), s.PID()
	if err := s.Restart(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := tx.Commit(); err == nil {
		t.Error("a transaction outlived the crash")
	}
	if s.PID() == pid || s.DSN("postgres") != dsn {
		t.Error("want a new process at the same address")
	}
	again := open(t, dsn)
	if got := show(t, again, "select string_agg(name, ',') from fruit"); got != "medlar" {
		t.Errorf("after a crash: %q", got)
	}
	s.Stop()
	if err := s.Restart(t.Context()); err == nil {
		t.Error("a stopped server restarted")
	}
}

func TestServerHasItsOwnSession(t *testing.T) {
	t.Parallel()
	s := start(t, localpg.Options{})
	ours, err := syscall.Getpgid(os.Getpid())
	if err != nil {
		t.Fatal(err)
	}
	theirs, err := syscall.Getpgid(s.PID())
	if err != nil {
		t.Fatal(err)
	}
	if ours == theirs {
		t.Error("the server shares our process group: Ctrl-C would end it before the host has drained")
	}
}

func TestDiesWithItself(t *testing.T) {
	t.Parallel()
	s := start(t, localpg.Options{})
	if err := syscall.Kill(s.PID(), syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the port is free", func() bool { return !listens(s.Port()) })
	s.Stop() // does not hang on a server that is gone
	if _, err := os.Stat(s.Home()); !os.IsNotExist(err) {
		t.Errorf("the folder is still there after Stop: %v", err)
	}
}
