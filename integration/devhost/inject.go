//go:build wireinject

package main

import (
	"github.com/google/wire"

	"github.com/memberpulse/hubspotplugin"
	"github.com/memberpulse/hubspotplugin/integration"
	"github.com/memberpulse/hubspotplugin/integration/devhost/host/ports"
	"github.com/memberpulse/hubspotplugin/integration/pgstore"
)

// newHost joins the parts. Wire writes its body into wire_gen.go.
func newHost(s setup) (*host, error) {
	wire.Build(
		hubspotplugin.ProviderSet, newDeps, newPluginConfig, newRegistry,
		newSealer, wire.Bind(new(integration.Sealer), new(*pgstore.Sealer)),
		newSettings, wire.Bind(new(integration.SettingsStore), new(*pgstore.Settings)),
		newAudit, wire.Bind(new(integration.AuditLog), new(*pgstore.Audit)),
		newSource, wire.Bind(new(integration.Source), new(*ports.Source)),
		newHostDB, newRooms, newSeeder, newGate, newPortal, newAPI, newConsole,
		wire.Struct(new(host), "*"),
	)
	return nil, nil
}
