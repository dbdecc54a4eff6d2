package crmsync

import (
	"context"

	"github.com/memberpulse/hubspotplugin/hubspot"
	"github.com/memberpulse/hubspotplugin/integration"
)

// marketingNeeds says in a check what marketing events need.
func marketingNeeds(ctx context.Context, in *inspection, client *hubspot.Client) {
	for _, scope := range []struct{ name, scope string }{
		{"Read marketing events", scopeMarketingRead}, {"Write marketing events", scopeMarketingWrite},
	} {
		err := client.Probe(ctx, scope.scope)
		if planRefuses(err) {
			in.add(integration.CheckItem{Name: scope.name, State: checkFailed, Field: settingMarketingEvents,
				Detail: "HubSpot does not let this account have marketing events." + correlated(readFailure(err)),
				Fix:    "Switch Marketing events off, or ask HubSpot which plan has them."})
			continue
		}
		in.scope(err, scope.name, scope.scope)
	}
}
