package outbox_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/memberpulse/hubspotplugin/outbox"
)

// The router cancels Subscribe's context at once: a call in flight goes on, is
// settled, and only then the channel closes and the lease is given back.
func TestCloseLetsCallsFinish(t *testing.T) {
	t.Parallel()
	for name, byContext := range map[string]bool{"by context": true, "by Close": false} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := setup(t)
			o := b.box(func(c *outbox.Config) { c.CloseGrace = 10 * time.Second; c.BatchSize = 1 })
			tenant := b.tenant(o)
			for i := range 50 {
				b.add(o, member(tenant, i))
			}
			type key struct{}
			ctx, cancel := context.WithCancel(context.WithValue(context.Background(), key{}, "value"))
			defer cancel()
			msgs, err := o.Batches().Subscribe(ctx, outbox.TopicBatches)
			if err != nil {
				t.Fatal(err)
			}
			msg := receive(t, "message", msgs)
			closed := make(chan error, 1)
			if byContext {
				cancel()
			} else {
				go func() { closed <- o.Close(context.Background()) }()
			}
			drained := make(chan int, 1)
			go func() {
				n := 0
				for m := range msgs { // at most one was on its way
					m.Nack()
					n++
				}
				drained <- n
			}()
			b.count("select count(pg_sleep(0.2))") // the call
			if err := msg.Context().Err(); err != nil {
				t.Errorf("the call's context ended: %v", err)
			}
			if msg.Context().Value(key{}) != "value" {
				t.Error("the context's values are gone")
			}
			batch, err := outbox.FromMessage(msg)
			if err != nil {
				t.Fatal(err)
			}
			if err := o.Settle(msg.Context(), batch, delivered(batch)); err != nil {
				t.Errorf("settle: %v", err)
			}
			msg.Ack()
			if n := receive(t, "channel closed", drained); n > 1 {
				t.Errorf("%d batches handed out after the end", n)
			}
			if err := o.Close(context.Background()); err != nil {
				t.Error(err)
			}
			if !byContext {
				if err := receive(t, "close", closed); err != nil {
					t.Error(err)
				}
			}
			if n := b.count("select count(*) from hubspot_outbox_tenant where owner is not null"); n != 0 {
				t.Error("the lease was not given back")
			}
			if msg.Context().Err() == nil {
				t.Error("the context outlives the message")
			}
			if _, err := o.Batches().Subscribe(context.Background(), outbox.TopicBatches); !errors.Is(err, outbox.ErrClosed) {
				t.Errorf("subscribe after close: %v", err)
			}
			b.add(o, member(tenant, "later")) // recording goes on
		})
	}
}

// A call that does not return keeps its lease: it may still be out.
func TestCloseKeepsTheLeaseOfACallThatHangs(t *testing.T) {
	t.Parallel()
	b := setup(t)
	o := b.box(func(c *outbox.Config) { c.CloseGrace = 100 * time.Millisecond })
	tenant := b.tenant(o)
	b.add(o, member(tenant, 1))
	msgs, err := o.Batches().Subscribe(context.Background(), outbox.TopicBatches)
	if err != nil {
		t.Fatal(err)
	}
	msg := receive(t, "message", msgs)
	if err := o.Close(context.Background()); err != nil {
		t.Fatal(err)
	}
	if n := b.count("select count(*) from hubspot_outbox_tenant where owner is not null and leased_until > now()"); n != 1 {
		t.Error("the lease was given away under a call")
	}
	if msg.Context().Err() == nil {
		t.Error("the context goes on after the grace")
	}
	if b.rows(tenant) != 1 {
		t.Error("row lost")
	}
}
