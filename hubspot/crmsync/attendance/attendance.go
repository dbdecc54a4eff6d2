// Package attendance decides what HubSpot has to be told of a member at the host's
// events, given what it was told before. HubSpot knows one state of a contact at a
// marketing event, with a time that must grow. It is pure: no clock, no I/O.
// See https://developers.hubspot.com/docs/api-reference/latest/marketing/marketing-events/guide
package attendance

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/memberpulse/hubspotplugin/hubspot"
	"github.com/memberpulse/hubspotplugin/integration"
)

// Participation is what a member's registrations for one event say together:
// HubSpot knows one state of a contact at an event, the host any number of
// registrations.
type Participation struct {
	Event  string
	State  hubspot.AttendanceState
	At     time.Time // in the host
	Ends   time.Time // of the event; zero: not known
	NoShow bool      // the host says so; HubSpot has no call for it
}

// Row is what HubSpot was last told of a member at an event.
type Row struct {
	MemberID  string    `bun:"member_id,type:uuid"`
	EventID   string    `bun:"event_id,type:uuid"`
	State     string    `bun:"state"`
	At        time.Time `bun:"at"`
	ContactID string    `bun:"contact_id"`
	Epoch     int64     `bun:"epoch"` // 0 = not confirmed
}

// Of are the participations of a member, by event id. Whoever was there at any
// registration was there; who is registered by one of several is registered. A
// registration that is pending is none.
func Of(m integration.Member) []Participation {
	by := map[string]Participation{}
	for _, r := range m.Registrations {
		p, counts := participationOf(r)
		if old, ok := by[p.Event]; ok {
			p = stronger(old, p)
		}
		if counts {
			by[p.Event] = p
		}
	}
	return slices.SortedFunc(maps.Values(by), func(a, b Participation) int { return strings.Compare(a.Event, b.Event) })
}

func participationOf(r integration.Registration) (p Participation, counts bool) {
	p = Participation{Event: strings.ToLower(r.EventID), Ends: Ending(r.EventStart, r.EventEnd)}
	switch r.Status {
	case integration.RegistrationConfirmed, integration.RegistrationCheckedIn:
		p.State, p.At = hubspot.Registered, r.RegisteredAt
		switch r.Attendance {
		case integration.AttendanceAttended:
			p.State, p.At = hubspot.Attended, latest(r.AttendanceAt, r.RegisteredAt)
		case integration.AttendanceNoShow:
			p.NoShow = true
		case integration.AttendanceOpen:
			p.At = latest(r.RegisteredAt, r.AttendanceAt) // of the check-in that was undone
		}
	case integration.RegistrationCancelled:
		if !r.RegisteredAt.IsZero() { // else it never was confirmed
			p.State, p.At = hubspot.CancelledRegistration, latest(r.CancelledAt, r.RegisteredAt)
		}
	case integration.RegistrationPending: // not one yet
	}
	return p, p.State != "" && integration.ValidUUID(p.Event)
}

// stronger is the one of two that holds, with the later end of their event.
func stronger(a, b Participation) Participation {
	rank := func(p Participation) int {
		return slices.Index([]hubspot.AttendanceState{"", hubspot.CancelledRegistration, hubspot.Registered, hubspot.Attended}, p.State)
	}
	out := a
	if c := cmp.Compare(rank(a), rank(b)); c < 0 || c == 0 && a.At.Before(b.At) {
		out = b
	}
	out.Ends = latest(a.Ends, b.Ends)
	return out
}

// Over reports whether the event had ended before a time.
func (p Participation) Over(since time.Time) bool { return !p.Ends.IsZero() && p.Ends.Before(since) }

// Ending is when an event ends, zero if that is not known.
func Ending(start, end time.Time) time.Time {
	if end.IsZero() {
		return start
	}
	return end
}

// Withdrawn are the events of which HubSpot has been told that the member is
// registered, while the host has no such registration any more. That somebody
// was there is not taken back with it; if HubSpot has not confirmed what it was
// told last, it is told again, for it may still show what was before.
func Withdrawn(all []Participation, rows map[string]Row, at time.Time) []Participation {
	var out []Participation
	for _, event := range slices.Sorted(maps.Keys(rows)) {
		has := slices.ContainsFunc(all, func(p Participation) bool { return p.Event == event })
		switch row := rows[event]; {
		case has, row.State == "":
		case row.State == string(hubspot.Registered):
			out = append(out, Participation{Event: event, State: hubspot.CancelledRegistration, At: at})
		case row.Epoch == 0:
			out = append(out, Participation{Event: event, State: hubspot.AttendanceState(row.State), At: row.At})
		}
	}
	return out
}

// Told reports whether HubSpot has confirmed all of it, for this contact.
func (r Row) Told(p Participation, contactID string, epoch int64) bool {
	return r.State == string(p.State) && r.ContactID == contactID && r.Epoch == epoch
}

// Next is the row once HubSpot has been told. A state that follows another has
// a later time than that one, or HubSpot would take it for older; the same
// state again has the same time, whatever the number of tries. fallback is the
// time of what the host has no time for.
func (r Row) Next(member string, p Participation, contactID string, fallback time.Time) Row {
	out := Row{MemberID: member, EventID: p.Event, State: string(p.State), ContactID: contactID, At: r.At}
	if r.State == string(p.State) {
		return out
	}
	at := p.At
	if at.IsZero() {
		at = fallback
	}
	out.At = at.UTC().Truncate(time.Millisecond)
	if r.State != "" && !out.At.After(r.At) {
		out.At = r.At.Add(time.Second)
	}
	return out
}

// Concerns reports whether HubSpot has to be told of any of a member's events.
// It is pure.
func Concerns(all []Participation, rows map[string]Row, since time.Time, contactID string, epoch int64) bool {
	for _, p := range all {
		row, known := rows[p.Event]
		if (known || !p.Over(since)) && !row.Told(p, contactID, epoch) {
			return true
		}
	}
	return len(Withdrawn(all, rows, since)) > 0
}

// latest is the later of two times.
func latest(a, b time.Time) time.Time {
	if a.Before(b) {
		return b
	}
	return a
}
