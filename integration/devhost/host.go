package main

import (
	"context"
	"crypto/hkdf"
	"crypto/sha256"
	"io"
	"log/slog"
	"net/http"
	"time"

	"github.com/uptrace/bun"

	"github.com/memberpulse/hubspotplugin"
	"github.com/memberpulse/hubspotplugin/integration"
	"github.com/memberpulse/hubspotplugin/integration/console"
	"github.com/memberpulse/hubspotplugin/integration/devhost/host/clients"
	"github.com/memberpulse/hubspotplugin/integration/devhost/host/demoapi"
	"github.com/memberpulse/hubspotplugin/integration/devhost/host/members"
	"github.com/memberpulse/hubspotplugin/integration/devhost/host/portal"
	"github.com/memberpulse/hubspotplugin/integration/devhost/host/ports"
	"github.com/memberpulse/hubspotplugin/integration/devhost/host/seed"
	"github.com/memberpulse/hubspotplugin/integration/devhost/host/signin"
	"github.com/memberpulse/hubspotplugin/integration/devhost/host/simulated"
	"github.com/memberpulse/hubspotplugin/integration/pgstore"
)

// setup is what the host is made from.
type setup struct {
	DB       *bun.DB // migrated
	SealKey  []byte
	BaseURL  string // of HubSpot
	Version  string
	Loopback bool
	HubSpot  *simulated.HubSpot // nil: HubSpot is elsewhere
	Logger   *slog.Logger
	Now      func() time.Time
}

// host is the reference host: what a MemberPulse with one plugin is made of.
type host struct {
	Registry *integration.Registry
	Plugin   *hubspotplugin.Plugin
	Settings integration.SettingsStore
	Clients  *clients.Module
	Members  *members.Module
	Seeder   *seed.Seeder
	Console  *console.Console
	Gate     *signin.Gate
	Portal   *portal.Portal
	API      *demoapi.API
}

// handler serves everything, for a listener.
func (h *host) handler() http.Handler {
	mux := http.NewServeMux()
	h.Console.Mount(mux)
	mux.Handle("/demo/", h.API)
	mux.Handle("/", h.Portal)
	return h.Gate.LocalHostOnly(h.Gate.Middleware(mux))
}

// The functions below each make one part; inject.go names them.

func newSealer(s setup) (*pgstore.Sealer, error) { return pgstore.NewSealer(s.SealKey) }

func newSettings(s setup, sealer integration.Sealer) *pgstore.Settings {
	return pgstore.NewSettings(s.DB, sealer, pgstore.Options{Now: s.Now})
}

func newAudit(s setup) *pgstore.Audit { return pgstore.NewAudit(s.DB, pgstore.Options{Now: s.Now}) }

func newSource(s setup) *ports.Source { return ports.NewSource(s.DB) }

func newPluginConfig(s setup) hubspotplugin.Config {
	return hubspotplugin.Config{Enabled: true, BaseURL: s.BaseURL, Version: s.Version}
}

func newRegistry(p *hubspotplugin.Plugin) (*integration.Registry, error) {
	return integration.NewRegistry(p)
}

// hostDB is the pool that the host's modules write through. The plugin's hook
// sees their commits, so that a change is on its way at once.
type hostDB struct{ *bun.DB }

func newHostDB(s setup, p *hubspotplugin.Plugin) hostDB {
	return hostDB{s.DB.WithQueryHook(p.QueryHook())}
}

func newClients(db hostDB) *clients.Module { return clients.New(db.DB) }

func newMembers(s setup, db hostDB, p *hubspotplugin.Plugin) *members.Module {
	return members.New(db.DB, p, s.Now)
}

func newSeeder(s setup, db hostDB, c *clients.Module, m *members.Module) *seed.Seeder {
	return seed.New(db.DB, c, m, s.Now)
}

// newGate signs sessions with a key that follows from the sealing key, so that
// a restart ends no session and nothing else has to be kept.
func newGate(s setup, c *clients.Module) (*signin.Gate, error) {
	key, err := hkdf.Key(sha256.New, s.SealKey, nil, "memberpulse reference host session", 32)
	if err != nil {
		return nil, err
	}
	return signin.New(c, key, s.Loopback, s.Now), nil
}

func newPortal(s setup, c *clients.Module, m *members.Module, g *signin.Gate) (*portal.Portal, error) {
	cfg := portal.Config{Clients: c, Members: m, Gate: g, Settings: integrationsPath + "/hubspot", Logger: s.Logger, Now: s.Now}
	if s.HubSpot != nil {
		cfg.CRM = s.HubSpot
	}
	return portal.New(cfg)
}

func newAPI(s setup, c *clients.Module, m *members.Module, sd *seed.Seeder) *demoapi.API {
	var accounts demoapi.Portals
	if s.HubSpot != nil {
		accounts = s.HubSpot
	}
	return demoapi.New(c, m, sd, accounts, s.Loopback, s.Logger)
}

// describe leads from a line of the sync log to the member's page. It gives no
// names: whoever may see them sees them there.
func describe(_ context.Context, _ integration.Identity, ids []string) (map[string]console.Described, error) {
	out := make(map[string]console.Described, len(ids))
	for _, id := range ids {
		if integration.ValidUUID(id) {
			out[id] = console.Described{Label: "Member " + id[:8], Path: "/members/" + id}
		}
	}
	return out, nil
}

const integrationsPath = "/settings/integrations"

func newConsole(s setup, reg *integration.Registry, set integration.SettingsStore, audit integration.AuditLog, c *clients.Module, p *portal.Portal) (*console.Console, error) {
	return console.New(console.Config{
		Registry: reg, Settings: set, Audit: audit, DB: s.DB.DB,
		Identify: signin.Identify,
		Frame: func(w io.Writer, r *http.Request, page console.Page) error {
			return p.Frame(w, r, portal.Content{Title: page.Title, Head: page.Head, Body: page.Body})
		},
		BasePath: integrationsPath, SignInPath: "/signin",
		Describe: describe,
		TimeZone: func(ctx context.Context, clientID string) *time.Location {
			client, err := c.Get(ctx, clientID)
			if err != nil {
				return time.UTC
			}
			zone, err := time.LoadLocation(client.TimeZone)
			if err != nil {
				return time.UTC
			}
			return zone
		},
		Logger: s.Logger, Now: s.Now,
	})
}

func newDeps(s setup, src integration.Source, set integration.SettingsStore) hubspotplugin.Deps {
	return hubspotplugin.Deps{DB: s.DB, Source: src, Settings: set, Logger: s.Logger, Now: s.Now}
}
