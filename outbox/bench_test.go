package outbox_test

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/ThreeDotsLabs/watermill/message"
	"github.com/uptrace/bun"

	"github.com/memberpulse/hubspotplugin/migrations/migrationstest"
	"github.com/memberpulse/hubspotplugin/outbox"
)

func percentile(d []time.Duration, p float64) time.Duration {
	d = slices.Clone(d)
	slices.Sort(d)
	return d[min(len(d)-1, int(p*float64(len(d))))]
}

// BenchmarkAppend compares, turn by turn, a host transaction that updates one
// row with the same transaction that also records the change. The ratio of the
// medians travels between machines; the absolute times do not.
func BenchmarkAppend(b *testing.B) {
	x := benchSetup(b)
	o := x.box()
	tenant := x.tenant(o)
	x.exec("create table member (id int primary key, n int not null default 0)")
	x.exec("insert into member select generate_series(1, 10000)")
	run := func(i int, record bool) time.Duration {
		start := time.Now()
		err := x.db.RunInTx(context.Background(), nil, func(ctx context.Context, tx bun.Tx) error {
			if _, err := tx.ExecContext(ctx, "update member set n = n + 1 where id = ?", 1+i%10000); err != nil {
				return err
			}
			if record {
				return o.Append(ctx, tx, member(tenant, i))
			}
			return nil
		})
		if err != nil {
			b.Fatal(err)
		}
		return time.Since(start)
	}
	for i := range 50 {
		run(i, i%2 == 0)
	}
	var bare, with []time.Duration
	for i := 0; b.Loop(); i++ {
		if i%2 == 0 {
			bare = append(bare, run(i, false))
			with = append(with, run(i, true))
		} else {
			with = append(with, run(i, true))
			bare = append(bare, run(i, false))
		}
	}
	p, q := percentile(bare, .5), percentile(with, .5)
	b.ReportMetric(float64(p.Microseconds()), "bare-µs")
	b.ReportMetric(float64(q.Microseconds()), "recorded-µs")
	b.ReportMetric(float64(q)/float64(p), "x-bare")
}

// BenchmarkDrain drains rows through a Watermill router into a handler that does
// nothing but settle.
func BenchmarkDrain(b *testing.B) {
	for _, tenants := range []int{1, 100} {
		b.Run(fmt.Sprintf("tenants=%d", tenants), func(b *testing.B) { drainRows(b, tenants, 50_000) })
	}
}

func drainRows(b *testing.B, tenants, rows int) {
	x := benchSetup(b)
	var total time.Duration
	for b.Loop() {
		b.StopTimer()
		o := x.box(func(c *outbox.Config) { c.Poll = 500 * time.Millisecond })
		for range tenants {
			tenant := x.tenant(o)
			x.exec("insert into hubspot_outbox (tenant, lane, kind, key, subject) select ?, 1, 'member', n::text, n::text from generate_series(1, ?) n",
				tenant, rows/tenants)
		}
		router := quietRouter(b)
		left := make(chan int, 1024)
		router.AddConsumerHandler("crm", outbox.TopicBatches, o.Batches(), func(msg *message.Message) error {
			batch, err := outbox.FromMessage(msg)
			if err != nil {
				return err
			}
			if err := o.Settle(msg.Context(), batch, delivered(batch)); err != nil {
				return err
			}
			left <- len(batch.Deliveries)
			return nil
		})
		var wg sync.WaitGroup
		b.StartTimer()
		start := time.Now()
		wg.Go(func() { _ = router.Run(context.Background()) })
		for n := rows; n > 0; {
			n -= <-left
		}
		total += time.Since(start)
		b.StopTimer()
		router.Close()
		wg.Wait()
		b.StartTimer()
	}
	b.ReportMetric(float64(rows*b.N)/total.Seconds(), "rows/s")
}

