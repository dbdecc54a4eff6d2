package crmsync

import (
	"context"

	"github.com/memberpulse/hubspotplugin/integration"
)

// Options implements [integration.OptionLister].
func (s *Syncer) Options(ctx context.Context, clientID, key string) ([]integration.Option, error) {
	if key != settingPlans || s.plans == nil {
		return nil, nil
	}
	plans, err := s.plans.Plans(ctx, clientID)
	if err != nil {
		return nil, storeFault(err)
	}
	return plans, nil
}
