package crmsync_test

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/memberpulse/hubspotplugin/hubspot"
	"github.com/memberpulse/hubspotplugin/hubspot/hubspottest"
	"github.com/memberpulse/hubspotplugin/integration"
)

// companiesOf returns the names of the companies that a member's contact is
// associated with, sorted; the primary one has a star, a label follows.
func (b *bundle) companiesOf(n int) string {
	b.t.Helper()
	c, ok := b.contact(portalA, memberID(n))
	if !ok {
		return "no contact"
	}
	names := map[string]string{}
	for _, a := range b.sim.Portal(portalA).Associations("contacts", "companies") {
		if a.FromID != c.ID {
			continue
		}
		rec, _ := b.sim.Portal(portalA).Record("companies", a.ToID)
		name := rec.Properties["name"]
		switch {
		case a.Category == hubspot.HubSpotDefined && a.TypeID == hubspot.TypeContactToPrimaryCompany:
			names[name] += "*"
		case a.Label != "":
			names[name] += " (" + a.Label + ")"
		default:
			names[name] += ""
		}
	}
	var out []string
	for name, mark := range names {
		out = append(out, strings.ReplaceAll(name, "Organization ", "")+mark)
	}
	slices.Sort(out)
	return strings.Join(out, ", ")
}

func (b *bundle) wantCompaniesOf(n int, want string) {
	b.t.Helper()
	if got := b.companiesOf(n); got != want {
		b.t.Errorf("member %d is associated with %q, want %q", n, got, want)
	}
}

// unlabelled fails if any call could have set a label or a primary company.
func (b *bundle) unlabelled() {
	b.t.Helper()
	for _, r := range b.sim.Requests() {
		allowed := strings.HasSuffix(r.Path, "/batch/read") || strings.HasSuffix(r.Path, "/batch/associate/default") || strings.HasSuffix(r.Path, "/batch/archive")
		if strings.Contains(r.Path, "associations") && !allowed {
			b.t.Errorf("call of %s", r.Path)
		}
	}
}

func (b *bundle) label(label string) {
	b.sim.Portal(portalA).DefineLabel("contacts", "companies", label, "")
}

func TestMembersMoveBetweenCompanies(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, version option) {
		b := start(t, version)
		for n := 1; n <= 3; n++ {
			b.host.PutEntity(tenantA, organization(n))
		}
		for n := 1; n <= 150; n++ {
			b.host.Put(tenantA, in(n, 1+n%2))
		}
		b.host.Put(tenantA, member(200))
		b.connectWith(companies)
		b.settled(tenantA)
		b.wantCompaniesOf(1, "2*")
		b.wantCompaniesOf(2, "1*")
		b.wantCompaniesOf(150, "1*")
		b.wantCompaniesOf(200, "")
		contact, _ := b.contact(portalA, memberID(2))
		r := b.wantRecord("association", memberID(2), integration.SyncSynced, "")
		if r.CRMEntityID != contact.ID || !strings.HasSuffix(r.CRMEntityURL, "/record/0-1/"+contact.ID) {
			t.Errorf("record %+v", r)
		}
		if n := b.calls("associations"); n > 20 {
			t.Errorf("%d calls about associations of 150 members", n)
		}

		// Nothing has changed: no call about associations.
		b.sim.ResetRequests()
		b.save(tenantA, in(2, 1))
		b.settled(tenantA)
		if n := len(b.sim.Requests()); n != 0 {
			t.Errorf("%d calls for nothing", n)
		}
		// Moved, left, joined. The new pair comes before the old one goes.
		left := member(4)
		b.save(tenantA, in(2, 3), left, in(200, 3))
		b.settled(tenantA)
		b.wantCompaniesOf(2, "3")
		b.wantCompaniesOf(4, "")
		b.wantCompaniesOf(200, "3*")
		var order []string
		for _, r := range b.sim.Requests() {
			if _, tail, ok := strings.Cut(r.Path, "/batch/"); ok && strings.Contains(r.Path, "associations") && tail != "read" {
				order = append(order, tail)
			}
		}
		if !slices.Equal(order, []string{"associate/default", "archive"}) {
			t.Errorf("calls %v", order)
		}
		if r := b.wantRecord("association", memberID(4), integration.SyncSynced, ""); r.Error != "" {
			t.Errorf("says %q", r.Error)
		}
		b.unlabelled()
	})
}

