package crmsync_test

import (
	"slices"
	"testing"

	"github.com/memberpulse/hubspotplugin/hubspot/hubspottest"
	"github.com/memberpulse/hubspotplugin/integration"
)

func bakers() integration.Organization {
	return integration.Organization{ID: ticketID(5001), Name: "Bakers"}
}

func TestActivityAlsoOnTheCompany(t *testing.T) {
	t.Parallel()
	noteHubSpots(t, func(t *testing.T, opts ...option) {
		b := start(t, opts...)
		org, m, lone := bakers(), member(0), member(1)
		m.OrganizationID = org.ID
		b.host.PutEntity(tenantA, org)
		b.host.Put(tenantA, m)
		b.host.Put(tenantA, lone)
		set := noting("activityOnCompany", "syncCompanies")
		b.connectWith(set)
		b.settled(tenantA)
		company := b.sim.Portal(portalA).Records("companies")[0]
		b.sim.Inject(hubspottest.Fault{PathContains: "/notes/companies/", LoseReply: true, Times: 1})
		b.happen(activity(1, m.ID), activity(2, lone.ID))
		b.awaitSaid("activity", activityID(1), integration.SyncSynced, "")
		b.awaitSaid("activity", activityID(2), integration.SyncSynced, "")
		n, _ := b.noteWith("Plan 1")
		if !slices.Equal(n.companies, []string{company.ID}) || !slices.Equal(n.contacts, []string{b.contactID(0)}) {
			t.Errorf("note = %+v", n)
		}
		if n, _ := b.noteWith("Plan 2"); len(n.companies) != 0 {
			t.Errorf("note = %+v", n)
		}
		// A company that somebody deleted does not keep the note from its contact.
		b.sim.Portal(portalA).ArchiveRecord("companies", company.ID)
		b.happen(activity(3, m.ID))
		b.awaitSaid("activity", activityID(3), integration.SyncSynced, "")
		if n, _ := b.noteWith("Plan 3"); len(n.companies) != 0 || len(n.contacts) != 1 {
			t.Errorf("note = %+v", n)
		}
		// Off by default.
		b.connectWith(map[string]string{"activityOnCompany": "false"})
		b.sim.Portal(portalA).RestoreRecord("companies", company.ID)
		b.happen(activity(4, m.ID))
		b.awaitSaid("activity", activityID(4), integration.SyncSynced, "")
		if n, _ := b.noteWith("Plan 4"); len(n.companies) != 0 {
			t.Errorf("note = %+v", n)
		}
		b.settled(tenantA)
		if len(b.notes()) != 4 {
			t.Errorf("%d notes", len(b.notes()))
		}
	})
}

// The note is on the contact at once, and follows to the company when there is
// one.
func TestActivityWaitsForTheCompanyAlone(t *testing.T) {
	t.Parallel()
	b := start(t)
	org, m := bakers(), member(0)
	m.OrganizationID = org.ID
	b.host.Put(tenantA, m)
	b.connectWith(noting("activityOnCompany", "syncCompanies"))
	b.settled(tenantA)
	b.host.PutEntity(tenantA, org) // its change comes later
	b.happen(activity(1, m.ID))
	b.awaitSaid("activity", activityID(1), integration.SyncPending, "awaits-company")
	n, _ := b.noteWith("Plan 1")
	if !slices.Equal(n.contacts, []string{b.contactID(0)}) {
		t.Errorf("note = %+v", n)
	}
	b.record(integration.OrganizationChanged(tenantA, org.ID))
	b.awaitSaid("activity", activityID(1), integration.SyncSynced, "")
	n, _ = b.noteWith("Plan 1")
	if len(n.companies) != 1 || len(b.notes()) != 1 {
		t.Errorf("notes = %+v", b.notes())
	}
	b.settled(tenantA)
}
