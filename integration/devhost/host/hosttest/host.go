// Package hosttest is a whole reference host without integrations, for the tests
// of its modules: two clients, real tables, and a recorder that shows what was
// recorded.
package hosttest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"github.com/memberpulse/hubspotplugin/integration"
	"github.com/memberpulse/hubspotplugin/integration/devhost/host/clients"
	"github.com/memberpulse/hubspotplugin/integration/devhost/host/courses"
	"github.com/memberpulse/hubspotplugin/integration/devhost/host/events"
	"github.com/memberpulse/hubspotplugin/integration/devhost/host/members"
	"github.com/memberpulse/hubspotplugin/integration/devhost/host/organizations"
	"github.com/memberpulse/hubspotplugin/integration/devhost/host/problem"
	"github.com/memberpulse/hubspotplugin/integration/devhost/host/seed"
	"github.com/memberpulse/hubspotplugin/integration/devhost/host/store"
	"github.com/memberpulse/hubspotplugin/integration/devhost/host/tickets"
	"github.com/memberpulse/hubspotplugin/migrations/migrationstest"
)

// ErrRecorder is what a recorder says that has been told to refuse.
var ErrRecorder = errors.New("recorder says no")

// Recorder writes what is recorded into a table of its own in the host's
// transaction, so that a test sees what committed and nothing else.
type Recorder struct {
	mu     sync.Mutex
	refuse bool
}

// Refuse makes it refuse everything, or no longer.
func (r *Recorder) Refuse(on bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.refuse = on
}

func (r *Recorder) refuses() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.refuse
}

// Record implements the host's recorder.
func (r *Recorder) Record(ctx context.Context, tx bun.Tx, changes ...integration.Change) error {
	if r.refuses() {
		return ErrRecorder
	}
	for _, c := range changes {
		if err := c.Validate(); err != nil {
			return err
		}
		_, err := tx.NewRaw("insert into recorded (client_id, kind, key, subject, fact) values (?, ?, ?, ?, ?)",
			c.ClientID, c.Ref.Kind, c.Ref.Key, c.Subject, string(c.Fact)).Exec(ctx)
		if err != nil {
			return err
		}
	}
	return nil
}

// Host is the host of one test.
type Host struct {
	DB            *bun.DB
	Recorder      *Recorder
	Clients       *clients.Module
	Members       *members.Module
	Organizations *organizations.Module
	Events        *events.Module
	Courses       *courses.Module
	Tickets       *tickets.Module
	One, Two      string // clients of New, with the plans Standard and Professional

	mu  sync.Mutex
	now time.Time
}

// Empty returns a host with a database of its own and nobody in it. Its clock
// begins at noon of 23 November 2026, UTC, and moves by a millisecond at each
// look.
func Empty(t testing.TB) *Host {
	t.Helper()
	db := migrationstest.NewEmptyDB(t)
	if err := store.Migrate(t.Context(), db); err != nil {
		t.Fatal(err)
	}
	const table = "create table recorded (id bigint generated always as identity, client_id text, kind text, key text, subject text, fact text)"
	if _, err := db.ExecContext(t.Context(), table); err != nil {
		t.Fatal(err)
	}
	h := &Host{DB: db, Recorder: &Recorder{}, now: time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)}
	h.Clients = clients.New(db)
	h.Members = members.New(db, h.Recorder, h.Now)
	h.Organizations = organizations.New(db, h.Recorder, h.Now)
	h.Events = events.New(db, h.Recorder, h.Now)
	h.Courses = courses.New(db, h.Recorder, h.Now)
	h.Tickets = tickets.New(db, h.Recorder, h.Now)
	return h
}

