package crmsync_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/memberpulse/hubspotplugin/hubspot"
	"github.com/memberpulse/hubspotplugin/hubspot/hubspottest"
	"github.com/memberpulse/hubspotplugin/integration"
)

// onBoth runs a journey on both versions of HubSpot's API.
func onBoth(t *testing.T, run func(*testing.T, option)) {
	t.Helper()
	for _, v := range []hubspot.Version{hubspot.Version202603, hubspot.Version202609} {
		t.Run(string(v), func(t *testing.T) {
			t.Parallel()
			run(t, withVersion(v))
		})
	}
}

func organization(n int) integration.Organization {
	return integration.Organization{
		ID: organizationID(n), Name: fmt.Sprintf("Organization %d", n), Description: "Of these tests", Domain: fmt.Sprintf("Org%d.example.org", n),
		WebsiteURL: fmt.Sprintf("https://org%d.example.org", n), Phone: "+1 555 0100", Address: "1 Main Street", City: "Springfield",
		Postcode: "12345", State: "Illinois", Country: "United States",
	}
}

func organizationID(n int) string { return fmt.Sprintf("00000000-0000-4000-9000-%012d", n) }

// in is a member of an organization.
func in(n, org int) integration.Member {
	m := member(n)
	m.OrganizationID = organizationID(org)
	return m
}

// saveOrganizations changes organizations in the host and records it.
func (b *bundle) saveOrganizations(all ...integration.Organization) {
	b.t.Helper()
	changes := make([]integration.Change, len(all))
	for i, o := range all {
		b.host.PutEntity(tenantA, o)
		changes[i] = integration.OrganizationChanged(tenantA, o.ID)
	}
	b.record(changes...)
}

func (b *bundle) deleteOrganization(n int) {
	b.t.Helper()
	b.host.DeleteEntity(tenantA, integration.Ref{Kind: integration.KindOrganization, Key: organizationID(n)})
	b.record(integration.OrganizationChanged(tenantA, organizationID(n)))
}

// company returns the one live company that carries an organization's id.
func (b *bundle) company(n int) (hubspottest.Record, bool) {
	b.t.Helper()
	var found []hubspottest.Record
	for _, c := range b.sim.Portal(portalA).Records("companies") {
		if c.Properties["memberpulse_organization_id"] == organizationID(n) {
			found = append(found, c)
		}
	}
	if len(found) > 1 {
		b.t.Errorf("organization %d has %d companies", n, len(found))
	}
	if len(found) == 0 {
		return hubspottest.Record{}, false
	}
	return found[0], true
}

func (b *bundle) wantCompany(n int) hubspottest.Record {
	b.t.Helper()
	c, ok := b.company(n)
	if !ok {
		b.t.Fatalf("organization %d has no company", n)
	}
	return c
}

// recordOf returns the sync record of a type about an entity.
func (b *bundle) recordOf(entity, key string) integration.SyncRecord {
	b.t.Helper()
	page, err := b.syncer.SyncLog(context.Background(), tenantA, integration.SyncQuery{EntityType: entity, Search: key})
	must(b.t, err)
	if len(page.Records) != 1 {
		b.t.Fatalf("%s %s has %d sync records", entity, key, len(page.Records))
	}
	return page.Records[0]
}

func (b *bundle) wantRecord(entity, key string, status integration.SyncStatus, code string) integration.SyncRecord {
	b.t.Helper()
	r := b.recordOf(entity, key)
	if r.Status != status || r.Code != code {
		b.t.Errorf("record of %s %s: %s %q, want %s %q: %s", entity, key, r.Status, r.Code, status, code, r.Error)
	}
	return r
}

var companies = map[string]string{"syncCompanies": "true"}

