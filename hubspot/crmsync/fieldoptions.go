package crmsync

import (
	"context"

	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/inspect"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/settings"
	"github.com/memberpulse/hubspotplugin/integration"
)

// Options implements [integration.OptionLister].
func (s *Syncer) Options(ctx context.Context, clientID, key string) ([]integration.Option, error) {
	if key != settings.KeyPlans || s.plans == nil {
		return nil, nil
	}
	plans, err := s.plans.Plans(ctx, clientID)
	if err != nil {
		return nil, inspect.StoreFault(err)
	}
	return plans, nil
}
