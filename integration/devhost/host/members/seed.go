package members

import (
	"context"
	"fmt"

	"github.com/uptrace/bun"

	"github.com/memberpulse/hubspotplugin/integration"
)

// AddPlans writes plans in tx.
func (m *Module) AddPlans(ctx context.Context, tx bun.Tx, clientID string, plans []Plan) error {
	rows := make([]planRow, len(plans))
	for i, p := range plans {
		rows[i] = planRow{ID: p.ID, ClientID: clientID, Name: p.Name, Position: p.Position}
	}
	if _, err := tx.NewInsert().Model(&rows).Exec(ctx); err != nil {
		return fmt.Errorf("members: add plans: %w", err)
	}
	return nil
}

// AddMembers writes whole members with their memberships in tx and records them,
// a few hundred at a time. It is for members that come from elsewhere, so it
// checks what the contract checks and no more.
func (m *Module) AddMembers(ctx context.Context, tx bun.Tx, clientID string, all []integration.Member) error {
	const batch = 500
	plans, err := plans(ctx, tx, clientID)
	if err != nil {
		return err
	}
	for start := 0; start < len(all); start += batch {
		if err := m.addBatch(ctx, tx, clientID, plans, all[start:min(start+batch, len(all))]); err != nil {
			return err
		}
	}
	return nil
}

func (m *Module) addBatch(ctx context.Context, tx bun.Tx, clientID string, plans []Plan, some []integration.Member) error {
	rows := make([]memberRow, len(some))
	ids := make([]string, len(some))
	var held []membershipRow
	for i, one := range some {
		if err := one.Validate(); err != nil {
			return err
		}
		rows[i], ids[i] = rowOf(clientID, one, m.now()), one.ID
		for _, ms := range one.Memberships {
			held = append(held, membershipRowOf(clientID, one.ID, ms, planNamed(plans, ms.DowngradeTo).ID))
		}
	}
	if _, err := tx.NewInsert().Model(&rows).Exec(ctx); err != nil {
		return refused(err)
	}
	if len(held) > 0 {
		if _, err := tx.NewInsert().Model(&held).Exec(ctx); err != nil {
			return fmt.Errorf("members: add memberships: %w", err)
		}
	}
	return m.record(ctx, tx, clientID, ids...)
}
