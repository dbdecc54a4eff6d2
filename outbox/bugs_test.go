package outbox_test

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"github.com/ThreeDotsLabs/watermill/message"
	"github.com/uptrace/bun"

	"github.com/memberpulse/hubspotplugin/outbox"
)

// Only attempts that ended in a bug lead to a human: a record that was tried
// through a long outage is no nearer to it.
func TestAnOutageIsNoBug(t *testing.T) {
	t.Parallel()
	b := setup(t)
	o := b.box(func(c *outbox.Config) { c.MaxAttempts, c.RetryMin, c.RetryMax = 3, time.Millisecond, time.Millisecond })
	tenant := b.tenant(o)
	b.add(o, member(tenant, "m"))
	var tries atomic.Int32
	b.drain(o, func(ctx context.Context, batch outbox.Batch) error {
		s := delivered(batch)
		switch n := tries.Add(1); {
		case n <= 6:
			s.Outcomes[0] = outbox.Retry("transient", "outage", 0)
		default:
			s.Outcomes[0] = outbox.Retry(outbox.ClassBug, "poison", 0)
		}
		return o.Settle(ctx, batch, s)
	})
	eventually(t, "held", func() bool {
		log, err := o.Backlog(context.Background(), tenant)
		return err == nil && log.Held == 1
	})
	if n := tries.Load(); n != 6+3 {
		t.Errorf("held after %d attempts, want 6 of an outage and 3 that ended in a bug", n)
	}
}

// A panic within Apply commits nothing and leaves the batch to be settled.
func TestApplyThatPanics(t *testing.T) {
	t.Parallel()
	b := setup(t)
	o := b.box()
	b.exec("create table link (key text primary key)")
	tenant := b.tenant(o)
	b.add(o, member(tenant, 1))
	b.drain(o, func(ctx context.Context, batch outbox.Batch) error {
		s := delivered(batch)
		s.Apply = func(ctx context.Context, tx bun.Tx) error {
			if _, err := tx.ExecContext(ctx, "insert into link values ('half')"); err != nil {
				return err
			}
			panic("a bug of the host")
		}
		func() {
			defer func() {
				if recover() == nil {
					t.Error("the panic was swallowed")
				}
			}()
			_ = o.Settle(ctx, batch, s)
		}()
		if b.count("select count(*) from link") != 0 || b.rows(tenant) != 1 {
			return errors.New("something was committed")
		}
		if err := o.Settle(ctx, batch, delivered(batch)); err != nil {
			return fmt.Errorf("settled again: %w", err)
		}
		return nil
	})
	eventually(t, "settled", func() bool { return b.rows(tenant) == 0 })
	if n := b.asides(tenant); n != 0 {
		t.Errorf("%d set aside", n)
	}
}

// A handler that leaves a panic of Apply to the router: the batch is set aside
// like any other that ended in a bug, and does not come again at once for ever.
func TestApplyThatPanicsInTheRouter(t *testing.T) {
	t.Parallel()
	b := setup(t)
	o := b.box(func(c *outbox.Config) { c.MaxAttempts = 2 })
	tenant := b.tenant(o)
	b.add(o, member(tenant, "poison"))
	var tries atomic.Int32
	router := quietRouter(t)
	router.AddConsumerHandler("crm", outbox.TopicBatches, o.Batches(), func(msg *message.Message) error {
		batch, err := outbox.FromMessage(msg)
		if err != nil {
			return err
		}
		tries.Add(1)
		s := delivered(batch)
		s.Apply = func(context.Context, bun.Tx) error { panic("a bug of the host") }
		return o.Settle(msg.Context(), batch, s)
	})
	done := make(chan struct{})
	go func() { defer close(done); _ = router.Run(context.Background()) }()
	eventually(t, "held", func() bool {
		log, err := o.Backlog(context.Background(), tenant)
		return err == nil && log.Held == 1 && log.Waiting == 0
	})
	router.Close()
	<-done
	if n := tries.Load(); n != 2 {
		t.Errorf("held after %d attempts, want 2", n)
	}
}
