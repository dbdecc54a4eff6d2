package hubspottest_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/memberpulse/hubspotplugin/hubspot/hubspottest"
)

func TestCustomEventsNeedEnterprise(t *testing.T) {
	t.Parallel()
	b := setupPortal(t, hubspottest.Options{}, hubspottest.Portal{ID: 1, Token: testToken, Plan: "professional"})
	a := b.call("GET", "/events/2026-03/event-definitions", nil).want(403)
	if a.text("category") == "MISSING_SCOPES" {
		t.Fatalf("%s", a.raw)
	}
	b.call("POST", "/events/2026-03/send", happened("u", "1", input{})).want(403)
	b.portal.AddToken("poor", "crm.lists.read")
	b.token = "poor"
	b.call("POST", "/events/2026-03/send", happened("u", "1", input{})).want(403).
		wantText("analytics.behavioral_events.send", "errors", 0, "context", "requiredGranularScopes", 0)
	b.call("GET", "/events/2026-03/event-definitions", nil).want(403).
		wantText("behavioral_events.event_definitions.read_write", "errors", 0, "context", "requiredGranularScopes", 0)
}

func TestCustomEventPathsOf202609(t *testing.T) {
	t.Parallel()
	for plain, want := range map[bool][4]int{false: {404, 404, 400, 400}, true: {400, 404, 404, 404}} {
		b := setupEnterprise(t, hubspottest.Options{EventsAtPlainPath: plain})
		b.odd = true
		one := happened("u", "1", input{}) // of no definition
		got := [4]int{
			b.call("POST", "/events/2026-09/send", one).status, b.call("POST", "/events/2026-09/send/batch", inputs(one)).status,
			b.call("POST", "/events/custom/2026-09/send", one).status, b.call("POST", "/events/custom/2026-09/send/batch", inputs(one)).status,
		}
		if got != want {
			t.Errorf("plain path %t: %v, want %v", plain, got, want)
		}
		b.call("POST", "/events/custom/2026-03/send", one).want(404)
	}
}

func TestEventDefinitionsThatAreRefused(t *testing.T) {
	t.Parallel()
	b := setupEnterprise(t, hubspottest.Options{})
	b.odd = true
	many := make([]input, 51)
	for i := range many {
		many[i] = input{"name": fmt.Sprint("p", i), "label": "x", "type": "string"}
	}
	for name, change := range map[string]input{
		"no label":            {"label": ""},
		"bad name":            {"name": "Renewed!"},
		"unknown object":      {"primaryObject": "PLANET"},
		"many properties":     {"propertyDefinitions": many},
		"property twice":      {"propertyDefinitions": []input{many[0], many[0]}},
		"property of no name": {"propertyDefinitions": []input{{"label": "x", "type": "string"}}},
	} {
		in := renewed()
		for k, v := range change {
			in[k] = v
		}
		if a := b.call("POST", "/events/2026-03/event-definitions", in); a.status != 400 {
			t.Errorf("%s: %d %s", name, a.status, a.raw)
		}
	}
	in := renewed()
	delete(in, "name")
	in["label"], in["includeDefaultProperties"] = "Signed up", true
	a := b.call("POST", "/events/2026-03/event-definitions", in).want(201).wantText("signed_up", "name")
	if a.count("properties") <= 2 {
		t.Fatalf("%s", a.raw)
	}
	for i := range 499 {
		body := fmt.Sprintf(`{"label":"x","name":"e%d","propertyDefinitions":[]}`, i)
		req := httptest.NewRequest(http.MethodPost, "/events/2026-03/event-definitions", strings.NewReader(body)) // many: without a listener
		req.Header.Set("Authorization", "Bearer "+testToken)
		rec := httptest.NewRecorder()
		if b.srv.ServeHTTP(rec, req); rec.Code != http.StatusCreated {
			t.Fatalf("definition %d: %d", i, rec.Code)
		}
	}
	in["name"] = "one_more"
	b.call("POST", "/events/2026-03/event-definitions", in).want(400)
}
