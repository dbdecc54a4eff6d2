package outbox_test

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"github.com/uptrace/bun"

	"github.com/memberpulse/hubspotplugin/outbox"
)

func TestSettleCommitsApplyWithTheDelete(t *testing.T) {
	t.Parallel()
	b := setup(t)
	o := b.box()
	b.exec("create table link (key text primary key)")
	tenant := b.tenant(o)
	b.add(o, member(tenant, 1))
	var tries atomic.Int32
	b.drain(o, func(ctx context.Context, batch outbox.Batch) error {
		s := delivered(batch)
		s.Apply = func(ctx context.Context, tx bun.Tx) error {
			_, err := tx.ExecContext(ctx, "insert into link values (?)", batch.Deliveries[0].Key)
			if err == nil && tries.Add(1) == 1 {
				err = errors.New("no")
			}
			return err
		}
		if err := o.Settle(ctx, batch, s); err == nil {
			return errors.New("settled although Apply failed")
		}
		if b.count("select count(*) from link") != 0 || b.rows(tenant) != 1 {
			return errors.New("something of a refused settlement was committed")
		}
		if err := o.Settle(ctx, batch, s); err != nil {
			return err
		}
		if err := o.Settle(ctx, batch, s); !errors.Is(err, outbox.ErrSettled) {
			return fmt.Errorf("settled twice: %w", err)
		}
		return nil
	})
	eventually(t, "settled", func() bool { return b.rows(tenant) == 0 })
	if b.count("select count(*) from link") != 1 {
		t.Error("the handler's write is missing")
	}
}

// Whatever ends the term, an old holder commits nothing.
func TestSettleIsFenced(t *testing.T) {
	t.Parallel()
	b := setup(t)
	o := b.box()
	b.exec("create table link (key text)")
	for name, end := range map[string]func(tenant string){
		"another holder": func(tenant string) {
			b.exec("update hubspot_outbox_tenant set term = term + 1, owner = 'other', leased_until = now() + interval '1 minute' where tenant = ?", tenant)
		},
		"shut": func(tenant string) {
			b.tx(func(tx bun.Tx) error { return o.Shut(context.Background(), tx.Tx, tenant) })
		},
	} {
		for _, apply := range []bool{true, false} {
			tenant := b.tenant(o)
			b.add(o, member(tenant, name))
			if name == "shut" {
				defer func() {
					if b.rows(tenant) != 0 {
						t.Error("rows after shut")
					}
				}()
			}
			verdict := make(chan error, 1)
			sub := b.drain(o, func(ctx context.Context, batch outbox.Batch) error {
				end(batch.Tenant)
				s := delivered(batch)
				if apply {
					s.Apply = func(ctx context.Context, tx bun.Tx) error {
						_, err := tx.ExecContext(ctx, "insert into link values ('x')")
						return err
					}
				}
				verdict <- o.Settle(ctx, batch, s)
				return nil
			})
			if err := receive(t, name, verdict); !errors.Is(err, outbox.ErrClaimLost) {
				t.Errorf("%s: %v, want ErrClaimLost", name, err)
			}
			if n := b.count("select count(*) from link"); n != 0 {
				t.Errorf("%s: %d writes of a lost claim committed", name, n)
			}
			if name != "shut" && b.rows(tenant) != 1 {
				t.Errorf("%s: row deleted by a lost claim", name)
			}
			sub.Close()
		}
	}
}

func TestSettleOutcomes(t *testing.T) {
	t.Parallel()
	b := setup(t)
	o := b.box(func(c *outbox.Config) { c.RetryMin, c.RetryMax = time.Hour, time.Hour })
	tenant := b.tenant(o)
	var entries []outbox.Entry
	for i := range 5 {
		entries = append(entries, member(tenant, i))
	}
	b.add(o, entries...)
	b.drain(o, func(ctx context.Context, batch outbox.Batch) error {
		return o.Settle(ctx, batch, outbox.Settlement{Outcomes: []outbox.Outcome{
			outbox.Delivered(),
			outbox.Discard("gone"),
			outbox.Hold("invalid-email", "HubSpot refuses the address\x00"),
			outbox.Wait("organization", "acme", "no company yet"),
			// the last one is missing
		}})
	})
	eventually(t, "settled", func() bool { return b.rows(tenant) == 0 })
	list, err := o.Asides(context.Background(), tenant, outbox.AsideQuery{})
	if err != nil {
		t.Fatal(err)
	}
	byKey := map[string]outbox.Aside{}
	for _, a := range list {
		byKey[a.Key] = a
	}
	if len(list) != 3 {
		t.Fatalf("%d asides: %+v", len(list), list)
	}
	if a := byKey["2"]; !a.DueAt.IsZero() || a.Class != "invalid-email" || a.Reason != "HubSpot refuses the address" || a.Attempts != 1 {
		t.Errorf("held: %+v", a)
	}
	if a := byKey["3"]; a.WaitsFor != "organization:acme" || a.Attempts != 0 {
		t.Errorf("waiting: %+v", a)
	}
	if a := byKey["4"]; a.Class != outbox.ClassBug || a.Attempts != 1 || a.DueAt.IsZero() {
		t.Errorf("missing outcome: %+v", a)
	}
	log, err := o.Backlog(context.Background(), tenant)
	if err != nil || log.Retrying != 1 || log.WaitingForKey != 1 || log.Held != 1 || log.Waiting != 0 || !log.Open {
		t.Errorf("backlog %+v, %v", log, err)
	}
	held, err := o.Asides(context.Background(), tenant, outbox.AsideQuery{HeldOnly: true})
	if err != nil || len(held) != 1 {
		t.Errorf("held only: %+v, %v", held, err)
	}
}

func TestSnoozeLeavesTheRowAndSpendsNothing(t *testing.T) {
	t.Parallel()
	b := setup(t)
	o := b.box()
	tenant := b.tenant(o)
	b.add(o, member(tenant, 1))
	var got seen
	b.drain(o, func(ctx context.Context, batch outbox.Batch) error {
		got.add(batch)
		if n := got.times("member:1"); n < 4 {
			return o.Settle(ctx, batch, every(batch, outbox.Snooze()))
		}
		return o.Settle(ctx, batch, delivered(batch))
	})
	eventually(t, "delivered", func() bool { return b.rows(tenant) == 0 })
	for _, batch := range got.all() {
		if batch.Deliveries[0].Attempt != 0 {
			t.Error("an attempt was spent")
		}
	}
	if b.asides(tenant) != 0 {
		t.Error("set aside")
	}
}
