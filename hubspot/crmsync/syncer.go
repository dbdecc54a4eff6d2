package crmsync

import (
	"context"
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
	db          *bun.DB
	source      integration.Source
	outbox      *outbox.Outbox
	portals     *Portals
	connections *Connections
	links       *Links
	records     *Records
	runs        *Runs
	tags        *tagLedger
	lists       *listStore
	mappings    *mappings
	hands       *tagging.ByHand
	notes       *noteLedger
	marketing   *marketingLedger
	pages       hostLinks
	calendar    integration.Calendar
	crmIDs      integration.CRMIDWriter
	plans       integration.PlanLister
	noteRest    time.Duration
	belongings  *belongings
	pairs       *pairs
	matches     *matches
	carriers    map[string]carrier
	roads       map[string]*road
	log         *slog.Logger
	now         func() time.Time
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
	return &Syncer{db: cfg.DB, source: cfg.Source, outbox: cfg.Outbox, portals: cfg.Portals, connections: cfg.Connections,
		links: cfg.Links, records: cfg.Records, runs: cfg.Runs,
		lists:     &listStore{cfg.DB, tables{cfg.Schema}},
		marketing: &marketingLedger{cfg.DB, tables{cfg.Schema}},
		mappings:  &mappings{cfg.DB, tables{cfg.Schema}},
		tags:      &tagLedger{cfg.DB, tables{cfg.Schema}}, hands: tagging.NewByHand(cfg.DB, cfg.Schema),
		notes: &noteLedger{cfg.DB, tables{cfg.Schema}}, pages: hostLinks{cfg.LinkBuilder, cfg.LinkHosts},
		calendar: cfg.Calendar, crmIDs: cfg.CRMIDs, plans: cfg.Plans, noteRest: cfg.NoteRest,
		belongings: &belongings{cfg.DB, tables{cfg.Schema}}, pairs: &pairs{cfg.DB, tables{cfg.Schema}}, matches: &matches{cfg.DB, tables{cfg.Schema}},
		carriers: carriers(), roads: roads(), log: cfg.Logger, now: cfg.Now}, nil
}

// load reads the entities of a batch from the host, by key.
func (s *Syncer) load(ctx context.Context, b outbox.Batch) (map[string]integration.Loaded, error) {
	return s.loadAs(ctx, b, integration.Kind(b.Kind))
}

// loadAs is load for a batch whose keys are those of another kind.
func (s *Syncer) loadAs(ctx context.Context, b outbox.Batch, kind integration.Kind) (map[string]integration.Loaded, error) {
	keys := make([]string, len(b.Deliveries))
	for i, d := range b.Deliveries {
		keys[i] = d.Key
	}
	return s.loadKeys(ctx, b.Tenant, kind, keys)
}

// loadKeys reads entities of one kind from the host, at most 100.
func (s *Syncer) loadKeys(ctx context.Context, clientID string, kind integration.Kind, keys []string) (map[string]integration.Loaded, error) {
	if len(keys) == 0 {
		return nil, nil
	}
	refs := make([]integration.Ref, len(keys))
	for i, key := range keys {
		refs[i] = integration.Ref{Kind: kind, Key: key}
	}
	answers, err := s.source.Load(ctx, clientID, refs)
	if err != nil {
		return nil, err
	}
	out := make(map[string]integration.Loaded, len(answers))
	for _, a := range answers {
		out[a.Ref.Key] = a
	}
	return out, nil
}
