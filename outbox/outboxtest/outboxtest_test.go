package outboxtest_test

import (
	"context"
	"testing"

	"github.com/uptrace/bun"

	"github.com/memberpulse/hubspotplugin/migrations/migrationstest"
	"github.com/memberpulse/hubspotplugin/outbox"
	"github.com/memberpulse/hubspotplugin/outbox/outboxtest"
)

const tenant = "6f1c9a52-0d0e-4c7c-9a52-0d0e4c7c9a52"

func TestEntriesAreSeenBeforeTheCommit(t *testing.T) {
	t.Parallel()
	db := migrationstest.NewDB(t)
	box, err := outbox.New(db, outbox.Config{Kinds: map[string]outbox.Kind{"member": {}, "activity": {Fact: true}}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { box.Close(context.Background()) })
	err = db.RunInTx(context.Background(), nil, func(ctx context.Context, tx bun.Tx) error {
		if err := box.Open(ctx, tx.Tx, tenant); err != nil {
			return err
		}
		err := box.Append(ctx, tx,
			outbox.Entry{Tenant: tenant, Lane: outbox.LaneLive, Kind: "member", Key: "7"},
			outbox.Entry{Tenant: tenant, Lane: outbox.LaneUrgent, Kind: "activity", Key: "a", Subject: "7", Payload: []byte(`{"x":1}`)})
		if err != nil {
			return err
		}
		if n := len(outboxtest.Entries(t, tx, "", tenant)); n != 2 {
			t.Errorf("%d entries inside the transaction", n)
		}
		if n := len(outboxtest.Entries(t, db, "", tenant)); n != 0 {
			t.Errorf("%d entries outside the transaction", n)
		}
		e := outboxtest.RequireRecorded(t, tx, "", tenant, "activity", "a")
		if e.Subject != "7" || e.Lane != outbox.LaneUrgent || string(e.Payload) != `{"x":1}` {
			t.Errorf("%+v", e)
		}
		if m := outboxtest.RequireRecorded(t, tx, "", tenant, "member", "7"); m.Payload != nil || m.Subject != "7" {
			t.Errorf("%+v", m)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
