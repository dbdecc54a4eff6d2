package crmsync

import (
	"context"
	"time"

	"github.com/uptrace/bun"

	"github.com/memberpulse/hubspotplugin/hubspot"
	"github.com/memberpulse/hubspotplugin/outbox"
)

// eventPass is one batch of events on its way.
type eventPass struct {
	*outing
	s     *marketingCarrier
	works []*eventWork
}

// carryEvents keeps one marketing event for each event of the host, under the
// tenant's and the event's own ids. None is ever deleted: one that the host has
// no more is marked as cancelled.
func (s *marketingCarrier) carryEvents(ctx context.Context, b outbox.Batch, portal *Portal) (result, error) {
	p := &eventPass{s: s, outing: &outing{base: s.base, batch: b, portal: portal}}
	p.verify(ctx)
	if p.ended() {
		return p.untouched()
	}
	if err := p.prepare(ctx); err != nil {
		return result{}, err
	}
	if !p.ended() {
		portal.begin(b)
		p.single = true
		p.cancel(ctx)
		p.upsert(ctx)
	}
	if p.lost != nil {
		return result{}, p.lost
	}
	for _, w := range p.works {
		w.close(p.outing)
	}
	return p.result(), nil
}

// prepare loads what is stored and what the host has, and plans. The error
// means that nothing may be settled.
func (p *eventPass) prepare(ctx context.Context) error {
	at := p.portal.place
	rows, err := p.s.ledger.events(ctx, p.s.db, at, p.keys())
	if err != nil {
		return err
	}
	since, err := p.s.ledger.since(ctx, p.s.db, at)
	if err != nil {
		return err
	}
	loaded, err := p.s.load(ctx, p.batch)
	if err != nil {
		p.s.log.Warn("the host could not be read", "client_id", p.batch.Tenant, "kind", p.batch.Kind, "error", err)
		loaded = nil // no answer: everything is tried again
	}
	gone := 0
	link := p.s.pages.linker(p.batch.Tenant)
	for _, d := range p.batch.Deliveries {
		w := &eventWork{d: d, prior: rows[d.Key], row: rows[d.Key]}
		w.row.Key = d.Key
		w.plan(eventLens{account: at.clientID, since: since, epoch: p.portal.epoch, doubtful: p.portal.doubtful(d), link: link}, loaded[d.Key])
		p.works = append(p.works, w)
		if w.gone && w.prior.Sent {
			gone++
		}
	}
	if manyGone(gone, len(p.works)) && !p.s.now().Before(p.portal.goneAccepted) {
		for _, w := range p.works {
			w.fate = fate{}
		}
		p.stop = &failure{code: codeManyGone, tenant: true, hold: true}
	}
	return nil
}

// cancel reads events that the host has no more, so that they can be written as
// they are but for the mark. One that HubSpot does not have needs none.
func (p *eventPass) cancel(ctx context.Context) {
	for _, w := range p.works {
		if w.settled || !w.gone {
			continue
		}
		var e hubspot.MarketingEvent
		ok, err := p.call(ctx, func(ctx context.Context) (err error) {
			e, _, err = p.portal.client.MarketingEvent(ctx, p.portal.place.clientID, w.d.Key)
			return err
		})
		switch {
		case !ok:
			return
		case hubspot.IsNotFound(err):
			w.row.Sent, w.row.HubSpotID, w.row.Fingerprint = false, "", w.print
			w.end()
		case err != nil:
			w.fail(readFailure(err))
		case e.Cancelled:
			w.row.Fingerprint = w.print
			w.end()
		default:
			e.Cancelled = true
			w.event = e
		}
	}
}

// upsert writes events, whoever of them has to be written.
func (p *eventPass) upsert(ctx context.Context) {
	var works []*eventWork
	var rows []eventRow
	for _, w := range p.works {
		if !w.settled && w.event.EventID != "" {
			works = append(works, w)
			if w.prior.Key == "" {
				rows = append(rows, w.row)
			}
		}
	}
	if p.ended() || len(works) == 0 {
		return
	}
	// HubSpot can have an event from here on, whatever is heard of the call.
	if p.lost = p.s.ledger.saveEvents(ctx, p.s.db, p.portal.place, rows, p.s.now()); p.lost != nil {
		return
	}
	write(ctx, p.outing, works, func(ctx context.Context, list []*eventWork) (hubspot.WriteResult, error) {
		in := make([]hubspot.MarketingEvent, len(list))
		for i, w := range list {
			in[i] = w.event
		}
		got, err := p.portal.client.UpsertMarketingEvents(ctx, in)
		out := hubspot.WriteResult{Results: make([]hubspot.InputResult, len(list))}
		for i, r := range got {
			out.Results[i] = hubspot.InputResult{Record: &hubspot.Record{ID: r.ID}, Err: r.Err}
		}
		return out, err
	}, func(w *eventWork, r hubspot.InputResult) {
		if r.Err != nil {
			p.refuse(w, r.Err)
			return
		}
		w.tried = false
		w.row.Sent, w.row.Fingerprint = true, w.print
		if r.Record.ID != "" {
			w.row.HubSpotID = r.Record.ID
		}
		w.end()
	})
}

// result is what the outing has learnt.
func (p *eventPass) result() result {
	r := result{stop: p.stop, outcomes: make([]outbox.Outcome, len(p.works))}
	for i, w := range p.works {
		r.outcomes[i] = w.outcome
		r.records = append(r.records, entry{entity: entityEvent, key: w.d.Key, hubspotID: w.row.HubSpotID, record: w.record})
	}
	r.apply = append(r.apply, p.apply)
	return r
}

// apply writes what is known within Settle's transaction, and appends the
// members whose attendance waits for an event to be told anew.
func (p *eventPass) apply(ctx context.Context, tx bun.Tx, now time.Time) error {
	at := p.portal.place
	var rows []eventRow
	var made []string
	for _, w := range p.works {
		switch {
		case w.unknown && w.prior.Key != "":
			w.prior.Fingerprint = nil
			rows = append(rows, w.prior)
		case !w.unknown && w.changed():
			rows = append(rows, w.row)
		}
		if w.row.Sent && !w.prior.Sent {
			made = append(made, w.d.Key)
		}
	}
	if len(made) > 0 {
		// A pass that has just left members out for want of the event must not be missed.
		if err := p.s.connections.lock(ctx, tx, at.clientID); err != nil {
			return err
		}
	}
	if err := p.s.ledger.saveEvents(ctx, tx, at, rows, now); err != nil {
		return err
	}
	if len(made) == 0 {
		return nil
	}
	members, err := p.s.ledger.untold(ctx, tx, at, made)
	if err != nil {
		return err
	}
	entries := liveEntries(at.clientID, kindAttendance, members)
	for i := range entries {
		if len(members) > manyMembers {
			entries[i].Lane = outbox.LaneBackfill // they must not hold up the changes of others
		}
	}
	return p.s.outbox.Append(ctx, tx, entries...)
}
