package outbox_test

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"github.com/memberpulse/hubspotplugin/outbox"
)

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
