package ports

import (
	"context"

	"github.com/uptrace/bun"

	"github.com/memberpulse/hubspotplugin/integration"
	"github.com/memberpulse/hubspotplugin/integration/devhost/host/members"
)

// Plans lists what a client sells.
type Plans struct{ db *bun.DB }

var _ integration.PlanLister = (*Plans)(nil)

// NewPlans returns the list over db.
func NewPlans(db *bun.DB) *Plans { return &Plans{db: db} }

// Plans implements [integration.PlanLister].
func (p *Plans) Plans(ctx context.Context, clientID string) ([]integration.Option, error) {
	all, err := members.PlansOf(ctx, p.db, clientID)
	out := make([]integration.Option, len(all))
	for i, one := range all {
		out[i] = integration.Option{Value: one.ID, Label: one.Name}
	}
	return out, err
}
