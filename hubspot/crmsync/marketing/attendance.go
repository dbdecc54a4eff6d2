package marketing

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/uptrace/bun"

	"github.com/memberpulse/hubspotplugin/hubspot"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/attendance"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/carry"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/kinds"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/ledger"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/values"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/verdict"
	"github.com/memberpulse/hubspotplugin/integration"
	"github.com/memberpulse/hubspotplugin/outbox"
)

// attendancePass is one batch of members' attendance on its way.
type attendancePass struct {
	*carry.Outing
	s       *Carrier
	since   time.Time
	events  map[string]eventRow               // by key
	said    map[string]integration.SyncStatus // of events, by key
	all     []*attendee
	missing map[string]*hubspot.Error // events that HubSpot turns out not to have, by its word
	there   map[string]bool           // events that it has been seen to have
}

// CarryAttendance tells HubSpot what members' contacts do at the tenant's
// marketing events.
func (s *Carrier) CarryAttendance(ctx context.Context, b outbox.Batch, portal *carry.Portal) (carry.Result, error) {
	p := &attendancePass{s: s, Outing: &carry.Outing{Base: s.Base, Batch: b, Portal: portal},
		missing: map[string]*hubspot.Error{}, there: map[string]bool{}}
	p.Verify(ctx)
	if p.Ended() {
		return p.Untouched()
	}
	if err := p.prepare(ctx); err != nil {
		return carry.Result{}, err
	}
	p.Single = true
	p.tell(ctx)
	if p.Lost != nil {
		return carry.Result{}, p.Lost
	}
	return p.result(), nil
}

// prepare loads what is stored and what the host has, and plans. The error
// means that nothing may be settled.
func (p *attendancePass) prepare(ctx context.Context) error {
	keys, at := p.Keys(), p.Portal.Place
	rows, err := p.s.Ledger.Attendance(ctx, p.s.DB, at, keys)
	if err != nil {
		return err
	}
	if p.since, err = p.s.Ledger.Since(ctx, p.s.DB, at); err != nil {
		return err
	}
	to, err := p.Addressees(ctx, keys, false)
	if err != nil {
		return err
	}
	loaded, err := p.s.LoadAs(ctx, p.Batch, integration.KindMember)
	if err != nil {
		p.s.Log.Warn("the host could not be read", "client_id", p.Batch.Tenant, "kind", p.Batch.Kind, "error", err)
		loaded = nil // no answer: everything is tried again
	}
	var events []string
	for _, d := range p.Batch.Deliveries {
		a := &attendee{d: d, to: to[d.Key], rows: rows[d.Key]}
		p.all = append(p.all, a)
		a.read(loaded[d.Key], p.since)
		for _, one := range a.wanted {
			events = append(events, one.Event)
		}
	}
	events = values.Union(events, nil)
	if p.events, err = p.s.Ledger.events(ctx, p.s.DB, at, events); err != nil {
		return err
	}
	unsent := slices.DeleteFunc(events, func(key string) bool { return p.events[key].Sent })
	if p.said, err = p.s.Records.Known(ctx, at, kinds.EntityEvent, unsent); err != nil {
		return err
	}
	for _, a := range p.all {
		a.plan(p.Portal.Epoch, p.events, p.said)
	}
	return nil
}

// tell makes the calls: one for everybody who did the same at one event.
func (p *attendancePass) tell(ctx context.Context) {
	type group struct {
		event string
		state hubspot.AttendanceState
	}
	groups := map[group][]*showing{}
	var order []group
	var rows []attendance.Row
	for _, a := range p.all {
		for _, s := range a.showings {
			g := group{s.row.EventID, hubspot.AttendanceState(s.row.State)}
			if groups[g] == nil {
				order = append(order, g)
			}
			groups[g] = append(groups[g], s)
			rows = append(rows, s.row)
		}
	}
	// Whatever becomes of the calls, the rows say what may have been told.
	if p.Lost = p.s.Ledger.saveAttendance(ctx, p.s.DB, p.Portal.Place, rows); p.Lost != nil {
		return
	}
	for _, g := range order {
		if why := p.missing[g.event]; why != nil {
			for _, s := range groups[g] {
				p.eventless(s, why)
			}
			continue
		}
		carry.Write(ctx, p.Outing, groups[g], func(ctx context.Context, list []*showing) (hubspot.WriteResult, error) {
			return p.record(ctx, g.event, g.state, list)
		}, p.recorded)
	}
	for _, a := range p.all {
		a.close(p.Outing)
	}
}

// record makes one call. If HubSpot does not find something and does not say
// whom, it is asked once whether it has the event at all.
func (p *attendancePass) record(ctx context.Context, event string, state hubspot.AttendanceState, list []*showing) (hubspot.WriteResult, error) {
	in := make([]hubspot.Attendance, len(list))
	for i, s := range list {
		in[i] = hubspot.Attendance{ContactID: s.row.ContactID, At: s.row.At}
	}
	account := p.Portal.Place.ClientID
	errs, err := p.Portal.Client.RecordAttendance(ctx, account, event, state, in)
	if hubspot.IsNotFound(err) && !p.there[event] {
		_, _, look := p.Portal.Client.MarketingEvent(ctx, account, event)
		switch {
		case look == nil:
			p.there[event] = true
		case hubspot.IsNotFound(look):
			p.missing[event], err = errs[0], nil // each line says so
		default:
			err = look // nobody's contact is to blame
		}
	}
	out := hubspot.WriteResult{Results: make([]hubspot.InputResult, len(list))}
	for i := range errs {
		out.Results[i].Err = errs[i]
	}
	return out, err
}

