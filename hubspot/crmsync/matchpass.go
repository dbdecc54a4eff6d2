package crmsync

import (
	"context"
	"slices"
	"time"

	"github.com/uptrace/bun"

	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/carry"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/kinds"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/ledger"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/matching"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/verdict"
	"github.com/memberpulse/hubspotplugin/integration"
	"github.com/memberpulse/hubspotplugin/outbox"
)

// match decides about organizations of which HubSpot has no company by their
// id. While the matching of the portal is open they are looked for by name and
// domain first; what was decided is done, by record id. The error is the
// database's.
func (p *pass) match(ctx context.Context, works []*work) error {
	if len(works) == 0 {
		return nil
	}
	keys := make([]string, len(works))
	for i, w := range works {
		keys[i] = w.d.Key
	}
	rows, err := p.s.matching.Rows(ctx, p.Portal.Place, keys)
	if err != nil {
		return err
	}
	p.compared.Seen = rows
	var chosen []*work
	for _, w := range works {
		row, known := rows[w.d.Key]
		l := w.who.likeness
		switch {
		case !known && !p.Portal.Matching, row.Decided && row.Decision == "":
			w.step = stepCreate
		case row.Decided:
			chosen = append(chosen, w)
		case !known, row.Name != l.Name || row.Domain != l.Domain:
			p.seek(w)
		case !row.Searched:
			w.await(verdict.MatchSearch)
		default:
			w.await(verdict.MatchNeeded)
		}
	}
	return p.chosen(ctx, chosen, rows)
}

// chosen gives organizations the companies that an admin has chosen, if they
// are there and nobody else's; if not, the organization is looked for again.
func (p *pass) chosen(ctx context.Context, works []*work, rows map[string]matching.Row) error {
	hits, missing := p.read(ctx, works, "", func(w *work) string { return rows[w.d.Key].Decision })
	ids := make([]string, len(hits))
	for i, h := range hits {
		ids[i] = h.rec.ID
	}
	owners, err := p.s.Links.Owners(ctx, p.Portal.Place, p.road.kind, ids)
	if err != nil {
		return err
	}
	hits = slices.DeleteFunc(hits, func(h hit) bool {
		if p.road.holder(h.w.d.Key, h.rec, owners[h.rec.ID]) != "" {
			p.seek(h.w)
			return true
		}
		return false
	})
	for _, w := range missing {
		p.seek(w)
	}
	return p.claim(ctx, hits)
}

// seek has an organization looked for.
func (p *pass) seek(w *work) {
	p.compared.Seek = append(p.compared.Seek, w.who.likeness)
	w.await(verdict.MatchSearch)
}

// await sets an organization aside until it is matched.
func (w *work) await(c verdict.Code) {
	w.step = stepDone
	w.outcome = outbox.Hold(matching.Class, string(c))
	w.record = ledger.Record{Status: integration.SyncPending, Code: c}
}

// compare stores the pass's part of the matching within Settle's transaction.
// What was found or decided while the pass was under way is delivered again.
func (p *pass) compare(ctx context.Context, tx bun.Tx, now time.Time) error {
	if p.road.kind != kinds.Organization || !p.Portal.Matching && len(p.compared.Seen) == 0 {
		return nil
	}
	at, compared := p.Portal.Place, p.compared
	for _, w := range p.works {
		switch {
		case w.link.HubSpotID != "" || w.outcome.Verdict == outbox.VerdictDiscard:
			compared.Ended = append(compared.Ended, w.d.Key)
		case w.outcome.Class == matching.Class:
			compared.Awaiting = append(compared.Awaiting, w.d.Key)
		}
	}
	missed, err := p.s.matching.Settle(ctx, tx, at, compared, now)
	if err != nil {
		return err
	}
	return p.s.Outbox.Append(ctx, tx, carry.LiveEntries(p.Batch.Tenant, kinds.Organization, missed)...)
}
