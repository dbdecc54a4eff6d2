package hubspottest_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/memberpulse/hubspotplugin/hubspot/hubspottest"
)

func TestTenSecondWindowRolls(t *testing.T) {
	t.Parallel()
	now := newClock("2026-11-23T10:00:00Z")
	b := setupPortal(t, hubspottest.Options{Now: now.Now, RetryAfter: true}, hubspottest.Portal{ID: 1, Token: testToken, MaxPerWindow: 3, Daily: 100})
	for i := range 3 {
		a := b.call("GET", "/account-info/v3/details", nil).want(200)
		if got, want := a.header.Get("X-HubSpot-RateLimit-Remaining"), string(rune('2'-i)); got != want {
			t.Fatalf("remaining %s, want %s", got, want)
		}
		now.forward(time.Second)
	}
	a := b.call("GET", "/account-info/v3/details", nil).want(429).wantText("TEN_SECONDLY_ROLLING", "policyName").wantText("RATE_LIMIT", "errorType")
	a.wantText("You have reached your ten_secondly_rolling limit.", "message")
	for name, want := range map[string]string{
		"X-HubSpot-RateLimit-Max": "3", "X-HubSpot-RateLimit-Remaining": "0", "X-HubSpot-RateLimit-Interval-Milliseconds": "10000",
		"X-HubSpot-RateLimit-Daily": "100", "X-HubSpot-RateLimit-Daily-Remaining": "97", "Retry-After": "10",
	} {
		if got := a.header.Get(name); got != want {
			t.Fatalf("%s is %q, want %q", name, got, want)
		}
	}
	b.portal.AddToken("other")
	other := *b
	other.token = "other"
	other.call("GET", "/account-info/v3/details", nil).want(200) // the window is each token's own
	now.forward(7 * time.Second)
	b.call("GET", "/account-info/v3/details", nil).want(200)
	b.call("GET", "/account-info/v3/details", nil).want(429)
}

func TestDailyLimitEndsAtMidnightOfTheAccount(t *testing.T) {
	t.Parallel()
	now := newClock("2026-11-23T22:59:00Z") // 23:59 in Zurich
	b := setupPortal(t, hubspottest.Options{Now: now.Now, RetryAfter: true}, hubspottest.Portal{ID: 1, Token: testToken, Daily: 2, TimeZone: "Europe/Zurich"})
	b.call("GET", "/account-info/v3/details", nil).want(200)
	b.portal.AddToken("other")
	other := *b
	other.token = "other"
	a := other.call("GET", "/account-info/v3/api-usage/daily/private-apps", nil).want(200)
	a.wantText("2026-11-23T23:00:00Z", "results", 0, "resetsAt")
	if a.at("results", 0, "currentUsage") != 2.0 {
		t.Fatalf("%s", a.raw)
	}
	a = b.call("GET", "/account-info/v3/details", nil).want(429).wantText("DAILY", "policyName")
	if a.header.Get("Retry-After") != "60" {
		t.Fatalf("Retry-After is %q, a minute before midnight", a.header.Get("Retry-After"))
	}
	now.forward(time.Minute)
	b.call("GET", "/account-info/v3/details", nil).want(200)
}

func TestSearchLimitIsTheAccounts(t *testing.T) {
	t.Parallel()
	now := newClock("2026-11-23T10:00:00Z")
	b := setupPortal(t, hubspottest.Options{Now: now.Now}, hubspottest.Portal{ID: 1, Token: testToken, MaxPerWindow: 1})
	for range 5 {
		a := b.call("POST", contacts+"/search", input{}).want(200)
		if a.header.Get("X-HubSpot-RateLimit-Remaining") != "" || a.header.Get("X-HubSpot-RateLimit-Daily-Remaining") == "" {
			t.Fatalf("a search carries the daily headers only: %v", a.header)
		}
	}
	b.portal.AddToken("other")
	other := *b
	other.token = "other"
	a := other.call("POST", contacts+"/search", input{}).want(429).wantText("RATE_LIMITS", "category").wantText("You have reached your secondly limit.", "message")
	if a.at("policyName") != nil || a.header.Get("Retry-After") != "" {
		t.Fatalf("%s", a.raw)
	}
	now.forward(time.Second)
	other.call("POST", contacts+"/search", input{}).want(200)
	b.call("GET", contacts, nil).want(200) // searches leave the window alone,
	b.call("GET", contacts, nil).want(429)
	b.call("POST", contacts+"/search", input{}).want(200) // and the window leaves them alone
}

