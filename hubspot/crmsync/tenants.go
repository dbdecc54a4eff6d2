package crmsync

import (
	"context"
	"fmt"

	"github.com/uptrace/bun"

	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/carry"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/ledger"
	"github.com/memberpulse/hubspotplugin/integration"
)

// API is the deployer's choice of HubSpot's API, the same for every portal.
type API = carry.API

// Tenants knows which tenant is connected to which portal, under which ids the
// portal has its records, and keeps one live client for each portal. It comes
// before the outbox, which asks it how to deliver, and the [Syncer], which
// delivers.
type Tenants struct {
	db          *bun.DB
	schema      string
	connections *ledger.Connections
	links       *ledger.Links
	portals     *carry.Portals
}

// NewTenants returns the tenants over the tables in schema ("" = public), whose
// settings are in the store. It does no I/O; the error says what is wrong with
// api.
func NewTenants(db *bun.DB, schema string, settings integration.SettingsStore, api API) (*Tenants, error) {
	if db == nil || settings == nil {
		return nil, fmt.Errorf("crmsync: a database and a store of settings are required")
	}
	if schema == "" {
		schema = "public"
	}
	t := &Tenants{db: db, schema: schema, connections: ledger.NewConnections(db, schema), links: ledger.NewLinks(db, schema)}
	var err error
	if t.portals, err = carry.NewPortals(settings, t.connections, api); err != nil {
		return nil, err
	}
	return t, nil
}

// Route labels keys for the outbox: those whose records HubSpot is known to
// have travel apart from the others, because they take other calls.
func (t *Tenants) Route(ctx context.Context, tenant, kind string, keys []string) ([]string, error) {
	return t.links.Route(ctx, tenant, kind, keys)
}

// Ceiling is the most batches that the outbox may have in flight for a tenant:
// one while the portal's limits are not known yet or its breaker is not
// closed, else as many as the outbox likes.
func (t *Tenants) Ceiling(tenant string) int { return t.portals.Ceiling(tenant) }
