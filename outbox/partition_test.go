package outbox_test

import (
	"context"
	"errors"
	"testing"

	"github.com/memberpulse/hubspotplugin/outbox"
)

// After Shut and Open again, the old holder's lease is not waited for.
func TestReopenedTenantIsClaimedSoon(t *testing.T) {
	t.Parallel()
	b := setup(t)
	o := b.box()
	tenant := b.tenant(o)
	var got seen
	b.drain(o, func(ctx context.Context, batch outbox.Batch) error {
		err := o.Settle(ctx, batch, delivered(batch))
		if errors.Is(err, outbox.ErrClaimLost) {
			return nil // claimed under the old term, before its end was noticed
		}
		got.add(batch)
		return err
	})
	b.add(o, member(tenant, 1))
	eventually(t, "held", func() bool { return b.rows(tenant) == 0 })
	b.shutOpen(o, tenant)
	b.add(o, member(tenant, 2))
	eventually(t, "delivered", func() bool { return got.times("member:2") == 1 })
}