// A pair that a person has made is nobody else's: it is never removed. A pair of
// ours that a person has labelled is left, and said. A primary company stays.
func TestPeoplesAssociationsAreTheirs(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, version option) {
		b := start(t, version)
		portal := b.sim.Portal(portalA)
		b.label("Board")
		for n := 1; n <= 3; n++ {
			b.host.PutEntity(tenantA, organization(n))
		}
		b.connectWith(companies)
		b.settled(tenantA)
		home := portal.PutRecord("companies", map[string]string{"name": "Home"})
		one, two := b.wantCompany(1), b.wantCompany(2)
		for n := 1; n <= 3; n++ {
			c := portal.PutContact(map[string]string{"email": member(n).Email})
			portal.PutAssociation("contacts", c.ID, "companies", home.ID)
			if n == 1 {
				portal.PutAssociation("contacts", c.ID, "companies", one.ID) // a person knows it already
			}
		}
		b.save(tenantA, in(1, 1), in(2, 1), in(3, 1))
		b.settled(tenantA)
		for n := 1; n <= 3; n++ {
			b.wantCompaniesOf(n, "1, Home*")
		}
		three, _ := b.contact(portalA, memberID(3))
		portal.PutAssociation("contacts", three.ID, "companies", one.ID, "Board")
		b.save(tenantA, in(1, 2), in(2, 2), in(3, 2))
		b.settled(tenantA)
		b.wantCompaniesOf(1, "1, 2, Home*")
		b.wantCompaniesOf(2, "2, Home*")
		b.wantCompaniesOf(3, "1 (Board), 2, Home*")
		r := b.wantRecord("association", memberID(3), integration.SyncFailed, "association-labelled")
		if !strings.Contains(r.Error, "The company is "+one.ID+".") {
			t.Errorf("says %q", r.Error)
		}
		st := b.status(tenantA)
		if i := slices.IndexFunc(st.Incidents, func(i integration.Incident) bool { return i.Code == "association-labelled" }); i < 0 || st.Incidents[i].Count != 1 {
			t.Errorf("incidents %+v", st.Incidents)
		}
		// The person decides, and presses Retry.
		portal.RemoveAssociation("contacts", three.ID, "companies", one.ID, "Board")
		must(t, b.syncer.Retry(context.Background(), tenantA, r.ID))
		b.settled(tenantA)
		b.wantCompaniesOf(3, "2, Home*")
		b.wantRecord("association", memberID(3), integration.SyncSynced, "")

		// One that somebody removed by hand comes back with a full sync.
		portal.RemoveAssociation("contacts", three.ID, "companies", two.ID)
		_, err := b.syncer.Sync(context.Background(), tenantA)
		must(t, err)
		b.settled(tenantA)
		b.wantCompaniesOf(3, "2, Home*")
		b.unlabelled()
	})
}

