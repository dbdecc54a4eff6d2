package outbox_test

import (
	"context"
	"testing"
	"time"

	"github.com/uptrace/bun"

	"github.com/memberpulse/hubspotplugin/migrations/migrationstest"
	"github.com/memberpulse/hubspotplugin/outbox"
)

// Each way of being woken works while all others are too slow to matter.
func TestWaysToWake(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	slow := func(c *outbox.Config) { c.Poll, c.RecentEvery = time.Hour, time.Hour }
	commit := func(t *testing.T, db *bun.DB, o *outbox.Outbox, tenant string, first func(bun.Tx)) {
		tx, err := db.BeginTx(ctx, nil)
		if err != nil {
			t.Fatal(err)
		}
		if first != nil {
			first(tx)
		}
		if err := o.Append(ctx, tx, member(tenant, 1)); err != nil {
			t.Fatal(err)
		}
		if err := tx.Commit(); err != nil {
			t.Fatal(err)
		}
	}
	// exhausted waits until the probes after an Append are over.
	exhausted := func(t *testing.T) func(bun.Tx) {
		return func(tx bun.Tx) {
			if _, err := tx.ExecContext(ctx, "select pg_sleep(0.2)"); err != nil {
				t.Fatal(err)
			}
		}
	}
	for name, c := range map[string]struct {
		set  func(*outbox.Config)
		wake func(t *testing.T, b *bundle, o *outbox.Outbox, tenant string)
	}{
		"hook, with the transaction's context": {slow, func(t *testing.T, b *bundle, o *outbox.Outbox, tenant string) {
			err := b.db.WithQueryHook(o.QueryHook()).RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
				return o.Append(ctx, tx, member(tenant, 1))
			})
			if err != nil {
				t.Fatal(err)
			}
		}},
		"RunInTx": {slow, func(t *testing.T, b *bundle, o *outbox.Outbox, tenant string) { b.add(o, member(tenant, 1)) }},
		"probes":  {slow, func(t *testing.T, b *bundle, o *outbox.Outbox, tenant string) { commit(t, b.db, o, tenant, nil) }},
		"Wake": {slow, func(t *testing.T, b *bundle, o *outbox.Outbox, tenant string) {
			b.exec("insert into hubspot_outbox (tenant, lane, kind, key, subject) values (?, 1, 'member', '1', '1')", tenant)
			o.Wake(tenant)
		}},
		"poll, a tenant held by nobody": {func(c *outbox.Config) { c.RecentEvery = time.Hour }, func(t *testing.T, b *bundle, o *outbox.Outbox, _ string) {
			b.exec("insert into hubspot_outbox (tenant, lane, kind, key, subject) values (?, 1, 'member', '1', '1')", b.tenant(o))
		}},
		"poll, the holder's own": {func(c *outbox.Config) { c.RecentEvery = time.Hour }, func(t *testing.T, b *bundle, _ *outbox.Outbox, tenant string) {
			b.exec("insert into hubspot_outbox (tenant, lane, kind, key, subject) values (?, 1, 'member', '1', '1')", tenant)
		}},
		"recent, another replica's commit": {func(c *outbox.Config) { c.Poll = time.Hour }, func(t *testing.T, b *bundle, o *outbox.Outbox, tenant string) {
			b.add(o, member(tenant, "warm"))
			eventually(t, "held", func() bool { return b.rows(tenant) == 0 })
			commit(t, b.db, (&bundle{t: t, db: b.db}).boxOn(migrationstest.Open(t, b.db)), tenant, exhausted(t))
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := setup(t)
			o := b.box(c.set)
			var got seen
			started := make(chan struct{}, 9)
			b.drain(o, func(ctx context.Context, batch outbox.Batch) error {
				got.add(batch)
				started <- struct{}{}
				return o.Settle(ctx, batch, delivered(batch))
			})
			// Past the first poll, which would find anything.
			tenant := b.tenant(o)
			b.add(o, member(tenant, "first"))
			receive(t, "first change", started)
			eventually(t, "first settled", func() bool { return b.rows(tenant) == 0 })
			c.wake(t, b, o, tenant)
			eventually(t, "woken", func() bool { return got.times("member:1") == 1 })
		})
	}
}
