package crmsync

import (
	"context"

	"github.com/uptrace/bun"

	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/carry"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/kinds"
	"github.com/memberpulse/hubspotplugin/outbox"
)

// followLists asks, within Settle's transaction, for the static lists of the
// members of a pass.
func (p *pass) followLists(ctx context.Context, tx bun.Tx) error {
	o := p.Portal.Options
	if p.road.kind != kinds.Member || !o.ListsOn() {
		return nil
	}
	s, at := p.s, p.Portal.Place
	var moved, gone, settled []string
	lanes := map[string]outbox.Lane{}
	for _, w := range p.works {
		switch {
		case w.link.Lost && !w.prior.Lost:
			gone = append(gone, w.d.Key)
		case w.prior.HubSpotID != "" && w.link.HubSpotID != "" && w.link.HubSpotID != w.prior.HubSpotID:
			moved = append(moved, w.d.Key)
		}
		if w.confirmsTags() {
			settled = append(settled, w.d.Key)
			lanes[w.d.Key] = w.d.Lane
		}
	}
	if err := s.lists.Store.Unseat(ctx, tx, at, moved, false); err != nil {
		return err
	}
	if err := s.lists.Store.Unseat(ctx, tx, at, gone, true); err != nil {
		return err
	}
	moving, err := s.lists.Store.Moving(ctx, tx, at, o, settled)
	if err != nil {
		return err
	}
	entries := carry.LiveEntries(at.ClientID, kinds.Segment, moving)
	for i := range entries {
		entries[i].Lane = lanes[entries[i].Key]
	}
	return s.Outbox.Append(ctx, tx, entries...)
}
