package migrations_test

import (
	"context"
	"errors"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"github.com/uptrace/bun"

	"github.com/memberpulse/hubspotplugin/migrations"
	"github.com/memberpulse/hubspotplugin/migrations/migrationstest"
)

func count(t *testing.T, db *bun.DB, query string, args ...any) int {
	t.Helper()
	var n int
	if err := db.NewRaw(query, args...).Scan(t.Context(), &n); err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	return n
}

func names(t *testing.T, db *bun.DB, query string, args ...any) []string {
	t.Helper()
	var out []string
	if err := db.NewRaw(query, args...).Scan(t.Context(), &out); err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	return out
}

func files(kv ...string) fstest.MapFS {
	set := fstest.MapFS{}
	for i := 0; i < len(kv); i += 2 {
		set[kv[i]] = &fstest.MapFile{Data: []byte(kv[i+1])}
	}
	return set
}

func TestMigrateIsIdempotent(t *testing.T) {
	t.Parallel()
	db := migrationstest.NewEmptyDB(t)
	opts := migrations.Options{}

	before, err := migrations.Pending(t.Context(), db, opts)
	if err != nil || len(before) == 0 {
		t.Fatalf("pending on an empty database: %v, %v", before, err)
	}
	if !slices.Contains(before, "20261123000300_pgstore") || !slices.IsSorted(before) {
		t.Errorf("pending: %v", before)
	}
	if n := count(t, db, "select count(*) from pg_class where relname like 'hubspot%'"); n != 0 {
		t.Errorf("Pending created %d relations", n)
	}
	for range 2 {
		if err := migrations.Migrate(t.Context(), db, opts); err != nil {
			t.Fatal(err)
		}
		if n := count(t, db, "select count(*) from hubspot_migrations"); n != len(before) {
			t.Errorf("%d bookkeeping rows for %d files", n, len(before))
		}
	}
	after, err := migrations.Pending(t.Context(), db, opts)
	if err != nil || len(after) != 0 {
		t.Errorf("pending after Migrate: %v, %v", after, err)
	}
}

// What the host keeps in its own tables, and how it counts its own migrations,
// is none of our business.
func TestEverythingHasThePrefixAndTheSchema(t *testing.T) {
	t.Parallel()
	db := migrationstest.NewEmptyDB(t)
	const relations = `select n.nspname || '.' || c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace
		where n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
		union all select n.nspname || '.' || p.proname from pg_proc p join pg_namespace n on n.oid = p.pronamespace
		where n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
		union all select n.nspname || '.' || t.typname from pg_type t join pg_namespace n on n.oid = t.typnamespace
		where n.nspname !~ '^pg_' and n.nspname <> 'information_schema' and t.typtype in ('e', 'd')`
	for _, schema := range []string{"crm", "Mixed_Case", "select"} {
		if err := migrations.Migrate(t.Context(), db, migrations.Options{Schema: schema}); err != nil {
			t.Fatalf("schema %s: %v", schema, err)
		}
	}
	seen := map[string]int{}
	for _, name := range names(t, db, relations) {
		schema, relation, _ := strings.Cut(name, ".")
		seen[schema]++
		if !strings.HasPrefix(relation, "hubspot_") {
			t.Errorf("%s does not start with hubspot_", name)
		}
	}
	if seen["crm"] == 0 || seen["crm"] != seen["Mixed_Case"] || seen["crm"] != seen["select"] || len(seen) != 3 {
		t.Errorf("relations by schema: %v; want as many in each of the three and none elsewhere", seen)
	}
	// References must stay inside a schema: dropping one must not touch another.
	if _, err := db.ExecContext(t.Context(), `drop schema "crm" cascade`); err != nil {
		t.Fatal(err)
	}
	if err := migrations.Migrate(t.Context(), db, migrations.Options{Schema: "Mixed_Case"}); err != nil {
		t.Fatal(err)
	}
	pending, err := migrations.Pending(t.Context(), db, migrations.Options{Schema: "Mixed_Case"})
	if err != nil || len(pending) != 0 {
		t.Errorf("pending: %v, %v", pending, err)
	}
}

func TestSchemaNames(t *testing.T) {
	t.Parallel()
	db := migrationstest.NewEmptyDB(t)
	for _, schema := range []string{`x"; drop table hosts; --`, "a b", "a.b", "1st", "pg_mine", "PG_mine", "ä", strings.Repeat("x", 64), "?"} {
		if err := migrations.Migrate(t.Context(), db, migrations.Options{Schema: schema}); err == nil {
			t.Errorf("schema %q was accepted", schema)
		}
		if _, err := migrations.Pending(t.Context(), db, migrations.Options{Schema: schema}); err == nil {
			t.Errorf("schema %q was accepted by Pending", schema)
		}
	}
}

