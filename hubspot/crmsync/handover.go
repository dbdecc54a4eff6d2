package crmsync

import (
	"context"
	"fmt"
	"time"

	"github.com/uptrace/bun"
	"github.com/uptrace/bun/dialect/pgdialect"

	"github.com/memberpulse/hubspotplugin/outbox"
)

// handOver returns what makes a batch of activities become custom events too,
// within the transaction that settles it: each once, whatever becomes of its
// note. From then on neither knows of the other.
func (s *customEventCarrier) handOver(b outbox.Batch, portal *Portal) func(context.Context, bun.Tx, time.Time) error {
	return func(ctx context.Context, tx bun.Tx, now time.Time) error {
		keys := make([]string, len(b.Deliveries))
		for i, d := range b.Deliveries {
			keys[i] = d.Key
		}
		var fresh []string
		err := tx.NewRaw(`insert into ? (client_id, portal_id, key, handed_at) select distinct ?::uuid, ?, k, ?::timestamptz from unnest(?::uuid[]) k
			on conflict do nothing returning key::text`,
			s.customEvent(), portal.place.clientID, portal.place.portalID, now, pgdialect.Array(keys)).Scan(ctx, &fresh)
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
				entries = append(entries, outbox.Entry{Tenant: b.Tenant, Lane: d.Lane, Kind: kindCustomEvent, Key: d.Key, Subject: d.Subject, Payload: d.Payload})
			}
		}
		return s.outbox.Append(ctx, tx, entries...)
	}
}
