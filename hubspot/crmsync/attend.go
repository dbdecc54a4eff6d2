package crmsync

import (
	"context"

	"github.com/uptrace/bun"

	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/attendance"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/kinds"
	"github.com/memberpulse/hubspotplugin/outbox"
)

// attend appends the attendance of the pass's members whose registrations say
// something else than HubSpot was told, in the transaction that settles them.
func (p *pass) attend(ctx context.Context, tx bun.Tx) error {
	if p.road.kind != kinds.Member || !p.Portal.Options.EventsOn() {
		return nil
	}
	var works []*work
	var keys []string
	for _, w := range p.works {
		if settledForNow(w.outcome) && (w.gone || w.who.key != "") {
			works, keys = append(works, w), append(keys, w.d.Key)
		}
	}
	if len(works) == 0 {
		return nil
	}
	rows, err := p.s.marketing.Ledger.Attendance(ctx, tx, p.Portal.Place, keys)
	if err != nil {
		return err
	}
	since, err := p.s.marketing.Ledger.Since(ctx, tx, p.Portal.Place)
	if err != nil {
		return err
	}
	var entries []outbox.Entry
	for _, w := range works {
		contact := w.link.HubSpotID
		if w.link.Lost {
			contact = ""
		}
		due := len(rows[w.d.Key]) > 0
		if !w.gone {
			due = attendance.Concerns(w.who.participations, rows[w.d.Key], since, contact, p.Portal.Epoch)
		}
		if due {
			entries = append(entries, outbox.Entry{Tenant: p.Batch.Tenant, Lane: w.d.Lane, Kind: kinds.Attendance, Key: w.d.Key})
		}
	}
	return p.s.Outbox.Append(ctx, tx, entries...)
}

// settledForNow reports that a delivery does not come back by itself.
func settledForNow(o outbox.Outcome) bool {
	return o.Verdict == outbox.VerdictDelivered || o.Verdict == outbox.VerdictDiscard || o.Verdict == outbox.VerdictHold
}
