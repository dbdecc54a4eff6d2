package outbox_test

import (
	"context"
	"testing"
	"time"

	"github.com/memberpulse/hubspotplugin/outbox"
)

// A commit seen by the hook wakes tenants whose Append had another context.
func TestHookKnowsTransactionsByTheirMarks(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	b := setup(t)
	o := b.box(func(c *outbox.Config) { c.Poll, c.RecentEvery = time.Hour, time.Hour })
	db := b.db.WithQueryHook(o.QueryHook())
	tenant := b.tenant(o)
	got := make(chan time.Time, 1)
	b.add(o, member(tenant, "first"))
	b.drain(o, func(ctx context.Context, batch outbox.Batch) error {
		if batch.Deliveries[0].Key == "1" {
			got <- time.Now()
		}
		return o.Settle(ctx, batch, delivered(batch))
	})
	eventually(t, "first settled", func() bool { return b.rows(tenant) == 0 })
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := o.Append(ctx, tx, member(tenant, 1)); err != nil {
		t.Fatal(err)
	}
	if err := tx.Commit(); err != nil {
		t.Fatal(err)
	}
	receive(t, "woken", got)
}
