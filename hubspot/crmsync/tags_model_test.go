package crmsync_test

import (
	"context"
	"database/sql"
	"flag"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/memberpulse/hubspotplugin/integration"
)

var tagSeed = flag.Uint64("tags.seed", 1, "seed of the tag model test's random stream")

// tagOps is how many things happen, in each of three worlds, to members in the
// host, to their tags by hand and to properties in HubSpot.
const tagOps = 3400

// TestTagsModel lets members live while people change properties in HubSpot and
// HubSpot fails. Whenever all is quiet, the contacts have the tags that an
// independent model says, HubSpot's own history shows no value that was not true
// when it was written, and sync records and workflows tell of the same changes.
func TestTagsModel(t *testing.T) {
	t.Parallel()
	const ours = "memberpulse_tags"
	for i, mode := range []struct {
		name    string
		targets map[string]string
	}{
		{"ours", map[string]string{"membership": ours, "event": ours, "course": ours}},
		{"theirs", map[string]string{"membership": "segments", "event": "segments", "course": "segments"}},
		{"mixed", map[string]string{"membership": "segments", "event": ours, "course": "interests"}},
	} {
		t.Run(mode.name, func(t *testing.T) {
			t.Parallel()
			seed := *tagSeed
			rng := rand.New(rand.NewPCG(seed, uint64(i)))
			o, version := modelHubSpot(rng)
			defer func() {
				if t.Failed() {
					t.Logf("repeat with -tags.seed=%d; HubSpot was %+v on %s", seed, o, version)
				}
			}()
			began := time.Now()
			w := newTagWorld(t, rng, mode.targets, o, version)
			w.live(tagOps / 12)
			w.release(rng.IntN(2) == 0)
			w.rest()
			w.judge()
			for w.ops() < tagOps {
				w.live(tagOps / 9)
				w.flap()
			}
			_, err := w.b.syncer.Sync(context.Background(), tenantA)
			must(t, err)
			w.rest()
			w.judge()
			w.enough()
			t.Logf("seed %d: %d operations in %v, %d calls, %d changes between a read and a write; %+v, %v",
				seed, w.ops(), time.Since(began), len(w.b.sim.Requests()), w.v.between, w.compared, w.happened)
		})
	}
}

// live lets n more things happen, and then judges.
func (w *tagWorld) live(n int) {
	for until := w.ops() + n; w.ops() < until; {
		w.step()
	}
	w.rest()
	w.judge()
}

// flap changes members, and takes that back, while the sync is paused: nobody is
// told.
func (w *tagWorld) flap() {
	pause := func(paused bool) {
		must(w.t, w.b.inTx(func(ctx context.Context, tx *sql.Tx) error { return w.b.syncer.SetPaused(ctx, tx, tenantA, paused) }))
	}
	pause(true)
	// A pause is noticed within half a second; what is recorded before may be sent.
	w.b.eventually("nobody sends", func() bool {
		var free bool
		must(w.t, w.b.db.NewRaw(`select paused and leased_until < clock_timestamp() from hubspot_outbox_tenant where tenant = ?`, tenantA).Scan(context.Background(), &free))
		return free
	})
	writes, records := w.b.calls("/contacts/batch/up"), len(w.records())
	for range 10 {
		s := w.anyone(func(s *tagSoul) bool { return s.lives })
		flapped := s.m
		flapped.Memberships, flapped.Registrations = nil, nil
		w.b.save(tenantA, flapped)
		w.b.save(tenantA, s.m)
		w.did("flap")
	}
	pause(false)
	w.rest()
	if n := w.b.calls("/contacts/batch/up") - writes; n != 0 || len(w.records()) != records {
		w.t.Errorf("flaps: %d writes, %d records of tags", n, len(w.records())-records)
	}
	w.judge()
}

// judge compares HubSpot with the model while nothing is on its way.
func (w *tagWorld) judge() {
	w.t.Helper()
	contacts := map[string]string{} // contact -> member
	values := map[string]map[string]string{}
	for _, c := range w.v.portal.Contacts() {
		if id := c.Properties["memberpulse_member_id"]; id != "" {
			contacts[id], values[id] = c.ID, c.Properties
		}
	}
	history := w.history(slices.Sorted(maps.Values(contacts)))
	records := map[string][]bool{}
	for _, r := range w.records() {
		records[r.MemberID+" "+r.Tag] = append(records[r.MemberID+" "+r.Tag], r.Applied)
	}
	counts := map[string]int{}
	for n, s := range w.souls {
		contact := contacts[s.m.ID]
		if contact == "" {
			if s.lives && s.m.Status != integration.MemberPending {
				w.t.Errorf("member %d has no contact", n)
			}
			s.moments = s.moments[len(s.moments)-1:]
			continue
		}
		for _, property := range w.properties() {
			w.judgeHistory(n, s, property, history[contact][property])
		}
		have := w.judgePresent(n, s, contact, values[s.m.ID])
		for slug := range have {
			counts[slug]++
		}
		w.judgeRecords(n, s, contact, have, records)
	}
	for _, c := range w.b.board().Tags {
		if c.Sent != counts[c.Tag] {
			w.t.Errorf("the board counts %d with %s, and %d have it", c.Sent, c.Tag, counts[c.Tag])
		}
	}
	w.judgeWorkflows(contacts)
	if w.t.Failed() {
		w.t.FailNow() // what follows from it would only hide it
	}
	w.rested = time.Now()
}

// properties are those that tags are written to.
func (w *tagWorld) properties() []string {
	return slices.Compact(slices.Sorted(maps.Values(w.targets)))
}

func (w *tagWorld) familiesOf(property string) []string {
	var out []string
	for family, name := range w.targets {
		if name == property {
			out = append(out, family)
		}
	}
	return out
}

// enough complains if too little has happened to prove anything.
func (w *tagWorld) enough() {
	w.t.Helper()
	if len(w.v.shared) > 0 && w.v.between < 20 {
		w.t.Errorf("people changed a property %d times between a read and a write: this proves too little", w.v.between)
	}
	if w.compared.excused*10 > w.v.between {
		w.t.Errorf("people may have lost %d changes of %d: the window is not short", w.compared.excused, w.v.between)
	}
	if w.compared.written < 500 || w.compared.mixed*20 > w.compared.written || w.compared.loose*20 > w.compared.exact {
		w.t.Errorf("%+v: this proves too little", w.compared)
	}
}
