package outbox_test

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"time"

	"github.com/memberpulse/hubspotplugin/migrations/migrationstest"
	"github.com/memberpulse/hubspotplugin/outbox"
)

func shortLease(c *outbox.Config) {
	c.LeaseTTL, c.CallTimeout = 1200*time.Millisecond, 400*time.Millisecond
}

// A holder that is cut off from the database stops calling before another one
// may begin, and what it had in flight is in doubt for the next, for good.
func TestTwoHoldersNeverHaveCallsOut(t *testing.T) {
	t.Parallel()
	b := setup(t)
	cut := migrationstest.Open(t, b.db)
	first, second := b.boxOn(cut, shortLease), b.box(shortLease)
	tenant := b.tenant(first)
	b.add(first, member(tenant, 1))

	var out atomic.Int32
	called, lost := make(chan struct{}), make(chan struct{})
	b.drain(first, func(ctx context.Context, batch outbox.Batch) error {
		if batch.Deliveries[0].Doubt {
			t.Error("doubt without cause")
		}
		for n := 0; ; n++ {
			call, cancel, err := first.Guard(ctx, batch, 400*time.Millisecond)
			if errors.Is(err, outbox.ErrClaimLost) {
				close(lost)
				return nil
			}
			if err != nil {
				return err
			}
			out.Add(1)
			if n == 0 {
				close(called)
			}
			<-call.Done() // a call that hangs until its context ends
			out.Add(-1)
			cancel()
		}
	})
	receiveClosed(t, "first call", called)
	cut.Close()
	var doubt, together atomic.Bool
	taken := make(chan struct{}, 9)
	b.drain(second, func(ctx context.Context, batch outbox.Batch) error {
		together.Store(out.Load() != 0)
		doubt.Store(batch.Deliveries[0].Doubt)
		taken <- struct{}{}
		return second.Settle(ctx, batch, every(batch, outbox.Hold("x", "")))
	})
	receive(t, "takeover", taken)
	receiveClosed(t, "claim lost", lost)
	if together.Load() {
		t.Error("two holders had calls out")
	}
	if !doubt.Load() {
		t.Error("a lease taken from an expired holder leaves no doubt")
	}
	b.add(second, member(tenant, 2))
	receive(t, "later change", taken)
	if doubt.Load() {
		t.Error("rows recorded after the takeover are in no doubt")
	}
}

func receiveClosed(t testing.TB, what string, ch <-chan struct{}) {
	t.Helper()
	select {
	case <-ch:
	case <-time.After(15 * time.Second):
		t.Fatalf("not in time: %s", what)
	}
}

func TestLeaseIsRenewedAndReleased(t *testing.T) {
	t.Parallel()
	b := setup(t)
	o := b.box(shortLease, func(c *outbox.Config) { c.Idle = 100 * time.Millisecond })
	tenant := b.tenant(o)
	b.add(o, member(tenant, 1))
	b.drain(o, func(ctx context.Context, batch outbox.Batch) error {
		var first time.Time
		if err := b.db.NewRaw("select leased_until from hubspot_outbox_tenant where tenant = ?", tenant).Scan(ctx, &first); err != nil {
			return err
		}
		eventually(t, "renewed past the first lease's end", func() bool {
			return b.count("select count(*) from hubspot_outbox_tenant where leased_until > ?::timestamptz + interval '1 second' and term = ?",
				first, batch.Term) == 1
		})
		return o.Settle(ctx, batch, delivered(batch))
	})
	eventually(t, "released when idle", func() bool {
		return b.rows(tenant) == 0 && b.count("select count(*) from hubspot_outbox_tenant where owner is null and leased_until < now()") == 1
	})
	b.add(o, member(tenant, 2))
	eventually(t, "claimed again", func() bool { return b.rows(tenant) == 0 })
}
