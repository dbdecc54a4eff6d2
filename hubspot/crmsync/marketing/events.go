package marketing

import (
	"context"
	"strings"
	"time"

	"github.com/uptrace/bun"

	"github.com/memberpulse/hubspotplugin/hubspot"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/carry"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/kinds"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/ledger"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/verdict"
	"github.com/memberpulse/hubspotplugin/outbox"
)

// eventPass is one batch of events on its way.
type eventPass struct {
	*carry.Outing
	s       *Carrier
	works   []*eventWork
	unnamed []*eventWork // written, and HubSpot's reply does not tell which record it is
}

// CarryEvents keeps one marketing event for each event of the host, under the
// tenant's and the event's own ids. None is ever deleted: one that the host has
// no more is marked as cancelled.
func (s *Carrier) CarryEvents(ctx context.Context, b outbox.Batch, portal *carry.Portal) (carry.Result, error) {
	p := &eventPass{s: s, Outing: &carry.Outing{Base: s.Base, Batch: b, Portal: portal}}
	p.Verify(ctx)
	if p.Ended() {
		return p.Untouched()
	}
	if err := p.prepare(ctx); err != nil {
		return carry.Result{}, err
	}
	if !p.Ended() {
		portal.Begin(b)
		p.Single = true
		p.cancel(ctx)
		p.upsert(ctx)
		p.identify(ctx)
	}
	if p.Lost != nil {
		return carry.Result{}, p.Lost
	}
	for _, w := range p.works {
		w.Close(p.Outing)
	}
	return p.result(), nil
}

// prepare loads what is stored and what the host has, and plans. The error
// means that nothing may be settled.
func (p *eventPass) prepare(ctx context.Context) error {
	at := p.Portal.Place
	rows, err := p.s.Ledger.events(ctx, p.s.DB, at, p.Keys())
	if err != nil {
		return err
	}
	since, err := p.s.Ledger.Since(ctx, p.s.DB, at)
	if err != nil {
		return err
	}
	loaded, err := p.s.Load(ctx, p.Batch)
	if err != nil {
		p.s.Log.Warn("the host could not be read", "client_id", p.Batch.Tenant, "kind", p.Batch.Kind, "error", err)
		loaded = nil // no answer: everything is tried again
	}
	gone := 0
	link := p.s.Pages.Linker(p.Batch.Tenant)
	for _, d := range p.Batch.Deliveries {
		w := &eventWork{d: d, prior: rows[d.Key], row: rows[d.Key]}
		w.row.Key = d.Key
		w.plan(eventLens{account: at.ClientID, since: since, epoch: p.Portal.Epoch, doubtful: p.Portal.Doubtful(d), link: link}, loaded[d.Key])
		p.works = append(p.works, w)
		if w.gone && w.prior.Sent {
			gone++
		}
	}
	if carry.ManyGone(gone, len(p.works)) && !p.s.Now().Before(p.Portal.GoneAccepted) {
		for _, w := range p.works {
			w.Fate = carry.Fate{}
		}
		p.Stop = &verdict.Failure{Code: verdict.ManyGone, Tenant: true, Hold: true}
	}
	return nil
}

// cancel reads events that the host has no more, so that they can be written as
// they are but for the mark. One that HubSpot does not have needs none.
func (p *eventPass) cancel(ctx context.Context) {
	for _, w := range p.works {
		if w.Settled || !w.gone {
			continue
		}
		var e hubspot.MarketingEvent
		ok, err := p.Call(ctx, func(ctx context.Context) (err error) {
			e, _, err = p.Portal.Client.MarketingEvent(ctx, p.Portal.Place.ClientID, w.d.Key)
			return err
		})
		switch {
		case !ok:
			return
		case hubspot.IsNotFound(err):
			w.row.Sent, w.row.HubSpotID, w.row.Fingerprint = false, "", w.print
			w.end()
		case err != nil:
			w.Fail(verdict.Read(err))
		case e.Cancelled:
			w.row.Fingerprint, w.row.HubSpotID = w.print, e.ID
			w.end()
		default:
			w.row.HubSpotID = e.ID
			e.Cancelled = true
			if strings.TrimSpace(e.Organizer) == "" { // HubSpot wants somebody
				e.Organizer = organizer
			}
			w.event = e
		}
	}
}

