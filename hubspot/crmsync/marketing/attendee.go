package marketing

import (
	"slices"
	"strings"
	"time"

	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/attendance"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/carry"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/kinds"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/verdict"
	"github.com/memberpulse/hubspotplugin/integration"
	"github.com/memberpulse/hubspotplugin/outbox"
)

// attendee is one member on the way through a pass.
type attendee struct {
	carry.Fate

	d      outbox.Delivery
	to     carry.Addressee
	rows   map[string]attendance.Row  // as stored, by event
	wanted []attendance.Participation // that HubSpot has to know of

	showings  []*showing
	waitsFor  string   // an event that is not in HubSpot yet
	leftOut   []string // events that will not be
	noShow    bool
	ended     bool     // nothing is left to tell; a record that waits for it says so
	stale     bool     // the contact is not what the member's link says
	eventless []string // events that HubSpot turns out not to have
}

// contested reports that what HubSpot does not find has been sent again often
// enough: the two could go on for ever, and spend the portal's calls.
func (a *attendee) contested() bool { return a.d.Attempt >= carry.ContestedAttempts }

// showing is one line of a call: a member at an event.
type showing struct {
	a         *attendee
	prior     attendance.Row // as stored
	row       attendance.Row // as it shall be
	tried     bool
	unknown   bool // it may have been told
	confirmed bool
}

func (s *showing) Trying() { s.tried = true }

func (s *showing) Fail(f verdict.Failure) {
	s.unknown = s.unknown || f.Unknown
	s.a.Fail(f)
}

func (s *showing) Put(c verdict.Code, after time.Duration) { s.a.Put(c, after) }

// read takes in what the host says. It is pure.
func (a *attendee) read(answer integration.Loaded, since time.Time) {
	m, _ := answer.Entity.(integration.Member)
	switch {
	case answer.Gone:
		a.Done(verdict.MemberDeleted) // what the contact did stays
		a.Record.Gone = true
		return
	case carry.Silent(answer), !strings.EqualFold(m.ID, a.d.Key):
		a.Put(verdict.Host, 0)
		return
	}
	if err := m.Validate(); err != nil {
		a.Fail(verdict.Failure{Code: verdict.UnknownValue, Hold: true, Detail: err.Error()})
		return
	}
	all := attendance.Of(m)
	for _, p := range append(all, attendance.Withdrawn(all, a.rows, a.d.RecordedAt)...) {
		if _, known := a.rows[p.Event]; known || !p.Over(since) {
			a.wanted = append(a.wanted, p)
			a.noShow = a.noShow || p.NoShow
		}
	}
}

// plan decides what HubSpot has to be told. It is pure.
func (a *attendee) plan(epoch int64, events map[string]eventRow, said map[string]integration.SyncStatus) {
	switch {
	case a.Settled:
		return
	case len(a.wanted) == 0 && !a.known():
		a.Settled, a.Outcome, a.ended = true, outbox.Delivered(), true // nothing to tell of
		return
	case a.to.Silent:
		a.Put(verdict.Host, 0)
		return
	case a.to.Waits:
		a.Wait(kinds.Member, a.d.Key, verdict.AwaitsContact)
		return
	case a.to.Why != "":
		a.Exclude(a.to.Why)
		return
	}
	for _, p := range a.wanted {
		row := a.rows[p.Event]
		switch status := said[p.Event]; {
		case events[p.Event].Sent && row.Told(p, a.to.Contact, epoch):
		case events[p.Event].Sent:
			next := row.Next(a.d.Key, p, a.to.Contact, a.d.RecordedAt)
			a.showings = append(a.showings, &showing{a: a, prior: row, row: next})
		case status == integration.SyncExcluded:
			a.leftOut = append(a.leftOut, p.Event)
		case a.waitsFor == "":
			a.waitsFor = p.Event
		}
	}
}

// known reports whether HubSpot was ever told anything of the member.
func (a *attendee) known() bool {
	for _, r := range a.rows {
		if r.State != "" {
			return true
		}
	}
	return false
}

// remembers returns the rows of events that are not sent, so that the member is
// found if one is sent one day, and those that nobody needs any more.
func (a *attendee) remembers() (keep, drop []attendance.Row) {
	for _, event := range a.leftOut {
		if _, known := a.rows[event]; !known {
			keep = append(keep, a.remember(event))
		}
	}
	for event, r := range a.rows {
		if r.State == "" && !slices.ContainsFunc(a.wanted, func(p attendance.Participation) bool { return p.Event == event }) {
			drop = append(drop, r)
		}
	}
	return keep, drop
}

// remember is the row of an event of which HubSpot was told nothing.
func (a *attendee) remember(event string) attendance.Row {
	return attendance.Row{MemberID: a.d.Key, EventID: event, At: a.d.RecordedAt}
}

// close gives the member an outcome, after the calls.
func (a *attendee) close(o *carry.Outing) {
	open := false
	for _, s := range a.showings {
		open = open || !s.confirmed
	}
	switch {
	case a.Settled:
	case open:
		a.Fate.Close(o)
	case a.waitsFor != "":
		a.Wait(kinds.Event, a.waitsFor, verdict.AwaitsEvent)
	case len(a.leftOut) > 0 && len(a.showings) == 0 && !a.known():
		a.Exclude(verdict.EventLeftOut)
	case a.noShow:
		a.Done(verdict.NoShow)
	default:
		a.Done("")
	}
}
