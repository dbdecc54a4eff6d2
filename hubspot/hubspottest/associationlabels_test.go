package hubspottest_test

import (
	"fmt"
	"testing"

	"github.com/memberpulse/hubspotplugin/hubspot/hubspottest"
)

func TestLabelsReplaceEachOther(t *testing.T) {
	t.Parallel()
	for version, path := range linkPaths() {
		b := setup(t, hubspottest.Options{})
		ann, acme, globex := b.kinship()
		billing := b.portal.DefineLabel("contacts", "companies", "Billing contact", "Billed company")
		board := b.portal.DefineLabel("contacts", "companies", "Board member", "")
		b.portal.PutAssociation("contacts", ann, "companies", acme)
		status := map[string]int{"v4": 201, "2026-03": 201, "2026-09": 200}[version]
		a := b.call("POST", path+"/batch/create", inputs(pairOf(ann, acme, typed("USER_DEFINED", board)))).want(status)
		a.wantText("0-1", "results", 0, "fromObjectTypeId").wantText("0-2", "results", 0, "toObjectTypeId").wantText("Board member", "results", 0, "labels", 0)
		if a.count("results", 0, "labels") != 1 {
			t.Fatalf("the former labels stay: %s", a.raw)
		}
		if _, number := a.at("results", 0, "toObjectId").(float64); number != (version == "v4") {
			t.Fatalf("%s: %s", version, a.raw)
		}
		both := []input{typed("USER_DEFINED", board), typed("USER_DEFINED", billing)}
		if a = b.call("POST", path+"/batch/create", inputs(pairOf(ann, acme, both...))).want(status); a.count("results", 0, "labels") != 2 {
			t.Fatalf("%s", a.raw)
		}
		b.wantTypes("contacts", "companies", fmt.Sprintf("%s>%s:279 %s>%s:%d %s>%s:%d", ann, acme, ann, acme, billing, ann, acme, board))
		partly := map[string]int{"v4": 207, "2026-03": 207, "2026-09": 200}[version]
		a = b.call("POST", path+"/batch/create", inputs(pairOf(ann, globex, defined(1)), pairOf(ann, "77", defined(1)), pairOf(ann, acme, typed("USER_DEFINED", 99)))).want(partly)
		if a.count("results") != 1 || a.count("errors") != 2 {
			t.Fatalf("%s", a.raw)
		}
		a.wantText("USER_DEFINED=99 is not a valid association definition id", "errors", 1, "context", "INVALID_ASSOCIATION_TYPE_ID", 0)

		removed := map[string]int{"v4": 204, "2026-03": 200, "2026-09": 200}[version]
		b.call("POST", path+"/batch/labels/archive", inputs(pairOf(ann, acme, typed("USER_DEFINED", board)))).want(removed)
		b.wantTypes("companies", "contacts", fmt.Sprintf("%s>%s:280 %s>%s:%d %s>%s:280 %s>%s:2", acme, ann, acme, ann, billing+1, globex, ann, globex, ann))
		b.call("POST", path+"/batch/labels/archive", inputs(pairOf(ann, acme, defined(279)))).want(removed) // all labels go along
		b.call("POST", path+"/batch/labels/archive", inputs(pairOf(ann, acme, typed("USER_DEFINED", 99)))).want(400)
		gone := input{"from": input{"id": ann}, "to": []input{{"id": globex}, {"id": "77"}}}
		b.call("POST", path+"/batch/archive", inputs(gone)).want(removed)
		b.call("POST", path+"/batch/archive", inputs(gone)).want(removed)
		b.wantTypes("contacts", "companies", "")
	}
}

func TestAssociateOnePair(t *testing.T) {
	t.Parallel()
	for version, root := range map[string]string{"v4": "/crm/v4/objects", "2026-03": "/crm/objects/2026-03", "2026-09": "/crm/objects/2026-09"} {
		b := setup(t, hubspottest.Options{OrderedResults: true})
		ann, acme, globex := b.kinship()
		one := root + "/contacts/" + ann + "/associations/"
		b.call("PUT", one+"default/companies/"+acme, nil).want(200).wantText(ann, "results", 0, "from", "id").wantText(ann, "results", 1, "to", "id")
		a := b.call("PUT", one+"companies/"+globex, []input{defined(1)}).want(201).wantText("Primary", "labels", 0)
		if _, number := a.at("fromObjectId").(float64); number != (version == "v4") {
			t.Fatalf("%s: %s", version, a.raw)
		}
		b.wantTypes("contacts", "companies", fmt.Sprintf("%s>%s:279 %s>%s:279 %s>%s:1", ann, acme, ann, globex, ann, globex))
		b.call("PUT", one+"companies/"+acme, nil).want(400)
		b.call("PUT", one+"companies/"+acme, []input{}).want(400)
		b.call("PUT", one+"companies/"+acme, []input{defined(280)}).want(400).wantText("invalid from object type 0-1 for associations to be created. expected: 0-2", "message")
		for range 2 {
			b.call("DELETE", one+"companies/"+globex, nil).want(204)
		}
		b.wantTypes("contacts", "companies", fmt.Sprintf("%s>%s:279", ann, acme))
	}
}

func TestLabelDefinitions(t *testing.T) {
	t.Parallel()
	for _, path := range linkPaths() {
		b := setup(t, hubspottest.Options{})
		a := b.call("GET", path+"/labels", nil).want(200)
		if a.count("results") != 2 || a.at("results", 0, "label") != nil || a.at("results", 0, "typeId") != 279.0 {
			t.Fatalf("%s", a.raw)
		}
		a = b.call("POST", path+"/labels", input{"name": "billing", "label": "Billing contact", "inverseLabel": "Billed company"}).want(200)
		a.wantText("USER_DEFINED", "results", 0, "category").wantText("Billing contact", "results", 0, "label").wantText("Billed company", "results", 1, "label")
		b.call("POST", path+"/labels", input{"name": "billing", "label": "Other"}).want(400)
		b.call("POST", path+"/labels", input{"label": "Other"}).want(400)
		if a = b.call("GET", path+"/labels", nil).want(200); a.count("results") != 3 {
			t.Fatalf("%s", a.raw)
		}
		ann, acme, _ := b.kinship()
		b.portal.PutAssociation("contacts", ann, "companies", acme, "Billing contact")
		id := fmt.Sprint(a.at("results", 2, "typeId"))
		b.call("DELETE", path+"/labels/279", nil).want(400)
		b.call("DELETE", path+"/labels/"+id, nil).want(204)
		b.call("DELETE", path+"/labels/"+id, nil).want(400)
		b.wantTypes("contacts", "companies", fmt.Sprintf("%s>%s:279 %s>%s:1", ann, acme, ann, acme))
		if a = b.call("GET", path+"/labels", nil).want(200); a.count("results") != 2 {
			t.Fatalf("%s", a.raw)
		}
	}
	b := setup(t, hubspottest.Options{})
	same := "/crm/associations/2026-03/contacts/contacts/labels"
	if a := b.call("POST", same, input{"name": "peer", "label": "Colleague"}).want(200); a.count("results") != 1 {
		t.Fatalf("%s", a.raw)
	}
}
