package crmsync_test

import (
	"context"
	"database/sql"
	"flag"
	"math/rand/v2"
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/memberpulse/hubspotplugin/hubspot/hubspottest"
	"github.com/memberpulse/hubspotplugin/integration"
	"github.com/memberpulse/hubspotplugin/outbox"
)

var associationSeed = flag.Uint64("association.seed", 1, "seed of the association model test's random stream")

// associationSteps is how many things happen: to members and organizations in
// the host, to pairs and companies in HubSpot, to calls on their way.
const associationSteps = 10_000

// associationParts is how often all that comes to rest: the sync must get to
// work between the steps, or they cancel each other out.
const associationParts = 30

// TestAssociationModel moves members between organizations at random while
// people associate, label, remove and merge in the portal and HubSpot fails. A
// witness between the sync and HubSpot, that knows nothing of ledgers, sees to
// it that no pair is removed that a person has made or labelled. When all is
// quiet, everybody is with its organization's company, and with no other one
// by our doing.
func TestAssociationModel(t *testing.T) {
	t.Parallel()
	seed := *associationSeed
	rng := rand.New(rand.NewPCG(seed, 11))
	o, version := modelHubSpot(rng)
	coin := func() bool { return rng.IntN(2) == 0 }
	o.NoAssociationsEmpty, o.AssociationErrorsReject, o.AssociationErrorsTerse, o.FirstCompanyNotPrimary = coin(), coin(), coin(), coin()
	defer func() {
		if t.Failed() {
			t.Logf("repeat with -association.seed=%d; HubSpot was %+v on %s", seed, o, version)
		}
	}()
	v := newWitness(t)
	b := start(t, withSim(o), withVersion(version), withTransport(v), withBox(func(c *outbox.Config) {
		// What failed is tried again soon: nobody here waits for HubSpot to recover.
		c.RetryMin, c.SnoozeMin = 200*time.Millisecond, 200*time.Millisecond
	}))
	w := newAssociationWorld(t, rng, b, v)
	began := time.Now()
	for part := range associationParts {
		for w.steps < associationSteps*(part+1)/associationParts {
			w.step()
		}
		if part%10 == 5 {
			w.fullSync()
		}
		w.rest()
	}
	_, err := b.syncer.Sync(context.Background(), tenantA)
	must(t, err)
	w.rest()
	w.judge()
	for what, n := range w.happened {
		if n == 0 {
			t.Errorf("%q never happened: this proves too little", what)
		}
	}
	t.Logf("seed %d: %d steps and %d calls in %v, %v; pairs: %d made by us, %d removed (%d in doubt), %d left by people",
		seed, w.steps, len(b.sim.Requests()), time.Since(began), w.happened, v.made, v.removed, v.vague, len(v.hands))
}

type associationWorld struct {
	t      *testing.T
	rng    *rand.Rand
	b      *bundle
	v      *witness
	portal *hubspottest.PortalState

	members  []integration.Member
	lives    []bool
	orgs     []integration.Organization
	existing []bool
	steps    int
	faults   int
	happened map[string]int
}

// The size of the world.
const (
	modelMembers       = 120
	modelOrganizations = 24
	modelStrangers     = 12
)

func newAssociationWorld(t *testing.T, rng *rand.Rand, b *bundle, v *witness) *associationWorld {
	w := &associationWorld{t: t, rng: rng, b: b, v: v, portal: b.sim.Portal(portalA), happened: map[string]int{
		"move": 0, "leave an organization": 0, "leave": 0, "rejoin": 0, "organization changed": 0, "organization gone": 0, "organization back": 0,
		"pair by hand": 0, "label": 0, "removed by hand": 0, "label removed": 0, "merge": 0, "company deleted": 0, "fault": 0, "full sync": 0,
	}}
	v.portal = w.portal
	b.label("Board")
	for range modelStrangers {
		w.stranger()
	}
	for n := range modelOrganizations {
		w.orgs, w.existing = append(w.orgs, organization(n)), append(w.existing, true)
		b.host.PutEntity(tenantA, organization(n))
	}
	for n := range modelMembers {
		w.members, w.lives = append(w.members, w.placed(member(n))), append(w.lives, true)
		b.host.Put(tenantA, w.members[n])
	}
	b.connectWith(companies)
	b.settled(tenantA)
	return w
}

func (w *associationWorld) stranger() string {
	return w.portal.PutRecord("companies", map[string]string{"name": "Stranger"}).ID
}

