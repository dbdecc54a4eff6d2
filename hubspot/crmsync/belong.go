package crmsync

import (
	"context"
	"maps"
	"slices"

	"github.com/uptrace/bun"

	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/associations"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/carry"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/kinds"
	"github.com/memberpulse/hubspotplugin/integration"
	"github.com/memberpulse/hubspotplugin/outbox"
)

// belong appends the associations of the pass's members that are in another
// organization, or have another contact, than was last seen.
func (p *pass) belong(ctx context.Context, tx bun.Tx) error {
	if p.road.kind != kinds.Member || !p.Portal.Options.Associated() {
		return nil
	}
	is, lanes := map[string]associations.Belonging{}, map[string]outbox.Lane{}
	var without []string
	for _, w := range p.works {
		if settledForNow(w.outcome) && (w.gone || w.link.Lost) {
			without = append(without, w.d.Key)
		}
		if w.who.key != "" && !w.gone && w.link.HubSpotID != "" && !w.link.Lost {
			is[w.d.Key] = associations.Belonging{Organization: w.who.organization, ContactID: w.link.HubSpotID, Epoch: p.Portal.Epoch}
			lanes[w.d.Key] = w.d.Lane
		}
	}
	if err := p.comeToNothing(ctx, tx, without); err != nil || len(is) == 0 {
		return err
	}
	was, err := p.s.ties.Belongings.Load(ctx, tx, p.Portal.Place, slices.Collect(maps.Keys(is)))
	if err != nil {
		return err
	}
	var entries []outbox.Entry
	for _, key := range slices.Sorted(maps.Keys(is)) {
		before, known := was[key]
		if !known && is[key].Organization == "" || known && before == is[key] {
			delete(is, key)
			continue
		}
		entries = append(entries, outbox.Entry{Tenant: p.Batch.Tenant, Lane: lanes[key], Kind: kinds.Association, Key: key})
	}
	if err := p.s.ties.Belongings.Save(ctx, tx, p.Portal.Place, is); err != nil {
		return err
	}
	return p.s.Outbox.Append(ctx, tx, entries...)
}

// comeToNothing appends the associations, of members who have no contact any
// more, that are on their way or wait for a person: there is nothing left to do.
func (p *pass) comeToNothing(ctx context.Context, tx bun.Tx, members []string) error {
	known, err := p.s.Records.Known(ctx, p.Portal.Place, kinds.EntityAssociation, members)
	if err != nil {
		return err
	}
	var open []string
	for _, key := range slices.Sorted(maps.Keys(known)) {
		if known[key] == integration.SyncFailed || known[key] == integration.SyncPending {
			open = append(open, key)
		}
	}
	return p.s.Outbox.Append(ctx, tx, carry.LiveEntries(p.Batch.Tenant, kinds.Association, open)...)
}

// rejoin appends the associations of everybody in organizations whose company
// has come, moved or gone in this pass.
func (p *pass) rejoin(ctx context.Context, tx bun.Tx) error {
	moved := p.moved()
	if len(moved) == 0 {
		return nil
	}
	members, err := p.s.ties.Belongings.Members(ctx, tx, p.Portal.Place, moved)
	if err != nil {
		return err
	}
	lane := p.Batch.Deliveries[0].Lane
	if len(members) > carry.ManyMembers {
		lane = outbox.LaneBackfill // they must not hold up the changes of others
	}
	for page := range slices.Chunk(members, backfillPage) {
		entries := carry.LiveEntries(p.Batch.Tenant, kinds.Association, page)
		for i := range entries {
			entries[i].Lane = lane
		}
		if err := p.s.Outbox.Append(ctx, tx, entries...); err != nil {
			return err
		}
	}
	return nil
}

// moved are the organizations whose company has come, moved or gone in this
// pass, if that matters to anybody's association.
func (p *pass) moved() []string {
	if p.road.kind != kinds.Organization || !p.Portal.Options.Associated() {
		return nil
	}
	var moved []string
	for _, w := range p.works {
		if w.link.HubSpotID != w.prior.HubSpotID || w.link.Lost != w.prior.Lost {
			moved = append(moved, w.d.Key)
		}
	}
	return moved
}
