package crmsync

import (
	"fmt"
	"log/slog"
	"time"

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
	b := &base{db: t.db, source: cfg.Source, outbox: cfg.Outbox, connections: t.connections, links: t.links, records: NewRecords(t.db, t.schema),
		pages: hostLinks{cfg.LinkBuilder, cfg.LinkHosts}, calendar: cfg.Calendar, crmIDs: cfg.CRMIDs, log: cfg.Logger, now: cfg.Now}
	runs := NewRuns(t.db, t.schema)
	return &Syncer{base: b, portals: t.portals, runs: runs, plans: cfg.Plans,
		tags: &tagLedger{t.db, tables{t.schema}}, hands: tagging.NewByHand(t.db, t.schema),
		mappings: &mappings{t.db, tables{t.schema}}, matches: &matches{t.db, tables{t.schema}},
		notes: newNoteCarrier(b, t.schema, cfg.NoteRest), lists: newListCarrier(b, t.schema, runs.include),
		marketing: newMarketingCarrier(b, t.schema), customEvents: newCustomEventCarrier(b, t.schema), ties: newTieCarrier(b, t.schema),
		carriers: carriers(), roads: roads()}, nil
}
