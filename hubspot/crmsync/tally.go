package crmsync

import (
	"context"
	"fmt"
	"time"

	"github.com/uptrace/bun"

	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/ledger"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/verdict"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/words"
	"github.com/memberpulse/hubspotplugin/integration"
)

// tally counts a tenant's members by the state of their sync records.
type tally struct {
	synced, failed, excluded int
	lastSync                 *time.Time
}

// members are counts that add up. total is the host's: whoever is in none of
// the records' states waits.
func (t tally) members(total int) integration.MemberCounts {
	waiting := max(0, total-t.synced-t.failed-t.excluded)
	return integration.MemberCounts{
		Total: t.synced + t.failed + t.excluded + waiting, InSync: t.synced, NotIncluded: t.excluded,
		NeedsAttention: t.failed, Waiting: waiting,
	}
}

// incidents adds one incident for each cause of failed records, most members
// first.
func (r syncLog) incidents(ctx context.Context, db bun.IConn, at ledger.Place, to []integration.Incident) ([]integration.Incident, error) {
	var rows []struct {
		Entity      string    `bun:"entity_type"`
		Code        string    `bun:"code"`
		Names       []string  `bun:"names,array"`
		N           int       `bun:"n"`
		Since       time.Time `bun:"since"`
		Correlation string    `bun:"correlation"`
	}
	err := r.DB.NewRaw(`select entity_type, code, properties as names, count(*) as n, min(updated_at) as since, max(correlation_id) as correlation
		from ? where client_id = ? and portal_id = ? and sync_status = 'failed' and not gone group by entity_type, code, properties order by n desc, code, entity_type limit 50`,
		r.Record(), at.ClientID, at.PortalID).Conn(db).Scan(ctx, &rows)
	if err != nil {
		return nil, fmt.Errorf("crmsync: list incidents: %w", err)
	}
	for _, row := range rows {
		t := words.Tell(verdict.Code(row.Code), row.Entity, row.Names)
		to = append(to, integration.Incident{Code: row.Code, Title: t.Title, Meaning: t.Meaning, Fix: t.Fix, Action: t.Action,
			EntityType: row.Entity, Count: row.N, Since: row.Since, CorrelationID: row.Correlation})
	}
	return to, nil
}
