package crmsync

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/uptrace/bun"

	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/ledger"
)

// parkings is the store of properties that cannot be written in a tenant's
// portal: it does not allow them, or they are being made again. What is in
// HubSpot no more when it can be written again has to be filled, so a row is
// taken out only together with the note that it has to.
type parkings struct {
	db *bun.DB
	ledger.Tables
}

// parkedProperty is a property that cannot be written.
type parkedProperty struct {
	Object   string    `bun:"object"`
	Property string    `bun:"property"`
	Why      string    `bun:"why"`
	Since    time.Time `bun:"since"`
	Room     *int      `bun:"room"`
}

// parking is why a property is parked. Room is set if the portal's plan does not
// allow it: so many more it did allow, fewer than were needed.
type parking struct {
	why  string
	room *int
}

// set notes, within tx, which properties of an object are parked and why; what is
// parked already keeps its time, and all others of the object are parked no more.
func (m *parkings) set(ctx context.Context, tx bun.Tx, at ledger.Place, object string, why map[string]parking, now time.Time) error {
	names := slices.Sorted(maps.Keys(why))
	_, err := tx.NewRaw(`delete from ? where client_id = ? and portal_id = ? and object = ? and property not in (?)`,
		m.Parked(), at.ClientID, at.PortalID, object, bun.List(append(names, ""))).Exec(ctx)
	for _, name := range names {
		if err == nil {
			_, err = tx.NewRaw(`insert into ? (client_id, portal_id, object, property, why, room, since) values (?, ?, ?, ?, ?, ?, ?)
				on conflict (client_id, portal_id, object, property) do update set why = excluded.why, room = excluded.room`,
				m.Parked(), at.ClientID, at.PortalID, object, name, why[name].why, why[name].room, now).Exec(ctx)
		}
	}
	if err != nil {
		return fmt.Errorf("crmsync: note parked properties: %w", err)
	}
	return nil
}

// lose notes properties of ours that HubSpot does not show, before they are made
// again: whatever becomes of the calls, they are known to be empty then. It
// returns those that nobody had noted before.
func (m *parkings) lose(ctx context.Context, at ledger.Place, object string, names []string, now time.Time) (noted []string, err error) {
	for _, name := range slices.Sorted(slices.Values(names)) {
		var got []string
		err := m.db.NewRaw(`insert into ? (client_id, portal_id, object, property, why, since) values (?, ?, ?, ?, ?, ?)
			on conflict (client_id, portal_id, object, property) do nothing returning property`,
			m.Parked(), at.ClientID, at.PortalID, object, name, "HubSpot does not have it; MemberPulse makes it.", now).Scan(ctx, &got)
		if err != nil {
			return nil, fmt.Errorf("crmsync: note lost properties: %w", err)
		}
		noted = append(noted, got...)
	}
	return noted, nil
}

// found takes back what lose has noted: HubSpot had these all along, and only
// did not show them yet.
func (m *parkings) found(ctx context.Context, at ledger.Place, object string, names []string) error {
	if len(names) == 0 {
		return nil
	}
	_, err := m.db.NewRaw(`delete from ? where client_id = ? and portal_id = ? and object = ? and property in (?)`,
		m.Parked(), at.ClientID, at.PortalID, object, bun.List(names)).Exec(ctx)
	if err != nil {
		return fmt.Errorf("crmsync: take back lost properties: %w", err)
	}
	return nil
}

// forget drops, within tx, what is known of a portal: everybody is sent in full.
func (m *parkings) forget(ctx context.Context, tx bun.IConn, at ledger.Place) error {
	_, err := m.db.NewRaw(`delete from ? where client_id = ? and portal_id = ?`, m.Parked(), at.ClientID, at.PortalID).Conn(tx).Exec(ctx)
	if err != nil {
		return fmt.Errorf("crmsync: forget parked properties: %w", err)
	}
	return nil
}

// of lists what is parked in a portal.
func (m *parkings) of(ctx context.Context, db bun.IConn, at ledger.Place) ([]parkedProperty, error) {
	var rows []parkedProperty
	err := m.db.NewRaw(`select object, property, why, since, room from ? where client_id = ? and portal_id = ? order by object desc, property`,
		m.Parked(), at.ClientID, at.PortalID).Conn(db).Scan(ctx, &rows)
	if err != nil {
		return nil, fmt.Errorf("crmsync: list parked properties: %w", err)
	}
	return rows, nil
}
