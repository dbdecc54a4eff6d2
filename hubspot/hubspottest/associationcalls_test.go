package hubspottest_test

import (
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/memberpulse/hubspotplugin/hubspot/hubspottest"
)

// linkPaths are the three forms of the associations API.
func linkPaths() map[string]string {
	return map[string]string{
		"v4":      "/crm/v4/associations/contacts/companies",
		"2026-03": "/crm/associations/2026-03/contacts/companies",
		"2026-09": "/crm/associations/2026-09/contacts/companies",
	}
}

func TestAssociateWithoutLabel(t *testing.T) {
	t.Parallel()
	for version, path := range linkPaths() {
		b := setup(t, hubspottest.Options{OrderedResults: true})
		ann, acme, _ := b.kinship()
		a := b.call("POST", path+"/batch/associate/default", inputs(pairOf(ann, acme), pairOf(ann, "77"), pairOf("78", "79"))).want(200)
		a.wantText(ann, "results", 0, "from", "id").wantText(acme, "results", 0, "to", "id").wantText(acme, "results", 1, "from", "id")
		if a.count("results") != 2 || a.at("results", 0, "associationSpec", "associationTypeId") != 279.0 || a.at("results", 1, "associationSpec", "associationTypeId") != 280.0 {
			t.Fatalf("%s: %s", version, a.raw)
		}
		if a.count("errors") != 2 || a.at("numErrors") != 2.0 {
			t.Fatalf("%s: %s", version, a.raw)
		}
		a.wantText("COMPANY=77 is not valid", "errors", 0, "context", "INVALID_OBJECT_IDS", 0).wantText("77", "errors", 0, "context", "objectId", 0)
		a.wantText("CONTACT=78 is not valid", "errors", 1, "context", "INVALID_OBJECT_IDS", 0).wantText("COMPANY", "errors", 1, "context", "objectType", 1)
		b.wantTypes("contacts", "companies", fmt.Sprintf("%s>%s:279 %s>%s:1", ann, acme, ann, acme))
	}
}

func TestAssociationBatchRefusedWhole(t *testing.T) {
	t.Parallel()
	for _, path := range linkPaths() {
		b := setup(t, hubspottest.Options{AssociationErrorsReject: true, AssociationErrorsTerse: true})
		ann, acme, globex := b.kinship()
		for tail, types := range map[string][]input{"/batch/associate/default": nil, "/batch/create": {defined(1)}} {
			a := b.call("POST", path+tail, inputs(pairOf(ann, acme, types...), pairOf(ann, "77", types...))).want(400)
			a.wantText("One or more associations are invalid", "message").wantText("COMPANY=77 is not valid", "context", "INVALID_OBJECT_IDS", 0)
			if a.at("context", "objectId") != nil {
				t.Fatalf("%s", a.raw)
			}
			b.call("POST", path+tail, inputs(pairOf(ann, globex, types...), pairOf(ann, acme, types...), pairOf(ann, globex, types...))).want(400).wantText(ann, "context", "ids", 0)
		}
		b.wantTypes("contacts", "companies", "")
	}
}

func TestAssociationBatchSizes(t *testing.T) {
	t.Parallel()
	b := setup(t, hubspottest.Options{})
	path := linkPaths()["2026-03"]
	var many []input
	for i := range 2001 {
		many = append(many, pairOf(fmt.Sprint(i+1), "1", defined(1)))
	}
	b.call("POST", path+"/batch/associate/default", inputs(many...)).want(400)
	b.call("POST", path+"/batch/create", inputs(many...)).want(400)
	b.call("POST", path+"/batch/associate/default", inputs(many[:2000]...)).want(200)
	var ids, ends []input
	for i := range 2001 {
		ids = append(ids, input{"id": fmt.Sprint(i)})
		ends = append(ends, input{"from": input{"id": fmt.Sprint(i)}, "to": []input{{"id": "1"}}})
	}
	b.call("POST", path+"/batch/read", inputs(ids[:1001]...)).want(400)
	b.call("POST", path+"/batch/read", inputs(ids[:1000]...)).want(207)
	b.call("POST", path+"/batch/archive", inputs(ends...)).want(400)
}