func TestOrganizationsBecomeCompanies(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, version option) {
		b := start(t, version)
		for n := 1; n <= 3; n++ {
			b.host.PutEntity(tenantA, organization(n))
		}
		nameless := organization(4)
		nameless.Name = " "
		b.host.PutEntity(tenantA, nameless)
		b.connectWith(companies)
		b.settled(tenantA)
		c := b.wantCompany(2)
		for name, want := range map[string]string{
			"name": "Organization 2", "domain": "org2.example.org", "website": "https://org2.example.org", "phone": "+1 555 0100",
			"address": "1 Main Street", "city": "Springfield", "zip": "12345", "state": "Illinois", "country": "United States",
			"description": "Of these tests", "memberpulse_organization_status": "active",
		} {
			if c.Properties[name] != want {
				t.Errorf("%s is %q, want %q", name, c.Properties[name], want)
			}
		}
		r := b.wantRecord("company", organizationID(2), integration.SyncSynced, "")
		if r.CRMEntityID != c.ID || !strings.HasSuffix(r.CRMEntityURL, "/record/0-2/"+c.ID) || r.FieldMappings["name"] != "name" {
			t.Errorf("record %+v", r)
		}
		b.wantRecord("company", organizationID(4), integration.SyncExcluded, "no-name")

		// A change follows; a field that we filled is cleared, a name never is.
		o := organization(2)
		o.Name, o.Phone = "Renamed", ""
		b.saveOrganizations(o, organization(5))
		b.settled(tenantA)
		if c = b.wantCompany(2); c.Properties["name"] != "Renamed" || c.Properties["phone"] != "" {
			t.Errorf("company %v", c.Properties)
		}
		b.wantCompany(5)
		if n := len(b.sim.Portal(portalA).Records("companies")); n != 4 {
			t.Errorf("%d companies, want 4", n)
		}
		// Nothing has changed: no call.
		b.sim.ResetRequests()
		b.saveOrganizations(o)
		b.settled(tenantA)
		if n := len(b.sim.Requests()); n != 0 {
			t.Errorf("%d calls for nothing", n)
		}
		// Gone: kept, and marked; back again: as before.
		b.deleteOrganization(2)
		b.settled(tenantA)
		if c = b.wantCompany(2); c.Properties["memberpulse_organization_status"] != "deleted" || c.Properties["name"] != "Renamed" {
			t.Errorf("company of one that is gone: %v", c.Properties)
		}
		r = b.wantRecord("company", organizationID(2), integration.SyncSynced, "member-deleted")
		if strings.Contains(r.Error, "ember") || !strings.Contains(r.Error, "organization was deleted") {
			t.Errorf("says %q", r.Error)
		}
		b.saveOrganizations(o)
		b.settled(tenantA)
		if c = b.wantCompany(2); c.Properties["memberpulse_organization_status"] != "active" {
			t.Errorf("company of one that is back: %v", c.Properties)
		}
	})
}

