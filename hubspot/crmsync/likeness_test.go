package crmsync_test

import (
	"strings"
	"testing"

	"github.com/memberpulse/hubspotplugin/hubspot"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync"
	"github.com/memberpulse/hubspotplugin/hubspot/hubspottest"
)

func TestAlike(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, domain, company, companyDomain, want string }{
		{"Acme", "", "ACME", "", "name"},
		{"Acme Inc.", "", "acme", "", "name"},
		{"Acme", "", "Acme, Inc", "acme.example.com", "name"},
		{"The Acme Company, Ltd.", "", "Acme", "", "name"},
		{"Smith & Sons", "", "Smith and Sons GmbH & Co. KG", "", "name"},
		{"O'Brien", "", "O\u2019Brien", "", "name"},
		{"Ärztekammer e.V.", "", "ärztekammer", "", "name"},
		{"Acme", "acme.org", "Something else", "www.ACME.org", "domain"},
		{"Acme", "acme.org", "Acme", "acme.org", "name and domain"},
		{"Acme", "", "Acme Bakery", "", ""},
		{"Acme North", "", "Acme South", "", ""},
		{"National Dental Association", "", "National Dental Association of Texas", "", ""},
		{"", "", "", "", ""},
		{"Inc.", "", "Inc", "", "name"},
		{"Acme", "", "", "acme.org", ""},
		{"...", "", "!!!", "", ""},
	} {
		if got := crmsync.Agrees(c.name, c.domain, c.company, c.companyDomain); got != c.want {
			t.Errorf("%q %q and %q %q: %q, want %q", c.name, c.domain, c.company, c.companyDomain, got, c.want)
		}
	}
}

func TestCandidates(t *testing.T) {
	t.Parallel()
	rec := func(id, name, domain, owner string) hubspot.Record {
		return hubspot.Record{ID: id, Properties: map[string]string{"name": name, "domain": domain, "memberpulse_organization_id": owner}}
	}
	for name, c := range map[string]struct {
		found     []hubspot.Record
		ids       string
		suggested string
	}{
		"none":           {[]hubspot.Record{rec("1", "Other", "", "")}, "", ""},
		"one":            {[]hubspot.Record{rec("1", "Other", "", ""), rec("2", "ACME Inc", "", "")}, "2", "2"},
		"two of a kind":  {[]hubspot.Record{rec("1", "Acme", "", ""), rec("2", "ACME Inc", "", "")}, "1 2", ""},
		"the best first": {[]hubspot.Record{rec("1", "Acme", "", ""), rec("2", "X", "acme.org", ""), rec("3", "Acme", "acme.org", "")}, "3 2 1", "3"},
		"somebody's":     {[]hubspot.Record{rec("1", "Acme", "acme.org", organizationID(5)), rec("2", "Acme", "", "")}, "2", "2"},
	} {
		got, suggested := crmsync.Candidates("Acme", "acme.org", c.found...)
		var ids []string
		for _, one := range got {
			ids = append(ids, one.ID)
		}
		if strings.Join(ids, " ") != c.ids || suggested != c.suggested {
			t.Errorf("%s: %v, suggested %q", name, ids, suggested)
		}
	}
	many := make([]hubspot.Record, 50)
	for i := range many {
		many[i] = rec(memberID(i), "Acme", "", "")
	}
	if got, _ := crmsync.Candidates("Acme", "", many...); len(got) != 10 {
		t.Errorf("%d candidates", len(got))
	}
}

// Every search is one that HubSpot takes, and finds whom it looks for.
func TestSearchesStayWithinHubSpotsBounds(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("Very", 20)
	names := []string{
		"Acme", "acme.org", "Smith & Sons", "", "The National Association of Long Names and Many Words", "national.example.org",
		"O'Brien", "obrien.example.org", "...", "", "", "", long + " " + long + "x " + long + "y " + long + "z", "long.example.org",
		"Ärztekammer e.V.", "", "A.B.C. Ltd", "", "Foo-Bar", "foobar.example.org", "x", "x.example.org", "Inc.", "",
	}
	queries, of := crmsync.Searches(names...)
	sim := hubspottest.NewServer(t, hubspottest.Options{SearchLag: -1}, hubspottest.Portal{ID: portalA, Token: tokenA, MaxPerWindow: wide})
	for i := 0; i < len(names); i += 2 {
		if names[i]+names[i+1] != "" {
			sim.Portal(portalA).PutRecord("companies", map[string]string{"name": names[i], "domain": names[i+1]})
		}
	}
	client, err := hubspot.NewClient(hubspot.Config{BaseURL: sim.URL, Token: func() string { return tokenA }})
	must(t, err)
	total, at := 0, 0
	for i, q := range queries {
		total += of[i]
		if len(q.Groups) == 0 {
			at += 2 * of[i]
			continue
		}
		q.Properties = []string{"name", "domain"}
		page, err := client.Search(t.Context(), hubspot.Companies, q)
		must(t, err)
		for range of[i] {
			name, domain := names[at], names[at+1]
			at += 2
			found, _ := crmsync.Candidates(name, domain, page.Records...)
			if len(found) == 0 && name+domain != "" && name != "..." {
				t.Errorf("%q %q is not found by %+v", name, domain, q.Groups)
			}
		}
	}
	if total != len(names)/2 || len(queries) >= total {
		t.Errorf("%d searches for %d of %d", len(queries), total, len(names)/2)
	}
}
