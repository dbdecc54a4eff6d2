package crmsync_test

import (
	"context"
	"database/sql"
	"flag"
	"math/rand/v2"
	"net/http"
	"testing"

	"github.com/memberpulse/hubspotplugin/hubspot"
	"github.com/memberpulse/hubspotplugin/hubspot/hubspottest"
	"github.com/memberpulse/hubspotplugin/integration"
)

var modelSeed = flag.Uint64("model.seed", 1, "seed of the model test's random stream")

// modelSteps is how many steps the model test takes; a step changes up to six
// members, or is one act of a person in HubSpot, one fault, one pause.
const modelSteps = 1800

// TestModel changes members at random while people work in the portal, HubSpot
// fails in every way that it knows, and two replicas of the host take turns.
// When all is quiet, the portal is what an independent model says.
func TestModel(t *testing.T) {
	t.Parallel()
	seed := *modelSeed
	rng := rand.New(rand.NewPCG(seed, 7))
	o, version := modelHubSpot(rng)
	defer func() {
		if t.Failed() {
			t.Logf("repeat with -model.seed=%d; HubSpot was %+v on %s", seed, o, version)
		}
	}()
	one := start(t, withSim(o), withVersion(version))
	w := newWorld(t, rng, one)
	w.prepare()
	one.connect(tenantA, portalA, tokenA)
	two := start(t, beside(one), withVersion(version))
	w.replicas = []*bundle{one, two}
	for i := range modelSteps {
		if i == modelSteps/2 {
			// One replica is replaced, as a deployment does.
			three := start(t, beside(one), withVersion(version))
			w.replicas = []*bundle{three, two}
			must(t, one.box.Close(context.Background()))
		}
		w.step()
	}
	w.rest(two)
	// People changed what they like in HubSpot: a full sync mends what is ours.
	_, err := two.syncer.Sync(context.Background(), tenantA)
	must(t, err)
	w.rest(two)
	w.judge()
	for what, n := range w.happened {
		if n == 0 {
			t.Errorf("%q never happened: this proves too little", what)
		}
	}
	// Two values came into a contact with each of these.
	if brought := 2 * (w.happened["edit"] + w.happened["merge of a stranger"] + w.happened["merge of two members"]); w.doubts > brought/8 {
		t.Errorf("%d values left in contacts that nobody knew: this proves too little", w.doubts)
	}
	t.Logf("seed %d: %d member changes, %d calls, %v", seed, w.changes, len(one.sim.Requests()), w.happened)
}

// modelHubSpot chooses one of the HubSpots that documentation and experience
// allow.
func modelHubSpot(rng *rand.Rand) (hubspottest.Options, hubspot.Version) {
	coin := func() bool { return rng.IntN(2) == 0 }
	o := hubspottest.Options{
		Seed: rng.Uint64(), MergeKeepsPrimaryID: coin(), MergedIDRejectsWrite: coin(), KeepOldEmail: coin(),
		ErrorsOmitTraceID: coin(), ResultsEchoTraceID: coin(), MultiStatus2609: coin(), IdenticalWriteKeepsUpdatedAt: coin(),
		EmailConflict: hubspottest.EmailConflict(rng.IntN(3)), ConflictBody: hubspottest.ConflictBody(rng.IntN(3)),
	}
	if coin() {
		return o, hubspot.Version202603
	}
	return o, hubspot.Version202609
}

// step does one thing at random.
func (w *world) step() {
	switch n := w.rng.IntN(1000); {
	case n < 620:
		w.changeSome()
	case n < 740:
		w.join()
	case n < 790:
		w.leave()
	case n < 830:
		w.rejoin()
	case n < 865:
		w.personEdits()
	case n < 885:
		w.personArchives()
	case n < 905:
		w.personMergesStranger()
	case n < 925:
		w.personMergesMembers()
	case n < 945:
		w.pauseAndResume()
	case n < 960:
		w.fault()
	default:
		w.await()
	}
}

// fault makes the next calls go wrong, in one of the ways that HubSpot and the
// net know.
func (w *world) fault() {
	kinds := []hubspottest.Fault{
		{LoseReply: true}, {Commit: true, Status: http.StatusGatewayTimeout}, {Commit: true, Status: http.StatusInternalServerError},
		{DropBefore: true}, {Status: http.StatusServiceUnavailable}, {Status: http.StatusLocked},
		{Status: http.StatusTooManyRequests, Body: `{"status":"error","errorType":"RATE_LIMIT","policyName":"SECONDLY","message":"slow"}`},
		{EmptyOK: true}, {Short: true}, {Truncate: true}, {Status: http.StatusBadGateway, Body: "<html>bad gateway</html>", ContentType: "text/html"},
	}
	f := kinds[w.faults%len(kinds)]
	w.faults++
	f.PathContains, f.Times = []string{"/batch/", "/batch/up"}[w.rng.IntN(2)], 1+w.rng.IntN(3)
	w.b().sim.Inject(f)
	w.happened["fault"]++
}

// pauseAndResume pauses or resumes the tenant, or asks to go on at once after
// a failure, as an admin does.
func (w *world) pauseAndResume() {
	b := w.b()
	w.happened["pause"]++
	switch w.rng.IntN(3) {
	case 0:
		must(w.t, b.inTx(func(ctx context.Context, tx *sql.Tx) error { return b.syncer.SetPaused(ctx, tx, tenantA, true) }))
	case 1:
		must(w.t, b.inTx(func(ctx context.Context, tx *sql.Tx) error { return b.syncer.SetPaused(ctx, tx, tenantA, false) }))
	default:
		must(w.t, b.inTx(func(ctx context.Context, tx *sql.Tx) error { return b.syncer.Recheck(ctx, tx, tenantA) }))
	}
}

// await lets the sync catch up a little: until it has made another call, unless
// it stands still.
func (w *world) await() {
	b := w.b()
	must(w.t, b.inTx(func(ctx context.Context, tx *sql.Tx) error {
		if err := b.syncer.SetPaused(ctx, tx, tenantA, false); err != nil {
			return err
		}
		return b.syncer.Recheck(ctx, tx, tenantA)
	}))
	calls := len(b.sim.Requests())
	b.eventually("a call, or nothing to do", func() bool {
		if len(b.sim.Requests()) > calls {
			return true
		}
		st := b.status(tenantA)
		return st.Pending == 0 || st.Health == integration.HealthFailing || st.ResumesAt != nil
	})
}

// rest ends faults and pauses and waits until nothing is on its way.
func (w *world) rest(b *bundle) {
	b.sim.ClearFaults()
	b.eventually("everything is settled", func() bool {
		must(w.t, b.inTx(func(ctx context.Context, tx *sql.Tx) error {
			if err := b.syncer.SetPaused(ctx, tx, tenantA, false); err != nil {
				return err
			}
			if st := b.status(tenantA); st.Health == integration.HealthFailing {
				return b.syncer.Recheck(ctx, tx, tenantA)
			}
			return nil
		}))
		st := b.status(tenantA)
		return st.Pending == 0 && st.Members.Waiting == 0 && (st.Run == nil || st.Run.FinishedAt != nil)
	})
}
