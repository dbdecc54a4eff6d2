package members

import (
	"context"
	"fmt"

	"github.com/uptrace/bun"

	"github.com/memberpulse/hubspotplugin/integration"
	"github.com/memberpulse/hubspotplugin/integration/devhost/host/store"
)

// Rows are the members that there are.
func Rows() store.Rows { return store.Rows{Table: "mp_members", Live: "deleted_at is null"} }

// Load returns those of these members that exist, with their memberships, by
// id: two queries, however many. ids are UUIDs, and so is clientID.
func Load(ctx context.Context, db bun.IDB, clientID string, ids []string) (map[string]integration.Member, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	var rows []memberRow
	if err := memberRows(db, &rows, clientID).Where("m.id in (?)", bun.List(ids)).Scan(ctx); err != nil {
		return nil, fmt.Errorf("members: load: %w", err)
	}
	held, err := memberships(ctx, db, clientID, ids)
	if err != nil {
		return nil, err
	}
	out := make(map[string]integration.Member, len(rows))
	for _, r := range rows {
		out[r.ID] = r.profile(held[r.ID]).Member
	}
	return out, nil
}

// Person is who a member is, for lists of other modules.
type Person struct{ Name, Email string }

// People returns who these members are, by id. Deleted ones are among them: what
// they did stays on the pages.
func People(ctx context.Context, db bun.IDB, clientID string, ids []string) (map[string]Person, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	var rows []memberRow
	err := db.NewSelect().Model(&rows).Column("id", "first_name", "last_name", "email").
		Where("m.client_id = ?", clientID).Where("m.id in (?)", bun.List(ids)).Scan(ctx)
	if err != nil {
		return nil, fmt.Errorf("members: people: %w", err)
	}
	out := make(map[string]Person, len(rows))
	for _, r := range rows {
		out[r.ID] = Person{Name: r.FirstName + " " + r.LastName, Email: r.Email}
	}
	return out, nil
}