// What people do to companies in HubSpot: a deletion is respected, a merge is
// followed, a company with the organization's id is the organization's.
func TestCompaniesThatPeopleTouch(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, version option) {
		b := start(t, version)
		portal := b.sim.Portal(portalA)
		for n := 1; n <= 4; n++ {
			b.host.PutEntity(tenantA, organization(n))
		}
		b.connectWith(companies)
		b.settled(tenantA)

		portal.ArchiveRecord("companies", b.wantCompany(1).ID)
		stranger := portal.PutRecord("companies", map[string]string{"name": "Stranger", "numberofemployees": "7"})
		survivor := portal.MergeRecords("companies", stranger.ID, b.wantCompany(2).ID)
		portal.MergeRecords("companies", b.wantCompany(3).ID, b.wantCompany(4).ID)
		changed := func(n int, name string) integration.Organization {
			o := organization(n)
			o.Name = name
			return o
		}
		b.saveOrganizations(changed(1, "One"), changed(2, "Two"), changed(3, "Three"), changed(4, "Four"))
		b.settled(tenantA)
		if _, ok := b.company(1); ok {
			t.Error("a deleted company is back")
		}
		r := b.wantRecord("company", organizationID(1), integration.SyncExcluded, "deleted-in-hubspot")
		if !strings.Contains(r.Error, "this company") {
			t.Errorf("says %q", r.Error)
		}
		c := b.wantCompany(2)
		if c.ID != survivor || c.Properties["name"] != "Two" || c.Properties["numberofemployees"] != "7" {
			t.Errorf("company %s, survivor %s: %v", c.ID, survivor, c.Properties)
		}
		kept, frozen := 3, 4
		if _, ok := b.company(kept); !ok {
			kept, frozen = frozen, kept
		}
		if c := b.wantCompany(kept); c.Properties["name"] != map[int]string{3: "Three", 4: "Four"}[kept] {
			t.Errorf("survivor of two organizations: %v", c.Properties)
		}
		r = b.wantRecord("company", organizationID(frozen), integration.SyncFailed, "merged")
		if !strings.Contains(r.Error, "Two organizations, one company") || !strings.Contains(r.Error, "The other company is ") {
			t.Errorf("says %q", r.Error)
		}

		// A person has entered the id of an organization that is not synced yet.
		known := portal.PutRecord("companies", map[string]string{"name": "By hand", "memberpulse_organization_id": organizationID(9)})
		b.saveOrganizations(organization(9))
		b.settled(tenantA)
		if c := b.wantCompany(9); c.ID != known.ID || c.Properties["name"] != "By hand" || c.Properties["city"] != "Springfield" {
			t.Errorf("company %s, want %s: %v", c.ID, known.ID, c.Properties)
		}
	})
}

// A rule of the portal refuses one company; the others go through. The version
// decides which rules count.
func TestOneBadCompanyStopsNobody(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, version option) {
		b := start(t, version)
		portal := b.sim.Portal(portalA)
		portal.RequireProperty("companies", "phone")
		for n := 1; n <= 3; n++ {
			o := organization(n)
			if n == 2 {
				o.Phone = ""
			}
			b.host.PutEntity(tenantA, o)
		}
		b.connectWith(companies)
		b.settled(tenantA)
		b.wantCompany(1)
		b.wantCompany(3)
		enforced := strings.Contains(b.sim.Requests()[len(b.sim.Requests())-1].Path, "2026-09")
		if _, made := b.company(2); made == enforced {
			t.Fatalf("company without a required property: made %v", made)
		}
		if !enforced {
			return
		}
		r := b.wantRecord("company", organizationID(2), integration.SyncFailed, "MISSING_REQUIRED_PROPERTY")
		if !strings.Contains(r.Error, "phone") || !strings.Contains(r.Error, "companies must have") || !strings.Contains(r.Fix, "organization") {
			t.Errorf("says %q, fix %q", r.Error, r.Fix)
		}
		b.saveOrganizations(organization(2))
		b.settled(tenantA)
		b.wantCompany(2)
		b.wantRecord("company", organizationID(2), integration.SyncSynced, "")
	})
}

// HubSpot writes, and its answer is lost: no organization gets two companies.
func TestLostRepliesMakeNoSecondCompany(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, version option) {
		b := start(t, version)
		b.connectWith(companies)
		b.settled(tenantA)
		b.sim.Inject(hubspottest.Fault{PathContains: "companies/batch/upsert", LoseReply: true})
		b.sim.Inject(hubspottest.Fault{PathContains: "companies/batch/", Commit: true, Status: http.StatusGatewayTimeout, Times: 2})
		var all []integration.Organization
		for n := 1; n <= 20; n++ {
			all = append(all, organization(n))
		}
		b.saveOrganizations(all...)
		b.settled(tenantA)
		if n := len(b.sim.Portal(portalA).Records("companies")); n != 20 {
			t.Errorf("%d companies, want 20", n)
		}
		for n := 1; n <= 20; n++ {
			b.wantCompany(n)
		}
	})
}
