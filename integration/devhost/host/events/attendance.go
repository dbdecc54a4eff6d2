package events

import (
	"errors"
	"time"

	"github.com/memberpulse/hubspotplugin/integration"
	"github.com/memberpulse/hubspotplugin/integration/devhost/host/check"
	"github.com/memberpulse/hubspotplugin/integration/devhost/host/problem"
)

// changed is a registration after what somebody says about it: first the
// status, then the attendance.
func changed(r integration.Registration, v check.Values, now time.Time) (integration.Registration, error) {
	c, status, attended := check.Of(v), string(r.Status), ""
	_, aboutStatus := v["status"]
	_, aboutAttendance := v["attended"]
	c.Choice("status", &status, Statuses()...)
	c.Choice("attended", &attended, "true", "false", "")
	if err := c.Err(); err != nil {
		return r, err
	}
	if aboutStatus {
		r = withStatus(r, integration.RegistrationStatus(status), now)
	}
	if !aboutAttendance {
		return r, nil
	}
	if attended != "" && r.Status != integration.RegistrationConfirmed && r.Status != integration.RegistrationCheckedIn {
		return r, problem.Invalid(map[string][]string{"attended": {"Only somebody whose registration is confirmed can attend or stay away. This one is " + string(r.Status) + "."}})
	}
	return withAttendance(r, map[string]integration.Attendance{
		"true": integration.AttendanceAttended, "false": integration.AttendanceNoShow, "": integration.AttendanceOpen,
	}[attended], now), nil
}

// withStatus moves a registration to a status. Somebody who is checked in has
// attended, somebody who waits has neither attended nor stayed away, and one
// who comes back after a cancellation begins anew. What was decided before a
// cancellation stays as it was.
func withStatus(r integration.Registration, to integration.RegistrationStatus, now time.Time) integration.Registration {
	if to == r.Status {
		return r
	}
	was := r.Status
	r.Status, r.CancelledAt = to, time.Time{}
	if was == integration.RegistrationCancelled {
		r.RegisteredAt, r.Attendance, r.AttendanceAt = time.Time{}, integration.AttendanceOpen, time.Time{}
	}
	switch to {
	case integration.RegistrationCancelled:
		r.CancelledAt = now
		return r
	case integration.RegistrationPending:
		r.RegisteredAt = time.Time{}
		return withAttendance(r, integration.AttendanceOpen, now)
	}
	if r.RegisteredAt.IsZero() {
		r.RegisteredAt = now
	}
	if to == integration.RegistrationCheckedIn {
		return withAttendance(r, integration.AttendanceAttended, now)
	}
	if r.Attendance == integration.AttendanceAttended {
		return withAttendance(r, integration.AttendanceOpen, now)
	}
	return r
}

// withAttendance decides, or takes a decision back; either has its time.
func withAttendance(r integration.Registration, to integration.Attendance, now time.Time) integration.Registration {
	if to != r.Attendance {
		r.Attendance, r.AttendanceAt = to, now
	}
	if to == integration.AttendanceAttended {
		r.Status = integration.RegistrationCheckedIn
	} else if r.Status == integration.RegistrationCheckedIn {
		r.Status = integration.RegistrationConfirmed
	}
	return r
}

type happening struct {
	what integration.ActivityType
	at   time.Time
}

// told is what the step from one state of a registration to the next means for
// people. before is the zero Registration for a new one.
func told(before, next integration.Registration) []happening {
	var out []happening
	if !next.RegisteredAt.IsZero() && !next.RegisteredAt.Equal(before.RegisteredAt) {
		out = append(out, happening{integration.EventRegistered, next.RegisteredAt})
	}
	if next.Attendance == before.Attendance {
		return out
	}
	switch next.Attendance {
	case integration.AttendanceAttended:
		out = append(out, happening{integration.EventAttended, next.AttendanceAt})
	case integration.AttendanceNoShow:
		out = append(out, happening{integration.EventNoShow, next.AttendanceAt})
	}
	return out
}

// notAMember turns the answer that a member is missing into one about the field.
func notAMember(err error) error {
	var p *problem.Problem
	if errors.As(err, &p) {
		return problem.Invalid(map[string][]string{"memberId": {"There is no member with this id."}})
	}
	return err
}
