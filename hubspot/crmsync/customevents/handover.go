package customevents

import (
	"context"
	"fmt"
	"time"

	"github.com/uptrace/bun"
	"github.com/uptrace/bun/dialect/pgdialect"

	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/carry"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/kinds"
	"github.com/memberpulse/hubspotplugin/outbox"
)

// HandOver returns what makes a batch of activities become custom events too,
// within the transaction that settles it: each once, whatever becomes of its
// note. From then on neither knows of the other. Activities of before custom
// events were switched on, which may have waited since, become none.
func (s *Carrier) HandOver(b outbox.Batch, portal *carry.Portal) func(context.Context, bun.Tx, time.Time) error {
	return func(ctx context.Context, tx bun.Tx, now time.Time) error {
		since, err := s.since(ctx, tx, portal.Place)
		if err != nil {
			return err
		}
		var keys []string
		for _, d := range b.Deliveries {
			if !d.RecordedAt.Before(since) {
				keys = append(keys, d.Key)
			}
		}
		if len(keys) == 0 {
			return nil
		}
		var fresh []string
		err = tx.NewRaw(`insert into ? (client_id, portal_id, key, handed_at) select distinct ?::uuid, ?, k, ?::timestamptz from unnest(?::uuid[]) k
			on conflict do nothing returning key::text`,
			s.CustomEvent(), portal.Place.ClientID, portal.Place.PortalID, now, pgdialect.Array(keys)).Scan(ctx, &fresh)
		if err != nil {
			return fmt.Errorf("crmsync: hand over activities: %w", err)
		}
		first := map[string]bool{}
		for _, key := range fresh {
			first[key] = true
		}
		var entries []outbox.Entry
		for _, d := range b.Deliveries {
			if first[d.Key] {
				delete(first, d.Key)
				entries = append(entries, outbox.Entry{Tenant: b.Tenant, Lane: d.Lane, Kind: kinds.CustomEvent, Key: d.Key, Subject: d.Subject, Payload: d.Payload})
			}
		}
		return s.Outbox.Append(ctx, tx, entries...)
	}
}
