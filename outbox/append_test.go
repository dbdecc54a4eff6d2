package outbox_test

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/uptrace/bun"

	"github.com/memberpulse/hubspotplugin/outbox"
)

// spy records the statements of a database handle.
type spy struct {
	mu      sync.Mutex
	queries []string
}

func (s *spy) BeforeQuery(ctx context.Context, e *bun.QueryEvent) context.Context {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.queries = append(s.queries, e.Query)
	return ctx
}

func (s *spy) AfterQuery(context.Context, *bun.QueryEvent) {}

func (s *spy) matching(part string) []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []string
	for _, q := range s.queries {
		if strings.Contains(q, part) {
			out = append(out, q)
		}
	}
	return out
}

func TestAppendIsAtomic(t *testing.T) {
	t.Parallel()
	b := setup(t)
	o := b.box()
	tenant := b.tenant(o)
	b.exec("create table host (n int)")
	roll := errors.New("host rolls back")
	for i := range 4 {
		err := b.db.RunInTx(context.Background(), nil, func(ctx context.Context, tx bun.Tx) error {
			if _, err := tx.ExecContext(ctx, "insert into host values (?)", i); err != nil {
				return err
			}
			if err := o.Append(ctx, tx, member(tenant, i)); err != nil {
				return err
			}
			if i%2 == 1 {
				return roll
			}
			return nil
		})
		if i%2 == 0 && err != nil || i%2 == 1 && !errors.Is(err, roll) {
			t.Fatal(err)
		}
	}
	both := b.count("select count(*) from host join hubspot_outbox on key = n::text")
	if both != 2 || b.rows(tenant) != 2 {
		t.Errorf("%d rows, %d with their change, want 2 and 2", b.rows(tenant), both)
	}
}

func TestAppendIsOneInsertInOrder(t *testing.T) {
	t.Parallel()
	b := setup(t)
	o := b.box()
	tenant := b.tenant(o)
	s := &spy{}
	db := b.db.WithQueryHook(s)
	for round := range 2 { // asked through the gate, then perhaps plainly
		var entries []outbox.Entry
		for i := range 200 {
			e := member(tenant, fmt.Sprintf("%d-%03d", round, i))
			e.Subject = fmt.Sprintf("it's ? a 'subject' %d", i)
			entries = append(entries, e)
		}
		err := db.RunInTx(context.Background(), nil, func(ctx context.Context, tx bun.Tx) error { return o.Append(ctx, tx, entries...) })
		if err != nil {
			t.Fatal(err)
		}
		if n := len(s.matching("insert into")); n != round+1 {
			t.Errorf("%d inserts for %d calls", n, round+1)
		}
	}
	var got []string
	if err := b.db.NewRaw("select key from hubspot_outbox order by id").Scan(context.Background(), &got); err != nil {
		t.Fatal(err)
	}
	if len(got) != 400 {
		t.Fatalf("%d rows", len(got))
	}
	for i := 1; i < len(got); i++ {
		if got[i-1] >= got[i] {
			t.Fatalf("%q before %q", got[i-1], got[i])
		}
	}
	if n := b.count("select count(*) from hubspot_outbox where subject like 'it''s ? a ''subject'' %'"); n != 400 {
		t.Errorf("%d subjects stored as given", n)
	}
}

func TestAppendSQL(t *testing.T) {
	t.Parallel()
	b := setup(t)
	o := b.box()
	tenant := b.tenant(o)
	tx, err := b.db.DB.BeginTx(context.Background(), &sql.TxOptions{})
	if err != nil {
		t.Fatal(err)
	}
	// JSON that jsonb would refuse or rewrite must not fail the host.
	payload := json.RawMessage(`{"b": "?\u0000", "a": 1.50, "a": 2}`)
	e := activity(tenant, "m1", 1)
	e.Payload = payload
	if err := o.AppendSQL(context.Background(), tx, e); err != nil {
		t.Fatal(err)
	}
	if err := tx.Commit(); err != nil {
		t.Fatal(err)
	}
	var got seen
	b.drain(o, func(ctx context.Context, batch outbox.Batch) error {
		got.add(batch)
		return o.Settle(ctx, batch, delivered(batch))
	})
	eventually(t, "delivered", func() bool { return got.keys() == 1 })
	d := got.all()[0].Deliveries[0]
	var want bytes.Buffer
	if err := json.Compact(&want, payload); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(d.Payload, want.Bytes()) && !bytes.Equal(d.Payload, payload) || d.Subject != "m1" {
		t.Errorf("%s for %s, want %s", d.Payload, d.Subject, payload)
	}
}
