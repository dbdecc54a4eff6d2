package crmsync_test

import (
	"testing"
	"time"

	"github.com/memberpulse/hubspotplugin/hubspot/hubspottest"
	"github.com/memberpulse/hubspotplugin/integration"
)

// HubSpot can take a moment to know a property that it has just made. Nobody is
// left behind for it, nothing stops, and no person is asked.
func TestPropertiesThatHubSpotDoesNotKnowAtOnce(t *testing.T) {
	t.Parallel()
	b := start(t, withSim(hubspottest.Options{PropertyLag: 2000 * time.Millisecond}))
	const members = 130
	for n := range members {
		b.host.Put(tenantA, member(n))
	}
	b.connect(tenantA, portalA, tokenA)
	b.settled(tenantA)
	st := b.status(tenantA)
	if st.Members.InSync != members || st.Health != integration.HealthOK || len(st.Incidents) != 0 {
		t.Errorf("%d of %d in sync, %s: %+v", st.Members.InSync, members, st.Health, st.Incidents)
	}
	for n := range members {
		if c, ok := b.contact(portalA, memberID(n)); !ok || c.Properties["memberpulse_member_status"] != "active" {
			t.Fatalf("member %d: %v, %v", n, ok, c.Properties)
		}
		if r := b.logOf(tenantA, memberID(n)); r.Status != integration.SyncSynced {
			t.Fatalf("member %d: %s %s", n, r.Status, r.Code)
		}
	}
}
