package crmsync

import (
	"fmt"
	"log/slog"
	"time"

	"github.com/uptrace/bun"

	"github.com/memberpulse/hubspotplugin/integration"
	"github.com/memberpulse/hubspotplugin/outbox"
	"github.com/memberpulse/hubspotplugin/tagging"
)

// Config joins a Syncer's parts. Required are the parts that are pointers, and
// Source.
type Config struct {
	DB          *bun.DB
	Source      integration.Source
	Outbox      *outbox.Outbox
	Portals     *Portals
	Connections *Connections
	Links       *Links
	Records     *Records
	Runs        *Runs
	Schema      string // of the tables; default "public"

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
	*base
	portals  *Portals
	runs     *Runs
	tags     *tagLedger
	hands    *tagging.ByHand
	mappings *mappings
	matches  *matches
	plans    integration.PlanLister

	notes        *noteCarrier
	lists        *listCarrier
	marketing    *marketingCarrier
	customEvents *customEventCarrier
	ties         *tieCarrier

	carriers map[string]carrier
	roads    map[string]*road
}

// New returns a Syncer. It does nothing until messages arrive at Handle.
func New(cfg Config) (*Syncer, error) {
	switch {
	case cfg.DB == nil, cfg.Source == nil, cfg.Outbox == nil, cfg.Portals == nil, cfg.Connections == nil,
		cfg.Links == nil, cfg.Records == nil, cfg.Runs == nil:
		return nil, fmt.Errorf("crmsync: config is incomplete")
	}
	if cfg.Logger == nil {
		cfg.Logger = slog.New(slog.DiscardHandler)
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.Schema == "" {
		cfg.Schema = "public"
	}
	if cfg.NoteRest <= 0 {
		cfg.NoteRest = 20 * time.Second
	}
	b := &base{db: cfg.DB, source: cfg.Source, outbox: cfg.Outbox, connections: cfg.Connections, links: cfg.Links, records: cfg.Records,
		pages: hostLinks{cfg.LinkBuilder, cfg.LinkHosts}, calendar: cfg.Calendar, crmIDs: cfg.CRMIDs, log: cfg.Logger, now: cfg.Now}
	return &Syncer{base: b, portals: cfg.Portals, runs: cfg.Runs, plans: cfg.Plans,
		tags: &tagLedger{cfg.DB, tables{cfg.Schema}}, hands: tagging.NewByHand(cfg.DB, cfg.Schema),
		mappings: &mappings{cfg.DB, tables{cfg.Schema}}, matches: &matches{cfg.DB, tables{cfg.Schema}},
		notes: newNoteCarrier(b, cfg.Schema, cfg.NoteRest), lists: newListCarrier(b, cfg.Schema, cfg.Runs.include),
		marketing: newMarketingCarrier(b, cfg.Schema), customEvents: newCustomEventCarrier(b, cfg.Schema), ties: newTieCarrier(b, cfg.Schema),
		carriers: carriers(), roads: roads()}, nil
}