// placed puts a member into an organization, or into none.
func (w *associationWorld) placed(m integration.Member) integration.Member {
	m.OrganizationID = ""
	if w.rng.IntN(6) > 0 {
		m.OrganizationID = organizationID(w.rng.IntN(modelOrganizations))
	}
	return m
}

func (w *associationWorld) did(what string) {
	w.happened[what]++
	w.steps++
}

func (w *associationWorld) step() {
	switch n := w.rng.IntN(100); {
	case n < 20:
		w.changeMembers()
	case n < 28:
		w.changeOrganization()
	case n < 60:
		w.associate()
	case n < 84:
		w.remove()
	case n < 87:
		w.merge()
	case n == 87 && w.rng.IntN(4) == 0:
		w.deleteCompany()
	case n < 92:
		w.fault()
	case n > 97:
		w.await()
	}
}

// changeMembers changes some members in one transaction of the host.
func (w *associationWorld) changeMembers() {
	var changes []integration.Change
	for range 5 + w.rng.IntN(15) {
		n := w.rng.IntN(modelMembers)
		switch {
		case !w.lives[n]:
			w.lives[n] = true
			w.members[n] = w.placed(w.members[n])
			w.did("rejoin")
		case w.rng.IntN(25) == 0:
			w.lives[n] = false
			w.did("leave")
		default:
			w.members[n] = w.placed(w.members[n])
			w.did(map[bool]string{true: "leave an organization", false: "move"}[w.members[n].OrganizationID == ""])
		}
		if w.lives[n] {
			w.b.host.Put(tenantA, w.members[n])
		} else {
			w.b.host.Delete(tenantA, memberID(n))
		}
		changes = append(changes, integration.MemberChanged(tenantA, memberID(n)))
	}
	w.b.record(changes...)
}

func (w *associationWorld) changeOrganization() {
	n := w.rng.IntN(modelOrganizations)
	switch {
	case !w.existing[n]:
		w.existing[n] = true
		w.b.host.PutEntity(tenantA, w.orgs[n])
		w.did("organization back")
	case w.rng.IntN(4) == 0:
		w.existing[n] = false
		w.b.host.DeleteEntity(tenantA, integration.Ref{Kind: integration.KindOrganization, Key: organizationID(n)})
		w.did("organization gone")
	default:
		w.orgs[n].City = "City " + memberID(w.steps)
		w.b.host.PutEntity(tenantA, w.orgs[n])
		w.did("organization changed")
	}
	w.b.record(integration.OrganizationChanged(tenantA, organizationID(n)))
}

// someContact and someCompany pick live records of the portal.
func (w *associationWorld) someContact() (string, bool) {
	c, ok := w.b.contact(portalA, memberID(w.rng.IntN(modelMembers)))
	return c.ID, ok
}

func (w *associationWorld) someCompany() string {
	all := w.portal.Records("companies")
	return all[w.rng.IntN(len(all))].ID
}

// associate is a person who associates a contact with a company, perhaps with a
// label.
func (w *associationWorld) associate() {
	contact, ok := w.someContact()
	if !ok {
		return
	}
	company := w.someCompany()
	if mine := w.v.companiesOf(contact); len(mine) > 0 && w.rng.IntN(3) == 0 {
		company = mine[w.rng.IntN(len(mine))] // often one that it has
	}
	var labels []string
	if w.rng.IntN(3) == 0 {
		labels = []string{"Board"}
		w.did("label")
	} else {
		w.did("pair by hand")
	}
	w.v.byHand(contact, company, labels)
}

// remove is a person who ends an association, or takes its label off.
func (w *associationWorld) remove() {
	contact, ok := w.someContact()
	if !ok {
		return
	}
	mine := w.v.companiesOf(contact)
	if len(mine) == 0 {
		return
	}
	company := mine[w.rng.IntN(len(mine))]
	if w.rng.IntN(2) == 0 {
		w.v.unlabelByHand(contact, company)
		w.did("label removed")
		return
	}
	w.v.removeByHand(contact, company)
	w.did("removed by hand")
}

// merge merges a stranger with any company, in one direction or the other.
func (w *associationWorld) merge() {
	other, company := w.stranger(), w.someCompany()
	if w.rng.IntN(2) == 0 {
		if contact, ok := w.someContact(); ok {
			w.v.byHand(contact, other, nil)
		}
	}
	if other == company {
		return
	}
	if w.rng.IntN(2) == 0 {
		other, company = company, other
	}
	w.v.merge(other, company)
	w.did("merge")
}

func (w *associationWorld) deleteCompany() {
	if len(w.portal.Records("companies")) > modelOrganizations {
		w.v.deleteByHand(w.someCompany())
		w.did("company deleted")
	}
}

