package seed_test

import (
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/memberpulse/hubspotplugin/integration"
	"github.com/memberpulse/hubspotplugin/integration/devhost/host/hosttest"
	"github.com/memberpulse/hubspotplugin/integration/devhost/host/ports"
	"github.com/memberpulse/hubspotplugin/integration/devhost/host/seed"
	"github.com/memberpulse/hubspotplugin/integration/devhost/host/store"
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

func TestSeedingTwiceChangesNothing(t *testing.T) {
	t.Parallel()
	h := hosttest.New(t)
	if err := store.Migrate(t.Context(), h.DB); err != nil { // idempotent too
		t.Fatal(err)
	}
	s := seed.New(seed.Config{
		DB: h.DB, Clients: h.Clients, Members: h.Members, Organizations: h.Organizations, Events: h.Events, Courses: h.Courses, Tickets: h.Tickets, Now: today,
	})
	recorded := func() map[string]map[integration.Kind]int {
		t.Helper()
		out := map[string]map[integration.Kind]int{}
		for _, c := range h.Recorded(t) {
			if out[c.ClientID] == nil {
				out[c.ClientID] = map[integration.Kind]int{}
			}
			out[c.ClientID][c.Ref.Kind]++
		}
		return out
	}
	first, err := s.First(t.Context(), 2, 30)
	if err != nil {
		t.Fatal(err)
	}
	// Everything is recorded; of what has happened before, nothing is told.
	want := map[integration.Kind]int{integration.KindMember: 30, integration.KindOrganization: 20, integration.KindEvent: 6, integration.KindTicket: 12}
	got := recorded()
	if !reflect.DeepEqual(got[first[0].ID], want) || !reflect.DeepEqual(got[first[1].ID], want) {
		t.Errorf("recorded %v, want %v of each client", got, want)
	}
	again, err := s.First(t.Context(), 3, 40)
	if err != nil {
		t.Fatal(err)
	}
	got = recorded()
	if again[0].ID != first[0].ID || len(got) != 1 || got[again[2].ID][integration.KindMember] != 40 {
		t.Errorf("a second start: %v", got)
	}
	if again[0].TimeZone != "Australia/Sydney" || again[1].TimeZone == again[0].TimeZone {
		t.Errorf("the clients live in %s and %s", again[0].TimeZone, again[1].TimeZone)
	}
	users, err := h.Clients.Users(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if len(users) != 1+3*3 || users[0].Role != integration.RolePlatformAdmin || users[0].ClientID != "" {
		t.Errorf("%d users, the first is %s; want 10 and a platform admin", len(users), users[0].Role)
	}
	added, err := s.Add(t.Context(), "By hand", 25)
	if err != nil {
		t.Fatal(err)
	}
	if got := recorded()[added.ID]; got[integration.KindMember] != 25 || got[integration.KindTicket] != 12 {
		t.Errorf("added by hand: %v", got)
	}
}

// TestTheWorldHasSomethingToTell looks at what the source gives an integration.
func TestTheWorldHasSomethingToTell(t *testing.T) {
	t.Parallel()
	h := hosttest.New(t)
	s := seed.New(seed.Config{
		DB: h.DB, Clients: h.Clients, Members: h.Members, Organizations: h.Organizations, Events: h.Events, Courses: h.Courses, Tickets: h.Tickets, Now: today,
	})
	list, err := s.First(t.Context(), 1, 250)
	if err != nil {
		t.Fatal(err)
	}
	src, count := ports.NewSource(h.DB), map[string]int{}
	for _, kind := range []integration.Kind{integration.KindMember, integration.KindOrganization, integration.KindEvent, integration.KindTicket} {
		keys, err := src.Keys(t.Context(), list[0].ID, kind, "", 1000)
		if err != nil {
			t.Fatal(err)
		}
		refs := make([]integration.Ref, len(keys))
		for i, key := range keys {
			refs[i] = integration.Ref{Kind: kind, Key: key}
		}
		all, err := src.Load(t.Context(), list[0].ID, refs)
		if err != nil {
			t.Fatal(err)
		}
		for _, l := range all {
			tally(t, count, l.Entity)
		}
	}
	if count["organizations"] != 20 || count["events"] != 6 || count["tickets"] != 12 || count["tickets of nobody"] != 3 {
		t.Errorf("%v", count)
	}
	for what, least := range map[string]int{
		"belongs": 50, "registration confirmed": 50, "registration checked_in": 40, "registration cancelled": 5, "registration pending": 2,
		"attended": 40, "no_show": 10, "undecided after the end": 2, "enrollment active": 10, "enrollment completed": 10, "enrollment cancelled": 2,
		"upgraded": 3, "downgrade scheduled": 3, "linkedin": 20, "born": 50, "bio": 20, "interested": 50, "internal reply": 3, "public reply": 3, "members of an organization": 50,
	} {
		if count[what] < least {
			t.Errorf("%s: %d, want %d or more", what, count[what], least)
		}
	}
}

func tally(t *testing.T, count map[string]int, e integration.Entity) {
	t.Helper()
	add := func(what string, is bool) {
		if is {
			count[what]++
		}
	}
	switch e := e.(type) {
	case integration.Organization:
		count["organizations"]++
		count["members of an organization"] += e.SeatsTaken
	case integration.Event:
		count["events"]++
	case integration.Ticket:
		count["tickets"]++
		add("tickets of nobody", e.MemberID == "")
		for _, r := range e.Replies {
			add("public reply", r.Public)
			add("internal reply", !r.Public)
		}
	case integration.Member:
		if err := e.Validate(); err != nil {
			t.Error(err)
		}
		add("belongs", e.OrganizationID != "")
		add("linkedin", e.LinkedInURL != "")
		add("born", !e.DateOfBirth.IsZero())
		add("bio", e.Bio != "")
		add("interested", len(e.InterestedIn) > 0)
		for _, ms := range e.Memberships {
			add("upgraded", !ms.UpgradedAt.IsZero())
			add("downgrade scheduled", !ms.DowngradeScheduledAt.IsZero())
			if ms.StatusSince.IsZero() || ms.StatusSince.After(today()) {
				t.Errorf("a membership has its status since %v", ms.StatusSince)
			}
		}
		for _, r := range e.Registrations {
			add("registration "+string(r.Status), true)
			add(string(r.Attendance), r.Attendance != "")
			add("undecided after the end", r.Attendance == "" && r.EventEnd.Before(today()) && r.Status == integration.RegistrationConfirmed)
			if r.RegisteredAt.After(today()) || r.AttendanceAt.After(today()) {
				t.Errorf("a registration is of the future: %+v", r)
			}
		}
		for _, n := range e.Enrollments {
			add("enrollment "+string(n.Status), true)
			if n.CompletedAt.After(today()) || !n.CompletedAt.IsZero() && n.CompletedAt.Before(n.EnrolledAt) {
				t.Errorf("an enrollment was completed at another time: %+v", n)
			}
		}
	}
}
