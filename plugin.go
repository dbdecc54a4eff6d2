// Package hubspotplugin is the HubSpot integration of MemberPulse: an
// embeddable plugin that records changes of members inside the host's own
// database transaction and carries them to each tenant's HubSpot portal.
//
// A host needs five steps:
//
//  1. Run the migrations (package migrations).
//  2. Build a [Plugin] with [New] from its database, its [integration.Source]
//     and its stores.
//  3. Register it: integration.NewRegistry(plugin), then Registry.Start.
//  4. Call [Plugin.Record] in every transaction that changes a member.
//  5. Mount the console (package integration/console) for its admins.
//
// Nothing is lost and nothing is sent that was rolled back: the record of a
// change is a row of the host's transaction. What is sent is the member's
// state at the time of sending, read through the Source.
package hubspotplugin

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"github.com/ThreeDotsLabs/watermill"
	"github.com/ThreeDotsLabs/watermill/message"
	"github.com/uptrace/bun"

	"github.com/memberpulse/hubspotplugin/hubspot/crmsync"
	"github.com/memberpulse/hubspotplugin/integration"
	"github.com/memberpulse/hubspotplugin/outbox"
)

// Deps are what the host gives the plugin. DB, Source and Settings are
// required.
type Deps struct {
	// DB is the host's primary database. The plugin opens no pool of its own
	// and uses at most 8 of its connections at once. Let the pool keep its idle
	// connections (SetMaxIdleConns): database/sql keeps two by default, and
	// under load the time to connect is then most of a change's way.
	DB       *bun.DB
	Source   integration.Source
	Settings integration.SettingsStore
	// LinkBuilder makes links that lead from HubSpot back to the host. Optional:
	// without it there are none. Those to other hosts than Config.LinkHosts are
	// left out.
	LinkBuilder integration.LinkBuilder
	// Calendar tells each tenant's time zone. Optional: without it dates and
	// times are told in UTC.
	Calendar integration.Calendar
	// CRMIDs stores the CRM IDs of members and support tickets. Optional.
	CRMIDs integration.CRMIDWriter
	// Plans lists each tenant's membership plans, for the settings. Optional:
	// without it members cannot be chosen by plan.
	Plans integration.PlanLister
	// Logger receives no personal data and no secrets. Default: none.
	Logger *slog.Logger
	// Now is the clock. Default time.Now.
	Now func() time.Time
	// Transport sends the requests to HubSpot. Default: one of the plugin's own.
	Transport http.RoundTripper
}

// Config is the deployer's. The zero value of each field but Enabled is a
// good default.
type Config struct {
	// Enabled: without it Record does nothing, without a statement, and Start
	// starts nothing.
	Enabled bool
	// BaseURL of HubSpot's API. Default https://api.hubapi.com.
	BaseURL string
	// Version of HubSpot's API: "2026-03" (default) or "2026-09".
	Version string
	// Schema is the PostgreSQL schema of the plugin's tables. Default "public".
	Schema string
	// LinkHosts are the host names, without a port, that links in HubSpot may
	// lead to, always by https; http only to this machine. Default: none.
	LinkHosts []string
}

// Plugin is the HubSpot integration. It is safe for concurrent use.
type Plugin struct {
	capabilities

	enabled bool
	syncer  *crmsync.Syncer
	outbox  *outbox.Outbox
	log     *slog.Logger

	mu      sync.Mutex
	stopped bool
	cancel  context.CancelFunc // ends what Start began; nil = not started
	done    chan struct{}
}

// capabilities are what the console may ask of the plugin; the syncer has them.
type capabilities interface {
	integration.Connector
	integration.Reporter
	integration.Runner
	integration.SyncLogger
	integration.PropertyMapper
	integration.Tagger
	integration.Matcher
	integration.OptionLister
}

// New joins the parts and does no I/O. Its errors are mistakes in deps or cfg.
func New(deps Deps, cfg Config) (*Plugin, error) {
	if deps.DB == nil || deps.Source == nil || deps.Settings == nil {
		return nil, errors.New("hubspotplugin: DB, Source and Settings are required")
	}
	if deps.Logger == nil {
		deps.Logger = slog.New(slog.DiscardHandler)
	}
	if deps.Now == nil {
		deps.Now = time.Now
	}
	if cfg.Schema == "" {
		cfg.Schema = "public"
	}
	tenants, err := crmsync.NewTenants(deps.DB, cfg.Schema, deps.Settings, crmsync.API{
		BaseURL: cfg.BaseURL, Version: cfg.Version, Transport: deps.Transport, Logger: deps.Logger, Now: deps.Now,
	})
	if err != nil {
		return nil, fmt.Errorf("hubspotplugin: %w", err)
	}
	box, err := outbox.New(deps.DB, outbox.Config{
		Schema: cfg.Schema, Kinds: crmsync.Kinds(), Route: tenants.Route, Ceiling: tenants.Ceiling, Logger: deps.Logger, Now: deps.Now,
	})
	if err != nil {
		return nil, fmt.Errorf("hubspotplugin: %w", err)
	}
	syncer, err := crmsync.New(crmsync.Config{
		Tenants: tenants, Source: deps.Source, Outbox: box,
		LinkBuilder: deps.LinkBuilder, LinkHosts: cfg.LinkHosts, Calendar: deps.Calendar, CRMIDs: deps.CRMIDs, Plans: deps.Plans,
		Logger: deps.Logger, Now: deps.Now,
	})
	if err != nil {
		return nil, fmt.Errorf("hubspotplugin: %w", err)
	}
	return &Plugin{capabilities: syncer, syncer: syncer, enabled: cfg.Enabled, outbox: box, log: deps.Logger}, nil
}

