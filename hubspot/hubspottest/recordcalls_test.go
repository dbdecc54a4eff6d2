package hubspottest_test

import (
	"fmt"
	"testing"

	"github.com/memberpulse/hubspotplugin/hubspot/hubspottest"
)

func TestOneRecord(t *testing.T) {
	t.Parallel()
	for _, root := range []string{"/crm/v3/objects/contacts", "/crm/objects/2026-03/contacts", "/crm/objects/2026-09/contact"} {
		b := setup(t, hubspottest.Options{}).withMemberID()
		id := b.call("POST", root, input{"properties": input{"email": "A@example.org", "member_id": "M-1"}}).want(201).wantText("a@example.org", "properties", "email").text("id")
		b.call("GET", root+"/"+id, nil).want(200).wantText("a@example.org", "properties", "email")
		b.call("GET", root+"/a@EXAMPLE.org?idProperty=email&properties=city,member_id&properties=zip", nil).want(200).wantText("M-1", "properties", "member_id")
		b.call("GET", root+"/a%40example.org?idProperty=email", nil).want(200).wantText(id, "id")
		b.call("POST", root, input{"properties": input{"email": "x@example.org", "member_id": "M/2"}}).want(201)
		b.call("GET", root+"/M%2F2?idProperty=member_id", nil).want(200).wantText("x@example.org", "properties", "email")
		b.call("GET", root+"/M-1?idProperty=member_id", nil).want(200).wantText(id, "id")
		b.call("GET", root+"/Bern?idProperty=city", nil).want(400)
		b.call("PATCH", root+"/a@example.org?idProperty=email", input{"properties": input{"city": "Bern"}}).want(200).wantText("Bern", "properties", "city")
		b.call("PATCH", root+"/123", input{"properties": input{"city": "Bern"}}).want(404)
		two := b.call("POST", root, input{"properties": input{"email": "b@example.org"}}).want(201).text("id")
		b.call("PATCH", root+"/"+two, input{"properties": input{"email": "a@example.org"}}).want(409)
		b.call("PATCH", root+"/"+two, input{"properties": input{"member_id": "m-1"}}).want(400).wantText("CONFLICTING_UNIQUE_VALUE", "errors", 0, "code").
			wantText("Cannot set property member_id. "+id+" already has that value.", "errors", 0, "message")
		b.call("DELETE", root+"/"+id, nil).want(204)
		b.call("DELETE", root+"/"+id, nil).want(204)
		b.call("GET", root+"/"+id, nil).want(404)
		if a := b.call("GET", root+"/"+id+"?archived=true", nil).want(200); a.at("archived") != true || a.text("archivedAt") == "" {
			t.Fatalf("%s", a.raw)
		}
		b.call("PUT", root+"/"+id, nil).want(405)
		b.call("GET", root+"/"+id+"/nothing/here", nil).want(404)
	}
}

func TestListPages(t *testing.T) {
	t.Parallel()
	b := setup(t, hubspottest.Options{})
	for i := range 25 {
		id := b.portal.PutContact(map[string]string{"email": fmt.Sprintf("p%d@example.org", i)}).ID
		if i%5 == 0 {
			b.portal.ArchiveContact(id)
		}
	}
	seen := map[string]bool{}
	after, pages := "", 0
	for {
		a := b.call("GET", contacts+"?limit=8&after="+after, nil).want(200)
		for i := range a.count("results") {
			seen[a.text("results", i, "id")] = true
		}
		pages++
		if after = a.text("paging", "next", "after"); after == "" {
			break
		}
	}
	if len(seen) != 20 || pages != 3 {
		t.Fatalf("%d contacts on %d pages", len(seen), pages)
	}
	if n := b.call("GET", contacts+"?archived=true&limit=100", nil).want(200).count("results"); n != 5 {
		t.Fatalf("%d archived", n)
	}
	for _, limit := range []string{"0", "101", "x"} {
		b.call("GET", contacts+"?limit="+limit, nil).want(400)
	}
}

func TestCompaniesHaveNoUniqueDomain(t *testing.T) {
	t.Parallel()
	b := setup(t, hubspottest.Options{})
	const companies = "/crm/objects/2026-03/companies"
	for range 2 {
		a := b.call("POST", companies, input{"properties": input{"name": "C", "domain": "example.org"}}).want(201)
		if a.text("properties", "hs_lastmodifieddate") == "" || a.at("properties", "lastmodifieddate") != nil {
			t.Fatalf("%s", a.raw)
		}
	}
	a := b.call("POST", companies+"/batch/upsert", inputs(input{"id": "example.org", "idProperty": "domain", "properties": input{}})).want(400)
	a.wantText("Unable to perform update/upsert by non-unique 0-2 property domain.", "message")
	b.call("POST", companies, input{"properties": input{"city": "Bern"}}).want(400)
	if len(b.portal.Records("companies")) != 2 || len(b.portal.Contacts()) != 0 {
		t.Fatal("companies are not where they belong")
	}
}
