package crmsync_test

import (
	"context"
	"database/sql"
	"maps"
	"math/rand/v2"
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/memberpulse/hubspotplugin/hubspot"
	"github.com/memberpulse/hubspotplugin/hubspot/hubspottest"
	"github.com/memberpulse/hubspotplugin/integration"
	"github.com/memberpulse/hubspotplugin/outbox"
)

// modelTagged is how many members the model of tags has.
const modelTagged = 120

// tagWorld is the model: what happened in the host, in its order. It knows
// nothing of ledgers, batches or times of calls.
type tagWorld struct {
	t       *testing.T
	rng     *rand.Rand
	b       *bundle
	v       *tagWitness
	reader  *hubspot.Client
	targets map[string]string // by family, the property
	souls   []*tagSoul
	gate    modelGate

	began    time.Time // of the host's clock
	past     int       // days before it on which events take place
	ticks    int
	late     map[time.Time]bool
	serial   int
	faults   int
	happened map[string]int
	rested   time.Time // when HubSpot was last looked at
	compared tagCompared
}

// tagCompared is how much the judge has compared.
type tagCompared struct{ written, mixed, exact, loose, excused, lost int }

func newTagWorld(t *testing.T, rng *rand.Rand, targets map[string]string, o hubspottest.Options, version hubspot.Version) *tagWorld {
	w := &tagWorld{t: t, rng: rng, targets: targets, late: map[time.Time]bool{}, happened: map[string]int{}}
	w.v = &tagWitness{rng: rand.New(rand.NewPCG(rng.Uint64(), 3)), foreign: map[string]map[string]map[string]bool{}, doubts: map[string]int{},
		passes: map[[2]string]*tagPass{}, loaded: map[string]bool{}, excused: map[[2]string]bool{}, unsure: map[[3]string]bool{}}
	w.b = start(t, withSim(o), withVersion(version), withTransport(w.v), withBox(func(c *outbox.Config) {
		c.RetryMin, c.RetryMax, c.SnoozeMin, c.SnoozeMax = 5*time.Millisecond, 50*time.Millisecond, 5*time.Millisecond, 50*time.Millisecond
	}))
	w.v.portal = w.b.sim.Portal(portalA)
	w.b.host.OnLoad(w.v.loading)
	var err error
	w.reader, err = hubspot.NewClient(hubspot.Config{BaseURL: w.b.sim.URL, Token: func() string { return tokenA }})
	must(t, err)
	settings := map[string]string{"syncTags": "true"}
	for family, name := range targets {
		if name == "memberpulse_tags" {
			continue
		}
		settings["tagProperty"+map[string]string{"membership": "Membership", "event": "Event", "course": "Course"}[family]] = name
		if !slices.Contains(w.v.shared, name) {
			w.v.shared = append(w.v.shared, name)
			p := segmentsProperty(modelForeign...)
			p.Name, p.Label = name, name
			w.b.define(hubspot.Contacts, p)
		}
	}
	slices.Sort(w.v.shared)
	w.began, w.past = time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC), 30
	for n := range modelTagged {
		m := member(n)
		m.Memberships = nil
		if n%10 == 9 {
			m.Status = integration.MemberPending
		}
		s := &tagSoul{m: m, books: newTagBooks(), lives: true, told: map[string]told{}, gains: map[string]int{}, losses: map[string]int{}, have: map[string]map[string]bool{}}
		for _, slug := range modelSlugs {
			s.told[slug] = toldNot
		}
		w.souls = append(w.souls, s)
		for range w.rng.IntN(12) {
			w.happens(s)
		}
		w.b.host.Put(tenantA, s.m)
	}
	w.b.connectWith(settings)
	w.rested = time.Now()
	w.gate.at = w.rested
	w.began, w.ticks, w.past, w.late = w.rested, 0, 0, map[time.Time]bool{}
	for slug, family := range map[string]string{"membership-active": "membership", "event-registered": "event", "course-completed": "course"} {
		w.v.portal.PutWorkflow(slug, hubspottest.Trigger{Contains: w.targets[family], Value: slug}, true)
		w.v.flows = append(w.v.flows, slug)
	}
	for _, s := range w.souls {
		w.moment(s, time.Time{}, w.rested)
	}
	return w
}

// moment notes that something else holds of a member from now on.
func (w *tagWorld) moment(s *tagSoul, lo, hi time.Time) {
	m := tagMoment{lo: lo, hi: hi, facts: s.books.facts(s.lives), words: maps.Clone(s.books.words), gate: w.gate, told: map[string]told{}}
	for slug, says := range w.sayings(m) {
		s.told[slug] |= s.told[slug].after(says, m.gate.holds(slug, says))
	}
	maps.Copy(m.told, s.told)
	s.moments = append(s.moments, m)
}

// sayings are those of the whole catalog.
func (w *tagWorld) sayings(m tagMoment) map[string]tagSaying {
	out := map[string]tagSaying{}
	says := m.facts.says(m.words)
	for _, slug := range modelSlugs {
		out[slug] = says[slug]
	}
	return out
}

func (w *tagWorld) did(what string) { w.happened[what]++ }

func (w *tagWorld) ops() int {
	n := 0
	for what, times := range w.happened {
		switch what {
		case "wait", "fault":
		default:
			n += times
		}
	}
	return n
}

func (w *tagWorld) anyone(fits func(*tagSoul) bool) *tagSoul {
	for range 50 {
		if s := w.souls[w.rng.IntN(len(w.souls))]; fits(s) {
			return s
		}
	}
	return nil
}

