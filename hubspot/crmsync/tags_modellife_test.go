package crmsync_test

import (
	"slices"
	"time"

	"github.com/memberpulse/hubspotplugin/integration"
)

// tagSoul is one member of the model: what the host has, what the model has
// written down, and what it has seen of it in HubSpot.
type tagSoul struct {
	m       integration.Member
	books   *tagBooks
	lives   bool
	told    map[string]told
	moments []tagMoment
	gains   map[string]int // by tag, that HubSpot's history shows
	losses  map[string]int
	have    map[string]map[string]bool // by property, the tags that HubSpot had at the last rest
}

// now is the next moment of the host's time; none happens twice.
func (w *tagWorld) now() time.Time {
	w.ticks++
	return w.began.Add(time.Duration(w.ticks) * 2 * time.Millisecond)
}

// sometime is now, or, for what comes to be known late, a moment since then.
func (w *tagWorld) sometime(since time.Time) time.Time {
	now := w.now()
	first := max(int(since.Sub(w.began)/(2*time.Millisecond))+1, 1)
	if w.rng.IntN(4) > 0 || first >= w.ticks {
		return now
	}
	at := w.began.Add(time.Duration(2*(first+w.rng.IntN(w.ticks-first))+1) * time.Millisecond)
	if w.late[at] {
		return now
	}
	w.late[at] = true
	return at
}

// happens lets one thing happen to a member.
func (w *tagWorld) happens(s *tagSoul) {
	for what := ""; what == ""; {
		switch n := w.rng.IntN(100); {
		case n < 40:
			what = w.membership(s)
		case n < 80:
			what = w.registration(s)
		case n < 97:
			what = w.enrollment(s)
		default:
			what = "member status"
			s.m.Status = []integration.MemberStatus{integration.MemberActive, integration.MemberActive, integration.MemberInactive, integration.MemberPending}[w.rng.IntN(4)]
		}
		if what != "" {
			w.did(what)
		}
	}
}

func (w *tagWorld) id() string {
	w.serial++
	return memberID(1_000_000 + w.serial)
}

func (w *tagWorld) membership(s *tagSoul) string {
	if n := len(s.m.Memberships); n == 0 || n < 3 && w.rng.IntN(12) == 0 {
		at, end := w.now(), time.Date(2027, time.Month(1+w.rng.IntN(6)), 28, 0, 0, 0, 0, time.UTC)
		ms := integration.Membership{ID: w.id(), PlanName: "Silver", Status: integration.MembershipActive, StatusSince: at, EndDate: integration.DateOf(end)}
		s.m.Memberships = append(s.m.Memberships, ms)
		s.books.plans[ms.ID] = &planBook{status: "active", since: at, end: end}
		return "membership"
	}
	ms := &s.m.Memberships[w.rng.IntN(len(s.m.Memberships))]
	book := s.books.plans[ms.ID]
	running := ms.Status == integration.MembershipActive || ms.Status == integration.MembershipExpiring
	turn := func(to integration.MembershipStatus) string {
		ms.Status, ms.StatusSince = to, w.now()
		book.status, book.since = string(to), ms.StatusSince
		if to == integration.MembershipExpired || to == integration.MembershipCancelled {
			book.upgraded, book.scheduled, book.noMore = time.Time{}, time.Time{}, book.since
		}
		return string(to)
	}
	switch n := w.rng.IntN(20); {
	case n < 4 && ms.Status == integration.MembershipActive:
		return turn(integration.MembershipExpiring)
	case n < 6 && running:
		return turn(integration.MembershipExpired)
	case n < 7 && running:
		return turn(integration.MembershipSuspended)
	case n < 9 && ms.Status == integration.MembershipSuspended:
		return turn(integration.MembershipActive)
	case n < 10 && ms.Status != integration.MembershipCancelled && len(s.m.Memberships) > 1 && w.rng.IntN(4) == 0:
		return turn(integration.MembershipCancelled)
	case n < 14 && (running || ms.Status == integration.MembershipExpired):
		return w.renew(ms, book)
	case n < 16 && running:
		ms.UpgradedAt, ms.UpgradedFrom, ms.PlanName = w.now(), ms.PlanName, "Gold"
		book.upgraded = ms.UpgradedAt
		return "upgrade"
	case n < 18 && running:
		ms.DowngradeScheduledAt, ms.DowngradeTo, ms.DowngradeOn = w.now(), "Bronze", ms.EndDate
		book.scheduled = ms.DowngradeScheduledAt
		return "downgrade scheduled"
	case n < 19 && running && !ms.DowngradeScheduledAt.IsZero():
		ms.DowngradeScheduledAt, ms.DowngradeTo, book.scheduled = time.Time{}, "", time.Time{}
		return "downgrade withdrawn"
	case running && !ms.DowngradeScheduledAt.IsZero():
		return w.downgrade(ms, book)
	}
	return ""
}

func (w *tagWorld) renew(ms *integration.Membership, book *planBook) string {
	at := w.now()
	if ms.Status != integration.MembershipActive {
		ms.Status, ms.StatusSince, book.status, book.since = integration.MembershipActive, at, "active", at
	}
	book.end = book.end.AddDate(0, 1+w.rng.IntN(2), 0)
	ms.RenewedAt, ms.EndDate = at, integration.DateOf(book.end)
	book.renewed, book.upgraded, book.noMore = at, time.Time{}, at
	if !ms.DowngradeScheduledAt.IsZero() {
		w.downgrade(ms, book) // it was waiting for the renewal
	}
	return "renewal"
}

