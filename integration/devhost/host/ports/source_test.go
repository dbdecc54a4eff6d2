package ports_test

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"github.com/memberpulse/hubspotplugin/integration"
	"github.com/memberpulse/hubspotplugin/integration/devhost/host/check"
	"github.com/memberpulse/hubspotplugin/integration/devhost/host/hosttest"
	"github.com/memberpulse/hubspotplugin/integration/devhost/host/members"
	"github.com/memberpulse/hubspotplugin/integration/devhost/host/ports"
	"github.com/memberpulse/hubspotplugin/integration/devhost/host/tickets"
)

type queries struct{ n int }

func (q *queries) BeforeQuery(ctx context.Context, _ *bun.QueryEvent) context.Context {
	q.n++
	return ctx
}
func (q *queries) AfterQuery(context.Context, *bun.QueryEvent) {}

func must[T any](t *testing.T) func(T, error) T {
	return func(v T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

// TestLoad asks for everything that a member, an organization, an event and a
// ticket have, in one batch with what is gone, foreign or malformed.
func TestLoad(t *testing.T) {
	t.Parallel()
	h := hosttest.New(t)
	ctx := t.Context()
	here, gone, foreign := h.Member(t, h.One, "a@example.org"), h.Member(t, h.One, ""), h.Member(t, h.Two, "")
	end := "2031-02-28"
	must[members.Profile](t)(h.Members.SetMembership(ctx, h.One, here.ID, members.MembershipPatch{Plan: "Professional", Status: "active", EndDate: &end}))
	must[members.Profile](t)(h.Members.Operate(ctx, h.One, here.ID, members.Operation{Action: members.ScheduleDowngrade, Plan: "Standard"}))
	if err := h.Members.Delete(ctx, h.One, gone.ID); err != nil {
		t.Fatal(err)
	}
	org, err := h.Organizations.Create(ctx, h.One, check.Values{"name": "Acme", "plan": "Standard", "seats": "9", "startDate": "2026-01-01"})
	if err != nil {
		t.Fatal(err)
	}
	if err := h.Organizations.Move(ctx, h.One, here.ID, org.ID); err != nil {
		t.Fatal(err)
	}
	event, err := h.Events.Create(ctx, h.One, check.Values{"name": "Gala", "start": "2026-12-01T19:00"})
	if err != nil {
		t.Fatal(err)
	}
	reg, err := h.Events.Register(ctx, h.One, event.ID, check.Values{"memberId": here.ID})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := h.Events.Change(ctx, h.One, reg.ID, check.Values{"attended": "true"}); err != nil {
		t.Fatal(err)
	}
	course, err := h.Courses.Create(ctx, h.One, check.Values{"name": "Ethics"})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := h.Courses.Enroll(ctx, h.One, course.ID, check.Values{"memberId": here.ID, "progress": "30"}); err != nil {
		t.Fatal(err)
	}
	ticket, err := h.Tickets.Open(ctx, h.One, check.Values{"subject": "Help", "memberId": here.ID})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := h.Tickets.Change(ctx, h.One, ticket.ID, check.Values{"status": "closed"}, &tickets.Reply{Text: "Done", Public: true}); err != nil {
		t.Fatal(err)
	}
	count := &queries{}
	src := ports.NewSource(h.DB.WithQueryHook(count))
	refs := []integration.Ref{
		here.Ref(), {Kind: integration.KindMember, Key: gone.ID}, foreign.Ref(),
		{Kind: integration.KindMember, Key: uuid.NewString()}, {Kind: integration.KindMember, Key: "not-a-uuid"},
		org.Ref(), event.Ref(), ticket.Ref(), {Kind: integration.KindTicket, Key: here.ID}, {Kind: integration.KindCourse, Key: course.ID}, here.Ref(),
	}
	got := must[[]integration.Loaded](t)(src.Load(ctx, h.One, refs))
	if want := 4 + 1 + 1 + 3; count.n != want {
		t.Errorf("%d queries, want %d", count.n, want)
	}
	if len(got) != len(refs) {
		t.Fatalf("%d answers to %d refs", len(got), len(refs))
	}
	for i, want := range []string{"found", "gone", "gone", "gone", "gone", "found", "found", "found", "gone", "error", "found"} {
		l := got[i]
		state := map[bool]string{true: "found"}[l.Entity != nil] + map[bool]string{true: "gone"}[l.Gone] + map[bool]string{true: "error"}[l.Err != nil]
		if state != want || l.Ref != refs[i] {
			t.Errorf("ref %d: %q of %v, want %q", i, state, l.Ref, want)
		}
	}
	m := got[0].Entity.(integration.Member)
	if err := m.Validate(); err != nil {
		t.Error(err)
	}
	if len(m.Memberships) != 1 || m.Memberships[0].DowngradeTo != "Standard" || m.Memberships[0].EndDate.String() != end || m.OrganizationID != org.ID {
		t.Errorf("member: %+v", m)
	}
	if len(m.Registrations) != 1 || m.Registrations[0].EventName != "Gala" || m.Registrations[0].Attendance != integration.AttendanceAttended ||
		m.Registrations[0].Status != integration.RegistrationCheckedIn || !m.Registrations[0].EventStart.Equal(time.Date(2026, 12, 1, 8, 0, 0, 0, time.UTC)) {
		t.Errorf("registrations: %+v", m.Registrations)
	}
	if len(m.Enrollments) != 1 || m.Enrollments[0].CourseName != "Ethics" || m.Enrollments[0].Progress != 30 {
		t.Errorf("enrollments: %+v", m.Enrollments)
	}
	if o := got[5].Entity.(integration.Organization); o.SeatsTaken != 1 || o.Seats != 9 || o.PlanName != "Standard" || o.StartDate.String() != "2026-01-01" {
		t.Errorf("organization: %+v", o)
	}
	if e := got[6].Entity.(integration.Event); e.Type != "live" || !e.End.Equal(e.Start.Add(2*time.Hour)) {
		t.Errorf("event: %+v", e)
	}
	if k := got[7].Entity.(integration.Ticket); k.Number != "T-1001" || k.MemberID != here.ID || len(k.History) != 2 || len(k.Replies) != 1 || !k.Replies[0].Public {
		t.Errorf("ticket: %+v", k)
	}
	for _, l := range must[[]integration.Loaded](t)(src.Load(ctx, h.Two, []integration.Ref{here.Ref(), org.Ref(), event.Ref(), ticket.Ref()})) {
		if !l.Gone {
			t.Errorf("a foreign client loads %s", l.Ref)
		}
	}
	if all := must[[]integration.Loaded](t)(src.Load(ctx, "not-a-uuid", refs[:1])); !all[0].Gone {
		t.Errorf("a malformed client: %+v", all)
	}
}

func TestKeysAndCount(t *testing.T) {
	t.Parallel()
	h := hosttest.New(t)
	ctx := t.Context()
	want := map[integration.Kind][]string{}
	for i := range 7 {
		text := fmt.Sprint(i)
		want[integration.KindMember] = append(want[integration.KindMember], h.Member(t, h.One, "m"+text+"@example.org").ID)
		o, err := h.Organizations.Create(ctx, h.One, check.Values{"name": text})
		if err != nil {
			t.Fatal(err)
		}
		e, err := h.Events.Create(ctx, h.One, check.Values{"name": text, "start": "2026-12-01T19:00:00Z"})
		if err != nil {
			t.Fatal(err)
		}
		k, err := h.Tickets.Open(ctx, h.One, check.Values{"subject": text, "name": "Jo"})
		if err != nil {
			t.Fatal(err)
		}
		want[integration.KindOrganization] = append(want[integration.KindOrganization], o.ID)
		want[integration.KindEvent] = append(want[integration.KindEvent], e.ID)
		want[integration.KindTicket] = append(want[integration.KindTicket], k.ID)
	}
	h.Member(t, h.Two, "")
	if err := h.Members.Delete(ctx, h.One, want[integration.KindMember][3]); err != nil {
		t.Fatal(err)
	}
	if err := h.Organizations.Delete(ctx, h.One, want[integration.KindOrganization][6]); err != nil {
		t.Fatal(err)
	}
	want[integration.KindMember] = slices.Delete(want[integration.KindMember], 3, 4)
	want[integration.KindOrganization] = want[integration.KindOrganization][:6]
	src := ports.NewSource(h.DB)
	for kind, ids := range want {
		slices.Sort(ids)
		var got []string
		for after := ""; ; {
			keys := must[[]string](t)(src.Keys(ctx, h.One, kind, after, 4))
			got = append(got, keys...)
			if len(keys) < 4 {
				break
			}
			after = keys[len(keys)-1]
		}
		if !slices.Equal(got, ids) {
			t.Errorf("%s: a walk finds %v, want %v", kind, got, ids)
		}
		if n := must[int](t)(src.Count(ctx, h.One, kind)); n != len(ids) {
			t.Errorf("%s: counted %d, want %d", kind, n, len(ids))
		}
		if _, err := src.Keys(ctx, h.One, kind, "x", 10); err == nil {
			t.Errorf("%s: a malformed place to go on from was taken for the start", kind)
		}
	}
	for _, kind := range []integration.Kind{integration.KindCourse, integration.KindActivity, "no-such"} {
		keys, err := src.Keys(ctx, h.One, kind, "", 10)
		n, err2 := src.Count(ctx, h.One, kind)
		if err != nil || err2 != nil || len(keys) != 0 || n != 0 {
			t.Errorf("%s: %v, %d, %v, %v", kind, keys, n, err, err2)
		}
	}
}