// upsert writes events, whoever of them has to be written.
func (p *eventPass) upsert(ctx context.Context) {
	var works []*eventWork
	var rows []eventRow
	for _, w := range p.works {
		if !w.Settled && w.event.EventID != "" {
			works = append(works, w)
			if w.prior.Key == "" {
				rows = append(rows, w.row)
			}
		}
	}
	if p.Ended() || len(works) == 0 {
		return
	}
	// HubSpot can have an event from here on, whatever is heard of the call.
	if p.Lost = p.s.Ledger.saveEvents(ctx, p.s.DB, p.Portal.Place, rows, p.s.Now()); p.Lost != nil {
		return
	}
	for _, round := range rounds(works) {
		carry.Write(ctx, p.Outing, round, p.send, p.read)
	}
}

// send makes one call.
func (p *eventPass) send(ctx context.Context, list []*eventWork) (hubspot.WriteResult, error) {
	in := make([]hubspot.MarketingEvent, len(list))
	for i, w := range list {
		in[i] = w.event
		in[i].ID = w.row.HubSpotID
	}
	got, err := p.Portal.Client.UpsertMarketingEvents(ctx, in)
	out := hubspot.WriteResult{Results: make([]hubspot.InputResult, len(list))}
	for i, r := range got {
		out.Results[i] = hubspot.InputResult{Record: &hubspot.Record{ID: r.ID}, Err: r.Err}
	}
	return out, err
}

// read takes in what HubSpot said of one event.
func (p *eventPass) read(w *eventWork, r hubspot.InputResult) {
	switch {
	case r.Err != nil:
		p.Refuse(w, r.Err)
		return
	case r.Record.ID == "":
		p.unnamed = append(p.unnamed, w)
	default:
		w.written(r.Record.ID)
	}
	w.Tried = false
}

// identify asks for the records of events that HubSpot's reply does not name:
// without its id, one that is made anew later would be taken for the same.
func (p *eventPass) identify(ctx context.Context) {
	for _, w := range p.unnamed {
		w.Unknown = true // until it is known which record it is
		var e hubspot.MarketingEvent
		ok, err := p.Call(ctx, func(ctx context.Context) (err error) {
			e, _, err = p.Portal.Client.MarketingEvent(ctx, p.Portal.Place.ClientID, w.d.Key)
			return err
		})
		if ok && err == nil {
			w.Unknown = false
			w.written(e.ID)
		}
	}
}

// result is what the outing has learnt.
func (p *eventPass) result() carry.Result {
	r := carry.Result{Stop: p.Stop, Outcomes: make([]outbox.Outcome, len(p.works))}
	for i, w := range p.works {
		r.Outcomes[i] = w.Outcome
		r.Records = append(r.Records, ledger.Entry{Entity: kinds.EntityEvent, Key: w.d.Key, HubSpotID: w.row.HubSpotID, Record: w.Record})
	}
	r.Apply = append(r.Apply, p.apply)
	return r
}

// apply writes what is known within Settle's transaction, and appends the
// members whose attendance waits for an event to be told anew.
func (p *eventPass) apply(ctx context.Context, tx bun.Tx, now time.Time) error {
	at := p.Portal.Place
	var rows []eventRow
	var made, same, lost []string
	for _, w := range p.works {
		switch {
		case w.Unknown && w.prior.Key != "":
			w.prior.Fingerprint = nil
			rows = append(rows, w.prior)
		case !w.Unknown && w.changed():
			rows = append(rows, w.row)
		}
		if w.lost() {
			lost = append(lost, w.d.Key)
		}
		if w.row.Sent && (!w.prior.Sent || w.lost()) {
			made = append(made, w.d.Key)
			if w.prior.HubSpotID == w.row.HubSpotID {
				same = append(same, w.d.Key)
			}
		}
	}
	if len(made)+len(lost) > 0 {
		// A pass that has just left members out for want of the event must not be
		// missed, and who loses events touches the rows of other batches.
		if err := p.s.Connections.Lock(ctx, tx, at.ClientID); err != nil {
			return err
		}
	}
	if err := p.s.Ledger.lose(ctx, tx, at, lost); err != nil {
		return err
	}
	if err := p.s.Ledger.saveEvents(ctx, tx, at, rows, now); err != nil {
		return err
	}
	if len(made) == 0 {
		return nil
	}
	members, err := p.s.Ledger.untold(ctx, tx, at, made, same)
	if err != nil {
		return err
	}
	entries := carry.LiveEntries(at.ClientID, kinds.Attendance, members)
	for i := range entries {
		if len(members) > carry.ManyMembers {
			entries[i].Lane = outbox.LaneBackfill // they must not hold up the changes of others
		}
	}
	return p.s.Outbox.Append(ctx, tx, entries...)
}
