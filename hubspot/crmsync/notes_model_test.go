package crmsync_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/memberpulse/hubspotplugin/hubspot/hubspottest"
	"github.com/memberpulse/hubspotplugin/integration"
	"github.com/memberpulse/hubspotplugin/outbox"
)

// How many activities and changes of tickets the test of notes records. With
// a key each lost reply is made up for within its call, which takes its time.
const (
	keyedNoteOps   = 4000
	unkeyedNoteOps = 8000
)

// TestNotesModel records activities and changes of tickets at random, while
// three in ten of HubSpot's replies about notes are lost, members come and go,
// contacts are merged and notes deleted by hand. In the end the portal has the
// notes that an independent model says, and none twice.
func TestNotesModel(t *testing.T) {
	t.Parallel()
	for name, mode := range map[string]struct {
		keys hubspottest.NoteKeys
		ops  int
	}{"keyed": {hubspottest.NoteKeysAllowed, keyedNoteOps}, "not keyed": {hubspottest.NoteKeysRefused, unkeyedNoteOps}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			seed := *modelSeed
			w := newNoteWorld(t, rand.New(rand.NewPCG(seed, uint64(mode.keys))), mode.keys)
			for w.ops < mode.ops {
				w.quiet()
				w.rest()
				w.burst()
				w.rest()
			}
			w.judge()
			t.Logf("seed %d: %d operations, %d calls, %d replies lost, %v", seed, w.ops, len(w.b.sim.Requests()), w.thief.taken(), w.happened)
			for what, n := range w.happened {
				if n == 0 {
					t.Errorf("%q never happened: this proves too little", what)
				}
			}
		})
	}
}

// noteWorld is the model: what happened in the host, and what people did in the
// portal. It knows nothing of ledgers, keys or batches.
type noteWorld struct {
	t        *testing.T
	rng      *rand.Rand
	b        *bundle
	p        *hubspottest.PortalState
	thief    *thief
	members  []*noteMember
	told     map[string]string // activity -> member, of those that get a note
	untold   int               // activities that get none
	tickets  []*noteTicket
	lastWord []integration.Activity
	ops      int
	happened map[string]int
}

type noteMember struct {
	m       integration.Member
	contact bool // it has one: it is included, or was once
}

type noteTicket struct {
	t       integration.Ticket
	touched bool // since the last rest
	placed  bool // its note stands on a contact
	deleted bool // by hand
}

// thief loses replies about notes after HubSpot has acted.
type thief struct {
	mu   sync.Mutex
	rng  *rand.Rand
	away bool // it takes nothing
	loot int
}

func (f *thief) RoundTrip(r *http.Request) (*http.Response, error) {
	resp, err := http.DefaultTransport.RoundTrip(r)
	if err != nil || !strings.Contains(r.URL.Path, "notes") {
		return resp, err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.away || f.rng.IntN(10) >= 3 {
		return resp, nil
	}
	f.loot++
	return nil, errors.Join(errors.New("the reply is lost"), resp.Body.Close())
}

func (f *thief) taken() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.loot
}

func newNoteWorld(t *testing.T, rng *rand.Rand, keys hubspottest.NoteKeys) *noteWorld {
	w := &noteWorld{t: t, rng: rng, thief: &thief{away: true, rng: rand.New(rand.NewPCG(rng.Uint64(), 1))}, told: map[string]string{},
		happened: map[string]int{"told twice": 0, "of nobody": 0, "member joins": 0, "member included": 0, "member left out": 0,
			"ticket": 0, "ticket changed": 0, "ticket moved": 0, "ticket of nobody": 0, "note deleted": 0, "contact merged": 0, "ticket followed its member": 0}}
	w.b = start(t, withSim(hubspottest.Options{NoteKeys: keys, Seed: rng.Uint64(), LogBodyBytes: -1}), withTransport(w.thief),
		withBox(func(c *outbox.Config) {
			c.RetryMin, c.RetryMax, c.SnoozeMin, c.SnoozeMax = 5*time.Millisecond, 50*time.Millisecond, 5*time.Millisecond, 50*time.Millisecond
		}))
	w.p = w.b.sim.Portal(portalA)
	for range 300 {
		w.join(w.rng.IntN(4) > 0)
	}
	w.b.connectWith(noting())
	w.thief.come()
	w.rest()
	return w
}

func (f *thief) come() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.away = false
}

// join adds a member to the host.
func (w *noteWorld) join(included bool) *noteMember {
	m := &noteMember{m: member(len(w.members)), contact: included}
	if !included {
		m.m.Status = integration.MemberPending
	}
	w.members = append(w.members, m)
	w.b.host.Put(tenantA, m.m)
	return m
}

