package hubspottest_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/memberpulse/hubspotplugin/hubspot/hubspottest"
)

const companies = "/crm/objects/2026-03/companies"

func TestCompaniesAreKeyedByTheirOwnProperty(t *testing.T) {
	t.Parallel()
	b := setup(t, hubspottest.Options{})
	b.call("POST", "/crm/properties/2026-03/companies", input{
		"name": "org_id", "label": "Organization", "type": "string", "fieldType": "text", "groupName": "companyinformation", "hasUniqueValue": true,
	}).want(201)
	org := func(id, domain string) input {
		return input{"id": id, "idProperty": "org_id", "objectWriteTraceId": id, "properties": input{"name": "N-" + id, "domain": domain}}
	}
	a := b.call("POST", companies+"/batch/upsert", inputs(org("O-1", "acme.example"), org("O-2", "acme.example"))).want(200)
	if a.count("results") != 2 || b.portal.Count("companies") != 2 {
		t.Fatalf("the domain makes no company unique: %s", a.raw)
	}
	a.wantText("acme.example", "results", 0, "properties", "website")
	a = b.call("POST", companies+"/batch/upsert", inputs(org("O-1", "acme.org"))).want(200)
	for _, name := range []string{"createdate", "hs_lastmodifieddate", "hs_object_id"} {
		if a.text("results", 0, "properties", name) == "" {
			t.Fatalf("%s: %s", name, a.raw)
		}
	}
	if b.portal.Count("companies") != 2 {
		t.Fatal("the key does")
	}
	b.call("POST", companies+"/batch/upsert", inputs(input{"id": "acme.org", "idProperty": "domain", "properties": input{}})).want(400)
	b.call("POST", companies, input{"properties": input{"city": "Bern"}}).want(400).wantText("name", "context", "properties", 0)
	b.call("POST", companies, input{"properties": input{"name": "Acme", "nonsense": "1"}}).want(400)
}

func TestMergedCompanies(t *testing.T) {
	t.Parallel()
	b := setup(t, hubspottest.Options{})
	_, acme, globex := b.kinship()
	a := b.call("POST", companies+"/merge", input{"primaryObjectId": acme, "objectIdToMerge": globex}).want(200).wantText("Acme", "properties", "name")
	for _, old := range []string{acme, globex} {
		b.call("GET", companies+"/"+old, nil).want(200).wantText(a.text("id"), "id")
	}
}

func TestCompanySearch(t *testing.T) {
	t.Parallel()
	clk := newClock("2026-11-02T10:00:00Z")
	b := setup(t, hubspottest.Options{Now: clk.Now, SearchLag: 20 * time.Second})
	b.kinship()
	body := input{"filterGroups": []input{{"filters": []input{{"propertyName": "name", "operator": "EQ", "value": "acme"}}}}, "properties": []string{"name"}}
	if a := b.call("POST", companies+"/search", body).want(200); a.at("total") != 0.0 {
		t.Fatalf("search has seen it at once: %s", a.raw)
	}
	clk.forward(21 * time.Second)
	for range 5 {
		a := b.call("POST", companies+"/search", body).want(200).wantText("Acme", "results", 0, "properties", "name")
		if a.header.Get("X-HubSpot-RateLimit-Max") != "" || a.header.Get("X-HubSpot-RateLimit-Daily") == "" {
			t.Fatalf("%v", a.header)
		}
	}
	b.call("POST", companies+"/search", body).want(429).wantText("RATE_LIMITS", "category")
	clk.forward(2 * time.Second)
	b.call("POST", companies+"/search", input{"query": "glob"}).want(200).wantText("Globex", "results", 0, "properties", "name")
}

func TestCompanyOfANewContact(t *testing.T) {
	t.Parallel()
	b := setupPortal(t, hubspottest.Options{}, hubspottest.Portal{ID: 4711, Token: testToken, AutoCompany: true})
	a := b.call("POST", contacts+"/batch/create", inputs(
		input{"properties": input{"email": "ann@acme.example"}}, input{"properties": input{"email": "bob@ACME.example"}},
		input{"properties": input{"email": "cyd@gmail.com"}}, input{"properties": input{"firstname": "Dan"}},
	)).want(201)
	if a.count("results") != 4 || b.portal.Count("companies") != 1 {
		t.Fatalf("%d companies", b.portal.Count("companies"))
	}
	acme := b.portal.Records("companies")[0]
	if acme.Properties["domain"] != "acme.example" || len(b.portal.Associations("companies", "contacts")) != 4 {
		t.Fatalf("%v with %v", acme, b.portal.Associations("companies", "contacts"))
	}
	b.portal.EditContact(b.portal.Contacts()[0].ID, map[string]string{"city": "Bern"})
	// what a rejected batch would have made is not there
	b.call("POST", contacts+"/batch/create", inputs(input{"properties": input{"email": "eve@other.example"}}, input{"properties": input{"email": "x"}})).want(400)
	if n := b.portal.Count("companies"); n != 1 {
		t.Fatalf("%d companies", n)
	}
	off := setup(t, hubspottest.Options{})
	off.call("POST", contacts, input{"properties": input{"email": "ann@acme.example"}}).want(201)
	if n := off.portal.Count("companies"); n != 0 {
		t.Fatal(fmt.Sprint(n, " companies though the setting is off"))
	}
}
