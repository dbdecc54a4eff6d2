package courses_test

import (
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/memberpulse/hubspotplugin/integration"
	"github.com/memberpulse/hubspotplugin/integration/devhost/host/check"
	"github.com/memberpulse/hubspotplugin/integration/devhost/host/courses"
	"github.com/memberpulse/hubspotplugin/integration/devhost/host/hosttest"
	"github.com/memberpulse/hubspotplugin/integration/devhost/host/store"
)

func types(all ...integration.ActivityType) []integration.ActivityType { return all }

func ethics(t *testing.T, h *hosttest.Host) courses.Course {
	t.Helper()
	c, err := h.Courses.Create(t.Context(), h.One, check.Values{"name": "Ethics"})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestEnrollmentLife(t *testing.T) {
	t.Parallel()
	h := hosttest.New(t)
	course, m := ethics(t, h), h.Member(t, h.One, "ada@example.org")
	h.Recorded(t)
	e, err := h.Courses.Enroll(t.Context(), h.One, course.ID, check.Values{"memberId": m.ID})
	if err != nil || e.Name != "Ada Byron" || e.Status != "active" {
		t.Fatalf("%+v, %v", e, err)
	}
	for _, a := range h.Tells(t, "enrolled", types(integration.CourseEnrolled), m.Ref()) {
		if a.MemberID != m.ID || a.Name != "Ethics" || a.About != (integration.Ref{Kind: integration.KindCourse, Key: course.ID}) {
			t.Errorf("told %+v", a)
		}
	}
	for i, step := range []struct {
		say   check.Values
		told  []integration.ActivityType
		quiet bool
		want  func(courses.Enrollment) bool
	}{
		{check.Values{"progress": "40"}, nil, false, func(e courses.Enrollment) bool { return e.Progress == 40 && e.Status == "active" }},
		{check.Values{"progress": "40"}, nil, true, nil},
		{check.Values{"status": "completed"}, types(integration.CourseCompleted), false, func(e courses.Enrollment) bool { return e.Progress == 100 && !e.CompletedAt.IsZero() }},
		{check.Values{"status": "completed"}, nil, true, nil},
		{check.Values{"status": "active", "progress": "90"}, nil, false, func(e courses.Enrollment) bool { return e.CompletedAt.IsZero() && e.Progress == 90 }},
		{check.Values{"status": "completed"}, types(integration.CourseCompleted), false, nil},
		{check.Values{"status": "cancelled"}, nil, false, func(e courses.Enrollment) bool { return !e.CancelledAt.IsZero() && !e.CompletedAt.IsZero() }},
		{check.Values{"status": "active"}, types(integration.CourseEnrolled), false, func(e courses.Enrollment) bool { return e.CancelledAt.IsZero() }},
	} {
		h.Pass(time.Minute)
		got, err := h.Courses.Change(t.Context(), h.One, e.ID, step.say)
		if err != nil || step.want != nil && !step.want(got) {
			t.Errorf("step %d: %+v, %v", i, got, err)
		}
		want := []integration.Ref{m.Ref()}
		if step.quiet {
			want = nil
		}
		h.Tells(t, "step "+string(rune('0'+i)), step.told, want...)
	}
}

func TestRefusals(t *testing.T) {
	t.Parallel()
	h := hosttest.New(t)
	ctx := t.Context()
	course, m, foreign := ethics(t, h), h.Member(t, h.One, ""), h.Member(t, h.Two, "")
	e, err := h.Courses.Enroll(ctx, h.One, course.ID, check.Values{"memberId": m.ID})
	if err != nil {
		t.Fatal(err)
	}
	h.Recorded(t)
	enroll := func(v check.Values) error { _, err := h.Courses.Enroll(ctx, h.One, course.ID, v); return err }
	change := func(v check.Values) error { _, err := h.Courses.Change(ctx, h.One, e.ID, v); return err }
	for name, c := range map[string]struct {
		err    error
		status int
		field  string
	}{
		"no name":          {func() error { _, err := h.Courses.Create(ctx, h.One, check.Values{}); return err }(), 422, "name"},
		"nobody":           {enroll(check.Values{}), 422, "memberId"},
		"twice":            {enroll(check.Values{"memberId": m.ID}), 422, "memberId"},
		"a foreign member": {enroll(check.Values{"memberId": foreign.ID}), 422, "memberId"},
		"no such member":   {enroll(check.Values{"memberId": uuid.NewString()}), 422, "memberId"},
		"unknown status":   {change(check.Values{"status": "lost"}), 422, "status"},
		"too much":         {change(check.Values{"progress": "101"}), 422, "progress"},
		"not a number":     {change(check.Values{"progress": "half"}), 422, "progress"},
		"no such course":   {func() error { _, err := h.Courses.Get(ctx, h.Two, course.ID); return err }(), 404, ""},
		"another client":   {func() error { _, err := h.Courses.Change(ctx, h.Two, e.ID, check.Values{"progress": "1"}); return err }(), 404, ""},
	} {
		t.Run(name, func(t *testing.T) { hosttest.WantProblem(t, c.err, c.status, c.field) })
	}
	h.Tells(t, "refusals", nil)
	h.Recorder.Refuse(true)
	if err := change(check.Values{"status": "completed"}); err == nil {
		t.Error("a completion without its record was made")
	}
	page, err := h.Courses.List(ctx, h.One, store.Query{Search: "ethi"})
	if err != nil || page.Total != 1 || page.Items[0].Enrolled != 1 {
		t.Errorf("%+v, %v", page, err)
	}
}
