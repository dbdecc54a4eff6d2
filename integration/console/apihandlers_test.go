package console_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/memberpulse/hubspotplugin/integration"
)

func TestGetSettings(t *testing.T) {
	t.Parallel()
	b := setup(t)
	w := b.ask("admin", "GET", "/api/integrations/acme/settings", "")
	doc := decode(t, w)
	if doc["version"] != 0.0 || doc["syncContacts"] != true || doc["gone"] != "keep" || doc["portalId"] != "" {
		t.Errorf("before: %v", doc)
	}
	b.connected()
	w = b.ask("admin", "GET", "/api/integrations/acme/settings", "")
	doc = decode(t, w)
	key := doc["apiKey"].(map[string]any)
	if key["set"] != true || key["hint"] != "XYZ9" || key["fingerprint"] != integration.NewSecret(goodKey).Fingerprint() ||
		key["setBy"] != "user-7" || key["setAt"] != "2026-11-23T12:00:00Z" {
		t.Errorf("key: %v", key)
	}
	if doc["portalId"] != "12345678" || doc["version"] != 1.0 || doc["updatedBy"] != "user-7" || w.Header().Get("ETag") != `"1"` {
		t.Errorf("after: %v, ETag %s", doc, w.Header().Get("ETag"))
	}
	mustNotContain(t, w.Body.String(), goodKey)
}

func TestStatusSaysWhenItIsTriedNext(t *testing.T) {
	t.Parallel()
	b := setup(t).connected()
	next := noon.Add(time.Hour)
	b.vendor.status.Incidents = []integration.Incident{
		{Code: "limit", Title: "Slow down.", NextAttemptAt: &next},
		{Code: "INVALID_EMAIL", Title: "Refused.", Count: 3},
	}
	doc := decode(t, b.ask("user", "GET", "/api/integrations/acme/status", ""))
	incidents := doc["incidents"].([]any)
	if got := incidents[0].(map[string]any)["nextAttempt"]; got != "Tried again by itself at 2026-11-23T13:00:00Z." {
		t.Errorf("first: %v", got)
	}
	if got := incidents[1].(map[string]any)["nextAttempt"]; got != "Not tried again by itself." {
		t.Errorf("second: %v", got)
	}
	if doc["connected"] != true || doc["health"] != "ok" || doc["syncStatus"] != "healthy" {
		t.Errorf("status %v", doc)
	}
	if _, ok := doc["errors"].([]any); !ok {
		t.Errorf("errors is not a list: %v", doc["errors"])
	}
}

func TestSyncRoutes(t *testing.T) {
	t.Parallel()
	b := setup(t).connected()
	if doc := decode(t, b.ask("user", "GET", "/api/integrations/acme/sync", "")); doc["found"] != false {
		t.Errorf("before: %v", doc)
	}
	w := b.ask("admin", "POST", "/api/integrations/acme/sync", "")
	if doc := decode(t, w); w.Code != http.StatusAccepted || doc["id"] != "run-1" || doc["total"] != 250.0 {
		t.Errorf("start: %d %v", w.Code, doc)
	}
	if doc := decode(t, b.ask("user", "GET", "/api/integrations/acme/sync", "")); doc["found"] != true || doc["phase"] != "listing" {
		t.Errorf("after: %v", doc)
	}
	b.vendor.syncErr = &integration.Error{Kind: integration.Conflict, Title: "A full sync is running.", Detail: "Only one runs at a time.", Fix: "Wait for it."}
	if p := wantProblem(t, b.ask("admin", "POST", "/api/integrations/acme/sync", ""), http.StatusConflict); p.Title != "A full sync is running." {
		t.Errorf("conflict: %+v", p)
	}
}

func TestSyncLogRoutes(t *testing.T) {
	t.Parallel()
	b := setup(t).connected()
	page := decode(t, b.ask("user", "GET", "/api/integrations/acme/sync-log?status=failed&code=INVALID_EMAIL&search="+oursID+"&page=1&itemsPerPage=10", ""))
	records := page["records"].([]any)
	if len(records) != 1 || page["total"] != 1.0 || page["itemsPerPage"] != 10.0 {
		t.Fatalf("page: %v", page)
	}
	if r := records[0].(map[string]any); r["id"] != oursID || r["nextAttempt"] != "Not tried again by itself." || r["fix"] == "" {
		t.Errorf("record: %v", r)
	}
	one := decode(t, b.ask("user", "GET", "/api/integrations/acme/sync-log/"+oursID, ""))
	if history := one["history"].([]any); len(history) != 1 || one["correlationId"] != "corr-77" {
		t.Errorf("one: %v", one)
	}
	if doc := decode(t, b.ask("admin", "POST", "/api/integrations/acme/sync-log/"+oursID+"/retry", "")); doc["retried"] != 1.0 {
		t.Errorf("retry: %v", doc)
	}
	for body, want := range map[string]float64{`{"code":"INVALID_EMAIL"}`: 1, `{"code":"other"}`: 0, "": 1} {
		if doc := decode(t, b.ask("admin", "POST", "/api/integrations/acme/retry", body)); doc["retried"] != want {
			t.Errorf("retry %s: %v", body, doc)
		}
	}
	p := wantProblem(t, b.ask("admin", "POST", "/api/integrations/acme/retry", `{"codes":"x"}`), http.StatusUnprocessableEntity)
	if len(p.Errors["codes"]) != 1 {
		t.Errorf("%+v", p)
	}
}

func TestAChangeIsDoneEvenIfTheStatusCannotBeReadAfterIt(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.vendor.duringPrepare = func() { b.vendor.change(func() { b.vendor.statusErr = integration.ErrNotFound }) }
	doc := decode(t, b.ask("admin", "POST", "/api/integrations/acme/connect", `{"portalId":"1","apiKey":"`+goodKey+`"}`))
	if doc["connected"] != true || !b.vendor.isLive(tenantA) {
		t.Errorf("%v", doc)
	}
}
