package crmsync

import (
	"context"

	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/values"
	"github.com/memberpulse/hubspotplugin/outbox"
)

// A link's list of properties that we filled decides what a blank field may
// clear. A call whose result is never stored (the process is killed, the reply
// lost) can have filled more than the last settled one; if the host then clears
// such a field, nobody would know that the value in HubSpot is ours. So the
// list grows before the call and shrinks after it.

// announce notes, before an update is sent, which properties it fills. The
// error is the database's: nothing may be sent then.
func (p *pass) announce(ctx context.Context, works []*work) error {
	more, first := map[string][]string{}, map[string][]string{}
	for _, w := range works {
		fills := w.fills()
		if w.prior.HubSpotID == "" {
			first[w.d.Key] = fills
			continue
		}
		if all := values.Union(w.prior.Sent, fills); len(all) > len(w.prior.Sent) {
			more[w.d.Key] = fills
			if !w.announced {
				w.announced, w.sent = true, w.prior.Sent
			}
			w.prior.Sent = all
			w.link.Sent = values.Union(w.link.Sent, all)
		}
	}
	if err := p.s.tags.announce(ctx, p.Portal.Place, p.tagAdds(works)); err != nil {
		return err
	}
	if err := p.s.Links.Attempt(ctx, p.Portal.Place, p.road.kind, first); err != nil {
		return err
	}
	return p.s.Links.Widen(ctx, p.s.DB, p.Portal.Place, p.road.kind, more)
}

// known are the members without a link whose contact HubSpot was asked for and
// whose outcome is known: nothing is unconfirmed about them any more.
func (p *pass) known() []string {
	var keys []string
	for _, w := range p.works {
		if !w.sought || w.unknown {
			continue
		}
		switch w.outcome.Verdict {
		case outbox.VerdictDelivered, outbox.VerdictDiscard, outbox.VerdictHold:
			keys = append(keys, w.d.Key)
		}
	}
	return keys
}