// Contacts and companies come, go and merge in any order; associations follow.
func TestAssociationsFollowTheirRecords(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, version option) {
		b := start(t, version)
		portal := b.sim.Portal(portalA)
		nameless := organization(1)
		nameless.Name = ""
		b.host.PutEntity(tenantA, nameless)
		b.host.PutEntity(tenantA, organization(2))
		pending := in(2, 2)
		pending.Status = integration.MemberPending
		for _, m := range []integration.Member{in(1, 1), pending, in(3, 2), in(4, 7)} {
			b.host.Put(tenantA, m)
		}
		b.connect(tenantA, portalA, tokenA) // contacts alone
		b.settled(tenantA)
		b.wantCompaniesOf(3, "")
		if n := b.calls("compan"); n != 0 {
			t.Errorf("%d calls about companies", n)
		}
		b.connectWith(companies)
		b.settled(tenantA)
		b.wantCompaniesOf(3, "2*")
		b.wantRecord("association", memberID(1), integration.SyncExcluded, "no-company")
		b.wantRecord("association", memberID(4), integration.SyncExcluded, "no-company")

		// The organization gets a name, another one appears, a member is approved.
		b.saveOrganizations(organization(1), organization(7))
		b.save(tenantA, in(2, 2))
		b.settled(tenantA)
		b.wantCompaniesOf(1, "1*")
		b.wantCompaniesOf(2, "2*")
		b.wantCompaniesOf(4, "7*")
		b.wantRecord("association", memberID(4), integration.SyncSynced, "")

		// Merged with a stranger: the association is still ours, and is moved.
		stranger := portal.PutRecord("companies", map[string]string{"name": "Stranger"})
		portal.MergeRecords("companies", stranger.ID, b.wantCompany(2).ID)
		changed := organization(2)
		changed.City = "Shelbyville"
		b.saveOrganizations(changed)
		b.settled(tenantA)
		b.wantCompaniesOf(3, "2*")
		b.save(tenantA, in(3, 1))
		b.settled(tenantA)
		b.wantCompaniesOf(3, "1")
		c2, _ := b.contact(portalA, memberID(2))
		other := portal.PutContact(map[string]string{"email": "other@example.org"})
		portal.MergeContacts(other.ID, c2.ID)
		m := in(2, 7)
		m.FirstName = "Merged"
		b.save(tenantA, m)
		b.settled(tenantA)
		b.wantCompaniesOf(2, "7")

		// Deleted in HubSpot: nothing is made again.
		portal.ArchiveRecord("companies", b.wantCompany(7).ID)
		gone := organization(7)
		gone.City = "Nowhere"
		b.saveOrganizations(gone)
		b.settled(tenantA)
		b.wantRecord("association", memberID(4), integration.SyncExcluded, "no-company")
		b.wantCompaniesOf(4, "")

		// A member who is gone keeps its contact, and the contact its company.
		b.host.Delete(tenantA, memberID(1))
		b.record(integration.MemberChanged(tenantA, memberID(1)))
		b.deleteOrganization(1)
		b.settled(tenantA)
		b.wantCompaniesOf(1, "1*")
		b.unlabelled()
	})
}

// Merged and deleted behind our back: the association's own pass finds out.
func TestAssociationMeetsAVanishedRecord(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, version option) {
		b := start(t, version)
		portal := b.sim.Portal(portalA)
		for n := 1; n <= 3; n++ {
			b.host.PutEntity(tenantA, organization(n))
		}
		for n := 1; n <= 4; n++ {
			b.host.Put(tenantA, in(n, 1))
		}
		b.connectWith(companies)
		b.settled(tenantA)
		portal.ArchiveRecord("companies", b.wantCompany(2).ID)
		stranger := portal.PutRecord("companies", map[string]string{"name": "Stranger"})
		survivor := portal.MergeRecords("companies", stranger.ID, b.wantCompany(3).ID)
		b.save(tenantA, in(1, 2), in(2, 3), in(3, 2), in(4, 3))
		b.settled(tenantA)
		b.wantCompaniesOf(1, "")
		b.wantRecord("association", memberID(1), integration.SyncExcluded, "no-company")
		b.wantRecord("company", organizationID(2), integration.SyncExcluded, "deleted-in-hubspot")
		for _, n := range []int{2, 4} {
			b.wantCompaniesOf(n, "3")
		}
		if c := b.wantCompany(3); c.ID != survivor {
			t.Errorf("company %s, survivor %s", c.ID, survivor)
		}
	})
}

