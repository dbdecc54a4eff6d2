package integration

import (
	"fmt"
	"time"
)

// Registration is a member's registration for an event (an event ticket), with
// what of the event belongs beside it.
type Registration struct {
	ID             string
	EventID        string
	EventName      string
	EventStart     time.Time
	EventEnd       time.Time
	EventCancelled bool
	Status         RegistrationStatus
	RegisteredAt   time.Time // when it was confirmed
	CancelledAt    time.Time
	// Attendance is what the host has decided, AttendanceAt when it did. An
	// undone check-in is AttendanceOpen again.
	Attendance   Attendance
	AttendanceAt time.Time
}

// RegistrationStatus is the host's status of a registration.
type RegistrationStatus string

// The registration statuses of the host.
const (
	RegistrationPending   RegistrationStatus = "pending" // not paid or not confirmed yet
	RegistrationConfirmed RegistrationStatus = "confirmed"
	RegistrationCheckedIn RegistrationStatus = "checked_in"
	RegistrationCancelled RegistrationStatus = "cancelled"
)

// Attendance says whether somebody came. The host decides; the plugin never
// computes it from dates.
type Attendance string

// The attendance values.
const (
	AttendanceOpen     Attendance = "" // not decided (any more)
	AttendanceAttended Attendance = "attended"
	AttendanceNoShow   Attendance = "no_show"
)

func (r Registration) validate() error {
	switch r.Status {
	case RegistrationPending, RegistrationConfirmed, RegistrationCheckedIn, RegistrationCancelled:
	default:
		return fmt.Errorf("integration: registration status %q is not one of pending, confirmed, checked_in, cancelled", string(r.Status))
	}
	switch r.Attendance {
	case AttendanceOpen, AttendanceAttended, AttendanceNoShow:
		return nil
	default:
		return fmt.Errorf("integration: attendance %q is not one of attended, no_show or empty", string(r.Attendance))
	}
}

// Enrollment is a member's enrollment in a course.
type Enrollment struct {
	ID          string
	CourseID    string
	CourseName  string
	Status      EnrollmentStatus
	EnrolledAt  time.Time
	CompletedAt time.Time
	CancelledAt time.Time
	Progress    int // percent
}

// EnrollmentStatus is the host's status of an enrollment.
type EnrollmentStatus string

// The enrollment statuses.
const (
	EnrollmentActive    EnrollmentStatus = "active"
	EnrollmentCompleted EnrollmentStatus = "completed"
	EnrollmentCancelled EnrollmentStatus = "cancelled"
)

func (e Enrollment) validate() error {
	switch e.Status {
	case EnrollmentActive, EnrollmentCompleted, EnrollmentCancelled:
		return nil
	default:
		return fmt.Errorf("integration: enrollment status %q is not one of active, completed, cancelled", string(e.Status))
	}
}

// Event is an event of the tenant's.
type Event struct {
	ID          string
	Name        string
	Description string
	Type        string // "live", "online", "webinar"
	Organizer   string // who holds it, such as the association's name
	Start       time.Time
	End         time.Time
	Cancelled   bool
}

// Ref implements [Entity].
func (e Event) Ref() Ref { return Ref{Kind: KindEvent, Key: e.ID} }
func (Event) entity()    {}
