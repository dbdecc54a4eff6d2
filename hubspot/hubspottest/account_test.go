package hubspottest_test

import (
	"net/http"
	"testing"

	"github.com/memberpulse/hubspotplugin/hubspot/hubspottest"
)

func TestAccountCalls(t *testing.T) {
	t.Parallel()
	b := setupPortal(t, hubspottest.Options{}, hubspottest.Portal{ID: 4711, Token: testToken, TimeZone: "Europe/Zurich", Scopes: []string{"crm.objects.contacts.read"}})
	for _, v := range []string{"v3", "2026-03", "2026-09"} {
		a := b.call("GET", "/account-info/"+v+"/details", nil).want(200).wantText("Europe/Zurich", "timeZone")
		if a.at("portalId") != 4711.0 {
			t.Fatalf("%s", a.raw)
		}
		a = b.call("GET", "/account-info/"+v+"/api-usage/daily/private-apps", nil).want(200).wantText("private-apps-api-calls-daily", "results", 0, "name")
		if a.at("results", 0, "usageLimit") != 250000.0 {
			t.Fatalf("%s", a.raw)
		}
	}
	a := b.call("GET", "/crm/limits/2026-03/custom-properties", nil).want(200).wantText("0-1", "byObjectType", 0, "objectTypeId")
	if a.at("byObjectType", 0, "usage") != 0.0 || a.at("byObjectType", 0, "limit") != 1000.0 {
		t.Fatalf("%s", a.raw)
	}
	b.portal.AddToken("schema-only", "crm.schemas.contacts.read")
	b.token = "schema-only"
	b.call("GET", "/account-info/2026-03/details", nil).want(200)
	b.call("GET", "/crm/v3/limits/custom-properties", nil).want(http.StatusForbidden)
}
