package outbox_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/uptrace/bun"

	"github.com/memberpulse/hubspotplugin/outbox"
)

func TestParkStopsEveryReplicaUntilUnpark(t *testing.T) {
	t.Parallel()
	b := setup(t)
	first, second := b.box(), b.box()
	tenant := b.tenant(first)
	b.add(first, member(tenant, 1))
	parked := make(chan struct{}, 16)
	handle := func(o *outbox.Outbox) func(context.Context, outbox.Batch) error {
		return func(ctx context.Context, batch outbox.Batch) error {
			log, err := o.Backlog(ctx, tenant)
			if err != nil {
				return err
			}
			s := every(batch, outbox.Snooze())
			if len(parked) == 0 && log.Parked == nil && batch.Term == 1 {
				s.Park = &outbox.Park{Class: "auth", Reason: "key refused"}
			} else {
				s = delivered(batch)
			}
			defer func() { parked <- struct{}{} }()
			return o.Settle(ctx, batch, s)
		}
	}
	b.drain(first, handle(first))
	b.drain(second, handle(second))
	receive(t, "park", parked)
	log, err := first.Backlog(context.Background(), tenant)
	if err != nil || log.Parked == nil || log.Parked.Class != "auth" || !log.Parked.Until.IsZero() || log.Waiting != 1 {
		t.Fatalf("%+v, %v", log, err)
	}
	b.add(first, member(tenant, 2)) // recording goes on
	never(t, "delivered while parked", parked, 300*time.Millisecond)
	b.tx(func(tx bun.Tx) error { return first.Unpark(context.Background(), tx.Tx, tenant) })
	first.Wake(tenant)
	eventually(t, "delivered after unpark", func() bool { return b.rows(tenant) == 0 })
}

func TestParkEndsByItself(t *testing.T) {
	t.Parallel()
	b := setup(t)
	o := b.box()
	tenant := b.tenant(o)
	b.add(o, member(tenant, 1))
	until := time.Now().Add(300 * time.Millisecond)
	b.drain(o, func(ctx context.Context, batch outbox.Batch) error {
		if batch.Term > 1 {
			if time.Now().Before(until) {
				return errors.New("delivered before the park's end")
			}
			return o.Settle(ctx, batch, delivered(batch))
		}
		s := every(batch, outbox.Snooze())
		s.Park = &outbox.Park{Until: until, Class: "quota"}
		return o.Settle(ctx, batch, s)
	})
	eventually(t, "delivered", func() bool { return b.rows(tenant) == 0 })
}

func TestPauseKeepsRecording(t *testing.T) {
	t.Parallel()
	b := setup(t)
	o := b.box()
	tenant := b.tenant(o)
	pause := func(on bool) {
		b.tx(func(tx bun.Tx) error { return o.SetPaused(context.Background(), tx.Tx, tenant, on) })
	}
	var got seen
	b.drain(o, func(ctx context.Context, batch outbox.Batch) error {
		got.add(batch)
		return o.Settle(ctx, batch, delivered(batch))
	})
	b.add(o, member(tenant, 1))
	eventually(t, "delivered", func() bool { return b.rows(tenant) == 0 })
	pause(true)
	eventually(t, "lease released", func() bool {
		return b.count("select count(*) from hubspot_outbox_tenant where owner is not null") == 0
	})
	b.add(o, member(tenant, 2))
	quiet := make(chan struct{})
	never(t, "", quiet, 200*time.Millisecond)
	if got.keys() != 1 || b.rows(tenant) != 1 {
		t.Fatalf("%d delivered, %d rows while paused", got.keys(), b.rows(tenant))
	}
	pause(false)
	eventually(t, "delivered after the pause", func() bool { return b.rows(tenant) == 0 })
}
