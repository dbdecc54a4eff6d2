package tagging

import (
	"time"

	"github.com/memberpulse/hubspotplugin/integration"
)

// registrationVerdicts are those of registered, attended and no-show.
func registrationVerdicts(all []integration.Registration) []verdict {
	out := []verdict{{tag: EventRegistered}, {tag: EventAttended, lasting: true}, {tag: EventNoShow, lasting: true}}
	for _, r := range all {
		switch r.Status {
		case integration.RegistrationConfirmed, integration.RegistrationCheckedIn:
			if r.EventCancelled {
				withdraw(out, r, aboutEvent(r, time.Time{}, CauseEventCancelled))
			} else {
				attend(out, r)
			}
		case integration.RegistrationCancelled:
			withdraw(out, r, aboutEvent(r, r.CancelledAt, CauseRegistrationCancelled))
		case integration.RegistrationPending: // not one yet
		}
	}
	return out
}

// attend adds a registration that counts.
func attend(out []verdict, r integration.Registration) {
	registered, attended, noShow := &out[0], &out[1], &out[2]
	var cause string
	switch r.Attendance {
	case integration.AttendanceAttended:
		cause = CauseAttended
		attended.holds(aboutEvent(r, r.AttendanceAt, cause))
	case integration.AttendanceNoShow:
		cause = CauseNoShow
		noShow.holds(aboutEvent(r, r.AttendanceAt, cause))
	case integration.AttendanceOpen:
		registered.holds(aboutEvent(r, r.RegisteredAt, CauseRegistered))
		cause = CauseAttendanceUndone
	}
	if r.Attendance != integration.AttendanceOpen {
		registered.ends(aboutEvent(r, r.AttendanceAt, cause), r.RegisteredAt, over(r))
	}
	if r.AttendanceAt.IsZero() {
		return
	}
	// Before, it may have said the other thing.
	if r.Attendance != integration.AttendanceAttended {
		attended.ends(aboutEvent(r, r.AttendanceAt, cause), time.Time{}, time.Time{})
	}
	if r.Attendance != integration.AttendanceNoShow {
		noShow.ends(aboutEvent(r, r.AttendanceAt, cause), time.Time{}, time.Time{})
	}
}

// withdraw adds a registration that came to nothing at a moment: it or its
// event was cancelled.
func withdraw(out []verdict, r integration.Registration, gone moment) {
	registered, end := &out[0], gone
	switch r.Attendance {
	case integration.AttendanceAttended:
		out[1].ends(gone, r.AttendanceAt, over(r))
		end.cause = CauseAttended
	case integration.AttendanceNoShow:
		out[2].ends(gone, r.AttendanceAt, over(r))
		end.cause = CauseNoShow
	case integration.AttendanceOpen:
		if r.RegisteredAt.IsZero() {
			return // it never was confirmed
		}
		registered.ends(gone, r.RegisteredAt, over(r))
		return
	}
	// What was decided had ended the registration before.
	end.at = r.AttendanceAt
	registered.settles(end)
	registered.settles(gone)
	registered.ends(first(end, gone), r.RegisteredAt, over(r))
}

// first is the earlier of two ends of one thing, as far as that is known.
func first(a, b moment) moment {
	if a.at.IsZero() || !b.at.IsZero() && b.at.Before(a.at) {
		return b
	}
	return a
}

// over is when the event has ended: it can be cancelled until then.
func over(r integration.Registration) time.Time {
	if r.EventEnd.IsZero() {
		return r.EventStart
	}
	return r.EventEnd
}

func aboutEvent(r integration.Registration, at time.Time, cause string) moment {
	return moment{at: at, id: r.ID, cause: cause, name: r.EventName, date: r.EventStart,
		about: integration.Ref{Kind: integration.KindEvent, Key: r.EventID}}
}

// enrollmentVerdicts are those of enrolled and completed.
func enrollmentVerdicts(all []integration.Enrollment) []verdict {
	enrolled, completed := verdict{tag: CourseEnrolled}, verdict{tag: CourseCompleted, lasting: true}
	for _, e := range all {
		tell := func(at time.Time, cause string) moment {
			return moment{at: at, id: e.ID, cause: cause, name: e.CourseName, date: at,
				about: integration.Ref{Kind: integration.KindCourse, Key: e.CourseID}}
		}
		switch e.Status {
		case integration.EnrollmentActive:
			enrolled.holds(tell(e.EnrolledAt, CauseEnrolled))
		case integration.EnrollmentCompleted:
			completed.holds(tell(e.CompletedAt, CauseCompleted))
			enrolled.ends(tell(e.CompletedAt, CauseCompleted), e.EnrolledAt, time.Time{})
		case integration.EnrollmentCancelled:
			gone := tell(e.CancelledAt, CauseEnrollmentCancelled)
			if e.CompletedAt.IsZero() {
				enrolled.ends(gone, e.EnrolledAt, time.Time{})
				continue
			}
			completed.ends(gone, e.CompletedAt, time.Time{})
			end := tell(e.CompletedAt, CauseCompleted)
			enrolled.settles(end)
			enrolled.settles(gone)
			enrolled.ends(first(end, gone), e.EnrolledAt, time.Time{})
		}
	}
	return []verdict{enrolled, completed}
}