func TestReplicasThatStartAtOnce(t *testing.T) {
	t.Parallel()
	db := migrationstest.NewEmptyDB(t)
	// The first statement fails if two replicas run the file, the second makes
	// the time window wide.
	set := files("20260101000000_slow.tx.up.sql", "create table {{.Schema}}.hubspot_once (a int); select pg_sleep(0.3);",
		"20260101000001_next.tx.up.sql", "insert into {{.Schema}}.hubspot_once values (1);")
	errs := make(chan error)
	var wg sync.WaitGroup
	for range 6 {
		replica := migrationstest.Open(t, db)
		wg.Go(func() { errs <- migrations.Run(t.Context(), replica, migrations.Options{Schema: "fleet"}, set) })
	}
	go func() { wg.Wait(); close(errs) }()
	for err := range errs {
		if err != nil {
			t.Error(err)
		}
	}
	if n := count(t, db, "select count(*) from fleet.hubspot_once"); n != 1 {
		t.Errorf("the second file ran %d times", n)
	}
	if n := count(t, db, "select count(*) from fleet.hubspot_migrations"); n != 2 {
		t.Errorf("%d bookkeeping rows for 2 files", n)
	}
}

func TestWaitingEndsWithItsContext(t *testing.T) {
	t.Parallel()
	db := migrationstest.NewEmptyDB(t)
	holder, err := db.BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer holder.Rollback()
	if _, err := holder.ExecContext(t.Context(), `select pg_advisory_xact_lock(hashtextextended('"public".hubspot_migrations', 0))`); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
	defer cancel()
	// The end may also meet a statement under way: then it is the driver's error.
	err = migrations.Migrate(ctx, db, migrations.Options{})
	if !errors.Is(err, context.DeadlineExceeded) && !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("want the error of the context, got %v", err)
	}
}

func TestFailedFileLeavesNoTrace(t *testing.T) {
	t.Parallel()
	db := migrationstest.NewEmptyDB(t)
	good := "create table {{.Schema}}.hubspot_a (a int);"
	bad := files("1_good.tx.up.sql", good,
		"2_bad.tx.up.sql", "create table {{.Schema}}.hubspot_b (a int);\n--bun:split\nselect 1/0;")
	err := migrations.Run(t.Context(), db, migrations.Options{}, bad)
	if err == nil || !strings.Contains(err.Error(), "division by zero") {
		t.Fatalf("want the error of the database, got %v", err)
	}
	if got := names(t, db, "select name from hubspot_migrations order by 1"); !slices.Equal(got, []string{"1"}) {
		t.Errorf("bookkeeping after a failure: %v", got)
	}
	if n := count(t, db, "select count(*) from pg_class where relname = 'hubspot_b'"); n != 0 {
		t.Error("half of the failed file is there")
	}
	fixed := files("1_good.tx.up.sql", good, "2_bad.tx.up.sql", "create table {{.Schema}}.hubspot_b (a int);")
	if err := migrations.Run(t.Context(), db, migrations.Options{}, fixed); err != nil {
		t.Errorf("after the repair: %v", err)
	}
}

// The row that says "applied" commits with the file, not after it: a trigger
// that refuses the row must undo the file.
func TestFileAndBookkeepingCommitTogether(t *testing.T) {
	t.Parallel()
	db := migrationstest.NewEmptyDB(t)
	set := files("1_first.tx.up.sql", "select 1;")
	if err := migrations.Run(t.Context(), db, migrations.Options{}, set); err != nil {
		t.Fatal(err)
	}
	_, err := db.ExecContext(t.Context(), "alter table hubspot_migrations add constraint refused check (name <> '2')")
	if err != nil {
		t.Fatal(err)
	}
	set["2_second.tx.up.sql"] = &fstest.MapFile{Data: []byte("create table {{.Schema}}.hubspot_c (a int);")}
	if err := migrations.Run(t.Context(), db, migrations.Options{}, set); err == nil {
		t.Fatal("the refused row went unnoticed")
	}
	if n := count(t, db, "select count(*) from pg_class where relname = 'hubspot_c'"); n != 0 {
		t.Error("the file is applied without its bookkeeping row")
	}
}

func TestOlderReplicaDuringARollout(t *testing.T) {
	t.Parallel()
	db := migrationstest.NewEmptyDB(t)
	newer := files("1_first.tx.up.sql", "select 1;", "2_second.tx.up.sql", "select 2;")
	older := files("1_first.tx.up.sql", "select 1;")
	for _, set := range []fstest.MapFS{newer, older} {
		if err := migrations.Run(t.Context(), db, migrations.Options{}, set); err != nil {
			t.Fatal(err)
		}
	}
	if n := count(t, db, "select count(*) from hubspot_migrations"); n != 2 {
		t.Errorf("%d bookkeeping rows, want 2", n)
	}
}

func TestMistakesOfTheCaller(t *testing.T) {
	t.Parallel()
	db := migrationstest.NewEmptyDB(t)
	err := migrations.Run(t.Context(), db, migrations.Options{}, files("1_x.up.sql", "select 1;"))
	if err == nil || !strings.Contains(err.Error(), ".tx.up.sql") {
		t.Errorf("a file without a transaction: %v", err)
	}
	narrow := migrationstest.Open(t, db)
	narrow.SetMaxOpenConns(1)
	err = migrations.Migrate(t.Context(), narrow, migrations.Options{})
	if err == nil || !strings.Contains(err.Error(), "two are needed") {
		t.Errorf("a pool of one connection: %v", err)
	}
}
