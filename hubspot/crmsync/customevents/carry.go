package customevents

import (
	"context"
	"time"

	"github.com/uptrace/bun"

	"github.com/memberpulse/hubspotplugin/hubspot"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/carry"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/kinds"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/ledger"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/values"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/verdict"
	"github.com/memberpulse/hubspotplugin/integration"
	"github.com/memberpulse/hubspotplugin/outbox"
)

// occurrences is one batch of custom events on its way.
type occurrences struct {
	*carry.Outing
	s      *Carrier
	all    []*occurrence
	looked bool // whether HubSpot still has the definition
}

// occurrence is one activity that becomes a custom event.
type occurrence struct {
	carry.Fate

	d        outbox.Delivery
	activity integration.Activity
	link     string
	to       carry.Addressee
	contact  string // its record id as HubSpot has it now
	stale    bool   // it has no such contact any more
}

// Carry sends activities as custom events. What becomes of their
// notes makes no difference.
func (s *Carrier) Carry(ctx context.Context, b outbox.Batch, portal *carry.Portal) (carry.Result, error) {
	p := &occurrences{s: s, Outing: &carry.Outing{Base: s.Base, Batch: b, Portal: portal}}
	p.Verify(ctx)
	if p.Ended() {
		return p.Untouched()
	}
	if err := p.prepare(ctx); err != nil {
		return carry.Result{}, err
	}
	p.meet(ctx)
	p.Single = true
	p.send(ctx)
	if p.Lost != nil {
		return carry.Result{}, p.Lost
	}
	for _, o := range p.all {
		o.Close(p.Outing)
	}
	return p.result(), nil
}

// prepare reads what was recorded and finds out to whom it belongs. The error
// is the database's.
func (p *occurrences) prepare(ctx context.Context) error {
	var members []string
	for _, d := range p.Batch.Deliveries {
		o := &occurrence{d: d}
		p.all = append(p.all, o)
		a, err := integration.ParseFact(d.Key, d.Payload)
		if err != nil {
			p.s.Log.Error("an activity cannot be read", "client_id", p.Batch.Tenant, "activity", d.Key, "error", err)
			o.Fail(verdict.Failure{Code: verdict.Unreadable, Hold: true})
			o.Outcome = outbox.Hold(verdict.ClassBug, string(verdict.Unreadable))
			continue
		}
		o.activity, o.link = a, p.s.Pages.Link(p.Batch.Tenant, a.About)
		members = append(members, a.MemberID)
	}
	to, err := p.Addressees(ctx, members, false)
	if err != nil {
		return err
	}
	since, err := p.s.since(ctx, p.s.DB, p.Portal.Place)
	if err != nil {
		return err
	}
	for _, o := range p.all {
		if !o.Settled {
			o.plan(to[o.activity.MemberID], since, p.s.Now())
		}
	}
	return nil
}

// plan decides what the occurrence needs. It is pure.
func (o *occurrence) plan(to carry.Addressee, since, now time.Time) {
	o.to = to
	switch {
	case o.d.RecordedAt.Before(since): // it waited while custom events were off
		o.Exclude(verdict.SwitchedOff)
	case o.activity.MemberID == "":
		o.Exclude(verdict.NotMember)
	case to.Silent:
		o.Put(verdict.Host, 0)
	case to.Waits && now.Sub(o.d.RecordedAt) > carry.AwaitContact:
		o.Exclude(verdict.NoContact)
	case to.Waits:
		o.Wait(kinds.Member, o.activity.MemberID, verdict.AwaitsContact)
	case to.Why != "":
		o.Exclude(to.Why)
	}
}

func (p *occurrences) open() []*occurrence {
	var out []*occurrence
	for _, o := range p.all {
		if !o.Settled {
			out = append(out, o)
		}
	}
	return out
}

// meet looks the contacts up: HubSpot takes an event of a record that it does
// not have without a word, and it is lost.
func (p *occurrences) meet(ctx context.Context) {
	var ids []string
	for _, o := range p.open() {
		ids = append(ids, o.to.Contact)
	}
	got, ok := p.ReadAll(ctx, hubspot.Contacts, "", values.Union(ids, nil))
	if !ok {
		return
	}
	for _, o := range p.open() {
		rec, found := got.Find(o.to.Contact)
		switch {
		case found:
			o.contact = rec.ID
		case got.Missing[o.to.Contact]:
			// Its member is sent again, which finds out, and this follows.
			o.stale = true
			o.Put(verdict.AwaitsContact, carry.StaleRetry)
		default:
			o.Put(verdict.Unconfirmed, 0)
		}
	}
}

// send sends what is still under way. HubSpot takes a call whole or not at all,
// and drops what it has already.
func (p *occurrences) send(ctx context.Context) {
	if p.Ended() {
		return
	}
	carry.Write(ctx, p.Outing, p.open(), func(ctx context.Context, list []*occurrence) (hubspot.WriteResult, error) {
		events := make([]hubspot.Event, len(list))
		for i, o := range list {
			events[i] = customEvent(p.Portal.Place, o.activity, o.contact, o.link)
		}
		err := p.Portal.Client.SendEvents(ctx, events)
		if hubspot.IsValidation(err) && !p.looked {
			// One record's fault, or has somebody deleted the definition?
			found, look := lookUpDefinition(ctx, p.Portal.Client)
			if p.looked = look == nil; look == nil && found == defMissing {
				p.StopFeature(verdict.Failure{Code: verdict.DefinitionGone, Hold: true, Correlation: verdict.Read(err).Correlation})
			}
		}
		return hubspot.WriteResult{Results: make([]hubspot.InputResult, len(list))}, err
	}, func(o *occurrence, r hubspot.InputResult) {
		if r.Err != nil {
			p.Refuse(o, r.Err)
			return
		}
		o.Done("")
	})
}

// result is what the outing has learnt.
func (p *occurrences) result() carry.Result {
	r := carry.Result{Stop: p.Stop, Outcomes: make([]outbox.Outcome, len(p.all))}
	for i, o := range p.all {
		r.Outcomes[i] = o.Outcome
		r.Records = append(r.Records, ledger.Entry{Entity: kinds.EntityCustomEvent, Key: o.d.Key, HubSpotID: o.to.Contact, Record: o.Record})
	}
	r.Apply = append(r.Apply, p.apply)
	return r
}

// apply appends the members that must be looked at first.
func (p *occurrences) apply(ctx context.Context, tx bun.Tx, _ time.Time) error {
	var stale, due []string
	for _, o := range p.all {
		switch {
		case o.stale:
			stale = append(stale, o.activity.MemberID)
		case o.to.Due && o.Outcome.Verdict == outbox.VerdictWait:
			due = append(due, o.activity.MemberID)
		}
	}
	if err := p.s.Links.ForgetFingerprints(ctx, tx, p.Portal.Place, kinds.Member, values.Union(stale, nil)); err != nil {
		return err
	}
	return p.s.Outbox.Append(ctx, tx, carry.LiveEntries(p.Batch.Tenant, kinds.Member, values.Union(stale, due))...)
}
