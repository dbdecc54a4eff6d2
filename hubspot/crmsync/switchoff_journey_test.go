package crmsync_test

import (
	"context"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/memberpulse/hubspotplugin/hubspot/hubspottest"
	"github.com/memberpulse/hubspotplugin/integration"
)

// Companies are switched off while HubSpot is searched for them: the run ends
// with what is left of it.
func TestARunEndsWhoseCompaniesAreSwitchedOff(t *testing.T) {
	t.Parallel()
	asked, held := make(chan struct{}), make(chan struct{})
	asks, answer := sync.OnceFunc(func() { close(asked) }), sync.OnceFunc(func() { close(held) })
	defer answer()
	b := start(t, withSim(hubspottest.Options{SearchLag: -1}), withBefore(func(r *http.Request) {
		if strings.HasSuffix(r.URL.Path, "/search") {
			asks()
			<-held
		}
	}))
	b.host.PutEntity(tenantA, organization(1))
	b.host.Put(tenantA, in(1, 1))
	b.connectWith(companies)
	<-asked
	b.connectWith(map[string]string{"syncCompanies": "false"})
	answer()
	b.settled(tenantA)
	b.wantRecord("contact", memberID(1), integration.SyncSynced, "")
	if n := len(b.sim.Portal(portalA).Records("companies")); n != 0 {
		t.Errorf("%d companies", n)
	}
}

// What has failed, or waits, in a part that is switched off is over; the part
// switched on again, it is looked at anew.
func TestAPartThatIsOnAgainIsLookedAtAnew(t *testing.T) {
	t.Parallel()
	all := map[string]string{"syncCompanies": "true", "syncActivities": "true", "ticketNotes": "true"}
	b := start(t, withSim(hubspottest.Options{SearchLag: -1}))
	portal := b.sim.Portal(portalA)
	b.label("Board")
	b.host.PutEntity(tenantA, organization(1))
	b.host.PutEntity(tenantA, organization(2))
	b.connectWith(all)
	b.settled(tenantA)
	b.save(tenantA, in(1, 1))
	b.settled(tenantA)
	c, _ := b.contact(portalA, memberID(1))
	portal.PutAssociation("contacts", c.ID, "companies", b.wantCompany(1).ID, "Board")
	b.save(tenantA, in(1, 2))
	bad := member(2)
	bad.Email = "nobody@invalid"
	b.save(tenantA, bad)
	b.happen(activity(1, memberID(2)))
	b.awaitSaid("association", memberID(1), integration.SyncFailed, "association-labelled")
	b.wantRecord("association", memberID(1), integration.SyncFailed, "association-labelled")
	b.awaitSaid("activity", activityID(1), integration.SyncPending, "awaits-contact")
	b.connectWith(map[string]string{"syncCompanies": "false", "syncActivities": "false", "ticketNotes": "false"})
	st := b.settled(tenantA)
	b.wantRecord("association", memberID(1), integration.SyncExcluded, "switched-off")
	b.awaitSaid("activity", activityID(1), integration.SyncExcluded, "switched-off")
	for _, i := range st.Incidents {
		if i.EntityType != "contact" {
			t.Errorf("incident %+v", i)
		}
	}
	b.connectWith(all)
	b.settled(tenantA)
	b.wantRecord("association", memberID(1), integration.SyncFailed, "association-labelled")
}

// An association that has failed and comes to nothing, for its contact is gone,
// asks for nothing any more.
func TestAnAssociationThatComesToNothingNeedsNobody(t *testing.T) {
	t.Parallel()
	b := start(t)
	portal := b.sim.Portal(portalA)
	b.label("Board")
	b.host.PutEntity(tenantA, organization(1))
	b.host.PutEntity(tenantA, organization(2))
	b.connectWith(companies)
	b.settled(tenantA)
	b.save(tenantA, in(1, 1))
	b.settled(tenantA)
	c, _ := b.contact(portalA, memberID(1))
	portal.PutAssociation("contacts", c.ID, "companies", b.wantCompany(1).ID, "Board")
	b.save(tenantA, in(1, 2))
	b.settled(tenantA)
	b.wantRecord("association", memberID(1), integration.SyncFailed, "association-labelled")
	b.leave(1)
	b.settled(tenantA)
	if r := b.logOf(tenantA, memberID(1)); r.Code != "member-deleted" {
		t.Errorf("the member's record: %s %s", r.Status, r.Code)
	}
	b.wantRecord("association", memberID(1), integration.SyncExcluded, "member-deleted")
}

// savingStore saves settings anew at the moment at which a batch asks for them.
type savingStore struct {
	integration.SettingsStore
	save func()
}

func (s savingStore) Load(ctx context.Context, clientID string, id integration.ID) (integration.StoredSettings, error) {
	s.save()
	return s.SettingsStore.Load(ctx, clientID, id)
}

// Companies are switched on between the two looks that a batch takes at its
// tenant: it does not create one that nobody has looked for.
func TestNothingIsCreatedUnsearchedAroundASave(t *testing.T) {
	t.Parallel()
	var b *bundle
	var mu sync.Mutex
	var armed func()
	b = start(t, withSim(hubspottest.Options{SearchLag: -1}), withStore(func(s integration.SettingsStore) integration.SettingsStore {
		return savingStore{s, func() {
			mu.Lock()
			do := armed
			armed = nil
			mu.Unlock()
			if do != nil {
				do()
			}
		}}
	}))
	mine := b.sim.Portal(portalA).PutRecord("companies", map[string]string{"name": organization(1).Name}).ID
	b.connectWith(nil)
	b.settled(tenantA)
	saved := make(chan struct{})
	mu.Lock()
	armed = func() {
		defer close(saved)
		b.connectWith(companies)
	}
	mu.Unlock()
	b.saveOrganizations(organization(1))
	<-saved
	b.settled(tenantA)
	if all := b.sim.Portal(portalA).Records("companies"); len(all) != 1 || all[0].ID != mine {
		t.Errorf("companies %+v", all)
	}
	if ids, _ := proposed(b.matching(), 1); len(ids) != 1 || ids[0] != mine {
		t.Errorf("proposed are %v, want %s", ids, mine)
	}
}
