package main

import (
	"context"
	"crypto/hkdf"
	"crypto/sha256"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"time"

	"github.com/uptrace/bun"

	"github.com/memberpulse/hubspotplugin"
	"github.com/memberpulse/hubspotplugin/integration"
	"github.com/memberpulse/hubspotplugin/integration/console"
	"github.com/memberpulse/hubspotplugin/integration/devhost/host/clients"
	"github.com/memberpulse/hubspotplugin/integration/devhost/host/courses"
	"github.com/memberpulse/hubspotplugin/integration/devhost/host/demoapi"
	"github.com/memberpulse/hubspotplugin/integration/devhost/host/events"
	"github.com/memberpulse/hubspotplugin/integration/devhost/host/members"
	"github.com/memberpulse/hubspotplugin/integration/devhost/host/organizations"
	"github.com/memberpulse/hubspotplugin/integration/devhost/host/portal"
	"github.com/memberpulse/hubspotplugin/integration/devhost/host/ports"
	"github.com/memberpulse/hubspotplugin/integration/devhost/host/seed"
	"github.com/memberpulse/hubspotplugin/integration/devhost/host/signin"
	"github.com/memberpulse/hubspotplugin/integration/devhost/host/simulated"
	"github.com/memberpulse/hubspotplugin/integration/devhost/host/tickets"
	"github.com/memberpulse/hubspotplugin/integration/pgstore"
)

// setup is what the host is made from.
type setup struct {
	DB       *bun.DB // migrated
	SealKey  []byte
	BaseURL  string // of HubSpot
	Address  string // of the host, as people find it
	Version  string
	Loopback bool
	HubSpot  *simulated.HubSpot // nil: HubSpot is elsewhere
	Logger   *slog.Logger
	Now      func() time.Time
}

// host is the reference host: what a MemberPulse with one plugin is made of.
type host struct {
	Rooms
	Registry *integration.Registry
	Plugin   *hubspotplugin.Plugin
	Settings integration.SettingsStore
	Seeder   *seed.Seeder
	Console  *console.Console
	Gate     *signin.Gate
	Portal   *portal.Portal
	API      *demoapi.API
}

// Rooms are the host's own modules. Those that change anything record it with
// the plugin.
type Rooms struct {
	Clients       *clients.Module
	Members       *members.Module
	Organizations *organizations.Module
	Events        *events.Module
	Courses       *courses.Module
	Tickets       *tickets.Module
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
	cfg := hubspotplugin.Config{Enabled: true, BaseURL: s.BaseURL, Version: s.Version}
	if u, err := url.Parse(s.Address); err == nil && u.Hostname() != "" {
		cfg.LinkHosts = []string{u.Hostname()}
	}
	return cfg
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

func newRooms(s setup, db hostDB, p *hubspotplugin.Plugin) Rooms {
	return Rooms{
		Clients: clients.New(db.DB), Members: members.New(db.DB, p, s.Now), Organizations: organizations.New(db.DB, p, s.Now),
		Events: events.New(db.DB, p, s.Now), Courses: courses.New(db.DB, p, s.Now), Tickets: tickets.New(db.DB, p, s.Now),
	}
}

func newSeeder(s setup, db hostDB, r Rooms) *seed.Seeder {
	return seed.New(seed.Config{
		DB: db.DB, Clients: r.Clients, Members: r.Members, Organizations: r.Organizations, Events: r.Events, Courses: r.Courses,
		Tickets: r.Tickets, Now: s.Now,
	})
}

// newGate signs sessions with a key that follows from the sealing key, so that
// a restart ends no session and nothing else has to be kept.
func newGate(s setup, r Rooms) (*signin.Gate, error) {
	key, err := hkdf.Key(sha256.New, s.SealKey, nil, "memberpulse reference host session", 32)
	if err != nil {
		return nil, err
	}
	return signin.New(r.Clients, key, s.Loopback, s.Now), nil
}

func newPortal(s setup, r Rooms, g *signin.Gate) (*portal.Portal, error) {
	cfg := portal.Config{
		Clients: r.Clients, Members: r.Members, Organizations: r.Organizations, Events: r.Events, Courses: r.Courses, Tickets: r.Tickets,
		DB: s.DB, Gate: g, Settings: integrationsPath + "/hubspot", Logger: s.Logger, Now: s.Now,
	}
	if s.HubSpot != nil {
		cfg.CRM = s.HubSpot
	}
	return portal.New(cfg)
}

func newAPI(s setup, r Rooms, sd *seed.Seeder) *demoapi.API {
	cfg := demoapi.Config{
		Clients: r.Clients, Members: r.Members, Organizations: r.Organizations, Events: r.Events, Courses: r.Courses, Tickets: r.Tickets,
		Seeder: sd, Loopback: s.Loopback, Logger: s.Logger,
	}
	if s.HubSpot != nil {
		cfg.Portals = s.HubSpot
	}
	return demoapi.New(cfg)
}

// describe leads from a line of the sync log to the host's page about it. It
// gives no names: whoever may see them sees them there.
func describe(db *bun.DB) func(context.Context, integration.Identity, []string) (map[string]console.Described, error) {
	return func(ctx context.Context, who integration.Identity, ids []string) (map[string]console.Described, error) {
		found, err := ports.Find(ctx, db, who.ClientID, ids)
		out := make(map[string]console.Described, len(found))
		for id, f := range found {
			out[id] = console.Described{Label: f.What + " " + id[:8], Path: ports.Page(f.Page)}
		}
		return out, err
	}
}

const integrationsPath = "/settings/integrations"

func newConsole(s setup, reg *integration.Registry, set integration.SettingsStore, audit integration.AuditLog, p *portal.Portal) (*console.Console, error) {
	return console.New(console.Config{
		Registry: reg, Settings: set, Audit: audit, DB: s.DB.DB,
		Identify: signin.Identify,
		Frame: func(w io.Writer, r *http.Request, page console.Page) error {
			return p.Frame(w, r, portal.Content{Title: page.Title, Head: page.Head, Body: page.Body})
		},
		BasePath: integrationsPath, SignInPath: "/signin",
		Describe: describe(s.DB),
		TimeZone: func(ctx context.Context, clientID string) *time.Location {
			zone, err := ports.NewCalendar(s.DB).TimeZone(ctx, clientID)
			if err != nil {
				return time.UTC
			}
			return zone
		},
		Logger: s.Logger, Now: s.Now,
	})
}

func newDeps(s setup, src integration.Source, set integration.SettingsStore) hubspotplugin.Deps {
	return hubspotplugin.Deps{
		DB: s.DB, Source: src, Settings: set, LinkBuilder: ports.NewLinks(s.Address), Calendar: ports.NewCalendar(s.DB),
		CRMIDs: ports.NewCRMIDs(s.DB), Plans: ports.NewPlans(s.DB), Logger: s.Logger, Now: s.Now,
	}
}
