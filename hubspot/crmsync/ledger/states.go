package ledger

import (
	"context"
	"fmt"
	"time"

	"github.com/uptrace/bun"

	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/verdict"
	"github.com/memberpulse/hubspotplugin/integration"
)

// Known returns the status of the sync records of entities, by entity; those
// without a record are left out.
func (r *Records) Known(ctx context.Context, at Place, entity string, keys []string) (map[string]integration.SyncStatus, error) {
	if len(keys) == 0 {
		return nil, nil
	}
	var rows []struct {
		EntityID   string                 `bun:"entity_id"`
		SyncStatus integration.SyncStatus `bun:"sync_status"`
	}
	err := r.DB.NewRaw(`select entity_id::text, sync_status from ? where client_id = ? and portal_id = ? and entity_type = ? and entity_id in (?)`,
		r.Record(), at.ClientID, at.PortalID, entity, bun.List(keys)).Scan(ctx, &rows)
	if err != nil {
		return nil, fmt.Errorf("crmsync: load sync records: %w", err)
	}
	out := make(map[string]integration.SyncStatus, len(rows))
	for _, row := range rows {
		out[row.EntityID] = row.SyncStatus
	}
	return out, nil
}

// Dismiss ends, within tx, what the log says of records that need attention or
// are on their way, because their part is switched off.
func (r *Records) Dismiss(ctx context.Context, tx bun.IConn, at Place, entity string, now time.Time) error {
	_, err := r.DB.NewRaw(`update ? set sync_status = ?, code = ?, properties = '{}', detail = '', updated_at = ?
		where client_id = ? and portal_id = ? and entity_type = ? and sync_status in (?, ?)`,
		r.Record(), string(integration.SyncExcluded), string(verdict.SwitchedOff), now, at.ClientID, at.PortalID, entity,
		string(integration.SyncFailed), string(integration.SyncPending)).Conn(tx).Exec(ctx)
	if err != nil {
		return fmt.Errorf("crmsync: dismiss sync records: %w", err)
	}
	return nil
}

// End ends, within tx, what the log says of one record that needs attention or is
// on its way: it is left out, for this reason.
func (r *Records) End(ctx context.Context, tx bun.IConn, at Place, entity, key string, why verdict.Code, now time.Time) error {
	_, err := r.DB.NewRaw(`update ? set sync_status = ?, code = ?, properties = '{}', detail = '', updated_at = ?
		where client_id = ? and portal_id = ? and entity_type = ? and entity_id = ? and sync_status in (?, ?)`,
		r.Record(), string(integration.SyncExcluded), string(why), now, at.ClientID, at.PortalID, entity, key,
		string(integration.SyncFailed), string(integration.SyncPending)).Conn(tx).Exec(ctx)
	if err != nil {
		return fmt.Errorf("crmsync: end a sync record: %w", err)
	}
	return nil
}
