package crmsync

import (
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/settings"
	"github.com/memberpulse/hubspotplugin/integration"
)

// PluginID is the ID of the HubSpot integration in URLs, tables and logs.
const PluginID = settings.PluginID

// Spec describes the integration and its settings.
func Spec() integration.Spec { return settings.Spec() }
