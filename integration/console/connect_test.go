package console_test

import (
	"context"
	"errors"
	"net/http"
	"testing"
	"time"

	"github.com/memberpulse/hubspotplugin/integration"
	"github.com/memberpulse/hubspotplugin/integration/console"
)

const (
	connectPath  = "/api/integrations/acme/connect"
	settingsPath = "/api/integrations/acme/settings"
	testPath     = "/api/integrations/acme/test"
)

func TestConnectStoresConnectsAndAuditsTogether(t *testing.T) {
	t.Parallel()
	b := setup(t).connected()
	if b.ledger.committed != 1 || b.ledger.begun != 1 {
		t.Errorf("%d transactions begun, %d committed", b.ledger.begun, b.ledger.committed)
	}
	if got := b.vendor.liveOf(tenantA); got.Text("portalId") != "12345678" || got.Secret("apiKey").Reveal() != goodKey || !got.On("syncContacts") {
		t.Errorf("live: %v", got.Plain())
	}
	s := b.drawer.get(tenantA)
	if s.Version != 1 || s.UpdatedBy != "user-7" || !s.SecretsSetAt["apiKey"].Equal(noon) || s.SecretsSetBy["apiKey"] != "user-7" {
		t.Errorf("stored: %+v", s)
	}
}

func TestNothingIsHalfApplied(t *testing.T) {
	t.Parallel()
	boom := errors.New("boom")
	taken := &integration.Error{Kind: integration.Conflict, Title: "Another organisation has this portal.", Detail: "d", Fix: "f"}
	for name, tc := range map[string]struct {
		arrange func(*bench)
		status  int
	}{
		"vendor refuses the key": {func(b *bench) {
			b.vendor.prepareErr = integration.FieldErrors{"apiKey": {"Acme CRM does not accept this key."}}
		}, 422},
		"vendor refuses, typed": {func(b *bench) {
			b.vendor.prepareErr = &integration.Error{Kind: integration.Invalid, Title: "t", Detail: "d", Fix: "f", Fields: integration.FieldErrors{"apiKey": {"no"}}}
		}, 422},
		"vendor is down":         {func(b *bench) { b.vendor.prepareErr = boom }, 502},
		"vendor does not answer": {func(b *bench) { b.vendor.prepareErr = context.DeadlineExceeded }, 504},
		"portal is taken":        {func(b *bench) { b.vendor.connectErr = taken }, 409},
		"database at BEGIN":      {func(b *bench) { b.ledger.down = boom }, 503},
		"database at COMMIT":     {func(b *bench) { b.ledger.failCommit = boom }, 503},
		"audit log":              {func(b *bench) { b.journal.down = boom }, 503},
		"settings store":         {func(b *bench) { b.drawer.down = boom }, 503},
	} {
		for _, first := range []bool{true, false} {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				b := setup(t)
				if !first {
					b.connected()
				}
				tc.arrange(b)
				audits := len(b.journal.all())
				w := b.ask("admin", "POST", connectPath, `{"portalId":"99","apiKey":"`+otherKey+`"}`)
				p := wantProblem(t, w, tc.status)
				mustNotContain(t, w.Body.String(), "boom", otherKey, goodKey)
				if tc.status == 422 && len(p.Errors["apiKey"]) == 0 {
					t.Errorf("no error at the field: %+v", p)
				}
				b.drawer.down = nil
				if live := b.vendor.liveOf(tenantA).Secret("apiKey").Reveal(); first && live != "" || !first && live != goodKey {
					t.Errorf("live key is now ...%s", integration.NewSecret(live).Hint())
				}
				if got := b.drawer.get(tenantA); first && got.Version != 0 || !first && (got.Version != 1 || got.Settings.Secret("apiKey").Reveal() != goodKey) {
					t.Errorf("stored version is now %d", got.Version)
				}
				if len(b.journal.all()) != audits {
					t.Errorf("audit: %v", b.journal.actions())
				}
			})
		}
	}
}

