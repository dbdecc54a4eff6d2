package outbox_test

import (
	"context"
	"sync/atomic"
	"testing"
	"time"

	"github.com/memberpulse/hubspotplugin/migrations/migrationstest"
	"github.com/memberpulse/hubspotplugin/outbox"
)

// Two replicas share tenants; no row is handled twice, and a tenant that hangs
// does not hold up another.
func TestReplicasShareTheWork(t *testing.T) {
	t.Parallel()
	b := setup(t)
	first := b.box()
	second := b.boxOn(migrationstest.Open(t, b.db))
	stuck := b.tenant(first)
	b.add(first, member(stuck, "stuck"))
	release := make(chan struct{})
	var got seen
	handle := func(o *outbox.Outbox) func(context.Context, outbox.Batch) error {
		return func(ctx context.Context, batch outbox.Batch) error {
			if batch.Tenant == stuck {
				<-release
			}
			got.add(batch)
			return o.Settle(ctx, batch, delivered(batch))
		}
	}
	b.drain(first, handle(first))
	b.drain(second, handle(second))
	t.Cleanup(func() {
		select {
		case <-release:
		default:
			close(release)
		}
	})
	var tenants []string
	for i := range 8 {
		id := b.tenant(first)
		tenants = append(tenants, id)
		for j := range 10 {
			b.add(first, member(id, i*100+j))
		}
	}
	eventually(t, "others drained", func() bool {
		n := 0
		for _, id := range tenants {
			n += b.rows(id)
		}
		return n == 0
	})
	close(release)
	eventually(t, "stuck one drained", func() bool { return b.rows(stuck) == 0 })
	for key, n := range got.count {
		if n != 1 {
			t.Errorf("%s handled %d times", key, n)
		}
	}
}

// With room for one tenant, a busy one must let the other have its turn.
func TestHoldEndsWhileOthersWait(t *testing.T) {
	t.Parallel()
	b := setup(t)
	o := b.box(func(c *outbox.Config) {
		c.MaxTenants, c.Hold = 1, 200*time.Millisecond
		c.BatchSize = 1
	})
	busy, small := b.tenant(o), b.tenant(o)
	b.exec("insert into hubspot_outbox (tenant, lane, kind, key, subject) select ?, 1, 'member', n::text, n::text from generate_series(1, 20000) n", busy)
	var got seen
	var once atomic.Bool
	served := make(chan struct{})
	b.drain(o, func(ctx context.Context, batch outbox.Batch) error {
		if batch.Tenant == small && once.CompareAndSwap(false, true) {
			close(served)
		}
		got.add(batch)
		return o.Settle(ctx, batch, delivered(batch))
	})
	eventually(t, "busy tenant held", func() bool { return got.keys() > 0 })
	b.add(o, member(small, "small"))
	receiveClosed(t, "the small tenant's turn", served)
	if b.rows(busy) == 0 {
		t.Error("the busy tenant was finished first: the test proves nothing")
	}
}
