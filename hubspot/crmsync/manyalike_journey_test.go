package crmsync_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/memberpulse/hubspotplugin/hubspot/hubspottest"
	"github.com/memberpulse/hubspotplugin/integration"
)

// The company of an organization is there, behind hundreds that are a little
// like it: it is found all the same, and no second one is made.
func TestACompanyBehindManyIsFound(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, version option) {
		b := start(t, version, withSim(hubspottest.Options{SearchLag: -1}))
		portal := b.sim.Portal(portalA)
		for i := range 450 {
			portal.PutRecord("companies", map[string]string{"name": fmt.Sprintf("Club No. %d", i)})
		}
		club := portal.PutRecord("companies", map[string]string{"name": "The Club Ltd"}).ID
		other := portal.PutRecord("companies", map[string]string{"name": "Other"}).ID
		b.host.PutEntity(tenantA, named(1, "Club", ""))
		b.host.PutEntity(tenantA, named(2, "Other", "")) // asked for in the same search at first
		b.connectWith(companies)
		b.settled(tenantA)
		m := b.matching()
		for n, want := range map[int]string{1: club, 2: other} {
			if ids, suggested := proposed(m, n); !slices.Equal(ids, []string{want}) || suggested != want {
				t.Errorf("organization %d: proposed %v, suggested %q, want %s", n, ids, suggested, want)
			}
		}
		if n := b.calls("/search"); n != 1+3+1 {
			t.Errorf("%d searches, want one for both, three pages of one and one of the other", n)
		}
		if n := len(portal.Records("companies")); n != 452 {
			t.Errorf("%d companies, want the 452 that were there", n)
		}
	})
}

// More companies are like an organization than HubSpot shows: nothing is
// created before an admin has looked.
func TestMoreAreAlikeThanHubSpotShows(t *testing.T) {
	t.Parallel()
	b := start(t, withSim(hubspottest.Options{SearchLag: -1}))
	portal := b.sim.Portal(portalA)
	for i := range 10_001 {
		portal.PutRecord("companies", map[string]string{"name": fmt.Sprintf("Club No. %d", i)})
	}
	mine := portal.PutRecord("companies", map[string]string{"name": "My Club"}).ID
	b.host.PutEntity(tenantA, named(1, "Club", ""))
	b.connectWith(companies)
	b.settled(tenantA)
	m := b.matching()
	if len(m.Proposals) != 1 || len(m.Proposals[0].Candidates) != 0 || m.Proposals[0].Suggested != "" {
		t.Fatalf("matching %+v", m)
	}
	if note := m.Proposals[0].Note; !strings.Contains(note, organizationID(1)) || !strings.Contains(note, "memberpulse_organization_id") {
		t.Errorf("the admin is told %q", note)
	}
	b.wantRecord("company", organizationID(1), integration.SyncPending, "match-needed")
	if n := len(portal.Records("companies")); n != 10_002 {
		t.Errorf("%d companies: one was created unasked", n)
	}
	// The way that the note shows.
	portal.EditRecord("companies", mine, map[string]string{"memberpulse_organization_id": organizationID(1)})
	must(t, b.decide(integration.MatchDecision{OrganizationID: organizationID(1)}))
	b.settled(tenantA)
	if c := b.wantCompany(1); c.ID != mine {
		t.Errorf("the organization has company %s, want %s", c.ID, mine)
	}
	if n := len(portal.Records("companies")); n != 10_002 {
		t.Errorf("%d companies: a second one was created", n)
	}
}
