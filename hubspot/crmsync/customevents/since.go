package customevents

import (
	"context"
	"fmt"
	"time"

	"github.com/uptrace/bun"

	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/ledger"
)

// Begin notes, within tx, that activities become custom events from now on. The
// time is the database's, as are those at which activities are recorded.
func (s *Carrier) Begin(ctx context.Context, tx bun.IConn, at ledger.Place) error {
	_, err := s.DB.NewRaw(`update ? set custom_events_since = clock_timestamp() where client_id = ? and portal_id = ?`,
		s.Connection(), at.ClientID, at.PortalID).Conn(tx).Exec(ctx)
	if err != nil {
		return fmt.Errorf("crmsync: begin custom events: %w", err)
	}
	return nil
}

// since returns from when on activities become custom events; the zero time if
// it was never noted.
func (s *Carrier) since(ctx context.Context, db bun.IDB, at ledger.Place) (time.Time, error) {
	var since time.Time
	err := db.NewRaw(`select case when custom_events_since = '-infinity' then '0001-01-01 00:00:00+00'::timestamptz else custom_events_since end
		from ? where client_id = ?`, s.Connection(), at.ClientID).Scan(ctx, &since)
	if err != nil {
		return time.Time{}, fmt.Errorf("crmsync: since when activities are custom events: %w", err)
	}
	return since, nil
}
