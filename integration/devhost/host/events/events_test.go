package events_test

import (
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/memberpulse/hubspotplugin/integration"
	"github.com/memberpulse/hubspotplugin/integration/devhost/host/check"
	"github.com/memberpulse/hubspotplugin/integration/devhost/host/events"
	"github.com/memberpulse/hubspotplugin/integration/devhost/host/hosttest"
	"github.com/memberpulse/hubspotplugin/integration/devhost/host/store"
)

func types(all ...integration.ActivityType) []integration.ActivityType { return all }

func gala(t *testing.T, h *hosttest.Host) events.Event {
	t.Helper()
	e, err := h.Events.Create(t.Context(), h.One, check.Values{"name": "Gala", "start": "2026-12-01T00:30:00+11:00", "type": "webinar"})
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func TestEventLife(t *testing.T) {
	t.Parallel()
	h := hosttest.New(t)
	e := gala(t, h)
	if !e.Start.Equal(time.Date(2026, 11, 30, 13, 30, 0, 0, time.UTC)) || e.End.Sub(e.Start) != 2*time.Hour || e.Type != "webinar" {
		t.Errorf("a new event: %+v", e)
	}
	h.Tells(t, "a new event", nil, e.Ref())
	one, two := h.Member(t, h.One, ""), h.Member(t, h.One, "")
	for _, who := range []check.Values{{"memberId": one.ID}, {"memberId": two.ID}, {"name": "Jo Guest", "email": "jo@example.org"}} {
		if _, err := h.Events.Register(t.Context(), h.One, e.ID, who); err != nil {
			t.Fatal(err)
		}
	}
	h.Recorded(t)
	update := func(v check.Values) events.Event {
		t.Helper()
		e, err := h.Events.Update(t.Context(), h.One, e.ID, v)
		if err != nil {
			t.Fatal(err)
		}
		return e
	}
	if got := update(check.Values{"name": "Gala dinner"}); got.Name != "Gala dinner" || got.Taken != 3 {
		t.Errorf("renamed: %+v", got)
	}
	h.Tells(t, "a new name", nil, e.Ref(), one.Ref(), two.Ref())
	update(check.Values{"name": "Gala dinner"})
	h.Tells(t, "the same name", nil)
	update(check.Values{"description": "Black tie", "location": "Town hall"})
	h.Tells(t, "a description", nil, e.Ref())
	if got := update(check.Values{"start": "2026-12-02T18:00"}); !got.Start.Equal(time.Date(2026, 12, 2, 7, 0, 0, 0, time.UTC)) || got.End.Sub(got.Start) != 2*time.Hour {
		t.Errorf("moved: %+v", got)
	}
	h.Recorded(t)
	if got := update(check.Values{"cancelled": "true"}); !got.Cancelled {
		t.Error("not cancelled")
	}
	h.Tells(t, "cancelled", nil, e.Ref(), one.Ref(), two.Ref())
	_, err := h.Events.Register(t.Context(), h.One, e.ID, check.Values{"name": "Late"})
	hosttest.WantProblem(t, err, 409, "")
	if got := update(check.Values{"cancelled": "false"}); got.Cancelled {
		t.Error("still cancelled")
	}
}

// TestAttendance says things about one registration, some of them twice.
func TestAttendance(t *testing.T) {
	t.Parallel()
	h := hosttest.New(t)
	e, m := gala(t, h), h.Member(t, h.One, "ada@example.org")
	h.Recorded(t)
	r, err := h.Events.Register(t.Context(), h.One, e.ID, check.Values{"memberId": m.ID, "status": "pending"})
	if err != nil || r.Name != "Ada Byron" || r.Email != "ada@example.org" || !r.RegisteredAt.IsZero() {
		t.Fatalf("%+v, %v", r, err)
	}
	h.Tells(t, "pending", nil, m.Ref())
	ids := map[string]bool{}
	for i, step := range []struct {
		say        check.Values
		told       []integration.ActivityType
		quiet      bool
		status     integration.RegistrationStatus
		attendance integration.Attendance
	}{
		{check.Values{"status": "confirmed"}, types(integration.EventRegistered), false, "confirmed", ""},
		{check.Values{"status": "confirmed"}, nil, true, "confirmed", ""},
		{check.Values{"attended": "true"}, types(integration.EventAttended), false, "checked_in", "attended"},
		{check.Values{"attended": "true"}, nil, true, "checked_in", "attended"},
		{check.Values{"status": "checked_in"}, nil, true, "checked_in", "attended"},
		{check.Values{"attended": ""}, nil, false, "confirmed", ""},
		{check.Values{"attended": ""}, nil, true, "confirmed", ""},
		{check.Values{"attended": "true"}, types(integration.EventAttended), false, "checked_in", "attended"},
		{check.Values{"attended": "false"}, types(integration.EventNoShow), false, "confirmed", "no_show"},
		{check.Values{"status": "checked_in"}, types(integration.EventAttended), false, "checked_in", "attended"},
		{check.Values{"status": "confirmed"}, nil, false, "confirmed", ""},
		{check.Values{"attended": "false"}, types(integration.EventNoShow), false, "confirmed", "no_show"},
		{check.Values{"status": "cancelled"}, nil, false, "cancelled", "no_show"},
		{check.Values{"status": "confirmed", "attended": "true"}, types(integration.EventRegistered, integration.EventAttended), false, "checked_in", "attended"},
	} {
		h.Pass(time.Minute)
		got, err := h.Events.Change(t.Context(), h.One, r.ID, step.say)
		if err != nil {
			t.Fatalf("step %d: %v", i, err)
		}
		if got.Status != step.status || got.Attendance != step.attendance {
			t.Errorf("step %d: %s %q, want %s %q", i, got.Status, got.Attendance, step.status, step.attendance)
		}
		want := []integration.Ref{m.Ref()}
		if step.quiet {
			want = nil
		}
		for _, a := range h.Tells(t, "step "+string(rune('0'+i)), step.told, want...) {
			if ids[a.ID] || a.MemberID != m.ID || a.Name != "Gala" || a.About != e.Ref() || a.On.String() != "2026-12-01" {
				t.Errorf("step %d: told %+v; the day is Sydney's", i, a)
			}
			ids[a.ID] = true
		}
	}
}

func TestAttendeeWhoIsNoMember(t *testing.T) {
	t.Parallel()
	h := hosttest.New(t)
	e := gala(t, h)
	h.Recorded(t)
	r, err := h.Events.Register(t.Context(), h.One, e.ID, check.Values{"memberId": "", "name": "Jo Guest"})
	if err != nil || r.Name != "Jo Guest" || r.MemberID != "" {
		t.Fatalf("%+v, %v", r, err)
	}
	if _, err := h.Events.Change(t.Context(), h.One, r.ID, check.Values{"attended": "false"}); err != nil {
		t.Fatal(err)
	}
	for _, a := range h.Tells(t, "a guest", types(integration.EventRegistered, integration.EventNoShow)) {
		if a.MemberID != "" {
			t.Errorf("told of a member: %+v", a)
		}
	}
	if all, err := h.Events.Registrations(t.Context(), h.One, e.ID); err != nil || len(all) != 1 || all[0].Attendance != integration.AttendanceNoShow {
		t.Errorf("%+v, %v", all, err)
	}
}

func TestRefusals(t *testing.T) {
	t.Parallel()
	h := hosttest.New(t)
	ctx := t.Context()
	e, m, foreign := gala(t, h), h.Member(t, h.One, ""), h.Member(t, h.Two, "")
	r, err := h.Events.Register(ctx, h.One, e.ID, check.Values{"memberId": m.ID})
	if err != nil {
		t.Fatal(err)
	}
	h.Recorded(t)
	create := func(v check.Values) error { _, err := h.Events.Create(ctx, h.One, v); return err }
	register := func(v check.Values) error { _, err := h.Events.Register(ctx, h.One, e.ID, v); return err }
	change := func(v check.Values) error { _, err := h.Events.Change(ctx, h.One, r.ID, v); return err }
	pending := func() error {
		if _, err := h.Events.Change(ctx, h.One, r.ID, check.Values{"status": "pending", "attended": "true"}); err != nil {
			return err
		}
		return nil
	}
	for name, c := range map[string]struct {
		err    error
		status int
		field  string
	}{
		"no name":             {create(check.Values{"start": "2026-12-01T10:00"}), 422, "name"},
		"no start":            {create(check.Values{"name": "X"}), 422, "start"},
		"a start that is no":  {create(check.Values{"name": "X", "start": "tomorrow"}), 422, "start"},
		"ends before":         {create(check.Values{"name": "X", "start": "2026-12-01T10:00", "end": "2026-12-01T09:00"}), 422, "end"},
		"unknown type":        {create(check.Values{"name": "X", "start": "2026-12-01T10:00", "type": "party"}), 422, "type"},
		"unknown field":       {create(check.Values{"name": "X", "start": "2026-12-01T10:00", "colour": "red"}), 422, "colour"},
		"nobody":              {register(check.Values{}), 422, "memberId"},
		"twice":               {register(check.Values{"memberId": m.ID}), 422, "memberId"},
		"a foreign member":    {register(check.Values{"memberId": foreign.ID}), 422, "memberId"},
		"no such member":      {register(check.Values{"memberId": uuid.NewString()}), 422, "memberId"},
		"a malformed member":  {register(check.Values{"memberId": "x"}), 422, "memberId"},
		"a malformed address": {register(check.Values{"name": "Jo", "email": "x"}), 422, "email"},
		"unknown status":      {change(check.Values{"status": "lost"}), 422, "status"},
		"unknown attendance":  {change(check.Values{"attended": "maybe"}), 422, "attended"},
		"not confirmed":       {pending(), 422, "attended"},
		"another client": {func() error {
			_, err := h.Events.Change(ctx, h.Two, r.ID, check.Values{"attended": "true"})
			return err
		}(), 404, ""},
		"another client's event": {func() error { _, err := h.Events.Update(ctx, h.Two, e.ID, check.Values{"name": "X"}); return err }(), 404, ""},
	} {
		t.Run(name, func(t *testing.T) { hosttest.WantProblem(t, c.err, c.status, c.field) })
	}
	h.Tells(t, "refusals", nil)
	h.Recorder.Refuse(true)
	for name, err := range map[string]error{
		"create": create(check.Values{"name": "X", "start": "2026-12-01T10:00"}), "register": register(check.Values{"name": "Jo"}), "change": change(check.Values{"attended": "true"}),
	} {
		if err == nil {
			t.Errorf("%s without its record was made", name)
		}
	}
	page, err := h.Events.List(ctx, h.One, store.Query{})
	if err != nil || page.Total != 1 || page.Items[0].Taken != 1 {
		t.Errorf("left behind: %+v, %v", page, err)
	}
}

// TestRenamingWhileOthersAttend must neither block for ever nor lose a change.
func TestRenamingWhileOthersAttend(t *testing.T) {
	t.Parallel()
	h := hosttest.New(t)
	e := gala(t, h)
	var regs []string
	for range 6 {
		r, err := h.Events.Register(t.Context(), h.One, e.ID, check.Values{"memberId": h.Member(t, h.One, "").ID})
		if err != nil {
			t.Fatal(err)
		}
		regs = append(regs, r.ID)
	}
	var wg sync.WaitGroup
	for i, id := range regs {
		wg.Go(func() {
			if _, err := h.Events.Change(t.Context(), h.One, id, check.Values{"attended": "true"}); err != nil {
				t.Error(err)
			}
		})
		wg.Go(func() {
			if _, err := h.Events.Update(t.Context(), h.One, e.ID, check.Values{"name": "Gala " + string(rune('A'+i))}); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	all, err := h.Events.Registrations(t.Context(), h.One, e.ID)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range all {
		if r.Attendance != integration.AttendanceAttended {
			t.Errorf("a change was lost: %+v", r)
		}
	}
}
