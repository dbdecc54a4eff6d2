package outbox_test

import (
	"context"
	"testing"

	"github.com/memberpulse/hubspotplugin/migrations/migrationstest"
	"github.com/memberpulse/hubspotplugin/outbox"
)

// However many tenants and batches, draining takes at most MaxConns connections.
func TestDrainTakesFewConnections(t *testing.T) {
	t.Parallel()
	b := setup(t)
	pool := migrationstest.Open(t, b.db)
	pool.SetMaxIdleConns(100)
	o := b.boxOn(pool, func(c *outbox.Config) { c.MaxConns, c.BatchSize = 4, 2 })
	maker := b.box()
	for range 12 {
		b.exec("insert into hubspot_outbox (tenant, lane, kind, key, subject) select ?, 1, 'member', n::text, n::text from generate_series(1, 60) n", b.tenant(maker))
	}
	b.drain(o, func(ctx context.Context, batch outbox.Batch) error { return o.Settle(ctx, batch, delivered(batch)) })
	eventually(t, "drained", func() bool { return b.count("select count(*) from hubspot_outbox") == 0 })
	if n := pool.Stats().OpenConnections; n > 4 {
		t.Errorf("%d connections were opened, at most 4 may be used", n)
	}
}