func TestAssociationsNeedBothScopes(t *testing.T) {
	t.Parallel()
	b := setup(t, hubspottest.Options{})
	ann, acme, _ := b.kinship()
	path, one := linkPaths()["2026-03"], "/crm/objects/2026-03/contacts/"+ann+"/associations/default/companies/"+acme
	b.portal.AddToken("people", "crm.objects.contacts.read", "crm.objects.contacts.write", "crm.objects.companies.read")
	b.portal.AddToken("firms", "crm.objects.companies.read", "crm.objects.companies.write")
	for token, scope := range map[string]string{"people": "crm.objects.companies.write", "firms": "crm.objects.contacts.write"} {
		b.token = token
		b.call("POST", path+"/batch/associate/default", inputs(pairOf(ann, acme))).want(403).wantText(scope, "errors", 0, "context", "requiredGranularScopes", 0)
		b.call("PUT", one, nil).want(403).wantText(scope, "errors", 0, "context", "requiredGranularScopes", 0)
	}
	b.token = "people"
	b.call("POST", path+"/batch/read", inputs(input{"id": ann})).want(207)
}

func TestAssociationsHaveALimitOfTheirOwn(t *testing.T) {
	t.Parallel()
	clk := newClock("2026-11-02T10:00:00Z")
	b := setupPortal(t, hubspottest.Options{Now: clk.Now}, hubspottest.Portal{ID: 4711, Token: testToken, MaxPerWindow: 5, MaxLinking: 2})
	path := linkPaths()["2026-09"]
	for range 2 {
		a := b.call("POST", path+"/batch/read", inputs()).want(200)
		if a.header.Get("X-HubSpot-RateLimit-Max") != "5" {
			t.Fatalf("%v", a.header)
		}
	}
	b.call("POST", path+"/batch/read", inputs()).want(http.StatusTooManyRequests).wantText("TEN_SECONDLY_ROLLING", "policyName")
	b.call("PUT", "/crm/objects/2026-09/contacts/1/associations/default/companies/2", nil).want(429)
	b.call("GET", "/account-info/v3/details", nil).want(200) // the window itself has room
	clk.forward(11 * time.Second)
	b.call("POST", path+"/batch/read", inputs()).want(200)
}

func TestForgottenPairs(t *testing.T) {
	t.Parallel()
	b := setup(t, hubspottest.Options{})
	ann, acme, globex := b.kinship()
	b.srv.Inject(hubspottest.Fault{PathContains: "/associations/", Times: 1, Short: true})
	a := b.call("POST", linkPaths()["2026-03"]+"/batch/associate/default", inputs(pairOf(ann, acme), pairOf(ann, globex))).want(200)
	if a.count("results") != 2 || a.count("errors") != 0 {
		t.Fatalf("%s", a.raw)
	}
	b.wantTypes("contacts", "companies", fmt.Sprintf("%s>%s:279 %s>%s:1", ann, globex, ann, globex))
}

func TestPairsThatCannotBe(t *testing.T) {
	t.Parallel()
	b := setup(t, hubspottest.Options{})
	ann, _, _ := b.kinship()
	b.call("PUT", "/crm/objects/2026-03/contacts/"+ann+"/associations/default/contacts/"+ann, nil).want(400)
	b.call("PUT", "/crm/objects/2026-03/contacts/"+ann+"/associations/default/companies/5", nil).want(400).wantText("COMPANY=5 is not valid", "context", "INVALID_OBJECT_IDS", 0)
	b.call("POST", "/crm/associations/2026-03/notes/notes/batch/read", inputs()).want(400)
	b.call("POST", "/crm/associations/2026-03/notes/deals/batch/read", inputs()).want(400)
	b.call("POST", linkPaths()["v4"]+"/batch/create", "{").want(400)
	b.call("POST", linkPaths()["v4"]+"/batch/read", "{").want(400)
	b.call("POST", linkPaths()["v4"]+"/batch/archive", "{").want(400)
}