func (w *associationWorld) fault() {
	kinds := []hubspottest.Fault{
		{LoseReply: true}, {Commit: true, Status: http.StatusGatewayTimeout}, {DropBefore: true}, {Status: http.StatusServiceUnavailable},
		{EmptyOK: true}, {Short: true}, {Truncate: true}, {Status: http.StatusLocked},
	}
	f := kinds[w.faults%len(kinds)]
	if w.faults%25 == 24 { // each costs a second
		f = hubspottest.Fault{Status: http.StatusTooManyRequests, Body: `{"status":"error","errorType":"RATE_LIMIT","policyName":"SECONDLY","message":"slow"}`}
	}
	w.faults++
	f.PathContains, f.Times = []string{"/associate/default", "companies/batch/archive", "contacts/companies/batch/read", "/batch/"}[w.rng.IntN(4)], 1
	w.b.sim.Inject(f)
	w.did("fault")
}

func (w *associationWorld) fullSync() {
	if _, err := w.b.syncer.Sync(context.Background(), tenantA); err == nil {
		w.did("full sync")
	}
}

// await lets the sync make another call, unless it has nothing to do.
func (w *associationWorld) await() {
	(&world{t: w.t, rng: w.rng, replicas: []*bundle{w.b}}).await()
}

func (w *associationWorld) rest() {
	w.b.sim.ClearFaults()
	looks := 0
	w.b.eventually("everything is settled", func() bool {
		if st := w.b.status(tenantA); st.Pending == 0 && st.Members.Waiting == 0 && (st.Run == nil || st.Run.FinishedAt != nil) {
			return true
		}
		if looks++; looks%8 == 1 {
			w.hurry()
		}
		return false
	})
}

// hurry has tried again at once what waits after a failure: after many faults
// the next try can be far away.
func (w *associationWorld) hurry() {
	asides, err := w.b.box.Asides(context.Background(), tenantA, outbox.AsideQuery{Limit: 1000})
	must(w.t, err)
	must(w.t, w.b.inTx(func(ctx context.Context, tx *sql.Tx) error {
		for _, a := range asides {
			if time.Until(a.DueAt) > time.Second {
				if _, err := w.b.box.Resend(ctx, tx, tenantA, a.Kind, a.Key); err != nil {
					return err
				}
			}
		}
		return w.b.syncer.Recheck(ctx, tx, tenantA)
	}))
}

// judge compares the portal with what it must be.
func (w *associationWorld) judge() {
	companyOf := map[string]string{} // live ones, by organization
	for n := range w.orgs {
		if c, ok := w.b.company(n); ok {
			companyOf[organizationID(n)] = c.ID
		}
	}
	for n, m := range w.members {
		contact, ok := w.b.contact(portalA, m.ID)
		if !ok {
			w.t.Errorf("member %d has no contact", n)
			continue
		}
		today := companyOf[m.OrganizationID]
		pairs := w.v.companiesOf(contact.ID)
		if w.lives[n] && today != "" && !slices.Contains(pairs, today) {
			w.t.Errorf("member %d is not with its company %s: %v, %s", n, today, pairs, w.b.recordOf("association", m.ID).Code)
		}
		var left []string
		for _, company := range pairs {
			p := [2]string{contact.ID, company}
			if !w.lives[n] || company == today || w.v.doubt[p] || w.v.maker[p] != bySync {
				continue
			}
			if !w.v.labelled(p) {
				w.t.Errorf("member %d is still with company %s, by our doing\n%s", n, company, w.v.told(contact.ID))
			}
			left = append(left, company)
		}
		if len(left) > 0 {
			if r := w.b.recordOf("association", m.ID); r.Code != "association-labelled" {
				w.t.Errorf("member %d: labels keep %v, and the record says %s %q\n%s", n, left, r.Status, r.Code, w.v.told(contact.ID))
			}
		}
	}
	for p := range w.v.hands {
		rec, live := w.portal.Record("companies", p[1])
		if live && !rec.Archived && rec.ID == p[1] && !slices.Contains(w.v.companiesOf(p[0]), p[1]) {
			w.t.Errorf("a person's pair %v is gone", p)
		}
	}
	w.b.unlabelled()
	if w.v.made < 1500 || w.v.removed < 1300 || w.v.vague*100 > w.v.removed {
		w.t.Errorf("%d pairs made and %d removed, %d in doubt: this proves too little", w.v.made, w.v.removed, w.v.vague)
	}
}
