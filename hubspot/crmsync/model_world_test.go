package crmsync_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/memberpulse/hubspotplugin/hubspot/hubspottest"
	"github.com/memberpulse/hubspotplugin/integration"
)

// world is the model: what the host has, and what people did in the portal.
// It knows nothing of links, fingerprints or batches.
type world struct {
	t        *testing.T
	rng      *rand.Rand
	sim      *hubspottest.Server
	portal   *hubspottest.PortalState
	replicas []*bundle

	souls     []*soul
	strangers map[string]hubspottest.Record // by id: contacts of nobody
	serial    int
	changes   int
	faults    int
	doubts    int // values that were left for want of a reply
	happened  map[string]int
}

// soul is one member, living or gone.
type soul struct {
	m        integration.Member
	lives    bool
	people   map[string]string  // values that people own on its contact
	known    string             // the contact that people had typed in before it joined
	primary  string             // that contact's primary address, until the member has another one
	typed    map[string]string  // what people wrote over our values in it, and may keep
	archived bool               // a person deleted its contact
	rival    *soul              // a person merged the contacts of the two
	mixed    hubspottest.Record // the rival's, as it was merged
	heir     *soul              // the same person, who is a member again under a new id
	anew     bool               // it is somebody's heir
	parted   bool               // one of the two rivals left: the other has the contact then, and who comes back may get its own
}

func newWorld(t *testing.T, rng *rand.Rand, b *bundle) *world {
	return &world{t: t, rng: rng, sim: b.sim, portal: b.sim.Portal(portalA), replicas: []*bundle{b},
		strangers: map[string]hubspottest.Record{}, happened: map[string]int{
			"change": 0, "email": 0, "join": 0, "leave": 0, "rejoin": 0, "edit": 0, "archive": 0,
			"merge of a stranger": 0, "merge of two members": 0, "pause": 0, "fault": 0, "adoption": 0, "return under a new id": 0,
		}}
}

// b is any of the replicas: whoever records is not who sends.
func (w *world) b() *bundle { return w.replicas[w.rng.IntN(len(w.replicas))] }

func (w *world) fresh(word string) string {
	w.serial++
	return fmt.Sprintf("%s%d", word, w.serial)
}

func (w *world) address() string { return w.fresh("person") + "@example.org" }

func (w *world) pick(of ...string) string { return of[w.rng.IntN(len(of))] }

// prepare fills host and portal before they are connected: strangers, members,
// and members whose contacts people have typed in already.
func (w *world) prepare() {
	for range 30 {
		w.stranger()
	}
	for range 120 {
		s := w.newSoul()
		w.replicas[0].host.Put(tenantA, s.m)
		s.lives = true
	}
}

func (w *world) stranger() hubspottest.Record {
	c := w.portal.PutContact(map[string]string{"email": w.address(), "firstname": w.fresh("Stranger"), "jobtitle": "Baker", "salutation": w.fresh("Dr ")})
	w.strangers[c.ID] = c
	return c
}

func (w *world) newSoul() *soul {
	m := integration.Member{
		ID: memberID(len(w.souls)), FirstName: w.fresh("First"), LastName: w.fresh("Last"), Email: w.address(),
		Status: integration.MemberActive, RegisteredAt: time.Date(2025, 1, 1, 0, 0, len(w.souls), 0, time.UTC),
	}
	s := &soul{m: m, people: map[string]string{}, typed: map[string]string{}}
	switch w.rng.IntN(6) {
	case 0:
		s.m.Status = integration.MemberPending
	case 1:
		s.m.Email = ""
	case 2: // known to people, by the primary or a secondary address
		s.people["jobtitle"], s.people["salutation"] = w.fresh("Job"), w.fresh("Prof ")
		props := maps.Clone(s.people)
		props["email"] = s.m.Email
		if w.rng.IntN(2) == 0 {
			props["email"], props["hs_additional_emails"] = w.address(), s.m.Email
		}
		s.known, s.primary = w.portal.PutContact(props).ID, props["email"]
		w.happened["adoption"]++
	}
	w.randomMembership(s)
	w.souls = append(w.souls, s)
	return s
}

