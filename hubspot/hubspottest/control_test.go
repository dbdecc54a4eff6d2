package hubspottest_test

import (
	"testing"

	"github.com/memberpulse/hubspotplugin/hubspot/hubspottest"
)

func TestControlSurface(t *testing.T) {
	t.Parallel()
	b := setup(t, hubspottest.Options{})
	b.token = "" // control needs none
	b.call("POST", "/_sim/portals", map[string]any{"id": 5, "name": "Five", "token": "five", "scopes": []string{"crm.objects.contacts.write"}}).want(201)
	b.call("POST", "/_sim/faults", `{"pathContains":"/contacts","portalId":5,"times":1,"status":503,"delay":"1ms"}`).want(201)
	five := *b
	five.token = "five"
	five.call("POST", contacts, input{"properties": input{"email": "a@example.org"}}).want(503)
	five.call("POST", contacts, input{"properties": input{"email": "a@example.org"}}).want(201)
	a := b.call("GET", "/_sim/state?portal=5", nil).want(200).wantText("a@example.org", "contacts", 0, "properties", "email")
	for _, kind := range []string{"companies", "notes", "lists", "associations"} {
		if l, ok := a.at(kind).([]any); !ok || len(l) != 0 {
			t.Fatalf("%s: %s", kind, a.raw)
		}
	}
	if l := b.listed("/_sim/portals"); len(l) != 2 || l[0]["name"] != "Five" || l[0]["contacts"] != 1.0 || l[1]["id"] != 4711.0 || l[0]["token"] != nil {
		t.Fatalf("%v", l)
	}
	log := b.listed("/_sim/requests")
	if len(log) != 2 || log[0]["fault"] != "delay, status 503" || log[1]["status"] != 201.0 {
		t.Fatalf("%v", log)
	}
	if body, _ := log[1]["body"].(map[string]any); body["properties"] == nil {
		t.Fatalf("%v", log[1])
	}
	if log = b.listed("/_sim/requests?since=1"); len(log) != 1 || log[0]["seq"] != 2.0 {
		t.Fatalf("%v", log)
	}
	b.call("POST", "/_sim/faults", `{"status":500}`).want(201)
	if l := b.listed("/_sim/faults"); len(l) != 1 {
		t.Fatalf("%v", l)
	}
	b.call("DELETE", "/_sim/faults", nil).want(204)
	five.call("GET", "/account-info/v3/details", nil).want(200)
	b.call("DELETE", "/_sim/requests", nil).want(204)
	if l := b.listed("/_sim/requests"); len(l) != 0 {
		t.Fatalf("%v", l)
	}
}

// listed reads a JSON list of objects.
func (b *bench) listed(path string) []map[string]any {
	b.t.Helper()
	a := b.call("GET", path, nil).want(200)
	return decodeList(b.t, a.raw)
}

func TestControlRefusesBadInput(t *testing.T) {
	t.Parallel()
	b := setup(t, hubspottest.Options{})
	for _, tc := range []struct {
		method, path, body string
		status             int
	}{
		{"GET", "/_sim/state", "", 400},
		{"GET", "/_sim/state?portal=x", "", 400},
		{"GET", "/_sim/state?portal=12", "", 400},
		{"GET", "/_sim/requests?since=x", "", 400},
		{"POST", "/_sim/faults", "{", 400},
		{"POST", "/_sim/faults", "{} {}", 400},
		{"POST", "/_sim/faults", `{"stauts":500}`, 400},
		{"POST", "/_sim/faults", `{"status":42}`, 400},
		{"POST", "/_sim/faults", `{"delay":"soon"}`, 400},
		{"POST", "/_sim/faults", `{"times":-1}`, 400},
		{"POST", "/_sim/faults", `{"commit":true}`, 400},
		{"POST", "/_sim/portals", `{"id":4711,"token":"x"}`, 400},
		{"POST", "/_sim/portals", `{"id":1}`, 400},
		{"POST", "/_sim/portals", `{"id":1,"token":"x","scoops":[]}`, 400},
		{"POST", "/_sim/portals", `{"id":1,"token":"x","timeZone":"Mars"}`, 400},
		{"POST", "/_sim/state", "", 404},
		{"GET", "/_sim/", "", 404},
	} {
		if a := b.call(tc.method, tc.path, tc.body).want(tc.status); a.text("error") == "" {
			t.Fatalf("%s %s: %s", tc.method, tc.path, a.raw)
		}
	}
	b.call("GET", "/account-info/v3/details", nil).want(200)
}
