package migrationstest_test

import (
	"strings"
	"testing"

	"github.com/uptrace/bun"

	"github.com/memberpulse/hubspotplugin/migrations/migrationstest"
)

func database(t *testing.T, db *bun.DB) string {
	t.Helper()
	var name string
	if err := db.NewRaw("select current_database()").Scan(t.Context(), &name); err != nil {
		t.Fatal(err)
	}
	return name
}

func TestNewDBIsMigratedAndPrivate(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"one", "two", "three"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			db := migrationstest.NewDB(t)
			var n int
			if err := db.NewRaw("select count(*) from hubspot_migrations").Scan(t.Context(), &n); err != nil || n == 0 {
				t.Fatalf("%d migrations, %v", n, err)
			}
			// Fails in all but one test if they share a database.
			if _, err := db.ExecContext(t.Context(), "create table mine (a int)"); err != nil {
				t.Fatal(err)
			}
		})
	}
}

func TestNewEmptyDB(t *testing.T) {
	t.Parallel()
	db := migrationstest.NewEmptyDB(t)
	var n int
	err := db.NewRaw("select count(*) from pg_class c join pg_namespace n on n.oid = c.relnamespace where n.nspname = 'public'").
		Scan(t.Context(), &n)
	if err != nil || n != 0 {
		t.Errorf("%d relations in an empty database, %v", n, err)
	}
}

func TestOpenSharesTheDatabase(t *testing.T) {
	t.Parallel()
	db := migrationstest.NewEmptyDB(t)
	second := migrationstest.Open(t, db)
	if a, b := database(t, db), database(t, second); a != b {
		t.Errorf("two databases: %s and %s", a, b)
	}
	if dsn := migrationstest.DSN(t, db); !strings.Contains(dsn, "/"+database(t, db)+"?") {
		t.Error("the connection string names another database")
	}
	if err := second.Close(); err != nil {
		t.Fatal(err)
	}
	database(t, db) // the first pool is not affected
}

func TestDatabaseIsDroppedWithConnections(t *testing.T) {
	t.Parallel()
	other := migrationstest.NewEmptyDB(t)
	var name string
	t.Run("owner", func(t *testing.T) {
		db := migrationstest.NewEmptyDB(t)
		name = database(t, db)
		// A transaction that the test forgets must not keep the database alive.
		tx, err := migrationstest.Open(t, db).BeginTx(t.Context(), nil)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := tx.ExecContext(t.Context(), "select 1"); err != nil {
			t.Fatal(err)
		}
	})
	var n int
	if err := other.NewRaw("select count(*) from pg_database where datname = ?", name).Scan(t.Context(), &n); err != nil || n != 0 {
		t.Errorf("the database %q is still there: %d, %v", name, n, err)
	}
}