func (w *world) randomMembership(s *soul) {
	s.m.Memberships = []integration.Membership{{
		ID: s.m.ID, PlanName: w.pick("Gold", "Silver", "Student"),
		Status:    integration.MembershipStatus(w.pick("active", "expiring", "expired", "suspended", "cancelled")),
		StartDate: integration.Date{Year: 2026, Month: 1, Day: 1 + w.rng.IntN(28)}, EndDate: integration.Date{Year: 2027, Month: 3, Day: 1 + w.rng.IntN(28)},
	}}
}

// one picks a member that fits, nil if there is none.
func (w *world) one(fits func(*soul) bool) *soul {
	for range 50 {
		if s := w.souls[w.rng.IntN(len(w.souls))]; fits(s) {
			return s
		}
	}
	return nil
}

func living(s *soul) bool { return s.lives }

// record tells the host and the outbox, on any replica.
func (w *world) record(all ...*soul) {
	b := w.b()
	var changes []integration.Change
	for _, s := range all {
		if s.lives {
			b.host.Put(tenantA, s.m)
		} else {
			b.host.Delete(tenantA, s.m.ID)
		}
		changes = append(changes, integration.MemberChanged(tenantA, s.m.ID))
	}
	b.record(changes...)
	w.changes += len(all)
}

func (w *world) changeSome() {
	var all []*soul
	for range 1 + w.rng.IntN(6) {
		s := w.one(living)
		if s == nil || slices.Contains(all, s) {
			continue
		}
		all = append(all, s)
		w.happened["change"]++
		switch n := w.rng.IntN(8); {
		case n == 0 && (s.known == "" && !s.anew || w.isLinked(s)): // else people's contact might not be found by it any more
			s.m.Email, s.primary = w.address(), ""
			w.happened["email"]++
		case n == 1:
			s.m.Status = integration.MemberStatus(w.pick("active", "active", "inactive", "suspended", "pending"))
		case n == 2:
			w.randomMembership(s)
		case n == 3:
			s.m.Company = w.pick("", w.fresh("Company"))
		case n == 4:
			s.m.City = w.pick("", w.fresh("City"))
		default:
			s.m.FirstName = w.fresh("First")
		}
	}
	if len(all) > 0 {
		w.record(all...)
	}
}

func (w *world) join() {
	s := w.newSoul()
	s.lives = true
	w.record(s)
	w.happened["join"]++
}

func (w *world) leave() {
	if s := w.one(living); s != nil && (!s.anew || w.isLinked(s)) {
		s.lives = false
		if s.rival != nil {
			s.parted, s.rival.parted = true, true
		}
		w.record(s)
		w.happened["leave"]++
	}
}

func (w *world) rejoin() {
	if w.rng.IntN(3) == 0 {
		w.returns()
		return
	}
	if s := w.one(func(s *soul) bool { return !s.lives && s.heir == nil }); s != nil {
		s.lives = true
		s.m.Status, s.m.LastName = integration.MemberActive, w.fresh("Again")
		w.record(s)
		w.happened["rejoin"]++
	}
}

// returns has a person who left become a member again under a new id: the
// contact, which has the person's address, is the new member's from then on.
func (w *world) returns() {
	s := w.one(func(s *soul) bool {
		return !s.lives && s.heir == nil && !s.archived && s.rival == nil && s.primary == "" && s.m.Email != ""
	})
	if s == nil {
		return
	}
	if c, ok := w.portal.Contact(w.linkOf(s)); !ok || c.Archived || c.Properties["email"] != s.m.Email {
		return
	}
	heir := &soul{m: s.m, lives: true, anew: true, people: maps.Clone(s.people), typed: maps.Clone(s.typed), known: s.known}
	heir.m.ID, heir.m.LastName, heir.m.Status = memberID(len(w.souls)), w.fresh("Anew"), integration.MemberActive
	w.randomMembership(heir)
	s.heir = heir
	w.souls = append(w.souls, heir)
	w.record(heir)
	w.happened["return under a new id"]++
}
