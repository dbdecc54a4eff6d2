package outbox_test

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"log/slog"
	"sync"
	"testing"
	"time"

	"github.com/ThreeDotsLabs/watermill"
	"github.com/ThreeDotsLabs/watermill/message"
	"github.com/uptrace/bun"

	"github.com/memberpulse/hubspotplugin/migrations/migrationstest"
	"github.com/memberpulse/hubspotplugin/outbox"
)

// bundle is one database, and outboxes on it.
type bundle struct {
	t  testing.TB
	db *bun.DB
}

func setup(t testing.TB) *bundle { return &bundle{t: t, db: migrationstest.NewDB(t)} }

var kinds = map[string]outbox.Kind{"member": {}, "organization": {}, "activity": {Fact: true}}

// box returns an outbox whose times are short enough to wait for.
func (b *bundle) box(change ...func(*outbox.Config)) *outbox.Outbox {
	b.t.Helper()
	return b.boxOn(b.db, change...)
}

func (b *bundle) boxOn(db *bun.DB, change ...func(*outbox.Config)) *outbox.Outbox {
	b.t.Helper()
	cfg := outbox.Config{
		Kinds:       kinds,
		Logger:      slog.New(slog.NewTextHandler(logWriter{b.t}, &slog.HandlerOptions{Level: slog.LevelWarn})),
		Poll:        50 * time.Millisecond,
		Linger:      20 * time.Millisecond,
		SnoozeMin:   30 * time.Millisecond,
		SnoozeMax:   100 * time.Millisecond,
		RetryMin:    20 * time.Millisecond,
		RetryMax:    100 * time.Millisecond,
		CallTimeout: time.Second,
		CloseGrace:  2 * time.Second,
	}
	for _, f := range change {
		f(&cfg)
	}
	o, err := outbox.New(db, cfg)
	if err != nil {
		b.t.Fatal(err)
	}
	b.t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		if err := o.Close(ctx); err != nil {
			b.t.Errorf("close: %v", err)
		}
	})
	return o
}

type logWriter struct{ t testing.TB }

func (w logWriter) Write(p []byte) (int, error) {
	if testing.Verbose() {
		fmt.Printf("%s: %s", w.t.Name(), p)
	}
	return len(p), nil
}

// tenant opens a new tenant.
func (b *bundle) tenant(o *outbox.Outbox) string {
	b.t.Helper()
	id := uuid()
	b.tx(func(tx bun.Tx) error { return o.Open(context.Background(), tx.Tx, id) })
	return id
}

func (b *bundle) tx(fn func(tx bun.Tx) error) {
	b.t.Helper()
	err := b.db.RunInTx(context.Background(), nil, func(_ context.Context, tx bun.Tx) error { return fn(tx) })
	if err != nil {
		b.t.Fatal(err)
	}
}

// add records entries in a transaction of their own.
func (b *bundle) add(o *outbox.Outbox, entries ...outbox.Entry) {
	b.t.Helper()
	err := o.RunInTx(context.Background(), nil, func(ctx context.Context, tx bun.Tx) error { return o.Append(ctx, tx, entries...) })
	if err != nil {
		b.t.Fatal(err)
	}
}

func (b *bundle) count(query string, args ...any) int {
	b.t.Helper()
	var n int
	if err := b.db.NewRaw(query, args...).Scan(context.Background(), &n); err != nil {
		b.t.Fatal(err)
	}
	return n
}

func (b *bundle) rows(tenant string) int {
	b.t.Helper()
	return b.count("select count(*) from hubspot_outbox where tenant = ?", tenant)
}

func (b *bundle) asides(tenant string) int {
	b.t.Helper()
	return b.count("select count(*) from hubspot_outbox_aside where tenant = ?", tenant)
}

func (b *bundle) exec(query string, args ...any) {
	b.t.Helper()
	if _, err := b.db.NewRaw(query, args...).Exec(context.Background()); err != nil {
		b.t.Fatal(err)
	}
}

func member(tenant string, n any) outbox.Entry {
	return outbox.Entry{Tenant: tenant, Lane: outbox.LaneLive, Kind: "member", Key: fmt.Sprint(n)}
}

