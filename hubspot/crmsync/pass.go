package crmsync

import (
	"context"
	"slices"

	"github.com/memberpulse/hubspotplugin/hubspot"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/carry"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/matching"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/propertymap"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/values"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/verdict"
	"github.com/memberpulse/hubspotplugin/outbox"
)

// pass is one batch of records on its way.
type pass struct {
	*carry.Outing
	s      *Syncer
	road   *road
	fields propertymap.Map
	works  []*work

	mends    int     // how often properties had been made again when it was planned
	keyAsked bool    // HubSpot was asked whether it has our key's property
	resend   []spill // others whose record this pass may have written by accident
	compared matching.Pass
}

// in returns the members that stand at a step.
func (p *pass) in(s step) []*work {
	var out []*work
	for _, w := range p.works {
		if w.step == s {
			out = append(out, w)
		}
	}
	return out
}

// run takes every member as far as it goes in this pass.
func (p *pass) run(ctx context.Context) error {
	if err := p.find(ctx, p.in(stepFind)); err != nil {
		return err
	}
	p.archive(ctx, p.in(stepArchive))
	p.update(ctx, p.in(stepUpdate))
	p.create(ctx, p.in(stepCreate))
	// An upsert that met somebody else's address looks that record up; an update
	// that met a vanished record looks for its survivor. One more round each.
	if err := p.find(ctx, p.in(stepFind)); err != nil {
		return err
	}
	if err := p.recover(ctx, p.in(stepLost)); err != nil {
		return err
	}
	p.update(ctx, p.in(stepUpdate))
	p.create(ctx, p.in(stepCreate))
	p.finish()
	return p.Lost
}

// finish gives every member that is still under way an outcome: it waits with
// its tenant, or it is tried again.
func (p *pass) finish() {
	for _, w := range p.works {
		if w.step == stepDone {
			continue
		}
		w.step = stepDone
		if w.tried && p.Stop != nil && p.Stop.Unknown {
			w.unknown = true
		}
		if p.Stop != nil {
			w.outcome = outbox.Snooze()
			continue
		}
		w.retry(verdict.Conflict)
	}
}

// update writes members to their records, whoever of them can be written.
func (p *pass) update(ctx context.Context, works []*work) {
	works = p.consult(ctx, p.oneEach(works))
	if !p.announced(ctx, works) {
		return
	}
	p.steady(works, func() {
		carry.Write(ctx, p.Outing, works, func(ctx context.Context, ws []*work) (hubspot.WriteResult, error) {
			inputs := make([]hubspot.Input, len(ws))
			for i, w := range ws {
				inputs[i] = w.update()
			}
			return p.Portal.Client.BatchUpdate(ctx, p.road.object, inputs)
		}, p.updated)
	})
	p.checkShared(ctx, works)
}

// announced is announce; it reports false if the pass must not go on.
func (p *pass) announced(ctx context.Context, works []*work) bool {
	if p.Stop != nil || p.Lost != nil {
		return false
	}
	p.Lost = p.announce(ctx, works)
	return p.Lost == nil
}

// oneEach keeps the first of several members that would write one record; the
// others are collisions.
func (p *pass) oneEach(works []*work) []*work {
	seen := map[string]bool{}
	return slices.DeleteFunc(works, func(w *work) bool {
		if seen[w.link.HubSpotID] {
			w.collide(verdict.Collision, w.link.HubSpotID)
			return true
		}
		seen[w.link.HubSpotID] = true
		return false
	})
}

func (p *pass) updated(w *work, r hubspot.InputResult) {
	switch {
	case r.Err == nil && r.Record.ID != w.link.HubSpotID, r.Err != nil && r.Err.Code == hubspot.CodeUnmentioned:
		// HubSpot answers with another id, or the answer has only a record that
		// nobody asked for: the record may have been merged into that one.
		w.step, w.unknown = stepLost, true
	case r.Err == nil:
		w.confirmed(r.Record.ID, false, p.Portal.Epoch)
	case hubspot.IsNotFound(r.Err):
		w.step = stepLost
	case hubspot.IsConflict(r.Err):
		p.contested(w, r.Err)
	case r.Err.Code == verdict.InvalidEmail && w.props[values.PropEmail] != "" && len(w.props) > 1:
		// The contact keeps the address that it has; everything else is written in
		// the next round, and the refusal is told.
		f := verdict.Read(r.Err)
		w.noEmail, w.step = &f, stepUpdate
		delete(w.values, values.PropEmail)
	default:
		p.settleFailure(w, verdict.Read(r.Err))
	}
}

// settleFailure settles a member that HubSpot refused, or stops the pass if
// the reason concerns the whole tenant: the member then waits with the others.
func (p *pass) settleFailure(w *work, f verdict.Failure) {
	if f.Code == verdict.NoProperty {
		p.Portal.DoubtSchemas()
	}
	if f.Code == verdict.InvalidOption && w.d.Attempt == 0 {
		// Somebody may have removed it since the schema was read: ours is made again,
		// and what a property of theirs does not take is left out.
		p.Portal.DoubtSchemas()
		f.Hold, f.After = false, propertyRest
	}
	if f.Tenant {
		p.Stop = &f
		return
	}
	w.Fail(f)
}

// contested settles an update whose address or id belongs to another record.
// If that record may still give the address up, the member waits for it a few
// times; then an admin decides.
func (p *pass) contested(w *work, e *hubspot.Error) {
	if w.d.Attempt < carry.ContestedAttempts {
		f := verdict.Read(e)
		f.Hold = false
		w.Fail(f)
		return
	}
	w.collide(verdict.Collision, e.ExistingID)
	w.record.Correlation = e.CorrelationID
}

// create upserts members by their member id.
func (p *pass) create(ctx context.Context, works []*work) {
	for _, w := range works {
		w.decide(propertymap.CreatedNow)
	}
	if !p.announced(ctx, works) {
		return
	}
	p.steady(works, func() {
		carry.Write(ctx, p.Outing, works, func(ctx context.Context, ws []*work) (hubspot.WriteResult, error) {
			inputs := make([]hubspot.Input, len(ws))
			for i, w := range ws {
				inputs[i] = w.create()
			}
			return p.Portal.Client.BatchUpsert(ctx, p.road.object, p.road.idProperty, inputs)
		}, p.created)
	})
}

func (p *pass) created(w *work, r hubspot.InputResult) {
	switch {
	case r.Err == nil:
		w.confirmed(r.Record.ID, r.New, p.Portal.Epoch)
	case hubspot.IsConflict(r.Err) && !w.raced:
		// Somebody made a contact of this address since we looked: look again.
		w.raced, w.existing = true, r.Err.ExistingID
		w.step = stepFind
	case hubspot.IsConflict(r.Err):
		w.collide(verdict.Collision, r.Err.ExistingID)
		w.record.Correlation = r.Err.CorrelationID
	default:
		p.settleFailure(w, verdict.Read(r.Err))
	}
}
