package members_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"github.com/memberpulse/hubspotplugin/integration"
	"github.com/memberpulse/hubspotplugin/integration/devhost/host/clients"
	"github.com/memberpulse/hubspotplugin/integration/devhost/host/members"
	"github.com/memberpulse/hubspotplugin/integration/devhost/host/problem"
	"github.com/memberpulse/hubspotplugin/integration/devhost/host/store"
	"github.com/memberpulse/hubspotplugin/migrations/migrationstest"
)

// journal is a recorder that writes into a table of its own in the host's
// transaction, so that a test sees what committed and nothing else.
type journal struct {
	mu   sync.Mutex
	fail error
}

func (j *journal) Record(ctx context.Context, tx bun.Tx, changes ...integration.Change) error {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.fail != nil {
		return j.fail
	}
	for _, c := range changes {
		if err := c.Validate(); err != nil {
			return err
		}
		if _, err := tx.NewRaw("insert into journal (client_id, key) values (?, ?)", c.ClientID, c.Ref.Key).Exec(ctx); err != nil {
			return err
		}
	}
	return nil
}

type bundle struct {
	db       *bun.DB
	mod      *members.Module
	rec      *journal
	one, two string // clients
}

var errRecorder = errors.New("recorder says no")

func setup(t *testing.T) *bundle {
	t.Helper()
	db := migrationstest.NewEmptyDB(t)
	ctx := t.Context()
	if err := store.Migrate(ctx, db); err != nil {
		t.Fatal(err)
	}
	if _, err := db.ExecContext(ctx, "create table journal (id bigint generated always as identity, client_id text, key text)"); err != nil {
		t.Fatal(err)
	}
	b := &bundle{db: db, rec: &journal{}, one: uuid.NewString(), two: uuid.NewString()}
	b.mod = members.New(db, b.rec, time.Now)
	people := clients.New(db)
	for i, id := range []string{b.one, b.two} {
		err := db.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
			c := clients.Client{ID: id, Name: fmt.Sprintf("Client %d", i), TimeZone: "UTC", CreatedAt: time.Now()}
			if err := people.Add(ctx, tx, c, nil); err != nil {
				return err
			}
			return b.mod.AddPlans(ctx, tx, id, []members.Plan{
				{ID: uuid.NewString(), Name: "Standard"}, {ID: uuid.NewString(), Name: "Professional", Position: 1},
			})
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return b
}

func (b *bundle) add(t *testing.T, client, email string) members.Profile {
	t.Helper()
	p, err := b.mod.Create(t.Context(), client, members.Patch{"firstName": "Ada", "lastName": "Byron", "email": email}, nil)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// recorded returns how often each key was recorded.
func (b *bundle) recorded(t *testing.T) map[string]int {
	t.Helper()
	var keys []string
	if err := b.db.NewRaw("select key from journal").Scan(t.Context(), &keys); err != nil {
		t.Fatal(err)
	}
	out := map[string]int{}
	for _, k := range keys {
		out[k]++
	}
	return out
}

func wantProblem(t *testing.T, err error, status int, field string) {
	t.Helper()
	var p *problem.Problem
	if !errors.As(err, &p) {
		t.Fatalf("got %v, want a problem of status %d", err, status)
	}
	if p.Status != status || field != "" && len(p.Errors[field]) == 0 {
		t.Fatalf("got status %d with fields %v, want %d and %q", p.Status, p.Errors, status, field)
	}
}
