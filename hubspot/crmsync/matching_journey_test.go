package crmsync_test

import (
	"context"
	"database/sql"
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/memberpulse/hubspotplugin/hubspot/crmsync"
	"github.com/memberpulse/hubspotplugin/hubspot/hubspottest"
	"github.com/memberpulse/hubspotplugin/integration"
)

func (b *bundle) matching() integration.Matching {
	b.t.Helper()
	m, err := b.syncer.Matching(context.Background(), tenantA)
	must(b.t, err)
	return m
}

func (b *bundle) decide(decisions ...integration.MatchDecision) error {
	return b.inTx(func(ctx context.Context, tx *sql.Tx) error {
		return b.syncer.DecideMatches(ctx, tx, tenantA, decisions)
	})
}

// wantRefused fails unless exactly these organizations are refused.
func (b *bundle) wantRefused(err error, organizations ...int) {
	b.t.Helper()
	var fields integration.FieldErrors
	if !errors.As(err, &fields) || len(fields) != len(organizations) {
		b.t.Fatalf("refused %v, want organizations %v", err, organizations)
	}
	for _, n := range organizations {
		if len(fields[organizationID(n)]) == 0 {
			b.t.Errorf("organization %d is not refused: %v", n, fields)
		}
	}
}

func named(n int, name, domain string) integration.Organization {
	return integration.Organization{ID: organizationID(n), Name: name, Domain: domain}
}

// proposed are the ids of the companies proposed for an organization.
func proposed(m integration.Matching, n int) (ids []string, suggested string) {
	for _, p := range m.Proposals {
		if p.OrganizationID == organizationID(n) {
			for _, c := range p.Candidates {
				ids = append(ids, c.ID)
			}
			return ids, p.Suggested
		}
	}
	return nil, ""
}

