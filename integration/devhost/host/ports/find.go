package ports

import (
	"context"
	"fmt"

	"github.com/uptrace/bun"

	"github.com/memberpulse/hubspotplugin/integration"
)

// Found is what an id of the host's stands for.
type Found struct {
	What string          // "Member"
	Page integration.Ref // whose page shows it; zero: none does
}

// Find tells what ids of one client stand for. Deleted things are found; what
// is another client's is not.
func Find(ctx context.Context, db bun.IDB, clientID string, ids []string) (map[string]Found, error) {
	var known []string
	for _, id := range ids {
		if integration.ValidUUID(id) {
			known = append(known, id)
		}
	}
	if len(known) == 0 || !integration.ValidUUID(clientID) {
		return nil, nil
	}
	var rows []struct{ ID, What, Kind, Key string }
	list := bun.List(known)
	err := db.NewRaw(`
		select id, 'Member' as what, 'member' as kind, id as key from mp_members where client_id = ? and id in (?)
		union all select id, 'Organization', 'organization', id from mp_organizations where client_id = ? and id in (?)
		union all select id, 'Event', 'event', id from mp_events where client_id = ? and id in (?)
		union all select id, 'Ticket', 'ticket', id from mp_tickets where client_id = ? and id in (?)
		union all select id, 'Activity', 'member', member_id from mp_activities where client_id = ? and id in (?)`,
		clientID, list, clientID, list, clientID, list, clientID, list, clientID, list).Scan(ctx, &rows)
	if err != nil {
		return nil, fmt.Errorf("ports: find: %w", err)
	}
	out := make(map[string]Found, len(rows))
	for _, r := range rows {
		out[r.ID] = Found{What: r.What}
		if r.Key != "" {
			out[r.ID] = Found{What: r.What, Page: integration.Ref{Kind: integration.Kind(r.Kind), Key: r.Key}}
		}
	}
	return out, nil
}
