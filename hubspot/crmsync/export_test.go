package crmsync

import (
	"context"
	"strings"
	"time"

	"github.com/uptrace/bun"

	"github.com/memberpulse/hubspotplugin/hubspot"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/kinds"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/ledger"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/lists"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/propertymap"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/schema"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/settings"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/verdict"
	"github.com/memberpulse/hubspotplugin/integration"
)

// ContactProperties are the properties that the default map needs on contacts.
func ContactProperties() []hubspot.Property {
	return wanted(hubspot.Contacts, propertymap.New(propertymap.Contact, propertymap.Defaults(), nil), settings.Options{})
}

// CompareSchema compares contact properties.
func CompareSchema(have []hubspot.Property) schema.Gap {
	return schema.Compare(hubspot.Contacts, ContactProperties(), have)
}

// SchemaGap tells a gap in plain values.
func SchemaGap(g schema.Gap) (missing, retyped []string, noSlot bool, options map[string]int) {
	options = map[string]int{}
	for _, p := range g.Missing {
		missing = append(missing, p.Name)
	}
	for _, o := range g.Options {
		options[o.Property.Name] = len(o.Add)
	}
	return missing, g.Retyped, g.NoSlot, options
}

// PoolLow tells whether limits keep a backfill back.
func PoolLow(l hubspot.Limits, now time.Time) bool { return poolLow(l, now) }

// RunsKept is how many ended runs of a tenant are remembered.
const RunsKept = runsKept

// Include has a kind walked over, outside a transaction.
func Include(ctx context.Context, db *bun.DB, clientID, kind string, now time.Time) error {
	return NewRuns(db, "public").include(ctx, db, clientID, kind, now)
}

// ExplainSearch is PostgreSQL's plan of a search in the sync log.
func ExplainSearch(ctx context.Context, db *bun.DB, clientID string, portalID int64, search string) (string, error) {
	r := syncLog{ledger.NewRecords(db, "public")}
	where, args := r.where(ledger.Place{ClientID: clientID, PortalID: portalID}, integration.SyncQuery{Search: search})
	var plan []string
	err := db.NewRaw("explain "+recordSelect+where+" order by r.updated_at desc, r.id limit 30",
		append([]any{r.Record(), r.SyncTag()}, args...)...).Scan(ctx, &plan)
	return strings.Join(plan, "\n"), err
}

// Facts are facts for Sentence and Health.
type Facts struct {
	Connected, Paused, Contacts bool
	Parked                      string
	Resumes                     time.Time
	Pending, Members, Lists     int
	Undecided, Unwritable       int
	Attention                   map[string]int // by type of record
	Oldest                      time.Duration
	Running                     bool
	Done, Total                 int
}

func (f Facts) facts() facts {
	out := facts{connected: f.Connected, paused: f.Paused, anything: f.Contacts, contacts: f.Contacts, parked: verdict.Code(f.Parked), resumes: f.Resumes,
		pending: f.Pending, members: f.Members, oldest: f.Oldest, running: f.Running, run: "First sync", over: "members", done: f.Done, total: f.Total}
	var counts []stateCount
	for entity, n := range f.Attention {
		counts = append(counts, stateCount{Entity: entity, Status: "failed", N: n}, stateCount{Entity: entity, Status: "synced", N: 7})
	}
	out.needs = needsOf(counts, nil, nil, f.Lists)
	out.undecided, out.unwritable = f.Undecided, f.Unwritable
	return out
}

// Sentence and Health judge facts.
func Sentence(f Facts) string           { return sentence(f.facts()) }
func Health(f Facts) integration.Health { return health(f.facts()) }

// Judge tells whether a record may be adopted.
func Judge(key string, rec hubspot.Record, owner string) bool {
	return roads()[kinds.Member].holder(key, rec, owner) == ""
}

// Holds tells whether a record has an address.
func Holds(rec hubspot.Record, email string) bool { return holds(rec, email) }

// Progress tells a run's progress.
func Progress(phase string, total, listed, waiting int, started, now time.Time) integration.Run {
	return runRow{Phase: phase, Total: total, Listed: listed, StartedAt: started, KindAt: started}.progress(waiting, now)
}

// ResyncSays tells what a full sync says of itself with these settings.
func ResyncSays(plain map[string]string) string {
	return resyncSays(settings.Of(integration.NewSettings(plain, nil)))
}

// RunTitle tells what a run is called that also does what is left of another.
func RunTitle(reason string, parts []string, rest string, more []string) string {
	e := errand{[]string{kinds.Member}, reason, parts}.joined(errand{[]string{kinds.Member}, rest, more})
	return runRow{Reason: e.reason, Parts: e.parts}.title()
}

// Recipes are those of settings.
func Recipes(s integration.Settings, golive time.Time) []integration.Recipe {
	return recipes(settings.Of(s), golive)
}

// Incidents are those of lists in these states, by tag and mode.
func Incidents(s integration.Settings, states map[[2]string]string, since map[[2]string]time.Time) []integration.Incident {
	rows := map[settings.ListKey]lists.Row{}
	for k, state := range states {
		rows[settings.ListKey{Tag: k[0], Mode: k[1]}] = lists.Row{Tag: k[0], Mode: k[1], State: state, Since: since[k]}
	}
	return lists.Incidents(settings.Of(s), rows)
}

// WantedLists are the names of the lists that settings ask for.
func WantedLists(s integration.Settings) []string {
	var out []string
	for _, w := range settings.Of(s).WantedLists() {
		out = append(out, w.Name())
	}
	return out
}

// Turns are those of tenants at a piece of work.
type Turns struct{ *turns }

// NewTurns makes turns of which some are taken at once.
func NewTurns(atOnce int, now func() time.Time, work func(context.Context, string) error) Turns {
	return Turns{newTurns(atOnce, now, work)}
}

// Offer offers a turn to each tenant of a list.
func (t Turns) Offer(ctx context.Context, list func(context.Context) ([]string, error)) error {
	return t.offer(ctx, list)
}

// Wait waits for the end of all turns.
func (t Turns) Wait() { t.wait() }