// rest waits until nothing is on its way. An admin who presses "Check again"
// shortens the pauses after lost replies.
func (w *noteWorld) rest() {
	w.t.Helper()
	w.b.eventually("rest", func() bool {
		backlog, err := w.b.box.Backlog(context.Background(), tenantA)
		must(w.t, err)
		if backlog.Parked != nil {
			must(w.t, w.b.inTx(func(ctx context.Context, tx txType) error { return w.b.syncer.Recheck(ctx, tx, tenantA) }))
			w.b.box.Wake(tenantA)
		}
		run, _, err := w.b.syncer.LastSync(context.Background(), tenantA)
		must(w.t, err)
		return backlog.Waiting+backlog.Retrying+backlog.WaitingForKey+backlog.Held == 0 && run.FinishedAt != nil
	})
	for _, t := range w.tickets { // also those that nobody has touched: they follow their member's contact
		m := w.memberOf(t.t.MemberID)
		placed := m != nil && m.contact && !t.deleted
		if placed && !t.placed && !t.touched {
			w.happened["ticket followed its member"]++
		}
		t.touched, t.placed = false, placed
	}
}

func (w *noteWorld) memberOf(id string) *noteMember {
	for _, m := range w.members {
		if m.m.ID == id {
			return m
		}
	}
	return nil
}

func (w *noteWorld) anyone() *noteMember { return w.members[w.rng.IntN(len(w.members))] }

// quiet does what races with deliveries that either side may win: members are
// included or left out, contacts merged, notes deleted.
func (w *noteWorld) quiet() {
	for range 2 {
		m := w.anyone()
		if m.m.Status == integration.MemberPending {
			m.m.Status, m.contact = integration.MemberActive, true
			w.happened["member included"]++
		} else {
			m.m.Status = integration.MemberPending // its contact stays
			w.happened["member left out"]++
		}
		w.b.save(tenantA, m.m)
	}
	for _, t := range w.tickets { // one who waits with a ticket is included, too
		if m := w.memberOf(t.t.MemberID); m != nil && !m.contact && !t.deleted {
			m.m.Status, m.contact = integration.MemberActive, true
			w.happened["member included"]++
			w.b.save(tenantA, m.m)
			break
		}
	}
	if m := w.anyone(); m.contact && m.m.Status == integration.MemberActive {
		if c, ok := w.b.contact(portalA, m.m.ID); ok {
			other := w.p.PutContact(map[string]string{"email": fmt.Sprintf("stranger%d@example.org", w.ops)})
			w.p.MergeContacts(c.ID, other.ID)
			w.happened["contact merged"]++
		}
	}
	notes := w.byKey()
	for range 3 {
		if len(w.tickets) == 0 {
			return
		}
		t := w.tickets[w.rng.IntN(len(w.tickets))]
		if !t.placed || t.deleted {
			continue
		}
		w.p.ArchiveRecord("notes", notes[t.t.ID][0].ID)
		t.deleted, t.placed = true, false
		w.happened["note deleted"]++
	}
	for id := range w.told {
		w.p.ArchiveRecord("notes", notes[id][0].ID)
		delete(w.told, id)
		w.happened["note deleted"]++
		break
	}
}

// burst records several hundred things in a few transactions.
func (w *noteWorld) burst() {
	for range 3 {
		w.record(w.activity, 300+w.rng.IntN(200))
		w.record(w.ticket, 80+w.rng.IntN(80))
	}
}

func (w *noteWorld) record(op func() []integration.Change, n int) {
	var changes []integration.Change
	for range n {
		changes = append(changes, op()...)
		w.ops++
	}
	w.b.record(changes...)
}

func (w *noteWorld) activity() []integration.Change {
	switch n := w.rng.IntN(100); {
	case n < 3 && len(w.lastWord) > 0:
		w.happened["told twice"]++
		return []integration.Change{integration.ActivityHappened(tenantA, w.lastWord[w.rng.IntN(len(w.lastWord))])}
	case n < 5:
		w.happened["member joins"]++
		m := w.join(true)
		return []integration.Change{w.happens(m), integration.MemberChanged(tenantA, m.m.ID)}
	case n < 8:
		w.happened["of nobody"]++
		return []integration.Change{w.happens(nil)}
	default:
		return []integration.Change{w.happens(w.anyone())}
	}
}

