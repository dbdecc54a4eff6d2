package crmsync

import (
	"bytes"
	"context"
	"errors"
	"slices"
	"time"

	"github.com/uptrace/bun"

	"github.com/memberpulse/hubspotplugin/integration"
	"github.com/memberpulse/hubspotplugin/outbox"
)

// carryRecords takes a batch of members or organizations to their contacts or
// companies.
func (s *Syncer) carryRecords(ctx context.Context, b outbox.Batch, portal *Portal) (result, error) {
	p := &pass{s: s, outing: &outing{base: s.base, batch: b, portal: portal}, road: s.roads[b.Kind]}
	if err := p.prepare(ctx); err != nil {
		return result{}, err
	}
	if !p.ended() {
		portal.begin(b)
		if err := p.run(ctx); err != nil {
			return result{}, err
		}
	}
	if p.lost != nil {
		return result{}, p.lost
	}
	p.finish() // what stopped before a call waits with its tenant
	return p.result(), nil
}

// prepare loads what is stored and what the host has, and plans. The error
// means that nothing may be settled.
func (p *pass) prepare(ctx context.Context) error {
	keys, at := p.keys(), p.portal.place
	links, err := p.s.links.load(ctx, at, p.road.kind, keys)
	if err != nil {
		return err
	}
	unconfirmed, err := p.s.links.unconfirmedOf(ctx, at, p.road.kind, keys)
	if err != nil {
		return err
	}
	loaded, err := p.s.load(ctx, p.batch)
	if err != nil {
		p.s.log.Warn("the host could not be read", "client_id", p.batch.Tenant, "kind", p.road.kind, "error", err)
		loaded = nil // no answer: everything is tried again
	}
	p.verify(ctx)
	l, err := p.lens(ctx, keys)
	switch {
	case err != nil:
		return err
	case p.ended():
		for _, d := range p.batch.Deliveries {
			p.works = append(p.works, &work{road: p.road, d: d, step: stepFind})
		}
		return nil
	}
	p.works = p.road.plan(l, p.batch.Deliveries, links, loaded, epoch{p.portal.epoch, p.portal.doubtful, unconfirmed})
	if tooManyGone(p.works) && !p.s.now().Before(p.portal.goneAccepted) {
		for _, w := range p.works {
			w.step, w.outcome, w.record = stepDone, outbox.Snooze(), record{}
		}
		p.stop = &failure{code: codeManyGone, tenant: true, hold: true}
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
	return manyGone(gone, len(works))
}

// result is what the pass has learnt.
func (p *pass) result() result {
	r := result{stop: p.stop, outcomes: make([]outbox.Outcome, len(p.works))}
	for i, w := range p.works {
		r.outcomes[i] = w.outcome
		r.records = append(r.records, entry{entity: p.road.entity, key: w.d.Key, hubspotID: w.link.HubSpotID, record: w.record})
		r.records = append(r.records, w.tagRecords()...)
	}
	r.apply = append(r.apply, p.apply)
	return r
}

// apply writes the pass's links within Settle's transaction.
func (p *pass) apply(ctx context.Context, tx bun.Tx, now time.Time) error {
	s, at, kind := p.s, p.portal.place, p.road.kind
	if len(p.moved()) > 0 {
		if err := s.connections.lock(ctx, tx, at.clientID); err != nil {
			return err
		}
	}
	var links [2][]link // whose fingerprint was not known, and known
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
				w.link.Sent = union(union(w.link.Sent, w.unconfirmed), w.fills())
				links[0] = append(links[0], w.link)
			}
			continue
		case w.announced && !w.written:
			w.link.Sent = w.sent // the call was not made, or refused
		case w.prior.HubSpotID == "" && !w.written:
			w.link.Sent = union(w.link.Sent, w.unconfirmed) // a call before this pass may have left them
			if w.holdsEmail {
				w.link.Sent = union(w.link.Sent, w.fields.Filled(w.d.Key, map[string]string{propEmail: w.values[propEmail]}).Entries())
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
	for known, list := range links {
		if err := s.links.save(ctx, tx, at, kind, list, known == 1, now); err != nil {
			return err
		}
	}
	if err := s.links.forgetFingerprints(ctx, tx, at, kind, forget); err != nil {
		return err
	}
	if err := s.links.confirm(ctx, tx, at, kind, p.known()); err != nil {
		return err
	}
	if err := s.tags.save(ctx, tx, at, p.tagRows()); err != nil {
		return err
	}
	if err := errors.Join(p.writeCRMIDs(ctx, tx), p.belong(ctx, tx), p.rejoin(ctx, tx), p.followLists(ctx, tx), p.attend(ctx, tx), p.compare(ctx, tx, now)); err != nil {
		return err
	}
	for _, r := range p.resend {
		if err := s.links.widen(ctx, tx, at, kind, map[string][]string{r.owner: r.names}); err != nil {
			return err
		}
		e := outbox.Entry{Tenant: p.batch.Tenant, Lane: outbox.LaneLive, Kind: kind, Key: r.owner}
		if err := s.outbox.Append(ctx, tx, e); err != nil {
			return err
		}
	}
	return nil
}

// writeCRMIDs tells the host which contact is which member's, where that is
// new.
func (p *pass) writeCRMIDs(ctx context.Context, tx bun.Tx) error {
	if p.s.crmIDs == nil || p.road.kind != kindMember {
		return nil
	}
	var ids []integration.CRMID
	for _, w := range p.works {
		if w.link.HubSpotID != w.prior.HubSpotID && !w.gone {
			ids = append(ids, integration.CRMID{Ref: integration.Ref{Kind: integration.KindMember, Key: w.d.Key}, ID: w.link.HubSpotID})
		}
	}
	return p.s.tellHost(ctx, tx, p.batch.Tenant, ids)
}

func sameLink(a, b link) bool {
	return a.HubSpotID == b.HubSpotID && a.Lost == b.Lost && a.Archived == b.Archived && a.CreatedHere == b.CreatedHere &&
		bytes.Equal(a.Fingerprint, b.Fingerprint) && slices.Equal(a.Sent, b.Sent)
}
