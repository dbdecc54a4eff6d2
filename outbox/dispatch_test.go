package outbox_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/memberpulse/hubspotplugin/outbox"
)

// Under load from all lanes and kinds, no subject is in two batches at once, no
// batch breaks its promises, and no row is delivered twice or lost.
func TestSubjectsAreExclusive(t *testing.T) {
	t.Parallel()
	b := setup(t)
	o := b.box(func(c *outbox.Config) { c.BatchSize = 10 })
	tenant := b.tenant(o)
	var mu sync.Mutex
	flying := map[string]int{}
	most, now := 0, 0
	var got seen
	b.drain(o, func(ctx context.Context, batch outbox.Batch) error {
		mine := map[string]bool{}
		for _, d := range batch.Deliveries {
			mine[d.Subject] = true
			if d.Kind != batch.Kind {
				return errors.New("two kinds in one batch")
			}
		}
		if len(batch.Deliveries) > 10 {
			return fmt.Errorf("batch of %d", len(batch.Deliveries))
		}
		mu.Lock()
		now++
		most = max(most, now)
		for s := range mine {
			if flying[s]++; flying[s] > 1 {
				t.Errorf("subject %s is in two batches", s)
			}
		}
		mu.Unlock()
		got.add(batch)
		// Long enough to overlap: another batch's database time.
		b.count("select count(pg_sleep(0.005))")
		mu.Lock()
		now--
		for s := range mine {
			flying[s]--
		}
		mu.Unlock()
		return o.Settle(ctx, batch, delivered(batch))
	})
	n := 0
	for round := range 20 {
		var entries []outbox.Entry
		for i := range 30 {
			subject := fmt.Sprint(i % 15)
			a := activity(tenant, subject, n)
			a.Lane = outbox.Lane(i % 3)
			m := member(tenant, subject)
			m.Lane = outbox.Lane((i + round) % 3)
			entries = append(entries, a, m)
			n++
		}
		b.add(o, entries...)
	}
	eventually(t, "empty", func() bool { return b.rows(tenant) == 0 })
	for i := range n {
		if c := got.times(fmt.Sprintf("activity:act-%d", i)); c != 1 {
			t.Errorf("fact %d delivered %d times", i, c)
		}
	}
	mu.Lock()
	defer mu.Unlock()
	if most < 2 {
		t.Error("never two batches in flight: the test proves nothing")
	}
}

// While a batch of the live lane is out and thousands wait, an erasure goes next.
func TestUrgentOvertakesAndBackfillDoesNotStarve(t *testing.T) {
	t.Parallel()
	b := setup(t)
	o := b.box(func(c *outbox.Config) { c.BatchSize, c.Ceiling = 10, func(string) int { return 1 } })
	tenant := b.tenant(o)
	for lane := 1; lane <= 2; lane++ {
		b.exec("insert into hubspot_outbox (tenant, lane, kind, key, subject) select ?, ?, 'member', ?::text || '-' || n, ?::text || '-' || n from generate_series(1, 500) n",
			tenant, lane, lane, lane)
	}
	var order []outbox.Lane
	var mu sync.Mutex
	gate := make(chan struct{})
	var flying atomic.Int32
	b.drain(o, func(ctx context.Context, batch outbox.Batch) error {
		if flying.Add(1) > 1 {
			t.Error("two batches in flight under a ceiling of 1")
		}
		defer flying.Add(-1)
		mu.Lock()
		order = append(order, batch.Deliveries[0].Lane)
		third := len(order) == 3
		mu.Unlock()
		if third {
			e := member(tenant, "erased")
			e.Lane = outbox.LaneUrgent
			b.add(o, e)
			close(gate)
			b.count("select count(pg_sleep(0.3))") // the row is read meanwhile
		}
		return o.Settle(ctx, batch, delivered(batch))
	})
	receiveClosed(t, "third batch", gate)
	eventually(t, "empty", func() bool { return b.rows(tenant) == 0 })
	mu.Lock()
	defer mu.Unlock()
	if order[3] != outbox.LaneUrgent {
		t.Errorf("order %v: the urgent batch is not the fourth", order[:6])
	}
	backfill := 0
	for _, lane := range order[:33] { // live has 50 batches
		if lane == outbox.LaneBackfill {
			backfill++
		}
	}
	if backfill < 3 || backfill > 6 {
		t.Errorf("%d of the first 33 batches are backfill, want about one in eight", backfill)
	}
}

func TestRouteSeparatesKeys(t *testing.T) {
	t.Parallel()
	b := setup(t)
	var failed atomic.Bool
	o := b.box(func(c *outbox.Config) {
		c.Route = func(_ context.Context, _, kind string, keys []string) ([]string, error) {
			if failed.CompareAndSwap(false, true) {
				return nil, errors.New("database is away")
			}
			labels := make([]string, len(keys))
			for i, k := range keys {
				labels[i] = kind + strings.Repeat("-linked", int(k[0])%2)
			}
			return labels, nil
		}
	})
	tenant := b.tenant(o)
	var entries []outbox.Entry
	for i := range 40 {
		entries = append(entries, member(tenant, i))
	}
	b.add(o, entries...)
	b.drain(o, func(ctx context.Context, batch outbox.Batch) error {
		for _, d := range batch.Deliveries {
			if want := "member" + strings.Repeat("-linked", int(d.Key[0])%2); batch.Route != want {
				return fmt.Errorf("key %s in batch %q", d.Key, batch.Route)
			}
		}
		return o.Settle(ctx, batch, delivered(batch))
	})
	eventually(t, "empty", func() bool { return b.rows(tenant) == 0 })
}