func (w *noteWorld) ticket() []integration.Change {
	if w.rng.IntN(3) == 0 || len(w.tickets) == 0 {
		return w.newTicket()
	}
	return w.changeTicket()
}

// happens is a new activity.
func (w *noteWorld) happens(m *noteMember) integration.Change {
	a := activity(w.ops, "")
	a.ID = activityID(w.rng.IntN(1e12))
	a.Type = integration.ActivityTypes()[w.rng.IntN(12)]
	if m != nil {
		a.MemberID = m.m.ID
	}
	if m != nil && m.contact {
		w.told[a.ID] = m.m.ID
		if w.lastWord = append(w.lastWord, a); len(w.lastWord) > 200 {
			w.lastWord = w.lastWord[100:]
		}
	} else {
		w.untold++
	}
	return integration.ActivityHappened(tenantA, a)
}

func (w *noteWorld) newTicket() []integration.Change {
	w.happened["ticket"]++
	t := &noteTicket{t: ticket(len(w.tickets), w.anyone().m.ID)}
	w.tickets = append(w.tickets, t)
	return w.touch(t)
}

func (w *noteWorld) changeTicket() []integration.Change {
	t := w.tickets[w.rng.IntN(len(w.tickets))]
	switch w.rng.IntN(4) {
	case 0:
		w.happened["ticket moved"]++
		t.t.MemberID = w.anyone().m.ID
	case 1:
		w.happened["ticket of nobody"]++
		t.t.MemberID = ""
	default:
		w.happened["ticket changed"]++
		t.t.Status = fmt.Sprint("step ", w.ops)
		t.t.History = append(slices.Clone(t.t.History), integration.TicketStatusChange{Status: t.t.Status, At: noteDay.Add(time.Duration(w.ops) * time.Second)})
	}
	return w.touch(t)
}

func (w *noteWorld) touch(t *noteTicket) []integration.Change {
	t.touched = true
	w.b.host.PutEntity(tenantA, t.t)
	return []integration.Change{integration.TicketChanged(tenantA, t.t.ID, t.t.MemberID)}
}

// byKey are the portal's notes by what they are about.
func (w *noteWorld) byKey() map[string][]shown {
	out := map[string][]shown{}
	for _, n := range w.b.notes() {
		key := n.Properties["memberpulse_note_id"]
		if key == "" {
			_, ref, _ := strings.Cut(n.Properties["hs_note_body"], "ref: ")
			key, _, _ = strings.Cut(ref, "<")
		}
		out[key] = append(out[key], n)
	}
	return out
}

// judge compares the portal with the model.
func (w *noteWorld) judge() {
	w.t.Helper()
	contacts := map[string]string{}
	for _, c := range w.p.Contacts() {
		if id := c.Properties["memberpulse_member_id"]; id != "" {
			contacts[id] = c.ID
		}
	}
	notes := w.byKey()
	faults := 0
	fault := func(format string, args ...any) {
		if faults++; faults < 10 {
			w.t.Errorf(format, args...)
		}
	}
	for key, list := range notes {
		if len(list) > 1 {
			fault("%d notes of %s", len(list), key)
		}
	}
	for id, m := range w.told {
		if list := notes[id]; len(list) == 0 {
			fault("activity %s has no note", id)
		} else if !slices.Equal(list[0].contacts, []string{contacts[m]}) {
			fault("activity %s is on %v, its member has %s", id, list[0].contacts, contacts[m])
		}
		delete(notes, id)
	}
	for _, t := range w.tickets {
		list := notes[t.t.ID]
		delete(notes, t.t.ID)
		switch {
		case t.placed && (len(list) == 0 || !slices.Equal(list[0].contacts, []string{contacts[t.t.MemberID]}) ||
			!strings.Contains(list[0].Properties["hs_note_body"], "<p>Status: "+t.t.Status+"</p>") || list[0].Properties["hs_timestamp"] != "2026-11-03T09:30:00Z"):
			fault("ticket %s of %s, %q: %+v", t.t.ID, t.t.MemberID, t.t.Status, list)
		case t.deleted && len(list) > 0:
			fault("the note of ticket %s was made again", t.t.ID)
		case !t.placed && len(list) > 0 && len(list[0].contacts) > 0:
			fault("ticket %s belongs nowhere and is on %v", t.t.ID, list[0].contacts)
		}
	}
	for key, list := range notes {
		fault("a note of %s that nobody expects: %+v", key, list)
	}
	if got := w.b.count("activity", integration.SyncExcluded); got != w.untold {
		fault("%d activities are counted as left out, want %d", got, w.untold)
	}
}