func (w *tagWorld) downgrade(ms *integration.Membership, book *planBook) string {
	ms.PlanName, ms.DowngradedAt, ms.DowngradeScheduledAt, ms.DowngradeTo = "Bronze", w.now(), time.Time{}, ""
	book.upgraded, book.scheduled, book.noMore = time.Time{}, time.Time{}, ms.DowngradedAt
	return "downgrade"
}

func (w *tagWorld) registration(s *tagSoul) string {
	open := slices.DeleteFunc(indexes(len(s.m.Registrations)), func(i int) bool {
		return s.m.Registrations[i].Status == integration.RegistrationCancelled || s.m.Registrations[i].EventCancelled
	})
	if len(open) == 0 || len(open) < 3 && w.rng.IntN(3) == 0 {
		r := integration.Registration{ID: w.id(), EventID: w.id(), EventName: "Dinner", EventStart: w.began.Add(time.Duration(w.rng.IntN(60)-w.past) * 24 * time.Hour), Status: integration.RegistrationPending}
		if w.rng.IntN(4) > 0 {
			w.confirm(s, &r)
		}
		s.m.Registrations = append(s.m.Registrations, r)
		return "registration"
	}
	r := &s.m.Registrations[open[w.rng.IntN(len(open))]]
	b := s.books
	if r.Status == integration.RegistrationPending {
		if w.rng.IntN(5) == 0 {
			r.Status, r.CancelledAt = integration.RegistrationCancelled, w.now()
			return "pending cancelled"
		}
		w.confirm(s, r)
		return "confirmation"
	}
	switch n := w.rng.IntN(10); {
	case n < 6:
		r.AttendanceAt = w.sometime(r.RegisteredAt)
		b.corrects("event-registered", r.ID, r.AttendanceAt)
		if n < 4 {
			r.Attendance = integration.AttendanceAttended
			b.ends("event-no-show", r.ID, time.Time{})
			b.begins("event-attended", r.ID, r.AttendanceAt, r.EventStart)
			return "attended"
		}
		r.Attendance = integration.AttendanceNoShow
		b.ends("event-attended", r.ID, time.Time{})
		b.begins("event-no-show", r.ID, r.AttendanceAt, r.EventStart)
		return "no-show"
	case n < 7 && r.Attendance != integration.AttendanceOpen:
		r.Attendance, r.AttendanceAt = integration.AttendanceOpen, time.Time{}
		if w.rng.IntN(2) == 0 {
			r.AttendanceAt = w.now()
		}
		w.nothingOf(s, r, time.Time{})
		b.begins("event-registered", r.ID, r.RegisteredAt, r.EventStart)
		return "attendance undone"
	case n < 8:
		r.EventCancelled = true
		w.nothingOf(s, r, time.Time{})
		return "event called off"
	case n < 9:
		r.Status, r.CancelledAt = integration.RegistrationCancelled, w.now()
		w.nothingOf(s, r, r.CancelledAt)
		return "registration cancelled"
	}
	return ""
}

// nothingOf notes that a registration came to nothing, or that what was decided
// about it was undone.
func (w *tagWorld) nothingOf(s *tagSoul, r *integration.Registration, at time.Time) {
	s.books.ends("event-registered", r.ID, at)
	s.books.ends("event-attended", r.ID, at)
	s.books.ends("event-no-show", r.ID, at)
}

func (w *tagWorld) confirm(s *tagSoul, r *integration.Registration) {
	r.Status, r.RegisteredAt = integration.RegistrationConfirmed, w.now()
	s.books.begins("event-registered", r.ID, r.RegisteredAt, r.EventStart)
}

func (w *tagWorld) enrollment(s *tagSoul) string {
	open := slices.DeleteFunc(indexes(len(s.m.Enrollments)), func(i int) bool { return s.m.Enrollments[i].Status == integration.EnrollmentCancelled })
	if len(open) == 0 || len(open) < 2 && w.rng.IntN(3) == 0 {
		e := integration.Enrollment{ID: w.id(), CourseID: w.id(), CourseName: "First aid", Status: integration.EnrollmentActive, EnrolledAt: w.now()}
		s.m.Enrollments = append(s.m.Enrollments, e)
		s.books.begins("course-enrolled", e.ID, e.EnrolledAt, e.EnrolledAt)
		return "enrollment"
	}
	e := &s.m.Enrollments[open[w.rng.IntN(len(open))]]
	switch n := w.rng.IntN(6); {
	case n < 3 && e.Status == integration.EnrollmentActive:
		e.Status, e.CompletedAt = integration.EnrollmentCompleted, w.sometime(e.EnrolledAt)
		s.books.corrects("course-enrolled", e.ID, e.CompletedAt)
		s.books.begins("course-completed", e.ID, e.CompletedAt, e.CompletedAt)
		return "completion"
	case n < 4 && e.Status == integration.EnrollmentCompleted:
		e.Status, e.CompletedAt = integration.EnrollmentActive, time.Time{}
		s.books.ends("course-completed", e.ID, time.Time{})
		s.books.begins("course-enrolled", e.ID, e.EnrolledAt, e.EnrolledAt)
		return "course reopened"
	case n < 5:
		e.Status, e.CancelledAt = integration.EnrollmentCancelled, w.now()
		s.books.ends("course-enrolled", e.ID, e.CancelledAt)
		s.books.ends("course-completed", e.ID, e.CancelledAt)
		return "enrollment cancelled"
	}
	return ""
}

func indexes(n int) []int {
	out := make([]int, n)
	for i := range out {
		out[i] = i
	}
	return out
}