func TestScopesPerOperation(t *testing.T) {
	t.Parallel()
	b := setup(t, hubspottest.Options{})
	id := b.portal.PutContact(map[string]string{"email": "a@example.org"}).ID
	const read, write = "crm.objects.contacts.read", "crm.objects.contacts.write"
	const schemaRead, schemaWrite = "crm.schemas.contacts.read", "crm.schemas.contacts.write"
	const properties = "/crm/properties/2026-03/contacts"
	for _, tc := range []struct {
		method, path string
		body         any
		scope        string
		also         string // a second scope that is enough
	}{
		{"GET", contacts, nil, read, ""},
		{"GET", contacts + "/" + id, nil, read, ""},
		{"POST", contacts + "/batch/read", inputs(), read, ""},
		{"POST", contacts + "/search", input{}, read, ""},
		{"POST", contacts + "/batch/create", inputs(), write, ""},
		{"POST", contacts + "/batch/update", inputs(), write, ""},
		{"POST", contacts + "/batch/upsert", inputs(), write, ""},
		{"POST", contacts + "/batch/archive", inputs(), write, ""},
		{"PATCH", contacts + "/" + id, input{"properties": input{"city": "Bern"}}, write, ""},
		{"DELETE", contacts + "/1", nil, write, ""},
		{"GET", properties, nil, schemaRead, read},
		{"GET", properties + "/email", nil, schemaRead, read},
		{"GET", properties + "/groups", nil, schemaRead, read},
		{"PATCH", properties + "/city", input{"label": "Town"}, schemaWrite, ""},
		{"POST", properties + "/batch/archive", inputs(), schemaWrite, ""},
		{"GET", "/crm/limits/2026-03/custom-properties", nil, read, "crm.objects.companies.read"},
		{"POST", "/crm/objects/2026-03/companies/batch/read", inputs(), "crm.objects.companies.read", ""},
	} {
		for _, scope := range []string{read, write, schemaRead, schemaWrite, "crm.objects.companies.read"} {
			b.portal.AddToken("one", scope)
			one := *b
			one.token = "one"
			a := one.call(tc.method, tc.path, tc.body)
			if allowed := scope == tc.scope || scope == tc.also; allowed != (a.status != http.StatusForbidden) || allowed && a.status >= 300 {
				t.Fatalf("%s %s with %s: %d %s", tc.method, tc.path, scope, a.status, a.raw)
			} else if !allowed {
				a.wantText(tc.scope, "errors", 0, "context", "requiredGranularScopes", 0)
			}
		}
	}
}

func TestAWriteToNoRecordProvesAScopeOrNot(t *testing.T) {
	t.Parallel()
	body := inputs(input{"id": "1", "properties": input{"city": "Bern"}})
	for hidden, want := range map[bool]int{false: http.StatusForbidden, true: http.StatusMultiStatus} {
		b := setup(t, hubspottest.Options{NotFoundBeforeScopes: hidden})
		b.portal.AddToken("reader", "crm.objects.contacts.read")
		id := b.portal.PutContact(map[string]string{"email": "a@example.org"}).ID
		b.token = "reader"
		b.call("POST", contacts+"/batch/update", body).want(want)
		b.call("PATCH", contacts+"/"+id, input{"properties": input{"city": "Bern"}}).want(http.StatusForbidden)
		if hidden {
			b.call("PATCH", contacts+"/1", input{"properties": input{"city": "Bern"}}).want(http.StatusNotFound)
		}
	}
}
