package outbox_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/uptrace/bun"

	"github.com/memberpulse/hubspotplugin/outbox"
)

func TestGateClosedRecordsNothing(t *testing.T) {
	t.Parallel()
	b := setup(t)
	o := b.box()
	tenant := uuid()
	b.add(o, member(tenant, 1)) // never opened
	id := b.tenant(o)
	b.tx(func(tx bun.Tx) error { return o.Shut(context.Background(), tx.Tx, id) })
	b.add(o, member(id, 1))
	if b.rows(tenant)+b.rows(id) != 0 {
		t.Error("recorded through a closed gate")
	}
	b.tx(func(tx bun.Tx) error { return o.Open(context.Background(), tx.Tx, id) })
	b.tx(func(tx bun.Tx) error { return o.Open(context.Background(), tx.Tx, id) })
	b.add(o, member(id, 1))
	if b.rows(id) != 1 {
		t.Error("not recorded after Open")
	}
}

func TestGateSeenOpenInsertsPlainly(t *testing.T) {
	t.Parallel()
	b := setup(t)
	s := &spy{}
	db := b.db.WithQueryHook(s)
	o := b.box()
	tenant := b.tenant(o)
	add := func() {
		err := db.RunInTx(context.Background(), nil, func(ctx context.Context, tx bun.Tx) error { return o.Append(ctx, tx, member(tenant, 1)) })
		if err != nil {
			t.Fatal(err)
		}
	}
	add()
	if n := len(s.matching("t.open")); n != 1 {
		t.Fatalf("the first insert asked %d times", n)
	}
	eventually(t, "a plain insert", func() bool {
		add()
		return len(s.matching("insert into")) > len(s.matching("t.open"))
	})
}

// A transaction that opens a tenant, records and rolls back must not teach this
// process that the tenant is open: rows of others would belong to nobody.
func TestGateIsNotLearntFromATransactionThatRollsBack(t *testing.T) {
	t.Parallel()
	b := setup(t)
	s := &spy{}
	o := b.box()
	tenant := uuid()
	no := errors.New("no")
	err := b.db.WithQueryHook(s).RunInTx(context.Background(), nil, func(ctx context.Context, tx bun.Tx) error {
		if err := o.Open(ctx, tx.Tx, tenant); err != nil {
			return err
		}
		if err := o.Append(ctx, tx, member(tenant, 1)); err != nil {
			return err
		}
		n := 0
		if err := tx.NewRaw("select count(*) from hubspot_outbox").Scan(ctx, &n); err != nil || n != 1 {
			t.Errorf("%d rows seen inside, %v", n, err)
		}
		return no
	})
	if !errors.Is(err, no) {
		t.Fatal(err)
	}
	o.Close(context.Background()) // waits for what is being asked
	b.add(o, member(tenant, 2))
	if n := b.count("select count(*) from hubspot_outbox"); n != 0 {
		t.Errorf("%d rows of a tenant that does not exist", n)
	}
}

func TestGateStraysAreSwept(t *testing.T) {
	t.Parallel()
	b := setup(t)
	o := b.box(func(c *outbox.Config) { c.SweepEvery = 100 * time.Millisecond })
	tenant := b.tenant(o)
	other := b.tenant(o)
	b.exec("update hubspot_outbox_tenant set paused = true where tenant = ?", other)
	b.add(o, member(other, 1))
	late, err := b.db.BeginTx(context.Background(), nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := o.Append(context.Background(), late, member(tenant, 1)); err != nil {
		t.Fatal(err)
	}
	b.tx(func(tx bun.Tx) error { return o.Shut(context.Background(), tx.Tx, tenant) })
	if err := late.Commit(); err != nil {
		t.Fatal(err)
	}
	if b.rows(tenant) != 1 {
		t.Fatal("no stray to sweep")
	}
	b.drain(o, func(_ context.Context, batch outbox.Batch) error { return errors.New("a stray was delivered") })
	eventually(t, "strays swept", func() bool { return b.rows(tenant) == 0 })
	if b.rows(other) != 1 {
		t.Error("swept another tenant's row")
	}
}

func TestShutDropsTheQueue(t *testing.T) {
	t.Parallel()
	b := setup(t)
	o := b.box()
	tenant, other := b.tenant(o), b.tenant(o)
	for _, id := range []string{tenant, other} {
		b.add(o, member(id, 1))
		b.exec("insert into hubspot_outbox_aside (tenant, kind, key, subject, lane, due_at, recorded_at) values (?, 'member', 'x', 'x', 1, 'infinity', now())", id)
	}
	b.tx(func(tx bun.Tx) error { return o.Shut(context.Background(), tx.Tx, tenant) })
	if b.rows(tenant) != 0 || b.asides(tenant) != 0 {
		t.Error("rows or asides left")
	}
	if b.rows(other) != 1 || b.asides(other) != 1 {
		t.Error("dropped another tenant's")
	}
}