// New returns a host with two clients, who live in Australia/Sydney and UTC.
func New(t testing.TB) *Host {
	t.Helper()
	h := Empty(t)
	h.One, h.Two = uuid.NewString(), uuid.NewString()
	for i, id := range []string{h.One, h.Two} {
		zone := []string{"Australia/Sydney", "UTC"}[i]
		err := h.DB.RunInTx(t.Context(), nil, func(ctx context.Context, tx bun.Tx) error {
			c := clients.Client{ID: id, Name: fmt.Sprintf("Client %d", i), TimeZone: zone, CreatedAt: h.Now()}
			if err := h.Clients.Add(ctx, tx, c, nil); err != nil {
				return err
			}
			return h.Members.AddPlans(ctx, tx, id, []members.Plan{
				{ID: uuid.NewString(), Name: "Standard"}, {ID: uuid.NewString(), Name: "Professional", Position: 1},
			})
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return h
}

// Seeder invents clients in this host, by the real clock.
func (h *Host) Seeder() *seed.Seeder {
	return seed.New(seed.Config{
		DB: h.DB, Clients: h.Clients, Members: h.Members, Organizations: h.Organizations, Events: h.Events, Courses: h.Courses, Tickets: h.Tickets,
	})
}

// Now is the host's clock.
func (h *Host) Now() time.Time {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.now = h.now.Add(time.Millisecond)
	return h.now
}

// Pass moves the clock.
func (h *Host) Pass(d time.Duration) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.now = h.now.Add(d)
}

// Member adds a member.
func (h *Host) Member(t testing.TB, clientID, email string) members.Profile {
	t.Helper()
	p, err := h.Members.Create(t.Context(), clientID, members.Patch{"firstName": "Ada", "lastName": "Byron", "email": email}, nil)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// Recorded returns what was recorded since the last call, oldest first.
func (h *Host) Recorded(t testing.TB) []integration.Change {
	t.Helper()
	var rows []struct{ ClientID, Kind, Key, Subject, Fact string }
	if err := h.DB.NewRaw("select client_id, kind, key, subject, fact from recorded order by id").Scan(t.Context(), &rows); err != nil {
		t.Fatal(err)
	}
	if _, err := h.DB.ExecContext(t.Context(), "delete from recorded"); err != nil {
		t.Fatal(err)
	}
	out := make([]integration.Change, len(rows))
	for i, r := range rows {
		out[i] = integration.Change{ClientID: r.ClientID, Ref: integration.Ref{Kind: integration.Kind(r.Kind), Key: r.Key}, Subject: r.Subject, Fact: []byte(r.Fact)}
	}
	return out
}

// Told returns the activities that were recorded since the last call, oldest
// first, and the refs of the states that were.
func (h *Host) Told(t testing.TB) ([]integration.Activity, []string) {
	t.Helper()
	var facts []integration.Activity
	var states []string
	for _, c := range h.Recorded(t) {
		if c.Ref.Kind != integration.KindActivity {
			states = append(states, c.Ref.String())
			continue
		}
		a, err := integration.ParseFact(c.Ref.Key, c.Fact)
		if err != nil {
			t.Fatal(err)
		}
		facts = append(facts, a)
	}
	return facts, states
}

// Tells insists on the types of the activities recorded since the last call, in
// their order, and on these states, in any order.
func (h *Host) Tells(t testing.TB, what string, types []integration.ActivityType, states ...integration.Ref) []integration.Activity {
	t.Helper()
	facts, refs := h.Told(t)
	var got []integration.ActivityType
	for _, a := range facts {
		got = append(got, a.Type)
	}
	var want []string
	for _, s := range states {
		want = append(want, s.String())
	}
	slices.Sort(refs)
	slices.Sort(want)
	if !slices.Equal(got, types) || !slices.Equal(refs, want) {
		t.Errorf("%s: told %v and %v, want %v and %v", what, got, refs, types, want)
	}
	return facts
}

// WantProblem insists on a problem of a status, about a field if one is named.
func WantProblem(t testing.TB, err error, status int, field string) {
	t.Helper()
	var p *problem.Problem
	if !errors.As(err, &p) {
		t.Fatalf("got %v, want a problem of status %d", err, status)
	}
	if p.Status != status || field != "" && len(p.Errors[field]) == 0 {
		t.Fatalf("got status %d with fields %v, want %d and %q", p.Status, p.Errors, status, field)
	}
}
