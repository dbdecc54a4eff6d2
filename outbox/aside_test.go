package outbox_test

import (
	"context"
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"github.com/ThreeDotsLabs/watermill/message"
	"github.com/uptrace/bun"

	"github.com/memberpulse/hubspotplugin/outbox"
)

func TestRetryCountsAttemptsAndSuccessDeletesBoth(t *testing.T) {
	t.Parallel()
	b := setup(t)
	o := b.box()
	tenant := b.tenant(o)
	b.add(o, member(tenant, 1), activity(tenant, "1", "x"))
	var got seen
	b.drain(o, func(ctx context.Context, batch outbox.Batch) error {
		got.add(batch)
		s := delivered(batch)
		for i, d := range batch.Deliveries {
			if want := got.times(d.Kind+":"+d.Key) - 1; d.Attempt != want {
				return fmt.Errorf("%s: attempt %d, want %d", d.Kind, d.Attempt, want)
			}
			if d.Kind == "activity" && string(d.Payload) != `{"n": "x"}` && string(d.Payload) != `{"n":"x"}` {
				return fmt.Errorf("payload %s", d.Payload)
			}
			if d.Attempt < 3 {
				s.Outcomes[i] = outbox.Retry("conflict", "409", 0)
			}
		}
		return o.Settle(ctx, batch, s)
	})
	eventually(t, "delivered", func() bool {
		return got.times("member:1") == 4 && got.times("activity:act-x") == 4 && b.asides(tenant) == 0
	})
	if b.rows(tenant) != 0 {
		t.Error("rows left")
	}
}

func TestHeldRecordIsReleasedByANewChange(t *testing.T) {
	t.Parallel()
	b := setup(t)
	o := b.box()
	tenant := b.tenant(o)
	b.add(o, member(tenant, 1))
	var got seen
	b.drain(o, func(ctx context.Context, batch outbox.Batch) error {
		got.add(batch)
		if batch.Deliveries[0].Attempt == 0 {
			return o.Settle(ctx, batch, every(batch, outbox.Hold("invalid-email", "")))
		}
		return o.Settle(ctx, batch, delivered(batch))
	})
	eventually(t, "held", func() bool { return b.asides(tenant) == 1 })
	quiet := make(chan struct{})
	never(t, "", quiet, 150*time.Millisecond)
	if n := got.times("member:1"); n != 1 {
		t.Fatalf("a held record came back %d times", n-1)
	}
	b.add(o, member(tenant, 1))
	eventually(t, "both gone", func() bool { return b.asides(tenant) == 0 && b.rows(tenant) == 0 })
}

func TestResend(t *testing.T) {
	t.Parallel()
	b := setup(t)
	o := b.box()
	tenant, other := b.tenant(o), b.tenant(o)
	for _, id := range []string{tenant, other} {
		for i := range 3 {
			b.exec(`insert into hubspot_outbox_aside (tenant, kind, key, subject, lane, due_at, attempts, recorded_at)
				values (?, 'member', ?, 'x', 1, 'infinity', 2, now())`, id, fmt.Sprint(i))
		}
	}
	b.exec(`insert into hubspot_outbox_aside (tenant, kind, key, subject, lane, due_at, attempts, recorded_at)
		values (?, 'member', 'by itself', 'x', 1, now() + interval '1 hour', 2, now())`, tenant)
	var got seen
	b.drain(o, func(ctx context.Context, batch outbox.Batch) error {
		got.add(batch)
		for _, d := range batch.Deliveries {
			if batch.Tenant != tenant || d.Attempt != map[bool]int{true: 2}[d.Key == "by itself"] {
				t.Errorf("%+v", batch) // a human's retry starts anew
			}
		}
		return o.Settle(ctx, batch, delivered(batch))
	})
	resend := func(want int, keys ...string) {
		b.tx(func(tx bun.Tx) error {
			n, err := o.Resend(context.Background(), tx.Tx, tenant, "member", keys...)
			if n != want {
				t.Errorf("%d resent, want %d", n, want)
			}
			return err
		})
		o.Wake(tenant)
	}
	resend(1, "1")
	eventually(t, "one sent", func() bool { return got.times("member:1") == 1 && b.asides(tenant) == 3 })
	resend(3)
	eventually(t, "all sent", func() bool { return b.asides(tenant) == 0 })
	if b.asides(other) != 3 {
		t.Error("another tenant's records were resent")
	}
}

func TestSettlingAKeyReleasesWhatWaitsForIt(t *testing.T) {
	t.Parallel()
	b := setup(t)
	o := b.box()
	tenant := b.tenant(o)
	org := outbox.Entry{Tenant: tenant, Lane: outbox.LaneLive, Kind: "organization", Key: "acme"}
	var linked atomic.Bool
	b.drain(o, func(ctx context.Context, batch outbox.Batch) error {
		switch {
		case batch.Kind == "organization":
			linked.Store(true)
		case !linked.Load():
			return o.Settle(ctx, batch, every(batch, outbox.Wait("organization", "acme", "")))
		case batch.Deliveries[0].Attempt != 0:
			return fmt.Errorf("waiting spent an attempt")
		}
		return o.Settle(ctx, batch, delivered(batch))
	})
	b.add(o, member(tenant, 1))
	eventually(t, "waiting", func() bool { return b.asides(tenant) == 1 })
	b.add(o, org)
	eventually(t, "released", func() bool { return b.asides(tenant) == 0 && b.rows(tenant) == 0 })
}