func TestTheFormOfSettingsIsCheckedBeforeTheVendorIsAsked(t *testing.T) {
	t.Parallel()
	for body, key := range map[string]string{
		`{"portalId":"12a","apiKey":"` + goodKey + `"}`: "portalId",
		`{"portalId":"","apiKey":"` + goodKey + `"}`:    "portalId",
		`{"portalId":"1"}`:               "apiKey",
		`{"portalId":"1","apiKey":"  "}`: "apiKey",
		`{"portalId":"1","apiKey":"` + goodKey + `","colour":"red"}`:   "colour",
		`{"portalId":"1","apiKey":"` + goodKey + `","PortalId":"2"}`:   "PortalId",
		`{"portalId":"1","apiKey":{"set":true}}`:                       "apiKey",
		`{"portalId":["1"],"apiKey":"` + goodKey + `"}`:                "portalId",
		`{"portalId":"1","apiKey":"` + goodKey + `","gone":"perhaps"}`: "gone",
		`{"portalId":"1","apiKey":"` + goodKey + `","version":"x"}`:    "version",
	} {
		b := setup(t)
		for _, rt := range [][2]string{{"POST", connectPath}, {"PUT", settingsPath}, {"POST", testPath}} {
			w := b.ask("admin", rt[0], rt[1], body)
			p := wantProblem(t, w, http.StatusUnprocessableEntity)
			if len(p.Errors[key]) == 0 {
				t.Errorf("%s %s: %+v", rt[1], body, p.Errors)
			}
			mustNotContain(t, w.Body.String(), goodKey)
		}
		if b.vendor.prepares != 0 || b.ledger.begun != 0 {
			t.Errorf("%s: reached the vendor or the database", body)
		}
	}
}

func TestSaveWhileNotConnectedOnlyStores(t *testing.T) {
	t.Parallel()
	b := setup(t)
	doc := decode(t, b.ask("admin", "PUT", settingsPath, `{"portalId":12345678,"apiKey":"`+goodKey+`","syncContacts":false}`))
	if doc["portalId"] != "12345678" || doc["syncContacts"] != false || doc["version"] != 1.0 {
		t.Errorf("%v", doc)
	}
	if b.vendor.prepares != 0 || b.vendor.isLive(tenantA) {
		t.Error("saving connected the tenant")
	}
	// Connect with nothing uses what is stored.
	decode(t, b.ask("admin", "POST", connectPath, ""))
	if got := b.vendor.liveOf(tenantA); got.Secret("apiKey").Reveal() != goodKey || got.On("syncContacts") {
		t.Errorf("live: %v", got.Plain())
	}
}

func TestSaveWhileConnectedGoesThroughThePlugin(t *testing.T) {
	t.Parallel()
	b := setup(t).connected()
	b.clock.add(time.Hour)
	w := b.ask("admin", "PUT", settingsPath, `{"syncContacts":false,"apiKey":""}`, "If-Match", `"1"`)
	if doc := decode(t, w); doc["version"] != 2.0 || w.Header().Get("ETag") != `"2"` {
		t.Errorf("%v", doc)
	}
	if b.vendor.prepares != 2 {
		t.Errorf("prepared %d times", b.vendor.prepares)
	}
	if got := b.vendor.liveOf(tenantA); got.On("syncContacts") || got.Secret("apiKey").Reveal() != goodKey {
		t.Error("live settings did not follow, or the key went")
	}
	if s := b.drawer.get(tenantA); !s.SecretsSetAt["apiKey"].Equal(noon) {
		t.Errorf("the key looks as if it was set again: %v", s.SecretsSetAt)
	}
	b.vendor.prepareErr = &integration.Error{Kind: integration.Conflict, Title: "This is another portal.", Detail: "Links belong to the old one.", Fix: "Disconnect first."}
	p := wantProblem(t, b.ask("admin", "PUT", settingsPath, `{"portalId":"99"}`), http.StatusConflict)
	if p.Title != "This is another portal." || p.Fix != "Disconnect first." {
		t.Errorf("%+v", p)
	}
}

