package crmsync

import (
	"fmt"
	"log/slog"
	"time"

	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/associations"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/carry"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/customevents"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/ledger"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/lists"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/marketing"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/matching"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/notes"
	"github.com/memberpulse/hubspotplugin/integration"
	"github.com/memberpulse/hubspotplugin/outbox"
	"github.com/memberpulse/hubspotplugin/tagging"
)

// Config joins a Syncer's parts. Tenants, Source and Outbox are required.
type Config struct {
	Tenants *Tenants
	Source  integration.Source
	Outbox  *outbox.Outbox

	// LinkBuilder makes links back to the host, of which those to LinkHosts
	// (names, without a port) leave. Without either there are none.
	LinkBuilder integration.LinkBuilder
	LinkHosts   []string
	// Calendar tells tenants' time zones. Without it all is told in UTC.
	Calendar integration.Calendar
	// CRMIDs gets the ids of members' contacts and of tickets' notes. Nil: nobody
	// wants them.
	CRMIDs integration.CRMIDWriter
	// Plans lists tenants' plans. Nil: members cannot be chosen by plan.
	Plans integration.PlanLister
	// NoteRest is how long after a call without a reply its notes are looked for:
	// HubSpot may still be at work. Default 20 s.
	NoteRest time.Duration

	Logger *slog.Logger
	Now    func() time.Time
}

// Syncer turns batches of the outbox into calls to HubSpot and settles them.
// It implements the optional capabilities of package integration for the
// plugin. It is safe for concurrent use.
type Syncer struct {
	*carry.Base
	portals  *carry.Portals
	runs     *Runs
	tags     *tagLedger
	hands    *tagging.ByHand
	mappings *mappings
	parkings *parkings
	matching *matching.Matcher
	plans    integration.PlanLister

	notes        *notes.Carrier
	lists        *lists.Carrier
	marketing    *marketing.Carrier
	customEvents *customevents.Carrier
	ties         *associations.Carrier

	carriers map[string]carrier
	roads    map[string]*road
}

// New returns a Syncer. It does nothing until messages arrive at Handle.
func New(cfg Config) (*Syncer, error) {
	if cfg.Tenants == nil || cfg.Source == nil || cfg.Outbox == nil {
		return nil, fmt.Errorf("crmsync: config is incomplete: Tenants, Source and Outbox are required")
	}
	if cfg.Logger == nil {
		cfg.Logger = slog.New(slog.DiscardHandler)
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.NoteRest <= 0 {
		cfg.NoteRest = 20 * time.Second
	}
	t := cfg.Tenants
	b := &carry.Base{DB: t.db, Source: cfg.Source, Outbox: cfg.Outbox, Connections: t.connections, Links: t.links, Records: ledger.NewRecords(t.db, t.schema),
		Pages: carry.HostLinks{Builder: cfg.LinkBuilder, Hosts: cfg.LinkHosts}, Calendar: cfg.Calendar, CRMIDs: cfg.CRMIDs, Log: cfg.Logger, Now: cfg.Now}
	runs := NewRuns(t.db, t.schema)
	return &Syncer{Base: b, portals: t.portals, runs: runs, plans: cfg.Plans,
		tags: &tagLedger{t.db, ledger.Tables{Schema: t.schema}}, hands: tagging.NewByHand(t.db, t.schema),
		mappings: &mappings{t.db, ledger.Tables{Schema: t.schema}}, parkings: &parkings{t.db, ledger.Tables{Schema: t.schema}}, matching: matching.New(b, t.schema, t.portals),
		notes: notes.New(b, t.schema, cfg.NoteRest), lists: lists.New(b, t.schema, runs.include),
		marketing: marketing.New(b, t.schema), customEvents: customevents.New(b, t.schema), ties: associations.New(b, t.schema),
		carriers: carriers(), roads: roads()}, nil
}
