package main_test

import (
	"context"
	"database/sql"
	"errors"
	"testing"

	"github.com/uptrace/bun"
	"github.com/uptrace/bun/driver/pgdriver"

	"github.com/memberpulse/hubspotplugin/migrations/migrationstest"
)

// traps hold the host at a chosen point of the journey, by locks in its
// database that PostgreSQL makes it wait for. So the kill comes there and
// nowhere else, and no clock decides.
type traps struct {
	t  *testing.T
	db *bun.DB // not the host's pool
}

// gateKey is the advisory lock of gate.
const gateKey = 7001

func newTraps(t *testing.T, db *bun.DB) *traps {
	t.Helper()
	beside := migrationstest.Open(t, db, pgdriver.WithApplicationName("crash test"))
	tr := &traps{t: t, db: beside}
	// The second page of a walk waits for the gate, with its keys appended and
	// its progress not yet stored.
	tr.exec(`create function crash_gate() returns trigger language plpgsql as
		'begin perform pg_advisory_xact_lock_shared(7001); return new; end'`)
	tr.exec(`create trigger crash_gate before update on hubspot_run for each row
		when (old.listed > 0 and new.listed > old.listed) execute function crash_gate()`)
	return tr
}

func (tr *traps) exec(query string, args ...any) {
	tr.t.Helper()
	if _, err := tr.db.ExecContext(tr.t.Context(), query, args...); err != nil {
		tr.t.Fatalf("%s: %v", query, err)
	}
}

func (tr *traps) count(query string, args ...any) int64 {
	tr.t.Helper()
	var n int64
	if err := tr.db.NewRaw(query, args...).Scan(tr.t.Context(), &n); err != nil {
		tr.t.Fatalf("%s: %v", query, err)
	}
	return n
}

// hold runs a locking statement and keeps what it locked until release.
func (tr *traps) hold(lock string, args ...any) (release func()) {
	tr.t.Helper()
	tx, err := tr.db.BeginTx(context.WithoutCancel(tr.t.Context()), nil)
	if err == nil {
		_, err = tx.ExecContext(tr.t.Context(), lock, args...)
	}
	if err != nil {
		tr.t.Fatalf("%s: %v", lock, err)
	}
	release = func() {
		if err := tx.Rollback(); err != nil && !errors.Is(err, sql.ErrTxDone) {
			tr.t.Errorf("release: %v", err)
		}
	}
	tr.t.Cleanup(release)
	return release
}

// caught says that the host waits for a table's lock, or for the gate ("").
func (tr *traps) caught(table string) bool {
	tr.t.Helper()
	if table == "" {
		return tr.count(`select count(*) from pg_locks where locktype = 'advisory' and objid = ? and not granted
			and database = (select oid from pg_database where datname = current_database())`, gateKey) > 0
	}
	return tr.count(`select count(*) from pg_locks where relation = ?::regclass and not granted
		and database = (select oid from pg_database where datname = current_database())`, table) > 0
}

// buried waits until nothing of a killed host is left in the database, then
// lets its lease end. That takes 30 s otherwise, longer than any call of the
// dead may last: nothing else happens in that time.
func (tr *traps) buried() {
	tr.t.Helper()
	until(tr.t, "the sessions of the killed host end", func() bool { return tr.sessions() == 0 })
	tr.exec(`update hubspot_outbox_tenant set leased_until = now() where owner is not null`)
}

func (tr *traps) sessions() int64 {
	tr.t.Helper()
	return tr.count(`select count(*) from pg_stat_activity where datname = current_database() and application_name = 'devhost'`)
}

// cutAll ends every session of the host, as a restart of the database does.
func (tr *traps) cutAll() int64 {
	tr.t.Helper()
	return tr.count(`select count(*) from (select pg_terminate_backend(pid) from pg_stat_activity
		where datname = current_database() and application_name = 'devhost') s`)
}

// slow is a transaction of another replica that takes its time to commit.
type slow struct {
	tx bun.Tx
	id int64 // of its row in the outbox
}

// begin changes a member and records it, as a host's module does, without
// committing.
func (tr *traps) begin(tenant, member, city string) slow {
	tr.t.Helper()
	tx, err := tr.db.BeginTx(context.WithoutCancel(tr.t.Context()), nil)
	if err != nil {
		tr.t.Fatal(err)
	}
	tr.t.Cleanup(func() { _ = tx.Rollback() }) // nothing is left of it if it committed
	s := slow{tx: tx}
	if _, err := tx.ExecContext(tr.t.Context(), `update mp_members set city = ?, updated_at = now() where id = ?`, city, member); err != nil {
		tr.t.Fatal(err)
	}
	err = tx.NewRaw(`insert into hubspot_outbox (tenant, lane, kind, key, subject) values (?0, 1, 'member', ?1, ?1) returning id`, tenant, member).
		Scan(tr.t.Context(), &s.id)
	if err != nil {
		tr.t.Fatal(err)
	}
	return s
}

// passed says that the drain has stored that it need not look at or below the
// transaction's row any more.
func (tr *traps) passed(s slow) bool {
	tr.t.Helper()
	return tr.count(`select floor_live from hubspot_outbox_tenant where topic is null`) >= s.id
}