// Spec describes the integration and its settings.
func (p *Plugin) Spec() integration.Spec { return crmsync.Spec() }

// Start begins to drain the outbox. ctx is for starting only. A stopped plugin
// cannot be started again.
func (p *Plugin) Start(ctx context.Context) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch {
	case p.stopped:
		return errors.New("hubspotplugin: stopped; build a new plugin")
	case p.cancel != nil:
		return errors.New("hubspotplugin: started already")
	case !p.enabled:
		return nil
	}
	// The router is ours: a host's middlewares would retry or poison batches
	// that the outbox schedules itself.
	router, err := message.NewRouter(message.RouterConfig{CloseTimeout: closeTimeout}, watermill.NewSlogLogger(p.log))
	if err != nil {
		return fmt.Errorf("hubspotplugin: %w", err)
	}
	router.AddConsumerHandler("hubspot", outbox.TopicBatches, p.outbox.Batches(), p.syncer.Handle)
	run, cancel := context.WithCancel(context.WithoutCancel(ctx))
	done, ended := make(chan struct{}), make(chan struct{})
	var wait sync.WaitGroup
	wait.Go(func() {
		defer close(ended)
		if err := router.Run(run); err != nil {
			p.log.Error("the router ended", "error", err)
		}
	})
	wait.Go(func() { p.syncer.RunBackfills(run) })
	go func() { wait.Wait(); close(done) }()
	select {
	case <-router.Running():
	case <-ended:
		cancel()
		<-done
		return errors.New("hubspotplugin: the router did not start; the log says why")
	case <-ctx.Done():
		cancel()
		<-done
		return fmt.Errorf("hubspotplugin: start: %w", ctx.Err())
	}
	p.cancel, p.done = cancel, done
	return nil
}

// closeTimeout is how long calls that are out may take to end.
const closeTimeout = 8 * time.Second

// Stop ends the drain: nothing new is claimed, calls that are out get up to
// 8 s to end and are settled, leases are released. It is safe without Start
// and safe to call twice.
func (p *Plugin) Stop(ctx context.Context) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.stopped = true
	err := p.outbox.Close(ctx)
	if p.cancel == nil {
		return err
	}
	p.cancel()
	select {
	case <-p.done:
	case <-ctx.Done():
		return errors.Join(err, fmt.Errorf("hubspotplugin: stop: %w", ctx.Err()))
	}
	p.cancel = nil
	return err
}

// Record records changes in the host's own transaction: they are sent if and
// only if tx commits. It makes no network call and, once a tenant has been
// seen connected, reads no other row; changes of tenants that are not
// connected cost one statement and leave nothing behind.
//
// Lock or update the member's own row in tx before Record, so that changes of
// one member are recorded in the order in which they commit.
//
// An error is a programmer's mistake (a kind that has no handler, a key that
// is no UUID, no transaction), found before any statement, or the database's.
func (p *Plugin) Record(ctx context.Context, tx bun.Tx, changes ...integration.Change) error {
	if !p.enabled {
		return nil
	}
	if tx.Tx == nil {
		return errNoTx
	}
	entries, err := crmsync.Entries(changes)
	if err != nil {
		return fmt.Errorf("hubspotplugin: record: %w", err)
	}
	return p.outbox.Append(ctx, tx, entries...)
}

var errNoTx = errors.New("hubspotplugin: record: without a transaction")

// RecordSQL is Record for a transaction that was begun without bun.
func (p *Plugin) RecordSQL(ctx context.Context, tx *sql.Tx, changes ...integration.Change) error {
	if !p.enabled {
		return nil
	}
	if tx == nil {
		return errNoTx
	}
	entries, err := crmsync.Entries(changes)
	if err != nil {
		return fmt.Errorf("hubspotplugin: record: %w", err)
	}
	return p.outbox.AppendSQL(ctx, tx, entries...)
}

// RunInTx runs fn in a transaction and sends what it recorded at once after
// the commit, instead of milliseconds later.
func (p *Plugin) RunInTx(ctx context.Context, opts *sql.TxOptions, fn func(ctx context.Context, tx bun.Tx) error) error {
	return p.outbox.RunInTx(ctx, opts, fn)
}

// QueryHook sees the COMMITs of a *bun.DB and sends what they recorded at
// once. Install it at start, before the DB is shared: db =
// db.WithQueryHook(plugin.QueryHook()). Without it changes follow within
// milliseconds all the same.
func (p *Plugin) QueryHook() bun.QueryHook { return p.outbox.QueryHook() }

// Compile-time guards: what the console may ask of the plugin.
var (
	_ integration.Plugin     = (*Plugin)(nil)
	_ integration.Recorder   = (*Plugin)(nil)
	_ integration.Connector  = (*Plugin)(nil)
	_ integration.Reporter   = (*Plugin)(nil)
	_ integration.Runner     = (*Plugin)(nil)
	_ integration.SyncLogger = (*Plugin)(nil)

	_ integration.PropertyMapper = (*Plugin)(nil)
	_ integration.Tagger         = (*Plugin)(nil)
	_ integration.Matcher        = (*Plugin)(nil)
	_ integration.OptionLister   = (*Plugin)(nil)
)
