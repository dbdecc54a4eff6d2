package outbox_test

import (
	"context"
	"encoding/json"
	"testing"
	"time"

	"github.com/ThreeDotsLabs/watermill/message"

	"github.com/memberpulse/hubspotplugin/migrations/migrationstest"
	"github.com/memberpulse/hubspotplugin/outbox"
)

// Two replicas share tenants; no row is handled twice, and a tenant that hangs
// does not hold up another.
func TestReplicasShareTheWork(t *testing.T) {
	t.Parallel()
	b := setup(t)
	first := b.box()
	second := b.boxOn(migrationstest.Open(t, b.db))
	stuck := b.tenant(first)
	b.add(first, member(stuck, "stuck"))
	release := make(chan struct{})
	var got seen
	handle := func(o *outbox.Outbox) func(context.Context, outbox.Batch) error {
		return func(ctx context.Context, batch outbox.Batch) error {
			if batch.Tenant == stuck {
				<-release
			}
			got.add(batch)
			return o.Settle(ctx, batch, delivered(batch))
		}
	}
	b.drain(first, handle(first))
	b.drain(second, handle(second))
	t.Cleanup(func() {
		select {
		case <-release:
		default:
			close(release)
		}
	})
	var tenants []string
	for i := range 8 {
		id := b.tenant(first)
		tenants = append(tenants, id)
		for j := range 10 {
			b.add(first, member(id, i*100+j))
		}
	}
	eventually(t, "others drained", func() bool {
		n := 0
		for _, id := range tenants {
			n += b.rows(id)
		}
		return n == 0
	})
	close(release)
	eventually(t, "stuck one drained", func() bool { return b.rows(stuck) == 0 })
	for key, n := range got.count {
		if n != 1 {
			t.Errorf("%s handled %d times", key, n)
		}
	}
}

func TestFromMessageTrustsNothing(t *testing.T) {
	t.Parallel()
	for _, payload := range []string{``, `null`, `{}`, `[]`, `{"tenant":"x"}`,
		`{"tenant":"6f1c9a52-0d0e-4c7c-9a52-0d0e4c7c9a52","term":1,"seq":1,"kind":"member","deliveries":[]}`,
		`{"tenant":"6f1c9a52-0d0e-4c7c-9a52-0d0e4c7c9a52","term":1,"seq":1,"kind":"member","deliveries":[{"kind":"other","key":"1","lane":1,"rows":[[],[1],[]]}]}`,
		`{"tenant":"6f1c9a52-0d0e-4c7c-9a52-0d0e4c7c9a52","term":1,"seq":1,"kind":"member","deliveries":[{"kind":"member","key":"1","lane":7,"rows":[[],[1],[]]}]}`,
		`{"tenant":"6f1c9a52-0d0e-4c7c-9a52-0d0e4c7c9a52","term":1,"seq":1,"kind":"member","deliveries":[{"kind":"member","key":"1","lane":1,"rows":[[],[],[]]}]}`,
		`{"tenant":"6f1c9a52-0d0e-4c7c-9a52-0d0e4c7c9a52","term":0,"seq":1,"kind":"member","deliveries":[{"kind":"member","key":"1","lane":1,"rows":[[],[1],[]]}]}`,
	} {
		if _, err := outbox.FromMessage(message.NewMessage("", []byte(payload))); err == nil {
			t.Errorf("accepted %s", payload)
		}
	}
	if _, err := outbox.FromMessage(nil); err == nil {
		t.Error("accepted nothing")
	}
}

func FuzzFromMessage(f *testing.F) {
	f.Add([]byte(`{"tenant":"6f1c9a52-0d0e-4c7c-9a52-0d0e4c7c9a52","term":1,"seq":1,"kind":"member","deliveries":[{"kind":"member","key":"1","lane":1,"rows":[[],[1],[]]}]}`))
	f.Add([]byte(`{"deliveries":[{"rows":[[],[],[],[]]}]}`))
	f.Fuzz(func(t *testing.T, payload []byte) {
		batch, err := outbox.FromMessage(message.NewMessage("", payload))
		if err != nil {
			return
		}
		if len(batch.Deliveries) == 0 || batch.Term < 1 || batch.Kind == "" {
			t.Errorf("accepted %+v", batch)
		}
		if _, err := json.Marshal(batch); err != nil {
			t.Error(err)
		}
	})
}

func TestConfig(t *testing.T) {
	t.Parallel()
	b := setup(t)
	for name, bad := range map[string]outbox.Config{
		"schema":       {Schema: `public"; drop table x; --`},
		"short lease":  {LeaseTTL: 10 * time.Second},
		"slow renewal": {RenewEvery: 20 * time.Second},
		"connections":  {MaxConns: 2},
		"batch":        {BatchSize: -1},
		"kind":         {Kinds: map[string]outbox.Kind{"outbox.raw": {}}},
		"time":         {Idle: -time.Second},
	} {
		if _, err := outbox.New(b.db, bad); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
	if _, err := outbox.New(nil, outbox.Config{}); err == nil {
		t.Error("no database: accepted")
	}
	full := outbox.Config{}.WithDefaults()
	if full.LeaseTTL != 30*time.Second || full.RenewEvery != 10*time.Second || full.BatchSize != 100 || full.MaxInFlight != 32 || full.Owner == "" {
		t.Errorf("%+v", full)
	}
}