func TestCompaniesAreMatchedOnce(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, version option) {
		b := start(t, version, withSim(hubspottest.Options{SearchLag: -1}))
		portal := b.sim.Portal(portalA)
		put := func(name, domain string) string {
			return portal.PutRecord("companies", map[string]string{"name": name, "domain": domain, "phone": "theirs"}).ID
		}
		acme, globex, initech, initech2 := put("ACME, Inc.", "acme.example.org"), put("Globex", ""), put("Initech", ""), put("Initech Ltd", "")
		put("Stranger", "")
		for _, o := range []integration.Organization{
			named(1, "Something", "www.acme.example.org"), named(2, "Globex LLC", ""), named(3, "Initech", ""),
			named(4, "Fresh", "fresh.example.org"), named(5, "The Globex Company", ""),
		} {
			b.host.PutEntity(tenantA, o)
		}
		for n := 1; n <= 5; n++ {
			b.host.Put(tenantA, in(n, n))
		}
		b.connectWith(companies)
		b.settled(tenantA)
		m := b.matching()
		if !m.Open || m.Total != 5 || m.Searched != 5 || len(m.Proposals) != 4 {
			t.Fatalf("matching %+v", m)
		}
		for n, want := range map[int]struct {
			ids       []string
			suggested string
		}{1: {[]string{acme}, acme}, 2: {[]string{globex}, ""}, 3: {[]string{initech, initech2}, ""}, 5: {[]string{globex}, ""}} {
			if ids, suggested := proposed(m, n); !slices.Equal(ids, want.ids) || suggested != want.suggested {
				t.Errorf("organization %d: %v, suggested %q, want %v", n, ids, suggested, want)
			}
		}
		if c := m.Proposals[slices.IndexFunc(m.Proposals, func(p integration.MatchProposal) bool { return p.OrganizationID == organizationID(1) })].Candidates[0]; c.By != "domain" ||
			c.Name != "ACME, Inc." || c.Domain != "acme.example.org" || !strings.HasSuffix(c.URL, "/record/0-2/"+acme) {
			t.Errorf("candidate %+v", c)
		}
		// Until somebody decides, nothing is written and nobody associated.
		b.wantRecord("company", organizationID(3), integration.SyncPending, "match-needed")
		b.wantCompaniesOf(4, "Fresh*")
		b.wantCompaniesOf(1, "")
		b.wantRecord("association", memberID(1), integration.SyncExcluded, "no-company")
		if rec, _ := portal.Record("companies", acme); rec.Properties["phone"] != "theirs" || rec.Properties["memberpulse_organization_id"] != "" {
			t.Errorf("written without a decision: %v", rec.Properties)
		}
		st := b.status(tenantA)
		if i := slices.IndexFunc(st.Incidents, func(i integration.Incident) bool { return i.Code == "match-needed" }); i < 0 || st.Incidents[i].Count != 4 || st.Incidents[i].Action != "match" {
			t.Errorf("incidents %+v", st.Incidents)
		}

		d := func(n int, company string) integration.MatchDecision {
			return integration.MatchDecision{OrganizationID: organizationID(n), CompanyID: company}
		}
		b.wantRefused(b.decide(d(1, acme), d(4, "")), 4)
		b.wantRefused(b.decide(d(1, globex)), 1)
		b.wantRefused(b.decide(d(2, globex), d(5, globex)), 2, 5)
		b.wantRefused(b.decide(d(3, initech), d(3, initech2)), 3)
		b.wantRefused(b.decide(d(99, "")), 99)
		if err := b.decide(integration.MatchDecision{OrganizationID: "nonsense"}); err == nil {
			t.Error("decided on nonsense")
		}
		if m := b.matching(); len(m.Proposals) != 4 {
			t.Errorf("a refused decision was taken: %+v", m.Proposals)
		}
		must(t, b.decide(d(2, globex)))
		b.wantRefused(b.decide(d(5, globex)), 5)
		must(t, b.decide(d(1, acme), d(3, initech2), d(5, "")))
		b.settled(tenantA)
		for n, want := range map[int]string{1: acme, 2: globex, 3: initech2} {
			if c := b.wantCompany(n); c.ID != want || c.Properties["phone"] != "theirs" {
				t.Errorf("organization %d has company %s, want %s: %v", n, c.ID, want, c.Properties)
			}
		}
		if n := len(portal.Records("companies")); n != 7 {
			t.Errorf("%d companies, want 7", n)
		}
		b.wantCompaniesOf(1, "ACME, Inc.*") // the name was there before us
		b.wantCompaniesOf(5, "The Globex Company*")
		b.eventually("matching closes", func() bool { return !b.matching().Open })
		if m := b.matching(); len(m.Proposals) != 0 || m.Searched != 5 {
			t.Errorf("matching %+v", m)
		}

		// From then on it is by id: an organization of a known name is created.
		searches := b.calls("/search")
		b.saveOrganizations(named(6, "Initech", ""))
		b.settled(tenantA)
		if c := b.wantCompany(6); c.ID == initech {
			t.Error("matched by name after the matching has closed")
		}
		must(t, b.inTx(func(ctx context.Context, tx *sql.Tx) error { return b.syncer.Disconnect(ctx, tx, tenantA) }))
		b.connectWith(companies)
		b.saveOrganizations(named(7, "Stranger", ""))
		b.settled(tenantA)
		b.wantCompany(7)
		if n := b.calls("/search"); n != searches || b.matching().Open {
			t.Errorf("%d searches, then %d", searches, n)
		}
		for _, r := range b.sim.Requests() {
			if strings.HasSuffix(r.Path, "/search") && !strings.Contains(r.Path, "companies") {
				t.Errorf("search %s", r.Path)
			}
		}
	})
}

