package crmsync

import (
	"context"
	"strings"
	"time"

	"github.com/uptrace/bun"

	"github.com/memberpulse/hubspotplugin/hubspot"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/propertymap"
	"github.com/memberpulse/hubspotplugin/integration"
)

// What the tests of the pure files need to see.
var Truncate = truncate

// ContactProperties are the properties that the default map needs on contacts.
func ContactProperties() []hubspot.Property {
	return wanted(hubspot.Contacts, propertymap.New(propertymap.Contact, propertymap.Defaults(), nil), options{})
}

// Fingerprint is that of a member's contact.
func Fingerprint(key, hubspotID string, epoch int64, props map[string]string) []byte {
	return fingerprint("version", key, hubspotID, epoch, props)
}

// CompareSchema compares contact properties.
func CompareSchema(have []hubspot.Property) schemaGap {
	return compareSchema(hubspot.Contacts, ContactProperties(), have)
}

// SchemaGap tells a gap in plain values.
func SchemaGap(g schemaGap) (missing, retyped []string, noSlot bool, options map[string]int) {
	options = map[string]int{}
	for _, p := range g.missing {
		missing = append(missing, p.Name)
	}
	for _, o := range g.options {
		options[o.property.Name] = len(o.add)
	}
	return missing, g.retyped, g.noSlot, options
}

// ReadFailure tells a failure's meaning in plain values.
func ReadFailure(err error) (c string, tenant, hold, unknown, bisect bool) {
	f := readFailure(err)
	return string(f.code), f.tenant, f.hold, f.unknown, f.bisect
}

// Words tells a code's words.
func Words(c string, names ...string) (title, meaning, fix string, known bool) {
	return WordsOf(entityContact, c, names...)
}

// WordsOf tells a code's words about a type of sync record.
func WordsOf(entity, c string, names ...string) (title, meaning, fix string, known bool) {
	t := tell(code(c), entity, names)
	_, known = lookUp(code(c), entity)
	return t.title, t.meaning, t.fix, known
}

// PoolLow tells whether limits keep a backfill back.
func PoolLow(l hubspot.Limits, now time.Time) bool { return poolLow(l, now) }

// ExplainSearch is PostgreSQL's plan of a search in the sync log.
func ExplainSearch(ctx context.Context, db *bun.DB, clientID string, portalID int64, search string) (string, error) {
	r := syncLog{NewRecords(db, "public")}
	where, args := r.where(place{clientID, portalID}, integration.SyncQuery{Search: search})
	var plan []string
	err := db.NewRaw("explain "+recordSelect+where+" order by r.updated_at desc, r.id limit 30",
		append([]any{r.record(), r.syncTag()}, args...)...).Scan(ctx, &plan)
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
	out := facts{connected: f.Connected, paused: f.Paused, anything: f.Contacts, contacts: f.Contacts, parked: code(f.Parked), resumes: f.Resumes,
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
	return roads()[kindMember].judge(key, rec, owner) == claimAdopt
}

// Holds tells whether a record has an address.
func Holds(rec hubspot.Record, email string) bool { return holds(rec, email) }

// Progress tells a run's progress.
func Progress(phase string, total, listed, waiting int, started, now time.Time) integration.Run {
	return runRow{Phase: phase, Total: total, Listed: listed, StartedAt: started, KindAt: started}.progress(waiting, now)
}

// Failures tells how many failures in a row a portal counts at these times
// after the first.
func Failures(at ...time.Duration) []int {
	l, start := &live{}, time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC)
	var out []int
	for _, d := range at {
		out = append(out, l.failed(start.Add(d)))
	}
	return out
}

// ResyncSays tells what a full sync says of itself with these settings.
func ResyncSays(plain map[string]string) string {
	return resyncSays(optionsOf(integration.NewSettings(plain, nil)))
}

// RunTitle tells what a run is called that also does what is left of another.
func RunTitle(reason string, parts []string, rest string, more []string) string {
	e := errand{[]string{kindMember}, reason, parts}.joined(errand{[]string{kindMember}, rest, more})
	return runRow{Reason: e.reason, Parts: e.parts}.title()
}
