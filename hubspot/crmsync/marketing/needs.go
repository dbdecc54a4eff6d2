package marketing

import (
	"context"

	"github.com/memberpulse/hubspotplugin/hubspot"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/carry"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/inspect"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/settings"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/verdict"
	"github.com/memberpulse/hubspotplugin/integration"
)

// Needs says in a check what marketing events need.
func Needs(ctx context.Context, in *inspect.Inspection, client *hubspot.Client) {
	for _, scope := range []struct{ name, scope string }{
		{"Read marketing events", settings.ScopeMarketingRead}, {"Write marketing events", settings.ScopeMarketingWrite},
	} {
		err := client.Probe(ctx, scope.scope)
		if carry.PlanRefuses(err) {
			in.Add(integration.CheckItem{Name: scope.name, State: inspect.Failed, Field: settings.KeyMarketingEvents,
				Detail: "HubSpot does not let this account have marketing events." + inspect.Correlated(verdict.Read(err)),
				Fix:    "Switch Marketing events off, or ask HubSpot which plan has them."})
			continue
		}
		in.Scope(err, scope.name, scope.scope)
	}
}
