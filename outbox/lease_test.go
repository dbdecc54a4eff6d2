package outbox_test

import (
	"context"
	"errors"
	"fmt"
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

func TestGuardNeedsTheWholeCall(t *testing.T) {
	t.Parallel()
	b := setup(t)
	var ahead atomic.Int64
	o := b.box(func(c *outbox.Config) {
		c.LeaseTTL = 30 * time.Second
		c.RenewEvery = 15 * time.Second
		c.Now = func() time.Time { return time.Now().Add(time.Duration(ahead.Load())) }
	})
	tenant := b.tenant(o)
	b.add(o, member(tenant, 1))
	verdict := make(chan string, 1)
	b.drain(o, func(ctx context.Context, batch outbox.Batch) error {
		defer func() { ahead.Store(0) }()
		call, cancel, err := o.Guard(ctx, batch, 10*time.Second)
		if err != nil {
			verdict <- err.Error()
			return nil
		}
		if d, ok := call.Deadline(); !ok || time.Until(d) > 10*time.Second {
			t.Error("the call's context outlasts its need")
		}
		cancel()
		ahead.Store(int64(21 * time.Second)) // 9 s left
		if _, _, err := o.Guard(ctx, batch, 10*time.Second); !errors.Is(err, outbox.ErrClaimLost) {
			verdict <- fmt.Sprint("10 s granted with 9 s left: ", err)
			return nil
		}
		if _, cancel, err := o.Guard(ctx, batch, time.Second); err != nil {
			verdict <- fmt.Sprint("1 s refused with 9 s left: ", err)
			return nil
		} else {
			cancel()
		}
		foreign := batch
		foreign.Term++
		if _, _, err := o.Guard(ctx, foreign, 1); !errors.Is(err, outbox.ErrClaimLost) {
			verdict <- fmt.Sprint("another term's batch: ", err)
			return nil
		}
		verdict <- ""
		ahead.Store(0)
		return o.Settle(ctx, batch, delivered(batch))
	})
	if v := receive(t, "guard", verdict); v != "" {
		t.Error(v)
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
