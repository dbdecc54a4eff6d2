package crmsync

import (
	"bytes"
	"context"
	"errors"
	"slices"
	"time"

	"github.com/uptrace/bun"

	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/carry"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/kinds"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/ledger"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/notes"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/values"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/verdict"
	"github.com/memberpulse/hubspotplugin/integration"
	"github.com/memberpulse/hubspotplugin/outbox"
)

// carryRecords takes a batch of members or organizations to their contacts or
// companies.
func (s *Syncer) carryRecords(ctx context.Context, b outbox.Batch, portal *carry.Portal) (carry.Result, error) {
	p := &pass{s: s, Outing: &carry.Outing{Base: s.Base, Batch: b, Portal: portal}, road: s.roads[b.Kind]}
	if err := p.prepare(ctx); err != nil {
		return carry.Result{}, err
	}
	if !p.Ended() {
		portal.Begin(b)
		if err := p.run(ctx); err != nil {
			return carry.Result{}, err
		}
	}
	if p.Lost != nil {
		return carry.Result{}, p.Lost
	}
	p.finish() // what stopped before a call waits with its tenant
	return p.result(), nil
}

// prepare loads what is stored and what the host has, and plans. The error
// means that nothing may be settled.
func (p *pass) prepare(ctx context.Context) error {
	keys, at := p.Keys(), p.Portal.Place
	links, err := p.s.Links.Load(ctx, at, p.road.kind, keys)
	if err != nil {
		return err
	}
	unconfirmed, err := p.s.Links.UnconfirmedOf(ctx, at, p.road.kind, keys)
	if err != nil {
		return err
	}
	loaded, err := p.s.Load(ctx, p.Batch)
	if err != nil {
		p.s.Log.Warn("the host could not be read", "client_id", p.Batch.Tenant, "kind", p.road.kind, "error", err)
		loaded = nil // no answer: everything is tried again
	}
	p.Verify(ctx)
	l, err := p.lens(ctx, keys)
	switch {
	case err != nil:
		return err
	case p.Ended():
		for _, d := range p.Batch.Deliveries {
			p.works = append(p.works, &work{road: p.road, d: d, step: stepFind})
		}
		return nil
	}
	p.works = p.road.plan(l, p.Batch.Deliveries, links, loaded, epoch{p.Portal.Epoch, p.Portal.Doubtful, unconfirmed})
	if tooManyGone(p.works) && !p.s.Now().Before(p.Portal.GoneAccepted) {
		for _, w := range p.works {
			w.step, w.outcome, w.record = stepDone, outbox.Snooze(), ledger.Record{}
		}
		p.Stop = &verdict.Failure{Code: verdict.ManyGone, Tenant: true, Hold: true}
	}
	return nil
}

// tooManyGone recognises a host query that has lost its mind: one such batch
// must not empty a portal.
func tooManyGone(works []*work) bool {
	gone := 0
	for _, w := range works {
		if w.gone {
			gone++
		}
	}
	return carry.ManyGone(gone, len(works))
}

// result is what the pass has learnt.
func (p *pass) result() carry.Result {
	r := carry.Result{Stop: p.Stop, Outcomes: make([]outbox.Outcome, len(p.works))}
	for i, w := range p.works {
		r.Outcomes[i] = w.outcome
		r.Records = append(r.Records, ledger.Entry{Entity: p.road.entity, Key: w.d.Key, HubSpotID: w.link.HubSpotID, Record: w.record})
		r.Records = append(r.Records, w.tagRecords()...)
	}
	_, said := p.overtaken()
	r.Records = append(r.Records, said...)
	r.Apply = append(r.Apply, p.apply)
	return r
}

