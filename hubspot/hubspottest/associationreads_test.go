package hubspottest_test

import (
	"fmt"
	"testing"

	"github.com/memberpulse/hubspotplugin/hubspot/hubspottest"
)

func TestBatchReadAssociations(t *testing.T) {
	t.Parallel()
	for version, path := range linkPaths() {
		b := setup(t, hubspottest.Options{})
		ann, acme, globex := b.kinship()
		bob := b.portal.PutContact(map[string]string{"email": "bob@example.org"}).ID
		b.portal.PutAssociation("contacts", ann, "companies", acme)
		b.portal.PutAssociation("contacts", ann, "companies", globex)
		status := map[string]int{"v4": 207, "2026-03": 207, "2026-09": 200}[version]
		a := b.call("POST", path+"/batch/read", inputs(input{"id": bob}, input{"id": ann}, input{"id": "77"})).want(status)
		a.wantText(ann, "results", 0, "from", "id").wantText("Primary", "results", 0, "to", 0, "associationTypes", 1, "label")
		if a.count("results") != 1 || a.count("results", 0, "to") != 2 || a.count("errors") != 2 || a.at("results", 0, "to", 0, "associationTypes", 0, "label") != nil {
			t.Fatalf("%s", a.raw)
		}
		if _, number := a.at("results", 0, "to", 0, "toObjectId").(float64); number != (version == "v4") {
			t.Fatalf("%s: %s", version, a.raw)
		}
		a.wantText("crm.associations.NO_ASSOCIATIONS_FOUND", "errors", 0, "subCategory").wantText(bob, "errors", 0, "context", "fromObjectId", 0)
		a.wantText("OBJECT_NOT_FOUND", "errors", 1, "category").wantText("77", "errors", 1, "context", "fromObjectId", 0)
		b.call("POST", path+"/batch/read", inputs(input{"id": ann})).want(200)
	}
	b := setup(t, hubspottest.Options{NoAssociationsEmpty: true})
	ann, _, _ := b.kinship()
	a := b.call("POST", linkPaths()["2026-03"]+"/batch/read", inputs(input{"id": ann})).want(200)
	if to, ok := a.at("results", 0, "to").([]any); !ok || len(to) != 0 {
		t.Fatalf("%s", a.raw)
	}
}

func TestAssociationPages(t *testing.T) {
	t.Parallel()
	b := setup(t, hubspottest.Options{})
	_, acme, _ := b.kinship()
	for i := range 501 {
		b.portal.PutAssociation("contacts", b.portal.PutContact(map[string]string{"firstname": fmt.Sprint(i)}).ID, "companies", acme)
	}
	path := "/crm/associations/2026-03/companies/contacts/batch/read"
	a := b.call("POST", path, inputs(input{"id": acme})).want(200)
	after := a.text("results", 0, "paging", "next", "after")
	if a.count("results", 0, "to") != 500 || after == "" {
		t.Fatalf("%d, after %q", a.count("results", 0, "to"), after)
	}
	a = b.call("POST", path, inputs(input{"id": acme, "after": after})).want(200)
	if a.count("results", 0, "to") != 1 || a.at("results", 0, "paging") != nil {
		t.Fatalf("%s", a.raw)
	}
	one := "/crm/objects/2026-03/companies/" + acme + "/associations/contacts?limit=300"
	a = b.call("GET", one, nil).want(200)
	if a.count("results") != 300 {
		t.Fatalf("%d", a.count("results"))
	}
	a = b.call("GET", one+"&after="+a.text("paging", "next", "after"), nil).want(200)
	if a.count("results") != 201 || a.at("paging") != nil {
		t.Fatalf("%d", a.count("results"))
	}
	b.call("GET", one+"0", nil).want(400)
	b.call("GET", "/crm/v4/objects/companies/5/associations/contacts", nil).want(404)
}