func activity(tenant, subject string, n any) outbox.Entry {
	return outbox.Entry{Tenant: tenant, Lane: outbox.LaneLive, Kind: "activity", Key: fmt.Sprintf("act-%v", n), Subject: subject,
		Payload: json.RawMessage(fmt.Sprintf(`{"n": "%v"}`, n))}
}

func uuid() string {
	var u [16]byte
	rand.Read(u[:])
	u[6] = u[6]&0x0f | 0x40
	u[8] = u[8]&0x3f | 0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", u[0:4], u[4:6], u[6:8], u[8:10], u[10:])
}

// drain subscribes and gives every batch to handle, each in its own goroutine,
// until the test ends. Errors of handle fail the test.
func (b *bundle) drain(o *outbox.Outbox, handle func(ctx context.Context, batch outbox.Batch) error) message.Subscriber {
	b.t.Helper()
	sub := o.Batches()
	msgs, err := sub.Subscribe(context.Background(), outbox.TopicBatches)
	if err != nil {
		b.t.Fatal(err)
	}
	var wg sync.WaitGroup
	wg.Go(func() {
		for msg := range msgs {
			wg.Go(func() {
				defer msg.Ack()
				batch, err := outbox.FromMessage(msg)
				if err == nil {
					err = handle(msg.Context(), batch)
				}
				if err != nil {
					b.t.Errorf("handler: %v", err)
				}
			})
		}
	})
	b.t.Cleanup(wg.Wait)
	b.t.Cleanup(func() { sub.Close() })
	return sub
}

// seen collects deliveries.
type seen struct {
	mu      sync.Mutex
	batches []outbox.Batch
	count   map[string]int
}

func (s *seen) add(b outbox.Batch) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.count == nil {
		s.count = map[string]int{}
	}
	s.batches = append(s.batches, b)
	for _, d := range b.Deliveries {
		s.count[d.Kind+":"+d.Key]++
	}
}

func (s *seen) times(key string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.count[key]
}

func (s *seen) keys() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.count)
}

func (s *seen) all() []outbox.Batch {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]outbox.Batch(nil), s.batches...)
}

func delivered(b outbox.Batch) outbox.Settlement {
	s := outbox.Settlement{Outcomes: make([]outbox.Outcome, len(b.Deliveries))}
	for i := range s.Outcomes {
		s.Outcomes[i] = outbox.Delivered()
	}
	return s
}

func every(b outbox.Batch, o outbox.Outcome) outbox.Settlement {
	s := outbox.Settlement{Outcomes: make([]outbox.Outcome, len(b.Deliveries))}
	for i := range s.Outcomes {
		s.Outcomes[i] = o
	}
	return s
}

// eventually waits for a state, at most 15 s.
func eventually(t testing.TB, what string, ok func() bool) {
	t.Helper()
	deadline := time.NewTimer(15 * time.Second)
	defer deadline.Stop()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for {
		if ok() {
			return
		}
		select {
		case <-deadline.C:
			t.Fatalf("not in time: %s", what)
		case <-tick.C:
		}
	}
}

// receive waits for a value, at most 15 s.
func receive[T any](t testing.TB, what string, ch <-chan T) T {
	t.Helper()
	select {
	case v, ok := <-ch:
		if !ok {
			t.Fatalf("%s: channel closed", what)
		}
		return v
	case <-time.After(15 * time.Second):
		t.Fatalf("not in time: %s", what)
	}
	panic("unreachable")
}

// never watches for a while that a channel stays silent.
func never[T any](t testing.TB, what string, ch <-chan T, during time.Duration) {
	t.Helper()
	select {
	case <-ch:
		t.Fatal(what)
	case <-time.After(during):
	}
}

func quietRouter(t testing.TB) *message.Router {
	t.Helper()
	r, err := message.NewRouter(message.RouterConfig{}, watermill.NopLogger{})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func (b *bundle) shutOpen(o *outbox.Outbox, tenant string) {
	b.t.Helper()
	b.tx(func(tx bun.Tx) error { return o.Shut(context.Background(), tx.Tx, tenant) })
	b.tx(func(tx bun.Tx) error { return o.Open(context.Background(), tx.Tx, tenant) })
}
