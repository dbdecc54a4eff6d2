package likeness_test

import (
	"strconv"
	"strings"
	"testing"

	"github.com/memberpulse/hubspotplugin/hubspot"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/likeness"
	"github.com/memberpulse/hubspotplugin/hubspot/hubspottest"
)

const (
	key    = "memberpulse_organization_id"
	portal = 24680001
	token  = "pat-na1-00000000-0000-4000-8000-000000000001"
)

func organization(name, domain string) likeness.Organization {
	return likeness.Organization{Name: name, Domain: domain}
}

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
		if got := organization(c.name, c.domain).Agrees(c.company, c.companyDomain); got != c.want {
			t.Errorf("%q %q and %q %q: %q, want %q", c.name, c.domain, c.company, c.companyDomain, got, c.want)
		}
	}
}

func TestCandidates(t *testing.T) {
	t.Parallel()
	rec := func(id, name, domain, owner string) hubspot.Record {
		return hubspot.Record{ID: id, Properties: map[string]string{"name": name, "domain": domain, key: owner}}
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
		"somebody's":     {[]hubspot.Record{rec("1", "Acme", "acme.org", "somebody"), rec("2", "Acme", "", "")}, "2", "2"},
	} {
		got, suggested := organization("Acme", "acme.org").Candidates(c.found, key)
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
		many[i] = rec(strconv.Itoa(i), "Acme", "", "")
	}
	if got, _ := organization("Acme", "").Candidates(many, key); len(got) != 10 {
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
	var all []likeness.Organization
	for i := 0; i < len(names); i += 2 {
		all = append(all, organization(names[i], names[i+1]))
	}
	searches := likeness.Searches(all)
	sim := hubspottest.NewServer(t, hubspottest.Options{SearchLag: -1}, hubspottest.Portal{ID: portal, Token: token, MaxPerWindow: 5000})
	for i := 0; i < len(names); i += 2 {
		if names[i]+names[i+1] != "" {
			sim.Portal(portal).PutRecord("companies", map[string]string{"name": names[i], "domain": names[i+1]})
		}
	}
	client, err := hubspot.NewClient(hubspot.Config{BaseURL: sim.URL, Token: func() string { return token }})
	if err != nil {
		t.Fatal(err)
	}
	total := 0
	for _, one := range searches {
		total += len(one.Of)
		if len(one.Groups) == 0 {
			continue
		}
		page, err := client.Search(t.Context(), hubspot.Companies, hubspot.SearchQuery{Groups: one.Groups, Properties: []string{"name", "domain"}})
		if err != nil {
			t.Fatal(err)
		}
		for _, o := range one.Of {
			found, _ := o.Candidates(page.Records, key)
			if len(found) == 0 && o.Name+o.Domain != "" && o.Name != "..." {
				t.Errorf("%q %q is not found by %+v", o.Name, o.Domain, one.Groups)
			}
		}
	}
	if total != len(all) || len(searches) >= total {
		t.Errorf("%d searches for %d of %d", len(searches), total, len(all))
	}
}
