package crmsync

import (
	"context"
	"maps"

	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/values"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/verdict"
)

// recover looks for the records of linked members that HubSpot no longer has
// under the id that we know: merged into another record, deleted and made
// again, or deleted. A survivor is followed only if it is no other member's; a
// deletion in HubSpot is respected, and said.
func (p *pass) recover(ctx context.Context, works []*work) error {
	hits, rest := p.read(ctx, works, "", func(w *work) string { return w.link.HubSpotID })
	if err := p.follow(ctx, hits, true); err != nil {
		return err
	}
	hits, rest = p.read(ctx, rest, p.road.idProperty, func(w *work) string { return w.d.Key })
	if err := p.follow(ctx, hits, false); err != nil {
		return err
	}
	for _, w := range rest {
		w.link.Lost, w.unknown = true, false
		w.link.Fingerprint = nil
		if w.gone {
			w.done(verdict.MemberDeleted)
			continue
		}
		w.exclude(verdict.DeletedInHubSpot)
	}
	return nil
}

// spill is a write that HubSpot led on to the contact of another member.
type spill struct {
	owner string
	names []string // what it filled there: the owner's blank fields clear it
}

// spilled is what the write left in the owner's record: ours to put right there,
// whatever the policy for the owner's fields.
func (w *work) spilled(owner string) []string {
	written := maps.Clone(w.decision.Write)
	maps.DeleteFunc(written, func(name, _ string) bool { _, sent := w.props[name]; return !sent })
	return values.Union(w.fills(), w.fields.Filled(owner, written).Entries())
}

// follow moves links to the records that took the place of the known ones:
// survivors of a merge, or records that somebody has made anew.
func (p *pass) follow(ctx context.Context, hits []hit, survivor bool) error {
	taken := make([]bool, len(hits))
	for i, h := range hits {
		taken[i] = p.reserve(h.rec.ID, h.w.d.Key)
	}
	holders, err := p.holders(ctx, hits)
	if err != nil {
		return err
	}
	for i, h := range hits {
		w := h.w
		switch by := holders[w]; {
		case h.rec.ID == w.link.HubSpotID:
			// It is where it was: HubSpot's answer just did not mention it.
			w.Fail(verdict.Failure{Code: verdict.Unconfirmed, Unknown: true})
		case by.stands(w):
			// If HubSpot led our write on to the survivor, its owner's values were
			// overwritten: they are sent again.
			if by.linked {
				p.resend = append(p.resend, spill{by.key, w.spilled(by.key)})
			}
			w.collide(verdict.Merged, h.rec.ID)
			w.unknown = true // what was settled for its own record says nothing about this one
		case !taken[i]:
			w.retry(verdict.Conflict)
		case p.awaits(by, w):
		default:
			p.takeOver(by, h)
			// One that a person has made anew is theirs; a merged one goes on being ours,
			// though it is not archived any more.
			w.adopt(h.rec.ID, survivor && w.link.CreatedHere)
			w.link.CreatedHere = w.link.CreatedHere && w.prior.CreatedHere
			w.link.Sent = w.prior.Sent
		}
	}
	return nil
}
