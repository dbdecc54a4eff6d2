package organizations

import (
	"context"
	"fmt"

	"github.com/uptrace/bun"

	"github.com/memberpulse/hubspotplugin/integration"
	"github.com/memberpulse/hubspotplugin/integration/devhost/host/members"
)

// Add writes organizations that come from elsewhere in tx and records them. Their
// plans are those of the client, by name.
func (m *Module) Add(ctx context.Context, tx bun.Tx, clientID string, all []integration.Organization) error {
	if len(all) == 0 {
		return nil
	}
	plans, err := members.PlansOf(ctx, tx, clientID)
	if err != nil {
		return err
	}
	out := make([]row, len(all))
	changes := make([]integration.Change, len(all))
	for i, o := range all {
		one := Organization{Organization: o, UpdatedAt: m.now()}
		for _, p := range plans {
			if p.Name == o.PlanName {
				one.planID = p.ID
			}
		}
		out[i], changes[i] = rowOf(clientID, one), integration.OrganizationChanged(clientID, o.ID)
	}
	if _, err := tx.NewInsert().Model(&out).Exec(ctx); err != nil {
		return fmt.Errorf("organizations: add: %w", err)
	}
	return m.rec.Record(ctx, tx, changes...)
}
