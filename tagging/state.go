package tagging

import (
	"time"

	"github.com/memberpulse/hubspotplugin/integration"
)

// State is what is known of one tag of one member. Times are UTC; the zero time
// means "not known".
type State struct {
	Tag string // slug
	On  bool
	// Since is when the tag came to be on; LastAt the newest occurrence that
	// says so, also when the tag was on already: each renewal, each
	// registration. Zero while it is off.
	Since  time.Time
	LastAt time.Time
	// ChangedAt is when On last changed: Since while it is on. Of a tag that is
	// off it is the newest moment at which the member's data let it have ended;
	// for a tag that never was on it says nothing.
	ChangedAt time.Time
	// Cause is what happened at LastAt, or what ended the tag; one of the words
	// below, "" for nothing that is known.
	Cause string
	// Name, Date and About are of the occurrence at LastAt: the plan (the one
	// that a scheduled downgrade leads to), event or course; the start of the
	// event, the day of the downgrade (00:00 UTC), the moment of enrollment or
	// completion, none for other tags; where to link to. Empty while the tag is
	// off, and if it is on by nothing but a hand.
	Name  string
	Date  time.Time
	About integration.Ref
	// Until is the latest Date of all that the tag rests on: of two registrations
	// the newest may be for an event that is over, the older one for one to come.
	Until time.Time
	// ByHand: a person's word decides, as none of the data is newer.
	ByHand bool
}

// The causes.
const (
	CauseActive                = "status-active"
	CauseExpiring              = "status-expiring"
	CauseExpired               = "status-expired"
	CauseSuspended             = "status-suspended"
	CauseCancelled             = "status-cancelled"
	CauseRenewed               = "renewed"
	CauseUpgraded              = "upgraded"
	CauseDowngraded            = "downgraded"
	CauseDowngradeScheduled    = "downgrade-scheduled"
	CauseRegistered            = "registered"
	CauseRegistrationCancelled = "registration-cancelled"
	CauseEventCancelled        = "event-cancelled"
	CauseAttended              = "attended"
	CauseNoShow                = "no-show"
	CauseAttendanceUndone      = "attendance-undone"
	CauseEnrolled              = "enrolled"
	CauseCompleted             = "completed"
	CauseEnrollmentCancelled   = "enrollment-cancelled"
	CauseByHand                = "by-hand"
)

// Hand is what a person last decided about a tag of a member.
type Hand struct {
	Tag        string // slug
	Applied    bool   // false: removed
	Cause      string // why, in the person's words
	By         string // user id
	OccurredAt time.Time
}

// newer reports whether h replaces g. Of two words of one moment the removal
// counts, whichever comes first.
func (h Hand) newer(g Hand) bool {
	if h.OccurredAt.Equal(g.OccurredAt) {
		return g.Applied && !h.Applied
	}
	return h.OccurredAt.After(g.OccurredAt)
}

// On returns the slugs of the tags that are on, in the order of states.
func On(states []State) []string {
	var on []string
	for _, s := range states {
		if s.On {
			on = append(on, s.Tag)
		}
	}
	return on
}
