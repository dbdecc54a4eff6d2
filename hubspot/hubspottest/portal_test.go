package hubspottest_test

import (
	"testing"

	"github.com/memberpulse/hubspotplugin/hubspot/hubspottest"
)

func TestPortalsAreApart(t *testing.T) {
	t.Parallel()
	b := setup(t, hubspottest.Options{})
	other := b.srv.AddPortal(hubspottest.Portal{ID: 99, Token: "other-token"})
	b.portal.PutContact(map[string]string{"email": "a@example.org"})
	id := other.PutContact(map[string]string{"email": "a@example.org"}).ID
	b.call("GET", contacts+"/"+id, nil).want(404)
	if n := b.call("GET", contacts, nil).want(200).count("results"); n != 1 {
		t.Fatalf("%d contacts", n)
	}
	if b.srv.Portal(99) != other || b.srv.Portal(5) != nil {
		t.Fatal("Portal answers the wrong account")
	}
	for what, p := range map[string]hubspottest.Portal{
		"same id": {ID: 99, Token: "x"}, "same token": {ID: 100, Token: testToken}, "no id": {Token: "x"}, "no token": {ID: 7}, "time zone": {ID: 7, Token: "x", TimeZone: "Mars/Base"},
	} {
		if !panics(func() { b.srv.AddPortal(p) }) {
			t.Errorf("%s: did not panic", what)
		}
	}
	if !panics(func() { other.AddToken(testToken) }) {
		t.Error("a token of another portal was taken over")
	}
	other.RevokeToken(testToken)
	b.call("GET", contacts, nil).want(200)
}

func TestTokens(t *testing.T) {
	t.Parallel()
	b := setup(t, hubspottest.Options{})
	b.portal.RevokeToken(testToken)
	b.call("GET", "/account-info/v3/details", nil).want(401)
	b.portal.AddToken("second")
	b.token = "second"
	b.call("GET", "/account-info/v3/details", nil).want(200)
	b.token = ""
	b.call("GET", "/account-info/v3/details", nil).want(401)
}

func TestPlansSetTheLimits(t *testing.T) {
	t.Parallel()
	for plan, want := range map[string][2]string{"": {"100", "250000"}, "free": {"100", "250000"}, "professional": {"190", "625000"}, "enterprise": {"190", "1000000"}} {
		b := setupPortal(t, hubspottest.Options{}, hubspottest.Portal{ID: 1, Token: testToken, Plan: plan})
		a := b.call("GET", "/account-info/v3/details", nil).want(200)
		if got := [2]string{a.header.Get("X-HubSpot-RateLimit-Max"), a.header.Get("X-HubSpot-RateLimit-Daily")}; got != want {
			t.Fatalf("plan %q has %v, want %v", plan, got, want)
		}
	}
}