// The record decides to wait, and before it is set aside the one it waits for is
// settled: nobody would release it later.
func TestWaitIsNotLostToASettlementInBetween(t *testing.T) {
	t.Parallel()
	b := setup(t)
	o := b.box()
	tenant := b.tenant(o)
	decided, settled := make(chan struct{}), make(chan struct{})
	var got seen
	b.drain(o, func(ctx context.Context, batch outbox.Batch) error {
		got.add(batch)
		if batch.Kind == "organization" {
			<-decided
			err := o.Settle(ctx, batch, delivered(batch))
			close(settled)
			return err
		}
		if batch.Kind == "member" || got.times("activity:act-1") > 1 {
			return o.Settle(ctx, batch, delivered(batch))
		}
		close(decided)
		<-settled
		return o.Settle(ctx, batch, every(batch, outbox.Wait("organization", "acme", "")))
	})
	b.add(o, member(tenant, "warm"))
	eventually(t, "room for two batches", func() bool { return b.rows(tenant) == 0 })
	b.add(o, activity(tenant, "m1", 1))
	b.add(o, outbox.Entry{Tenant: tenant, Lane: outbox.LaneUrgent, Kind: "organization", Key: "acme"})
	eventually(t, "released", func() bool { return got.times("activity:act-1") == 2 && b.asides(tenant) == 0 })
}

// The record's batch begins while the one it waits for is being settled, and reads
// what was before: it has not missed the settlement either.
func TestWaitIsNotLostToASettlementUnderWay(t *testing.T) {
	t.Parallel()
	b := setup(t)
	o := b.box()
	tenant := b.tenant(o)
	applying, began, landed := make(chan struct{}), make(chan struct{}), make(chan struct{})
	var got seen
	b.drain(o, func(ctx context.Context, batch outbox.Batch) error {
		got.add(batch)
		switch {
		case batch.Kind == "organization":
			err := o.Settle(ctx, batch, outbox.Settlement{Outcomes: delivered(batch).Outcomes, Apply: func(context.Context, bun.Tx) error {
				close(applying)
				<-began
				return nil
			}})
			close(landed)
			return err
		case batch.Kind == "member" || got.times("activity:act-1") > 1:
			return o.Settle(ctx, batch, delivered(batch))
		}
		close(began)
		<-landed
		return o.Settle(ctx, batch, every(batch, outbox.Wait("organization", "acme", "")))
	})
	b.add(o, member(tenant, "warm"))
	eventually(t, "room for two batches", func() bool { return b.rows(tenant) == 0 })
	b.add(o, outbox.Entry{Tenant: tenant, Lane: outbox.LaneLive, Kind: "organization", Key: "acme"})
	receiveClosed(t, "the settlement under way", applying)
	b.add(o, activity(tenant, "m1", 1))
	eventually(t, "released", func() bool { return got.times("activity:act-1") == 2 && b.asides(tenant) == 0 })
}

// Panics, errors, silence: set aside loudly, in doubt, alone, and in the end for
// a human. The router's other messages go on.
func TestBugsAreSetAside(t *testing.T) {
	t.Parallel()
	for name, bug := range map[string]func(*message.Message) error{
		"panic":              func(*message.Message) error { panic("poison") },
		"error":              func(*message.Message) error { return fmt.Errorf("poison") },
		"ack without settle": func(*message.Message) error { return nil },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := setup(t)
			o := b.box(func(c *outbox.Config) { c.MaxAttempts = 3 })
			tenant := b.tenant(o)
			b.add(o, member(tenant, "good"), member(tenant, "poison"), member(tenant, "fine"))
			var got seen
			router := quietRouter(t)
			router.AddConsumerHandler("crm", outbox.TopicBatches, o.Batches(), func(msg *message.Message) error {
				batch, err := outbox.FromMessage(msg)
				if err != nil {
					return err
				}
				got.add(batch)
				for _, d := range batch.Deliveries {
					if d.Attempt > 0 && (!d.Doubt || len(batch.Deliveries) > 1) {
						t.Errorf("attempt %d of %s: doubt %v, in a batch of %d", d.Attempt, d.Key, d.Doubt, len(batch.Deliveries))
					}
					if d.Key == "poison" {
						return bug(msg)
					}
				}
				return o.Settle(msg.Context(), batch, delivered(batch))
			})
			done := make(chan struct{})
			go func() { defer close(done); _ = router.Run(context.Background()) }()
			eventually(t, "held", func() bool {
				log, err := o.Backlog(context.Background(), tenant)
				return err == nil && log.Held == 1 && log.Waiting == 0 && log.Retrying == 0
			})
			router.Close()
			<-done
			if n := got.times("member:poison"); n != 3 {
				t.Errorf("poison tried %d times, want 3", n)
			}
			list, _ := o.Asides(context.Background(), tenant, outbox.AsideQuery{})
			if len(list) != 1 || list[0].Key != "poison" || list[0].Class != outbox.ClassBug {
				t.Errorf("%+v", list)
			}
		})
	}
}

func TestUnknownKindIsSetAside(t *testing.T) {
	t.Parallel()
	b := setup(t)
	o := b.box()
	tenant := b.tenant(o)
	b.exec("insert into hubspot_outbox (tenant, lane, kind, key, subject) values (?, 1, 'ticket', 't1', 'm1')", tenant)
	b.add(o, member(tenant, "m1"))
	b.drain(o, func(ctx context.Context, batch outbox.Batch) error {
		if batch.Kind != "member" {
			return fmt.Errorf("kind %s was handed out", batch.Kind)
		}
		return o.Settle(ctx, batch, delivered(batch))
	})
	eventually(t, "set aside", func() bool { return b.rows(tenant) == 0 && b.asides(tenant) == 1 })
	list, err := o.Asides(context.Background(), tenant, outbox.AsideQuery{Class: outbox.ClassBug, Kind: "ticket"})
	if err != nil || len(list) != 1 || time.Until(list[0].DueAt) < 50*time.Second {
		t.Errorf("%+v, %v", list, err)
	}
}
