package crmsync_test

import (
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/memberpulse/hubspotplugin/hubspot/hubspottest"
	"github.com/memberpulse/hubspotplugin/integration"
)

// gate stops the first request to a path that is about a key, until it is opened.
type gate struct {
	path    string
	key     string
	met     chan struct{}
	opened  chan struct{}
	once    sync.Once
	opening sync.Once
}

func newGate(t *testing.T, path, key string) *gate {
	g := &gate{path: path, key: key, met: make(chan struct{}), opened: make(chan struct{})}
	t.Cleanup(g.open)
	return g
}

func (g *gate) before(r *http.Request) {
	if !strings.Contains(r.URL.Path, g.path) || r.GetBody == nil {
		return
	}
	body, err := r.GetBody()
	if err != nil {
		return
	}
	raw, err := io.ReadAll(body)
	if err != nil || !strings.Contains(string(raw), g.key) {
		return
	}
	g.once.Do(func() {
		close(g.met)
		<-g.opened
	})
}

func (g *gate) open() { g.opening.Do(func() { close(g.opened) }) }

// Companies are switched off while organizations are looked at, before they are
// known to need a search. Nobody makes that any more: the run goes on without it.
func TestARunDoesNotWaitForASearchThatNobodyMakes(t *testing.T) {
	t.Parallel()
	g := newGate(t, "/companies/batch/read", organizationID(1))
	b := start(t, withSim(hubspottest.Options{SearchLag: -1}), withBefore(g.before))
	b.sim.Portal(portalA).PutRecord("companies", map[string]string{"name": "Organization 1"})
	b.host.PutEntity(tenantA, organization(1))
	b.host.Put(tenantA, in(1, 1))
	b.connectWith(companies)
	<-g.met
	b.connectWith(map[string]string{"syncCompanies": "false"})
	g.open()
	st := b.settled(tenantA)
	if st.Run == nil || st.Run.FinishedAt == nil || st.Members.InSync != 1 || len(st.Incidents) != 0 {
		t.Errorf("run %+v, members %+v, incidents %+v", st.Run, st.Members, st.Incidents)
	}
	if n := b.calls("/companies/search"); n != 0 {
		t.Errorf("%d searches", n)
	}
	// Switched on again, it is looked for as if nothing had been.
	b.connectWith(companies)
	b.settled(tenantA)
	if ids, _ := proposed(b.matching(), 1); len(ids) != 1 {
		t.Errorf("proposed %v", ids)
	}
}

var tried = []string{"contact", "company", "association", "activity", "note"}

// attention are the types of the records that need somebody.
func (b *bundle) attention() (types []string) {
	b.t.Helper()
	for _, entity := range tried {
		if b.count(entity, integration.SyncFailed)+b.count(entity, integration.SyncPending) > 0 {
			types = append(types, entity)
		}
	}
	return types
}

// What has failed needs somebody no more once its part is switched off: there is
// nothing left that anybody could do.
func TestWhatIsSwitchedOffNeedsNobody(t *testing.T) {
	t.Parallel()
	for name, set := range map[string]struct {
		off  map[string]string
		left []string // types that need somebody still
	}{
		"companies":  {map[string]string{"syncCompanies": "false"}, []string{"contact", "activity", "note"}},
		"activities": {map[string]string{"syncActivities": "false"}, []string{"contact", "company", "association", "note"}},
		"tickets":    {map[string]string{"ticketNotes": "false"}, []string{"contact", "company", "association", "activity"}},
		"contacts":   {map[string]string{"syncContacts": "false"}, []string{"company"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := start(t)
			portal := b.sim.Portal(portalA)
			b.label("Board")
			for n := 1; n <= 3; n++ {
				b.host.PutEntity(tenantA, organization(n))
			}
			b.host.Put(tenantA, in(1, 1))
			all := noting("syncCompanies")
			b.connectWith(all)
			b.settled(tenantA)
			// A person's label keeps an association, rules of the portal's the rest.
			portal.PutAssociation("contacts", b.contactID(1), "companies", b.wantCompany(1).ID, "Board")
			b.save(tenantA, in(1, 2))
			for _, object := range []string{"contacts", "companies"} {
				portal.SetValidationRule(object, "city", hubspottest.ValidationRule{MaxLength: 20})
			}
			portal.SetValidationRule("notes", "hs_note_body", hubspottest.ValidationRule{MaxLength: 10})
			far := organization(3)
			far.City = strings.Repeat("Springfield", 3)
			abroad := member(2)
			abroad.City = far.City
			b.saveOrganizations(far)
			b.save(tenantA, abroad)
			b.happen(activity(1, memberID(1)))
			b.saveTickets(ticket(1, memberID(1)))
			b.awaitSaid("association", memberID(1), integration.SyncFailed, "association-labelled")
			b.eventually("all have failed", func() bool { return len(b.attention()) == len(tried) })
			b.settled(tenantA)
			for key, v := range all {
				if _, off := set.off[key]; !off {
					set.off[key] = v
				}
			}
			b.connectWith(set.off)
			st := b.settled(tenantA)
			if got := b.attention(); !slices.Equal(got, set.left) {
				t.Errorf("%v need somebody, want %v", got, set.left)
			}
			for _, entity := range tried {
				of := slices.IndexFunc(st.Incidents, func(i integration.Incident) bool { return i.EntityType == entity })
				if want := slices.Contains(set.left, entity); (of >= 0) != want {
					t.Errorf("an incident about %s: %v, want %v: %+v", entity, of >= 0, want, st.Incidents)
				}
			}
			if name != "contacts" {
				return
			}
			// What is sent once when it is switched on again is tried again.
			b.wantRecord("contact", abroad.ID, integration.SyncExcluded, "switched-off")
			b.connectWith(all)
			b.settled(tenantA)
			b.wantRecord("contact", abroad.ID, integration.SyncFailed, "PROPERTY_VALIDATION_RULE_FAILED")
		})
	}
}

// A member whose association has failed loses its contact: nothing is left to be
// associated, and nobody has to look at it.
func TestAnAssociationThatCameToNothingKeepsNoFailure(t *testing.T) {
	t.Parallel()
	for name, end := range map[string]struct {
		by   func(b *bundle)
		code string
	}{
		"contact deleted": {func(b *bundle) {
			b.sim.Portal(portalA).ArchiveContact(b.contactID(1))
			m := in(1, 2)
			m.FirstName = "Changed"
			b.save(tenantA, m)
		}, "awaits-contact"},
		"member deleted": {func(b *bundle) {
			b.host.Delete(tenantA, memberID(1))
			b.record(integration.MemberChanged(tenantA, memberID(1)))
		}, "member-deleted"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := start(t)
			b.label("Board")
			for n := 1; n <= 2; n++ {
				b.host.PutEntity(tenantA, organization(n))
			}
			b.host.Put(tenantA, in(1, 1))
			b.connectWith(companies)
			b.settled(tenantA)
			b.sim.Portal(portalA).PutAssociation("contacts", b.contactID(1), "companies", b.wantCompany(1).ID, "Board")
			b.save(tenantA, in(1, 2))
			failed := b.awaitSaid("association", memberID(1), integration.SyncFailed, "association-labelled")
			end.by(b)
			b.settled(tenantA)
			must(t, b.syncer.Retry(t.Context(), tenantA, failed.ID))
			st := b.settled(tenantA)
			b.wantRecord("association", memberID(1), integration.SyncExcluded, end.code)
			if slices.ContainsFunc(st.Incidents, func(i integration.Incident) bool { return i.EntityType == "association" }) {
				t.Errorf("incidents %+v", st.Incidents)
			}
		})
	}
}
