package outbox_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/ThreeDotsLabs/watermill/message"

	"github.com/memberpulse/hubspotplugin/outbox"
)

func TestRouterDrainsBatches(t *testing.T) {
	t.Parallel()
	b := setup(t)
	o := b.box()
	tenant := b.tenant(o)
	var entries []outbox.Entry
	for i := range 250 {
		entries = append(entries, member(tenant, i))
	}
	b.add(o, entries...)
	b.add(o, activity(tenant, "7", "seven"))

	var got seen
	router := quietRouter(t)
	router.AddConsumerHandler("crm", outbox.TopicBatches, o.Batches(), func(msg *message.Message) error {
		batch, err := outbox.FromMessage(msg)
		if err != nil {
			return err
		}
		got.add(batch)
		return o.Settle(msg.Context(), batch, delivered(batch))
	})
	stopped := make(chan error, 1)
	go func() { stopped <- router.Run(context.Background()) }()
	eventually(t, "outbox empty", func() bool { return b.rows(tenant) == 0 })
	if err := router.Close(); err != nil {
		t.Error(err)
	}
	if err := receive(t, "router", stopped); err != nil {
		t.Error(err)
	}
	for i := range 250 {
		if n := got.times(fmt.Sprintf("member:%d", i)); n != 1 {
			t.Errorf("member %d delivered %d times", i, n)
		}
	}
	if got.times("activity:act-seven") != 1 {
		t.Error("fact not delivered")
	}
	for _, batch := range got.all() {
		if len(batch.Deliveries) > 100 {
			t.Errorf("batch of %d", len(batch.Deliveries))
		}
	}
	if n := b.count("select count(*) from hubspot_outbox_tenant where owner is not null"); n != 0 {
		t.Errorf("%d leases left after the router closed", n)
	}
}
