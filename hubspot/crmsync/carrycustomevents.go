package crmsync

import (
	"context"
	"time"

	"github.com/uptrace/bun"

	"github.com/memberpulse/hubspotplugin/hubspot"
	"github.com/memberpulse/hubspotplugin/integration"
	"github.com/memberpulse/hubspotplugin/outbox"
)

// occurrences is one batch of custom events on its way.
type occurrences struct {
	*outing
	s      *customEventCarrier
	all    []*occurrence
	looked bool // whether HubSpot still has the definition
}

// occurrence is one activity that becomes a custom event.
type occurrence struct {
	fate

	d        outbox.Delivery
	activity integration.Activity
	link     string
	to       addressee
	contact  string // its record id as HubSpot has it now
	stale    bool   // it has no such contact any more
}

// carryCustomEvents sends activities as custom events. What becomes of their
// notes makes no difference.
func (s *customEventCarrier) carryCustomEvents(ctx context.Context, b outbox.Batch, portal *Portal) (result, error) {
	p := &occurrences{s: s, outing: &outing{base: s.base, batch: b, portal: portal}}
	p.verify(ctx)
	if p.ended() {
		return p.untouched()
	}
	if err := p.prepare(ctx); err != nil {
		return result{}, err
	}
	p.meet(ctx)
	p.single = true
	p.send(ctx)
	if p.lost != nil {
		return result{}, p.lost
	}
	for _, o := range p.all {
		o.close(p.outing)
	}
	return p.result(), nil
}

// prepare reads what was recorded and finds out to whom it belongs. The error
// is the database's.
func (p *occurrences) prepare(ctx context.Context) error {
	var members []string
	for _, d := range p.batch.Deliveries {
		o := &occurrence{d: d}
		p.all = append(p.all, o)
		a, err := integration.ParseFact(d.Key, d.Payload)
		if err != nil {
			p.s.log.Error("an activity cannot be read", "client_id", p.batch.Tenant, "activity", d.Key, "error", err)
			o.fail(failure{code: codeUnreadable, hold: true})
			o.outcome = outbox.Hold(classBug, string(codeUnreadable))
			continue
		}
		o.activity, o.link = a, p.s.pages.link(p.batch.Tenant, a.About)
		members = append(members, a.MemberID)
	}
	to, err := p.addressees(ctx, members, false)
	if err != nil {
		return err
	}
	for _, o := range p.all {
		if !o.settled {
			o.plan(to[o.activity.MemberID], p.s.now())
		}
	}
	return nil
}

// plan decides what the occurrence needs. It is pure.
func (o *occurrence) plan(to addressee, now time.Time) {
	o.to = to
	switch {
	case o.activity.MemberID == "":
		o.exclude(codeNotMember)
	case to.silent:
		o.put(codeHost, 0)
	case to.waits && now.Sub(o.d.RecordedAt) > awaitContact:
		o.exclude(codeNoContact)
	case to.waits:
		o.wait(kindMember, o.activity.MemberID, codeAwaitsContact)
	case to.why != "":
		o.exclude(to.why)
	}
}

func (p *occurrences) open() []*occurrence {
	var out []*occurrence
	for _, o := range p.all {
		if !o.settled {
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
		ids = append(ids, o.to.contact)
	}
	got, ok := p.readAll(ctx, hubspot.Contacts, "", union(ids, nil))
	if !ok {
		return
	}
	for _, o := range p.open() {
		rec, found := got.find(o.to.contact)
		switch {
		case found:
			o.contact = rec.ID
		case got.missing[o.to.contact]:
			// Its member is sent again, which finds out, and this follows.
			o.stale = true
			o.put(codeAwaitsContact, staleRetry)
		default:
			o.put(codeUnconfirmed, 0)
		}
	}
}

// send sends what is still under way. HubSpot takes a call whole or not at all,
// and drops what it has already.
func (p *occurrences) send(ctx context.Context) {
	if p.ended() {
		return
	}
	write(ctx, p.outing, p.open(), func(ctx context.Context, list []*occurrence) (hubspot.WriteResult, error) {
		events := make([]hubspot.Event, len(list))
		for i, o := range list {
			events[i] = customEvent(p.portal.place, o.activity, o.contact, o.link)
		}
		err := p.portal.client.SendEvents(ctx, events)
		if hubspot.IsValidation(err) && !p.looked {
			// One record's fault, or has somebody deleted the definition?
			found, look := lookUpDefinition(ctx, p.portal.client)
			if p.looked = look == nil; look == nil && found == defMissing {
				p.stopFeature(failure{code: codeDefinitionGone, hold: true, correlation: readFailure(err).correlation})
			}
		}
		return hubspot.WriteResult{Results: make([]hubspot.InputResult, len(list))}, err
	}, func(o *occurrence, r hubspot.InputResult) {
		if r.Err != nil {
			p.refuse(o, r.Err)
			return
		}
		o.done("")
	})
}

// result is what the outing has learnt.
func (p *occurrences) result() result {
	r := result{stop: p.stop, outcomes: make([]outbox.Outcome, len(p.all))}
	for i, o := range p.all {
		r.outcomes[i] = o.outcome
		r.records = append(r.records, entry{entity: entityCustomEvent, key: o.d.Key, hubspotID: o.to.contact, record: o.record})
	}
	r.apply = append(r.apply, p.apply)
	return r
}

// apply appends the members that must be looked at first.
func (p *occurrences) apply(ctx context.Context, tx bun.Tx, _ time.Time) error {
	var stale, due []string
	for _, o := range p.all {
		switch {
		case o.stale:
			stale = append(stale, o.activity.MemberID)
		case o.to.due && o.outcome.Verdict == outbox.VerdictWait:
			due = append(due, o.activity.MemberID)
		}
	}
	if err := p.s.links.forgetFingerprints(ctx, tx, p.portal.place, kindMember, union(stale, nil)); err != nil {
		return err
	}
	return p.s.outbox.Append(ctx, tx, liveEntries(p.batch.Tenant, kindMember, union(stale, due))...)
}
