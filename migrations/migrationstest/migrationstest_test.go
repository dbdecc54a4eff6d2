package migrationstest_test

import (
	"testing"

	"github.com/memberpulse/hubspotplugin/migrations/migrationstest"
)

func TestNewDB(t *testing.T) {
	t.Parallel()
	for range 20 {
		t.Run("", func(t *testing.T) {
			t.Parallel()
			db := migrationstest.NewDB(t)
			var n int
			if err := db.NewRaw("select count(*) from hubspot_migrations").Scan(t.Context(), &n); err != nil || n == 0 {
				t.Fatal(n, err)
			}
			if _, err := db.Exec("create table x(a int)"); err != nil {
				t.Fatal(err)
			}
			second := migrationstest.Open(t, db)
			if _, err := second.Exec("insert into x values (1)"); err != nil {
				t.Fatal(err)
			}
		})
	}
}
