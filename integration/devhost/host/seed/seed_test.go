package seed_test

import (
	"context"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/uptrace/bun"

	"github.com/memberpulse/hubspotplugin/integration"
	"github.com/memberpulse/hubspotplugin/integration/devhost/host/clients"
	"github.com/memberpulse/hubspotplugin/integration/devhost/host/members"
	"github.com/memberpulse/hubspotplugin/integration/devhost/host/seed"
	"github.com/memberpulse/hubspotplugin/integration/devhost/host/store"
	"github.com/memberpulse/hubspotplugin/migrations/migrationstest"
)

func today() time.Time { return time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC) }

func TestMembersAreTheSameEachTime(t *testing.T) {
	t.Parallel()
	a, b := seed.Members(0, 250, today()), seed.Members(0, 250, today())
	if !reflect.DeepEqual(a, b) {
		t.Fatal("two calls gave different members")
	}
	if other := seed.Members(1, 250, today()); other[0].ID == a[0].ID || other[0].Email == a[0].Email {
		t.Error("two clients share a member")
	}
	if few := seed.Members(0, 10, today()); !reflect.DeepEqual(few, a[:10]) {
		t.Error("a smaller list is not the beginning of a larger one")
	}
}

func TestMembersHaveSomethingToTell(t *testing.T) {
	t.Parallel()
	count := map[string]int{}
	emails, names := map[string]bool{}, map[string]bool{}
	all := seed.Members(0, 5000, today())
	for i, m := range all {
		if err := m.Validate(); err != nil {
			t.Fatal(err)
		}
		if email := strings.ToLower(m.Email); email != "" {
			if emails[email] {
				t.Fatalf("member %d has an address twice given", i)
			}
			emails[email] = true
			if i != seed.RefusedEmail && !strings.HasSuffix(email, ".example.org") {
				t.Errorf("member %d: the address is not at example.org", i)
			}
		}
		if i >= 250 {
			continue
		}
		names[m.FirstName+" "+m.LastName] = true
		count[string(m.Status)]++
		if m.Email == "" {
			count["no email"]++
		}
		for _, ms := range m.Memberships {
			count["membership "+string(ms.Status)]++
			if ms.EndDate.Before(ms.StartDate) {
				t.Errorf("member %d: a membership ends before it starts", i)
			}
		}
	}
	if len(names) < 240 {
		t.Errorf("only %d different names among 250", len(names))
	}
	for _, what := range []string{
		"active", "pending", "suspended", "no email", "membership active", "membership expiring",
		"membership expired", "membership suspended", "membership cancelled",
	} {
		if count[what] == 0 || (what != "active" && what != "membership active" && count[what] > 60) {
			t.Errorf("%s: %d of 250", what, count[what])
		}
	}
}

type counting struct{ keys map[string]int }

func (c counting) Record(_ context.Context, _ bun.Tx, changes ...integration.Change) error {
	for _, one := range changes {
		c.keys[one.ClientID]++
	}
	return nil
}

func TestSeedingTwiceChangesNothing(t *testing.T) {
	t.Parallel()
	db := migrationstest.NewEmptyDB(t)
	for range 2 { // migrations are idempotent too
		if err := store.Migrate(t.Context(), db); err != nil {
			t.Fatal(err)
		}
	}
	rec := counting{map[string]int{}}
	people, mod := clients.New(db), members.New(db, rec, time.Now)
	s := seed.New(db, people, mod, today)
	first, err := s.First(t.Context(), 2, 30)
	if err != nil {
		t.Fatal(err)
	}
	if rec.keys[first[0].ID] != 30 || rec.keys[first[1].ID] != 30 {
		t.Errorf("recorded %v, want 30 of each client", rec.keys)
	}
	again, err := s.First(t.Context(), 3, 40)
	if err != nil {
		t.Fatal(err)
	}
	if again[0].ID != first[0].ID || rec.keys[again[0].ID] != 30 || rec.keys[again[2].ID] != 40 {
		t.Errorf("a second start: %v", rec.keys)
	}
	users, err := people.Users(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if len(users) != 1+3*3 || users[0].Role != integration.RolePlatformAdmin || users[0].ClientID != "" {
		t.Errorf("%d users, the first is %s; want 10 and a platform admin", len(users), users[0].Role)
	}
}
