package outbox_test

import (
	"context"
	"sync/atomic"
	"testing"
	"time"

	"github.com/uptrace/bun"

	"github.com/memberpulse/hubspotplugin/migrations/migrationstest"
	"github.com/memberpulse/hubspotplugin/outbox"
)

// The database ends every connection, again and again, while a tenant drains.
func TestDatabaseRestart(t *testing.T) {
	t.Parallel()
	b := setup(t)
	pool := migrationstest.Open(t, b.db)
	o := b.boxOn(pool, func(c *outbox.Config) { c.BatchSize = 5; c.RetryMax = 30 * time.Millisecond })
	tenant := b.tenant(b.box())
	b.exec("insert into hubspot_outbox (tenant, lane, kind, key, subject) select ?, 1, 'member', n::text, n::text from generate_series(1, 300) n", tenant)
	var got seen
	var cuts atomic.Int32
	b.drain(o, func(ctx context.Context, batch outbox.Batch) error {
		got.add(batch)
		if n := len(got.all()); n%12 == 5 && cuts.Add(1) <= 4 {
			// Two at once end each other: no error of theirs counts.
			_, _ = b.db.ExecContext(context.Background(), `select pg_terminate_backend(pid) from pg_stat_activity
				where datname = current_database() and pid <> pg_backend_pid() and backend_type = 'client backend'`)
		}
		s := delivered(batch)
		s.Apply = func(context.Context, bun.Tx) error { return nil }
		_ = o.Settle(ctx, batch, s) // whatever it says, the outbox must cope
		return nil
	})
	eventually(t, "drained", func() bool {
		var rows, asides int
		err := b.db.NewRaw("select (select count(*) from hubspot_outbox), (select count(*) from hubspot_outbox_aside)").Scan(context.Background(), &rows, &asides)
		return err == nil && rows+asides == 0
	})
	if got.keys() != 300 {
		t.Errorf("%d of 300 members seen", got.keys())
	}
	if cuts.Load() < 2 {
		t.Errorf("%d cuts", cuts.Load())
	}
}