func (w *tagWorld) step() {
	switch n := w.rng.IntN(100); {
	case n < 50:
		w.transact()
	case n < 66:
		w.hand()
	case n < 70:
		w.comeAndGo()
	case n < 84:
		if len(w.v.shared) > 0 {
			w.person()
		}
	case n < 86:
		w.fault()
	case n == 86 && w.rng.IntN(6) == 0:
		if _, err := w.b.syncer.Sync(context.Background(), tenantA); err == nil {
			w.did("full sync")
		}
	case n > 92:
		w.did("wait")
		(&world{t: w.t, rng: w.rng, replicas: []*bundle{w.b}}).await()
	}
}

// transact changes some members in one transaction of the host.
func (w *tagWorld) transact() {
	var all []*tagSoul
	for range 1 + w.rng.IntN(8) {
		s := w.anyone(func(s *tagSoul) bool { return s.lives })
		if !slices.Contains(all, s) {
			all = append(all, s)
		}
		for range 1 + w.rng.IntN(3) {
			w.happens(s)
		}
	}
	w.commit(all...)
}

// commit makes what has happened to members visible, and records it.
func (w *tagWorld) commit(all ...*tagSoul) {
	var changes []integration.Change
	for _, s := range all {
		lo := time.Now()
		if s.lives {
			w.b.host.Put(tenantA, s.m)
		} else {
			w.b.host.Delete(tenantA, s.m.ID)
		}
		w.moment(s, lo, time.Now())
		changes = append(changes, integration.MemberChanged(tenantA, s.m.ID))
	}
	w.b.record(changes...)
}

// hand is an admin who applies a tag or removes one.
func (w *tagWorld) hand() {
	s := w.anyone(func(s *tagSoul) bool { return s.lives })
	tag, word := modelSlugs[w.rng.IntN(len(modelSlugs))], tagWord{w.rng.IntN(2) == 0, w.sometime(w.began)}
	lo := time.Now()
	must(w.t, w.b.inTx(func(ctx context.Context, tx *sql.Tx) error {
		return w.b.syncer.SetTag(ctx, tx, tenantA, integration.TagChange{MemberID: s.m.ID, Tag: tag, Applied: word.on, Cause: "asked by phone", By: "user-1", OccurredAt: word.at})
	}))
	if word.at.After(s.books.words[tag].at) {
		s.books.words[tag] = word
	}
	w.moment(s, lo, time.Now())
	w.did(map[bool]string{true: "applied by hand", false: "removed by hand"}[word.on])
}

func (w *tagWorld) comeAndGo() {
	if s := w.anyone(func(s *tagSoul) bool { return !s.lives || w.rng.IntN(20) == 0 }); s != nil {
		s.lives = !s.lives
		w.did(map[bool]string{true: "rejoin", false: "leave"}[s.lives])
		w.commit(s)
	}
}

// person changes a property of the customer's.
func (w *tagWorld) person() {
	s := w.souls[w.rng.IntN(len(w.souls))]
	if c, ok := w.b.contact(portalA, s.m.ID); ok && w.v.edit(c.ID, w.v.shared[w.rng.IntN(len(w.v.shared))]) {
		w.did("edit in HubSpot")
	}
}

func (w *tagWorld) fault() {
	kinds := []hubspottest.Fault{
		{LoseReply: true}, {Commit: true, Status: http.StatusGatewayTimeout}, {DropBefore: true}, {Status: http.StatusServiceUnavailable},
		{EmptyOK: true}, {Short: true}, {Truncate: true}, {Status: http.StatusLocked}, {Commit: true, Status: http.StatusInternalServerError},
		{Status: http.StatusTooManyRequests, Body: `{"status":"error","errorType":"RATE_LIMIT","policyName":"SECONDLY","message":"slow"}`},
	}
	f := kinds[w.faults%len(kinds)]
	w.faults++
	f.PathContains, f.Times = []string{"/contacts/batch/up", "/contacts/batch/"}[w.rng.IntN(2)], 1
	w.b.sim.Inject(f)
	w.did("fault")
}

// rest ends all troubles and waits until nothing is on its way.
func (w *tagWorld) rest() {
	w.b.sim.ClearFaults()
	w.b.eventually("everything is settled", func() bool {
		asides, err := w.b.box.Asides(context.Background(), tenantA, outbox.AsideQuery{Limit: 1000})
		must(w.t, err)
		for _, a := range asides { // after many faults the next try can be far away
			if time.Until(a.DueAt) > 200*time.Millisecond {
				must(w.t, w.b.inTx(func(ctx context.Context, tx *sql.Tx) error {
					_, err := w.b.box.Resend(ctx, tx, tenantA, a.Kind, a.Key)
					return err
				}))
			}
		}
		st := w.b.status(tenantA)
		if st.Health == integration.HealthFailing || st.ResumesAt != nil {
			must(w.t, w.b.inTx(func(ctx context.Context, tx *sql.Tx) error { return w.b.syncer.Recheck(ctx, tx, tenantA) }))
		}
		return st.Pending == 0 && st.Members.Waiting == 0 && (st.Run == nil || st.Run.FinishedAt != nil)
	})
}

// release is the admin who lets the tags out.
func (w *tagWorld) release(history bool) {
	lo := time.Now()
	w.b.confirmTags(history)
	w.gate.open, w.gate.history = true, w.gate.history || history
	for _, s := range w.souls {
		w.moment(s, lo, time.Now())
	}
	w.did("confirmation")
}