// A merge is followed even if all tries are spent: each report of a label counts.
func TestAssociationFollowsAMergeAfterManyTries(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, version option) {
		b := start(t, version)
		portal := b.sim.Portal(portalA)
		b.label("Board")
		for n := 1; n <= 3; n++ {
			b.host.PutEntity(tenantA, organization(n))
		}
		b.host.Put(tenantA, in(1, 1))
		b.connectWith(companies)
		b.settled(tenantA)
		portal.PutAssociation("contacts", b.contactID(1), "companies", b.wantCompany(1).ID, "Board")
		for n := range 6 {
			b.save(tenantA, in(1, 2+n%2))
			b.settled(tenantA)
			b.wantRecord("association", memberID(1), integration.SyncFailed, "association-labelled")
		}
		stranger := portal.PutRecord("companies", map[string]string{"name": "Stranger"})
		portal.MergeRecords("companies", b.wantCompany(2).ID, stranger.ID)
		b.save(tenantA, in(1, 2))
		b.settled(tenantA)
		b.wantCompaniesOf(1, "1* (Board), 2")
		b.wantRecord("association", memberID(1), integration.SyncFailed, "association-labelled")
	})
}

// Whatever is lost on the way: at rest every member has its one company.
func TestAssociationsSurviveFaults(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, version option) {
		b := start(t, version)
		var first, second []integration.Member
		for n := 1; n <= 4; n++ {
			b.host.PutEntity(tenantA, organization(n))
		}
		for n := 1; n <= 60; n++ {
			first, second = append(first, in(n, 1+n%2)), append(second, in(n, 3+n%2))
			b.host.Put(tenantA, first[n-1])
		}
		b.connectWith(companies)
		for _, path := range []string{"companies/batch/associate/default", "companies/batch/archive"} {
			for _, f := range []hubspottest.Fault{{LoseReply: true}, {Commit: true, Status: http.StatusGatewayTimeout}, {EmptyOK: true}, {Short: true}} {
				f.PathContains, f.Times = path, 1
				b.sim.Inject(f)
			}
		}
		b.settled(tenantA)
		b.wantCompaniesOf(1, "2*")
		b.save(tenantA, second...)
		b.settled(tenantA)
		for n := 1; n <= 60; n++ {
			b.wantCompaniesOf(n, []string{"3", "4"}[n%2])
		}
		// All of it is ours still: it can be taken away again.
		for i := range second {
			second[i].OrganizationID = ""
		}
		b.save(tenantA, second...)
		b.settled(tenantA)
		for n := 1; n <= 60; n++ {
			b.wantCompaniesOf(n, "")
		}
	})
}

// HubSpot makes companies from the domains of addresses by itself, where its
// setting says so. Those are not ours.
func TestPortalThatMakesCompaniesByItself(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, version option) {
		b := start(t, version, withAutoCompany())
		portal := b.sim.Portal(portalA)
		one, two := organization(1), organization(2)
		one.Domain, one.WebsiteURL = "", ""
		two.Domain = "two.example.org"
		b.host.PutEntity(tenantA, one)
		b.host.PutEntity(tenantA, two)
		at := func(n, org int, domain string) integration.Member {
			m := in(n, org)
			m.Email = memberID(n) + "@" + domain
			return m
		}
		for _, m := range []integration.Member{at(1, 1, "elsewhere.example.org"), at(2, 1, "elsewhere.example.org"), at(3, 2, "two.example.org")} {
			b.host.Put(tenantA, m)
		}
		b.connectWith(companies)
		b.settled(tenantA)
		// HubSpot's own company is the primary one and stays so.
		b.wantCompaniesOf(1, "1, elsewhere.example.org*")
		b.wantCompaniesOf(3, "2*")
		if n := len(portal.Records("companies")); n != 3 {
			t.Errorf("%d companies, want 3: HubSpot's own and two of ours", n)
		}
		b.save(tenantA, at(1, 2, "elsewhere.example.org"), at(3, 1, "two.example.org"))
		b.settled(tenantA)
		b.wantCompaniesOf(1, "2, elsewhere.example.org*")
		b.wantCompaniesOf(3, "1, 2*") // HubSpot made the pair with 2, by the address's domain
		b.unlabelled()
	})
}