// BenchmarkWake measures from the return of COMMIT to the handler, one change at
// a time.
func BenchmarkWake(b *testing.B) {
	x := benchSetup(b)
	for _, way := range []string{"hook", "probes", "other-replica"} {
		b.Run(way, func(b *testing.B) {
			x := &bundle{t: b, db: x.db}
			o := x.box(func(c *outbox.Config) { c.Poll = 500 * time.Millisecond })
			writer, db := o, x.db
			switch way {
			case "hook":
				db = x.db.WithQueryHook(o.QueryHook())
			case "other-replica":
				db = migrationstest.Open(b, x.db)
				writer = x.boxOn(db)
			}
			got := make(chan time.Time, 16)
			x.drain(o, func(ctx context.Context, batch outbox.Batch) error {
				now := time.Now()
				err := o.Settle(ctx, batch, delivered(batch))
				got <- now
				return err
			})
			tenant := x.tenant(o)
			var took []time.Duration
			one := func(i int) time.Duration {
				tx, err := db.BeginTx(context.Background(), nil)
				if err != nil {
					b.Fatal(err)
				}
				ctx := context.Background()
				if err := writer.Append(ctx, tx, member(tenant, i)); err != nil {
					b.Fatal(err)
				}
				if err := tx.Commit(); err != nil {
					b.Fatal(err)
				}
				start := time.Now()
				return (<-got).Sub(start)
			}
			one(0)
			for i := 1; b.Loop(); i++ {
				took = append(took, one(i))
			}
			b.ReportMetric(float64(percentile(took, .5).Microseconds()), "p50-µs")
			b.ReportMetric(float64(percentile(took, .99).Microseconds()), "p99-µs")
		})
	}
}

// BenchmarkOutOfOrder has writers that hold their transaction open after
// recording, 2 ms or, of sixteen, 2 to 32 ms, so that commits come out of id
// order, and measures from COMMIT to the handler. At one rate of commits for
// both, sixteen writers' p99 should be at most twice one writer's: a late commit
// must not wait for a sweep. Unpaced, the writers take all of the machine, and
// what is measured is the queue for it.
func BenchmarkOutOfOrder(b *testing.B) {
	x := benchSetup(b)
	for _, c := range []struct {
		writers int
		pace    time.Duration
	}{{1, 5 * time.Millisecond}, {16, 5 * time.Millisecond}, {1, 0}, {16, 0}} {
		writers := c.writers
		b.Run(fmt.Sprintf("pace=%s/writers=%d", c.pace, writers), func(b *testing.B) {
			x := &bundle{t: b, db: x.db}
			o := x.box(func(c *outbox.Config) { c.Poll = 500 * time.Millisecond })
			db := x.db.WithQueryHook(o.QueryHook())
			var mu sync.Mutex
			committed, handled := map[string]time.Time{}, map[string]time.Time{}
			x.drain(o, func(ctx context.Context, batch outbox.Batch) error {
				now := time.Now()
				mu.Lock()
				for _, d := range batch.Deliveries {
					if _, again := handled[d.Key]; !again {
						handled[d.Key] = now
					}
				}
				mu.Unlock()
				return o.Settle(ctx, batch, delivered(batch))
			})
			tenant := x.tenant(o)
			next := make(chan int)
			var wg sync.WaitGroup
			for w := range writers {
				hold := fmt.Sprintf("select pg_sleep(%f)", 0.002*float64(w+1))
				if c.pace == 0 {
					hold = "select pg_sleep(0.002)"
				}
				wg.Go(func() {
					for i := range next {
						key := fmt.Sprint(i)
						err := db.RunInTx(context.Background(), nil, func(ctx context.Context, tx bun.Tx) error {
							if err := o.Append(ctx, tx, member(tenant, key)); err != nil {
								return err
							}
							_, err := tx.ExecContext(ctx, hold)
							return err
						})
						now := time.Now()
						if err != nil {
							b.Error(err)
						}
						mu.Lock()
						committed[key] = now
						mu.Unlock()
					}
				})
			}
			n := 0
			tick := time.NewTicker(max(c.pace, time.Nanosecond))
			defer tick.Stop()
			for b.Loop() {
				if c.pace > 0 {
					<-tick.C
				}
				next <- n
				n++
			}
			close(next)
			wg.Wait()
			eventually(b, "all handled", func() bool {
				mu.Lock()
				defer mu.Unlock()
				return len(handled) == n
			})
			var took []time.Duration
			for key, at := range committed {
				took = append(took, max(0, handled[key].Sub(at)))
			}
			b.ReportMetric(float64(percentile(took, .5).Microseconds()), "p50-µs")
			b.ReportMetric(float64(percentile(took, .99).Microseconds()), "p99-µs")
		})
	}
}

// benchSetup is setup with a pool that keeps its connections, as a host's
// should: with database/sql's two, a benchmark of several writers measures how
// long it takes to connect.
func benchSetup(b *testing.B) *bundle {
	b.Helper()
	x := setup(b)
	x.db.SetMaxIdleConns(32)
	return x
}
