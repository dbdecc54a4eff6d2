package outbox_test

import (
	"context"
	"database/sql"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"testing"
	"time"

	"github.com/uptrace/bun"
	"github.com/uptrace/bun/dialect/pgdialect"
	"github.com/uptrace/bun/driver/pgdriver"

	"github.com/memberpulse/hubspotplugin/migrations/migrationstest"
	"github.com/memberpulse/hubspotplugin/outbox"
)

const (
	crashDSN = "OUTBOX_CRASH_DSN"
	crashRun = "OUTBOX_CRASH_RUN"
)

// The test binary, started again with a database in its environment, is a
// replica that drains until it is killed.
func TestMain(m *testing.M) {
	if dsn := os.Getenv(crashDSN); dsn != "" {
		if err := replica(dsn, os.Getenv(crashRun)); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	os.Exit(m.Run())
}

func crashConfig(c *outbox.Config) {
	c.BatchSize, c.MaxInFlight = 5, 4
	c.LeaseTTL, c.CallTimeout = time.Second, 300*time.Millisecond
}

func replica(dsn, run string) error {
	db := bun.NewDB(sql.OpenDB(pgdriver.NewConnector(pgdriver.WithDSN(dsn))), pgdialect.New())
	cfg := outbox.Config{Kinds: kinds, Poll: 20 * time.Millisecond}
	crashConfig(&cfg)
	o, err := outbox.New(db, cfg)
	if err != nil {
		return err
	}
	msgs, err := o.Batches().Subscribe(context.Background(), outbox.TopicBatches)
	if err != nil {
		return err
	}
	for msg := range msgs {
		go func() {
			defer msg.Ack()
			batch, err := outbox.FromMessage(msg)
			if err == nil {
				err = send(msg.Context(), o, db, batch, run)
			}
			if err != nil {
				fmt.Fprintln(os.Stderr, err)
			}
		}()
	}
	return nil
}

// send stands for a call: what it writes stays whatever becomes of the replica.
func send(ctx context.Context, o *outbox.Outbox, db *bun.DB, batch outbox.Batch, run string) error {
	for _, d := range batch.Deliveries {
		if _, err := db.ExecContext(ctx, "insert into sent (run, key, doubt) values (?, ?, ?)", run, d.Kind+":"+d.Key, d.Doubt); err != nil {
			return err
		}
	}
	if _, err := db.ExecContext(ctx, "select pg_sleep(0.02)"); err != nil {
		return err
	}
	return o.Settle(ctx, batch, delivered(batch))
}

// Replicas are killed at random points: nothing is lost, no more is sent twice
// than was in flight, and what is sent again by the next holder is in doubt.
func TestKilledReplicasLoseNothing(t *testing.T) {
	t.Parallel()
	b := setup(t)
	o := b.box(crashConfig)
	tenant := b.tenant(o)
	b.exec("create table sent (run text, key text, doubt bool, n serial)")
	const members, facts, kills = 250, 50, 4
	var entries []outbox.Entry
	for i := range members {
		entries = append(entries, member(tenant, i))
	}
	for i := range facts {
		entries = append(entries, activity(tenant, strconv.Itoa(i), i))
	}
	b.add(o, entries...)
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	for run := range kills {
		child := exec.Command(self)
		child.Env = append(os.Environ(), crashDSN+"="+migrationstest.DSN(t, b.db), crashRun+"="+strconv.Itoa(run))
		child.Stderr = os.Stderr
		if err := child.Start(); err != nil {
			t.Fatal(err)
		}
		// Every call sends one by one, so this is in the middle of one.
		want := 7 + 13*run
		eventually(t, "some sent", func() bool { return b.count("select count(*) from sent where run = ?", strconv.Itoa(run)) >= want })
		_ = child.Process.Kill()
		_ = child.Wait() // it was killed
	}
	b.drain(o, func(ctx context.Context, batch outbox.Batch) error { return send(ctx, o, b.db, batch, "last") })
	eventually(t, "drained", func() bool { return b.rows(tenant) == 0 })
	if n := b.count("select count(distinct key) from sent"); n != members+facts {
		t.Errorf("%d of %d arrived", n, members+facts)
	}
	if n := b.count("select count(*) - count(distinct key) from sent"); n > kills*4*5 {
		t.Errorf("%d sent twice, at most %d were in flight", n, kills*4*5)
	} else if n == 0 {
		t.Error("nothing was in flight at any kill: the test proves nothing")
	}
	if n := b.count("select count(*) from sent a where not doubt and exists (select 1 from sent b where b.key = a.key and b.run <> a.run and b.n < a.n)"); n != 0 {
		t.Errorf("%d sent again without doubt", n)
	}
	if b.asides(tenant) != 0 {
		t.Error("a kill spent attempts")
	}
}