// apply writes the pass's links within Settle's transaction.
func (p *pass) apply(ctx context.Context, tx bun.Tx, now time.Time) error {
	s, at, kind := p.s, p.Portal.Place, p.road.kind
	if len(p.moved()) > 0 || len(p.arrived()) > 0 {
		if err := s.Connections.Lock(ctx, tx, at.ClientID); err != nil {
			return err
		}
	}
	var links [2][]ledger.Link // whose fingerprint was not known, and known
	var forget []string
	for _, r := range p.resend {
		forget = append(forget, r.owner)
	}
	for _, w := range p.works {
		switch {
		case w.unknown:
			forget = append(forget, w.d.Key)
			if w.prior.HubSpotID == "" && w.link.HubSpotID != "" {
				// Whose record it is has been decided, whatever came of the write.
				w.link.Sent = values.Union(values.Union(w.link.Sent, w.unconfirmed), w.fills())
				links[0] = append(links[0], w.link)
			}
			continue
		case w.announced && !w.written:
			w.link.Sent = w.sent // the call was not made, or refused
		case w.prior.HubSpotID == "" && !w.written:
			w.link.Sent = values.Union(w.link.Sent, w.unconfirmed) // a call before this pass may have left them
			if w.holdsEmail {
				w.link.Sent = values.Union(w.link.Sent, w.fields.Filled(w.d.Key, map[string]string{values.PropEmail: w.values[values.PropEmail]}).Entries())
			}
		}
		if w.link.HubSpotID != "" && !sameLink(w.link, w.prior) {
			known := 0
			if w.prior.Fingerprint != nil {
				known = 1
			}
			links[known] = append(links[known], w.link)
		}
	}
	if err := p.handOver(ctx, tx); err != nil {
		return err
	}
	for known, list := range links {
		if err := s.Links.Save(ctx, tx, at, kind, list, known == 1, now); err != nil {
			return err
		}
	}
	if err := s.Links.ForgetFingerprints(ctx, tx, at, kind, forget); err != nil {
		return err
	}
	if err := s.Links.Confirm(ctx, tx, at, kind, p.known()); err != nil {
		return err
	}
	if err := s.tags.save(ctx, tx, at, p.tagRows()); err != nil {
		return err
	}
	if err := errors.Join(p.writeCRMIDs(ctx, tx), p.belong(ctx, tx), p.rejoin(ctx, tx), p.followLists(ctx, tx), p.attend(ctx, tx), p.compare(ctx, tx, now), p.makeRoom(ctx, tx), s.notes.Place(ctx, tx, at, p.arrived())); err != nil {
		return err
	}
	for _, r := range p.resend {
		if len(r.names) > 0 {
			if err := s.Links.Widen(ctx, tx, at, kind, map[string][]string{r.owner: r.names}); err != nil {
				return err
			}
		}
		e := outbox.Entry{Tenant: p.Batch.Tenant, Lane: outbox.LaneLive, Kind: kind, Key: r.owner}
		if err := s.Outbox.Append(ctx, tx, e); err != nil {
			return err
		}
	}
	return nil
}

// arrived are the members whose tickets have a contact from now on.
func (p *pass) arrived() []notes.Arrival {
	if p.road.kind != kinds.Member || !p.Portal.Options.Tickets {
		return nil
	}
	var out []notes.Arrival
	for _, w := range p.works {
		if w.link.Live() != "" && w.prior.Live() == "" {
			out = append(out, notes.Arrival{Member: w.d.Key, Contact: w.link.HubSpotID, Lane: w.d.Lane})
		}
	}
	return out
}

// writeCRMIDs tells the host which contact is which member's, where that is
// new.
func (p *pass) writeCRMIDs(ctx context.Context, tx bun.Tx) error {
	if p.s.CRMIDs == nil || p.road.kind != kinds.Member {
		return nil
	}
	var ids []integration.CRMID
	for _, w := range p.works {
		if w.link.HubSpotID != w.prior.HubSpotID && !w.gone {
			ids = append(ids, integration.CRMID{Ref: integration.Ref{Kind: integration.KindMember, Key: w.d.Key}, ID: w.link.HubSpotID})
		}
	}
	return p.s.TellHost(ctx, tx, p.Batch.Tenant, ids)
}

func sameLink(a, b ledger.Link) bool {
	return a.HubSpotID == b.HubSpotID && a.Lost == b.Lost && a.Archived == b.Archived && a.CreatedHere == b.CreatedHere &&
		bytes.Equal(a.Fingerprint, b.Fingerprint) && slices.Equal(a.Sent, b.Sent)
}
