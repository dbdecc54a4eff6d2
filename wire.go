package hubspotplugin

import "github.com/google/wire"

// ProviderSet provides *Plugin from [Deps] and [Config]. It is a courtesy to
// hosts that use Wire; New is the API.
var ProviderSet = wire.NewSet(New)
