package crmsync_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/memberpulse/hubspotplugin/hubspot/hubspottest"
	"github.com/memberpulse/hubspotplugin/integration"
)

var archiving = map[string]string{"syncCompanies": "true", "whenGone": "archive"}

func (b *bundle) leave(n ...int) {
	b.t.Helper()
	var changes []integration.Change
	for _, one := range n {
		b.host.Delete(tenantA, memberID(one))
		changes = append(changes, integration.MemberChanged(tenantA, memberID(one)))
	}
	b.record(changes...)
}

// Whoever is gone is archived in HubSpot, if its record is ours alone.
func TestGoneRecordsAreArchived(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, version option) {
		b := start(t, version, withSim(hubspottest.Options{SearchLag: -1}))
		portal := b.sim.Portal(portalA)
		for n := 1; n <= 3; n++ {
			b.host.PutEntity(tenantA, organization(n))
		}
		adopted := portal.PutContact(map[string]string{"email": member(2).Email, "jobtitle": "Theirs"})
		for n := 1; n <= 5; n++ {
			b.host.Put(tenantA, in(n, 1))
		}
		b.connectWith(archiving)
		b.settled(tenantA)
		contacts := map[int]string{}
		for n := 1; n <= 5; n++ {
			c, _ := b.contact(portalA, memberID(n))
			contacts[n] = c.ID
		}
		theirs := portal.PutRecord("companies", map[string]string{"name": "Theirs"}).ID
		portal.MergeRecords("companies", theirs, b.wantCompany(2).ID)
		stranger := portal.PutContact(map[string]string{"email": "stranger@example.org"})
		merged := portal.MergeContacts(contacts[3], stranger.ID)
		portal.ArchiveContact(contacts[4]) // by a person
		ours := b.wantCompany(1).ID

		b.leave(1, 2, 3, 4)
		b.deleteOrganization(1)
		b.deleteOrganization(2)
		b.settled(tenantA)
		if c, _ := portal.Contact(contacts[1]); !c.Archived {
			t.Error("a contact of ours is not archived")
		}
		for what, id := range map[string]string{"adopted": adopted.ID, "merged with a person's": merged} {
			if c, _ := portal.Contact(id); c.Archived || c.Properties["memberpulse_member_status"] != "deleted" {
				t.Errorf("a contact that is %s: archived %v, %v", what, c.Archived, c.Properties)
			}
		}
		if c, _ := portal.Record("companies", ours); !c.Archived {
			t.Error("a company of ours is not archived")
		}
		if c := b.wantCompany(2); c.Archived || c.Properties["memberpulse_organization_status"] != "deleted" {
			t.Errorf("a company merged with a person's: %v", c.Properties)
		}
		r := b.wantRecord("contact", memberID(1), integration.SyncSynced, "archived")
		if r.CRMEntityID != contacts[1] || !strings.Contains(r.Error, "archived in HubSpot") {
			t.Errorf("record %+v", r)
		}
		b.wantRecord("contact", memberID(2), integration.SyncSynced, "member-deleted")
		b.wantRecord("contact", memberID(4), integration.SyncSynced, "member-deleted")
		b.wantRecord("company", organizationID(1), integration.SyncSynced, "archived")
		b.wantRecord("association", memberID(5), integration.SyncExcluded, "no-company")

		// Again gone: nothing is called. Nothing brings it back but the host.
		b.sim.ResetRequests()
		b.record(integration.MemberChanged(tenantA, memberID(1)), integration.OrganizationChanged(tenantA, organizationID(1)))
		b.settled(tenantA)
		if n := len(b.sim.Requests()); n != 0 {
			t.Errorf("%d calls for what is archived", n)
		}
		b.saveOrganizations(organization(1))
		b.save(tenantA, in(1, 1), in(2, 1))
		b.settled(tenantA)
		c, ok := b.contact(portalA, memberID(1))
		if !ok || c.ID == contacts[1] {
			t.Errorf("the contact of a member that is back: %v %s, before %s", ok, c.ID, contacts[1])
		}
		b.wantRecord("contact", memberID(1), integration.SyncSynced, "")
		if c, _ := b.contact(portalA, memberID(2)); c.ID != adopted.ID || c.Properties["memberpulse_member_status"] != "active" {
			t.Errorf("the adopted contact: %v", c.Properties)
		}
		b.wantCompaniesOf(1, "1*")
		b.wantCompaniesOf(5, "1") // the one in the recycle bin is its primary one still
		b.leave(1)
		b.settled(tenantA)
		if c, _ := portal.Contact(c.ID); !c.Archived {
			t.Error("a contact that was made again is not archived")
		}
	})
}

// HubSpot archives, and the answer is lost, or it says so and does not.
func TestArchivingSurvivesFaults(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, version option) {
		for _, f := range []hubspottest.Fault{{LoseReply: true}, {Commit: true, Status: http.StatusGatewayTimeout}, {Status: http.StatusNoContent}, {DropBefore: true}} {
			b := start(t, version)
			portal := b.sim.Portal(portalA)
			b.host.Put(tenantA, member(1))
			b.host.Put(tenantA, member(2))
			b.connectWith(archiving)
			b.settled(tenantA)
			first, _ := b.contact(portalA, memberID(1))
			f.PathContains, f.Times = "contacts/batch/archive", 1
			b.sim.Inject(f)
			b.leave(1)
			b.eventually("the call is made", func() bool { return b.calls("contacts/batch/archive") > 0 })
			back := member(1)
			back.FirstName = "Back"
			b.save(tenantA, back)
			b.settled(tenantA)
			c, ok := b.contact(portalA, memberID(1))
			if !ok || c.Properties["firstname"] != "Back" || c.Properties["memberpulse_member_status"] != "active" {
				t.Errorf("%+v: the contact of a member that is back: %v %v", f, ok, c.Properties)
			}
			b.wantRecord("contact", memberID(1), integration.SyncSynced, "")
			b.leave(1, 2)
			b.settled(tenantA)
			live := slices.DeleteFunc(portal.Contacts(), func(c hubspottest.Record) bool { return c.Archived })
			if len(live) != 0 {
				t.Errorf("%+v: %d contacts are left, the first was %s: %v", f, len(live), first.ID, live[0].Properties)
			}
		}
	})
}