func TestStaleEdits(t *testing.T) {
	t.Parallel()
	b := setup(t).connected()
	for _, tc := range []struct {
		body, match string
		status      int
	}{
		{`{"syncContacts":false,"version":0}`, "", 412},
		{`{"syncContacts":false}`, `"7"`, 412},
		{`{"syncContacts":false}`, `"other"`, 412},
		{`{"syncContacts":false,"version":2}`, `"1"`, 400},
	} {
		for _, rt := range [][2]string{{"PUT", settingsPath}, {"POST", connectPath}} {
			wantProblem(t, b.ask("admin", rt[0], rt[1], tc.body, "If-Match", tc.match), tc.status)
		}
	}
	// Somebody saves while the vendor is asked.
	b.vendor.duringPrepare = func() {
		s := b.drawer.get(tenantA)
		s.Version++
		b.drawer.put(tenantA+"/acme", s)
	}
	wantProblem(t, b.ask("admin", "PUT", settingsPath, `{"syncContacts":false,"version":1}`), http.StatusPreconditionFailed)
	if !b.vendor.liveOf(tenantA).On("syncContacts") {
		t.Error("a stale edit went live")
	}
}

func TestDisconnect(t *testing.T) {
	t.Parallel()
	b := setup(t)
	wantProblem(t, b.ask("admin", "DELETE", connectPath, ""), http.StatusConflict)
	b.connected()
	b.journal.down = errors.New("boom")
	wantProblem(t, b.ask("admin", "DELETE", connectPath, ""), http.StatusServiceUnavailable)
	if !b.vendor.isLive(tenantA) || b.drawer.get(tenantA).Settings.Secret("apiKey").IsZero() {
		t.Fatal("half disconnected")
	}
	b.journal.down = nil
	if doc := decode(t, b.ask("admin", "DELETE", connectPath, "")); doc["connected"] != false {
		t.Errorf("%v", doc)
	}
	s := b.drawer.get(tenantA)
	if b.vendor.isLive(tenantA) || !s.Settings.Secret("apiKey").IsZero() || s.Settings.Text("portalId") != "12345678" {
		t.Error("the key stayed, or the plain settings went")
	}
}

func TestTestChangesNothing(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.vendor.report = integration.Report{Items: []integration.CheckItem{{Name: "Key", State: "failed", Detail: "The key " + otherKey + " is refused.", Fix: "Make a new one.", Field: "apiKey"}}}
	w := b.ask("admin", "POST", testPath, `{"portalId":"1","apiKey":"`+otherKey+`"}`)
	doc := decode(t, w)
	if doc["ok"] != false || len(doc["items"].([]any)) != 1 {
		t.Errorf("%v", doc)
	}
	mustNotContain(t, w.Body.String(), otherKey)
	mustContain(t, w.Body.String(), "The key [secret] is refused.")
	if b.drawer.get(tenantA).Version != 0 || b.vendor.isLive(tenantA) || b.vendor.prepares != 0 {
		t.Error("a test changed something")
	}
	if r := b.journal.all(); len(r) != 1 || r[0].Action != "test" || r[0].Changes["outcome"].New != "failed" {
		t.Errorf("audit: %+v", r)
	}
	b.vendor.checkErr = context.DeadlineExceeded
	wantProblem(t, b.ask("admin", "POST", testPath, `{"portalId":"1","apiKey":"`+otherKey+`"}`), http.StatusGatewayTimeout)
}

func TestWhoActsForAnotherTestsOnlyWhatIsStored(t *testing.T) {
	t.Parallel()
	b := setup(t).connected()
	decode(t, b.ask("impersonator", "POST", testPath, ""))
	wantProblem(t, b.ask("impersonator", "POST", testPath, `{"apiKey":"`+otherKey+`"}`), http.StatusForbidden)
}

func TestAPluginWithoutCapabilitiesStillHasSettings(t *testing.T) {
	t.Parallel()
	b := setup(t, func(*console.Config) {})
	if doc := decode(t, b.ask("admin", "PUT", "/api/integrations/plain/settings", `{"word":"hello"}`)); doc["word"] != "hello" {
		t.Errorf("%v", doc)
	}
}