// What was chosen is gone, or somebody else's, by the time that it is done.
func TestChosenCompanyIsNotThereAnyMore(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, version option) {
		b := start(t, version, withSim(hubspottest.Options{SearchLag: -1}))
		portal := b.sim.Portal(portalA)
		put := func(name string) string {
			return portal.PutRecord("companies", map[string]string{"name": name}).ID
		}
		one, two, other, three := put("One"), put("Two"), put("Two"), put("Three")
		for n, name := range []string{"One", "Two", "Three", "Four"} {
			b.host.PutEntity(tenantA, named(n+1, name, ""))
		}
		b.connectWith(companies)
		b.settled(tenantA)
		pause := func(on bool) {
			must(t, b.inTx(func(ctx context.Context, tx *sql.Tx) error { return b.syncer.SetPaused(ctx, tx, tenantA, on) }))
		}
		pause(true)
		must(t, b.decide(integration.MatchDecision{OrganizationID: organizationID(1), CompanyID: one},
			integration.MatchDecision{OrganizationID: organizationID(2), CompanyID: two},
			integration.MatchDecision{OrganizationID: organizationID(3), CompanyID: three}))
		portal.ArchiveRecord("companies", one)
		portal.EditRecord("companies", two, map[string]string{"memberpulse_organization_id": organizationID(77)})
		survivor := portal.MergeRecords("companies", put("Stranger"), three)
		pause(false)
		b.settled(tenantA)
		// Nothing of that name is left: one is created. Another one is: that is asked.
		if c := b.wantCompany(1); c.ID == one || c.Properties["name"] != "One" {
			t.Errorf("company %s: %v", c.ID, c.Properties)
		}
		if ids, suggested := proposed(b.matching(), 2); !slices.Equal(ids, []string{other}) || suggested != other {
			t.Errorf("proposed %v %q, want %s", ids, suggested, other)
		}
		if c := b.wantCompany(3); c.ID != survivor {
			t.Errorf("company %s, survivor %s", c.ID, survivor)
		}
		if rec, _ := portal.Record("companies", two); rec.Properties["name"] != "Two" || rec.Properties["memberpulse_organization_id"] != organizationID(77) {
			t.Errorf("somebody else's company: %v", rec.Properties)
		}
	})
}

// An organization that waits is renamed, or deleted: what is asked changes with it.
func TestMatchingFollowsTheHost(t *testing.T) {
	t.Parallel()
	b := start(t, withSim(hubspottest.Options{SearchLag: -1}))
	portal := b.sim.Portal(portalA)
	one := portal.PutRecord("companies", map[string]string{"name": "One"}).ID
	two := portal.PutRecord("companies", map[string]string{"name": "Two"}).ID
	for n := 1; n <= 3; n++ {
		b.host.PutEntity(tenantA, named(n, "One", ""))
	}
	b.sim.Inject(hubspottest.Fault{PathContains: "/search", Times: 1, Status: http.StatusBadRequest})
	b.connectWith(companies)
	b.settled(tenantA)
	if ids, _ := proposed(b.matching(), 1); !slices.Equal(ids, []string{one}) {
		t.Fatalf("proposed %v, want %s", ids, one)
	}
	b.saveOrganizations(named(1, "Two", ""), named(2, "Three", ""))
	b.deleteOrganization(3)
	b.settled(tenantA)
	m := b.matching()
	if ids, _ := proposed(m, 1); !slices.Equal(ids, []string{two}) || len(m.Proposals) != 1 || m.Total != 2 {
		t.Errorf("matching %+v", m)
	}
	b.wantCompany(2)
	// Switched off, nothing is asked and nothing closes; switched on, it goes on.
	b.connectWith(map[string]string{"syncCompanies": "false"})
	if st := b.settled(tenantA); slices.ContainsFunc(st.Incidents, func(i integration.Incident) bool { return i.Code == "match-needed" }) {
		t.Errorf("incidents %+v", st.Incidents)
	}
	b.connectWith(companies)
	b.settled(tenantA)
	must(t, b.decide(integration.MatchDecision{OrganizationID: organizationID(1)}))
	b.settled(tenantA)
	if c := b.wantCompany(1); c.ID == two {
		t.Error("adopted against the decision")
	}
	b.eventually("matching closes", func() bool { return !b.matching().Open })
	if err := b.decide(); err != nil {
		t.Errorf("no decision: %v", err)
	}
	if _, err := b.syncer.Matching(context.Background(), tenantB); err != nil {
		t.Errorf("a tenant without a connection: %v", err)
	}
	err := b.inTx(func(ctx context.Context, tx *sql.Tx) error { return b.syncer.DecideMatches(ctx, tx, tenantB, nil) })
	if !errors.Is(err, integration.ErrNotConnected) {
		t.Errorf("decided without a connection: %v", err)
	}
}

var _ integration.Matcher = (*crmsync.Syncer)(nil)
