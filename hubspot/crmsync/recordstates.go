package crmsync

import (
	"context"
	"fmt"
	"time"

	"github.com/uptrace/bun"

	"github.com/memberpulse/hubspotplugin/integration"
)

// known returns the status of the sync records of entities, by entity; those
// without a record are left out.
func (r *Records) known(ctx context.Context, at place, entity string, keys []string) (map[string]integration.SyncStatus, error) {
	if len(keys) == 0 {
		return nil, nil
	}
	var rows []struct {
		EntityID   string                 `bun:"entity_id"`
		SyncStatus integration.SyncStatus `bun:"sync_status"`
	}
	err := r.db.NewRaw(`select entity_id::text, sync_status from ? where client_id = ? and portal_id = ? and entity_type = ? and entity_id in (?)`,
		r.record(), at.clientID, at.portalID, entity, bun.List(keys)).Scan(ctx, &rows)
	if err != nil {
		return nil, fmt.Errorf("crmsync: load sync records: %w", err)
	}
	out := make(map[string]integration.SyncStatus, len(rows))
	for _, row := range rows {
		out[row.EntityID] = row.SyncStatus
	}
	return out, nil
}

// dismiss ends, within tx, what the log says of records that need attention or
// are on their way, because their part is switched off.
func (r *Records) dismiss(ctx context.Context, tx bun.IConn, at place, entity string, now time.Time) error {
	_, err := r.db.NewRaw(`update ? set sync_status = ?, code = ?, properties = '{}', detail = '', updated_at = ?
		where client_id = ? and portal_id = ? and entity_type = ? and sync_status in (?, ?)`,
		r.record(), string(integration.SyncExcluded), string(codeSwitchedOff), now, at.clientID, at.portalID, entity,
		string(integration.SyncFailed), string(integration.SyncPending)).Conn(tx).Exec(ctx)
	if err != nil {
		return fmt.Errorf("crmsync: dismiss sync records: %w", err)
	}
	return nil
}
