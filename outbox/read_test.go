package outbox_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/uptrace/bun"

	"github.com/memberpulse/hubspotplugin/outbox"
)

// A transaction that records early and commits late is found: within the trail
// by the window, after it by the sweep. Ids come at insert, rows at commit.
func TestLateCommitsAreFound(t *testing.T) {
	t.Parallel()
	for name, set := range map[string]func(*outbox.Config){
		"by the window": func(c *outbox.Config) { c.Trail, c.SweepEvery = time.Hour, time.Hour },
		"by the sweep":  func(c *outbox.Config) { c.Trail, c.SweepEvery = time.Millisecond, 100*time.Millisecond },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := setup(t)
			o := b.box(set)
			tenant := b.tenant(o)
			var got seen
			b.drain(o, func(ctx context.Context, batch outbox.Batch) error {
				got.add(batch)
				return o.Settle(ctx, batch, delivered(batch))
			})
			late, err := b.db.BeginTx(context.Background(), nil)
			if err != nil {
				t.Fatal(err)
			}
			if err := o.Append(context.Background(), late, member(tenant, "late")); err != nil {
				t.Fatal(err)
			}
			for i := range 20 {
				b.add(o, member(tenant, i))
				eventually(t, "delivered", func() bool { return got.times(fmt.Sprintf("member:%d", i)) == 1 })
			}
			if err := late.Commit(); err != nil {
				t.Fatal(err)
			}
			eventually(t, "late commit delivered", func() bool { return got.times("member:late") == 1 })
		})
	}
}

// A free tenant's row below the stored floor is found as well.
func TestLateCommitOfAFreeTenantIsFound(t *testing.T) {
	t.Parallel()
	b := setup(t)
	o := b.box(func(c *outbox.Config) { c.SweepEvery = 200 * time.Millisecond })
	tenant := b.tenant(o)
	b.tx(func(tx bun.Tx) error { return o.Append(context.Background(), tx, member(tenant, 1)) })
	b.exec("update hubspot_outbox_tenant set floor_live = 1000 where tenant = ?", tenant)
	var got seen
	b.drain(o, func(ctx context.Context, batch outbox.Batch) error {
		got.add(batch)
		return o.Settle(ctx, batch, delivered(batch))
	})
	eventually(t, "delivered", func() bool { return got.times("member:1") == 1 })
}

func TestManyRowsOfOneKeyAreOneCall(t *testing.T) {
	t.Parallel()
	b := setup(t)
	o := b.box()
	tenant := b.tenant(o)
	b.exec("insert into hubspot_outbox (tenant, lane, kind, key, subject) select ?, 1, 'member', '7', '7' from generate_series(1, 3000)", tenant)
	var got seen
	b.drain(o, func(ctx context.Context, batch outbox.Batch) error {
		got.add(batch)
		return o.Settle(ctx, batch, delivered(batch))
	})
	eventually(t, "empty", func() bool { return b.rows(tenant) == 0 })
	if n := got.times("member:7"); n > 2 {
		t.Errorf("%d calls for one member", n)
	}
}
