package crmsync

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/memberpulse/hubspotplugin/hubspot"
	"github.com/memberpulse/hubspotplugin/integration"
)

// participation is what a member's registrations for one event say together:
// HubSpot knows one state of a contact at an event, the host any number of
// registrations.
type participation struct {
	event  string
	state  hubspot.AttendanceState
	at     time.Time // in the host
	ends   time.Time // of the event; zero: not known
	noShow bool      // the host says so; HubSpot has no call for it
}

// participations are those of a member, by event id. Whoever was there at any
// registration was there; who is registered by one of several is registered. A
// registration that is pending is none.
func participations(m integration.Member) []participation {
	by := map[string]participation{}
	for _, r := range m.Registrations {
		p, counts := participationOf(r)
		if old, ok := by[p.event]; ok {
			p = stronger(old, p)
		}
		if counts {
			by[p.event] = p
		}
	}
	return slices.SortedFunc(maps.Values(by), func(a, b participation) int { return strings.Compare(a.event, b.event) })
}

func participationOf(r integration.Registration) (p participation, counts bool) {
	p = participation{event: strings.ToLower(r.EventID), ends: ending(r.EventStart, r.EventEnd)}
	switch r.Status {
	case integration.RegistrationConfirmed, integration.RegistrationCheckedIn:
		p.state, p.at = hubspot.Registered, r.RegisteredAt
		switch r.Attendance {
		case integration.AttendanceAttended:
			p.state, p.at = hubspot.Attended, latest(r.AttendanceAt, r.RegisteredAt)
		case integration.AttendanceNoShow:
			p.noShow = true
		case integration.AttendanceOpen:
			p.at = latest(r.RegisteredAt, r.AttendanceAt) // of the check-in that was undone
		}
	case integration.RegistrationCancelled:
		if !r.RegisteredAt.IsZero() { // else it never was confirmed
			p.state, p.at = hubspot.CancelledRegistration, latest(r.CancelledAt, r.RegisteredAt)
		}
	case integration.RegistrationPending: // not one yet
	}
	return p, p.state != "" && integration.ValidUUID(p.event)
}

// stronger is the one of two that holds, with the later end of their event.
func stronger(a, b participation) participation {
	rank := func(p participation) int {
		return slices.Index([]hubspot.AttendanceState{"", hubspot.CancelledRegistration, hubspot.Registered, hubspot.Attended}, p.state)
	}
	out := a
	if c := cmp.Compare(rank(a), rank(b)); c < 0 || c == 0 && a.at.Before(b.at) {
		out = b
	}
	out.ends = latest(a.ends, b.ends)
	return out
}

// over reports whether the event had ended before a time.
func (p participation) over(since time.Time) bool { return !p.ends.IsZero() && p.ends.Before(since) }

// ending is when an event ends, zero if that is not known.
func ending(start, end time.Time) time.Time {
	if end.IsZero() {
		return start
	}
	return end
}

// withdrawn are the events of which HubSpot has been told that the member is
// registered, while the host has no such registration any more. That somebody
// was there is not taken back with it; if HubSpot has not confirmed what it was
// told last, it is told again, for it may still show what was before.
func withdrawn(all []participation, rows map[string]attendanceRow, at time.Time) []participation {
	var out []participation
	for _, event := range slices.Sorted(maps.Keys(rows)) {
		has := slices.ContainsFunc(all, func(p participation) bool { return p.event == event })
		switch row := rows[event]; {
		case has, row.State == "":
		case row.State == string(hubspot.Registered):
			out = append(out, participation{event: event, state: hubspot.CancelledRegistration, at: at})
		case row.Epoch == 0:
			out = append(out, participation{event: event, state: hubspot.AttendanceState(row.State), at: row.At})
		}
	}
	return out
}

// told reports whether HubSpot has confirmed all of it, for this contact.
func (r attendanceRow) told(p participation, contactID string, epoch int64) bool {
	return r.State == string(p.state) && r.ContactID == contactID && r.Epoch == epoch
}

// next is the row once HubSpot has been told. A state that follows another has
// a later time than that one, or HubSpot would take it for older; the same
// state again has the same time, whatever the number of tries. fallback is the
// time of what the host has no time for.
func (r attendanceRow) next(member string, p participation, contactID string, fallback time.Time) attendanceRow {
	out := attendanceRow{MemberID: member, EventID: p.event, State: string(p.state), ContactID: contactID, At: r.At}
	if r.State == string(p.state) {
		return out
	}
	at := p.at
	if at.IsZero() {
		at = fallback
	}
	out.At = at.UTC().Truncate(time.Millisecond)
	if r.State != "" && !out.At.After(r.At) {
		out.At = r.At.Add(time.Second)
	}
	return out
}

// concerns reports whether HubSpot has to be told of any of a member's events.
// It is pure.
func concerns(all []participation, rows map[string]attendanceRow, since time.Time, contactID string, epoch int64) bool {
	for _, p := range all {
		row, known := rows[p.event]
		if (known || !p.over(since)) && !row.told(p, contactID, epoch) {
			return true
		}
	}
	return len(withdrawn(all, rows, since)) > 0
}