func (p *attendancePass) recorded(s *showing, r hubspot.InputResult) {
	s.tried = false
	switch {
	case r.Err == nil:
		s.row.Epoch = p.Portal.Epoch
		s.confirmed = true
	case p.missing[s.row.EventID] != nil:
		p.eventless(s, r.Err)
	case s.a.contested() && hubspot.IsNotFound(r.Err):
		s.Fail(unknownPair(r.Err))
	case !s.a.contested() && (hubspot.IsNotFound(r.Err) || r.Err.Code == hubspot.CodeUnmentioned && s.a.d.Attempt > 0):
		// The contact is gone, or is another one by now: its member is sent again,
		// which finds out, and this follows. Without an answer it may have been told.
		s.a.stale = true
		s.unknown = r.Err.Code == hubspot.CodeUnmentioned
		s.a.Put(verdict.AwaitsContact, carry.StaleRetry)
	default:
		p.Refuse(s, r.Err)
	}
}

// eventless settles a line of an event that HubSpot does not have: the event is
// made again, and this follows.
func (p *attendancePass) eventless(s *showing, why *hubspot.Error) {
	s.tried = false
	if s.a.contested() {
		s.Fail(unknownPair(why))
		return
	}
	s.a.eventless = append(s.a.eventless, s.row.EventID)
	s.a.Put(verdict.AwaitsEvent, carry.StaleRetry)
}

// unknownPair is what it means that HubSpot does not know a contact or an event,
// though it has confirmed both: a person has to look.
func unknownPair(err *hubspot.Error) verdict.Failure {
	f := verdict.Read(err)
	f.Code, f.Hold = verdict.InvalidPair, true
	return f
}

// result is what the outing has learnt.
func (p *attendancePass) result() carry.Result {
	r := carry.Result{Stop: p.Stop, Outcomes: make([]outbox.Outcome, len(p.all))}
	for i, a := range p.all {
		r.Outcomes[i] = a.Outcome
		r.Records = append(r.Records, ledger.Entry{Entity: kinds.EntityAttendance, Key: a.d.Key, HubSpotID: a.to.Contact, Record: a.Record})
	}
	r.Apply = append(r.Apply, p.apply)
	return r
}

// apply writes what is known within Settle's transaction.
func (p *attendancePass) apply(ctx context.Context, tx bun.Tx, now time.Time) error {
	s, at := p.s, p.Portal.Place
	var keep, drop []attendance.Row
	var members, stale, unseen, gone, left []string
	for _, a := range p.all {
		for _, one := range a.showings {
			switch {
			case one.confirmed:
				keep = append(keep, one.row)
			case one.unknown || one.tried && p.Stop != nil && p.Stop.Unknown:
				// As announced.
			case one.prior.EventID != "":
				keep = append(keep, one.prior)
			case a.contested(): // so that the member is found if the event is made anew
				keep = append(keep, a.remember(one.row.EventID))
			default:
				drop = append(drop, one.row)
			}
		}
		gone = append(gone, a.eventless...)
		remember, unneeded := a.remembers()
		keep, drop, left = append(keep, remember...), append(drop, unneeded...), append(left, a.leftOut...)
		switch {
		case a.stale:
			stale = append(stale, a.d.Key)
		case a.to.Due && a.Outcome.Verdict == outbox.VerdictWait:
			members = append(members, a.d.Key)
		}
		if event, found := strings.CutPrefix(a.Outcome.WaitsFor, kinds.Event+":"); found && p.said[event] == "" {
			unseen = append(unseen, event) // nobody has ever looked at it
		}
	}
	gone = values.Union(gone, nil)
	if len(gone) > 0 { // before any row: who loses events touches the rows of other batches
		if err := s.Connections.Lock(ctx, tx, p.Batch.Tenant); err != nil {
			return err
		}
	}
	again, err := p.sentMeanwhile(ctx, tx, values.Union(left, nil))
	if err != nil {
		return err
	}
	if err := s.Ledger.saveAttendance(ctx, tx, at, keep); err != nil {
		return err
	}
	if err := s.Ledger.dropAttendance(ctx, tx, at, drop); err != nil {
		return err
	}
	if err := s.Ledger.lose(ctx, tx, at, gone); err != nil {
		return err
	}
	for _, a := range p.all {
		if !a.ended {
			continue
		}
		if err := s.Records.End(ctx, tx, at, kinds.EntityAttendance, a.d.Key, verdict.NothingToTell, now); err != nil {
			return err
		}
	}
	if err := s.Links.ForgetFingerprints(ctx, tx, at, kinds.Member, stale); err != nil {
		return err
	}
	entries := carry.LiveEntries(at.ClientID, kinds.Attendance, again)
	entries = append(entries, carry.LiveEntries(at.ClientID, kinds.Member, values.Union(stale, members))...)
	entries = append(entries, carry.LiveEntries(at.ClientID, kinds.Event, values.Union(unseen, gone))...)
	return s.Outbox.Append(ctx, tx, entries...)
}

// sentMeanwhile lists the members who were left out for want of an event that
// has been sent since this pass looked. The settlement of an event appends
// those who are stored as left out; the lock makes sure that one of the two
// sees the other.
func (p *attendancePass) sentMeanwhile(ctx context.Context, tx bun.Tx, left []string) ([]string, error) {
	if len(left) == 0 {
		return nil, nil
	}
	if err := p.s.Connections.Lock(ctx, tx, p.Batch.Tenant); err != nil {
		return nil, err
	}
	events, err := p.s.Ledger.events(ctx, tx, p.Portal.Place, left)
	if err != nil {
		return nil, err
	}
	var out []string
	for _, a := range p.all {
		if slices.ContainsFunc(a.leftOut, func(event string) bool { return events[event].Sent }) {
			out = append(out, a.d.Key)
		}
	}
	return out, nil
}
