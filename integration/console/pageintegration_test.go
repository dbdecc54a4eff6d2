package console_test

import (
	"errors"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/memberpulse/hubspotplugin/integration"
)

const acmePage = pagesPath + "/acme"

func TestTheConnectPage(t *testing.T) {
	t.Parallel()
	b := setup(t)
	page := b.page("admin", "GET", "/acme").Body.String()
	mustContain(t, page, "Connect Acme CRM", `action="/settings/integrations/acme/connect"`, "<ol><li>Open the settings of your account.</li>",
		`<a href="https://acme.example/keys" target="_blank" rel="noopener noreferrer">`, "Test connection", "Not connected",
		`type="password"`, "Members become contacts.", "Contacts stay as they are.", `name="set.portalId" value=""`)
	mustNotContain(t, page, "Disconnect", "Pause", "Full sync")
}

func TestConnectByForm(t *testing.T) {
	t.Parallel()
	b := setup(t)
	w := b.post("admin", acmePage+"/connect", url.Values{"set.portalId": {"12345678"}, "set.apiKey": {goodKey}, "set.syncContacts": {"false"}, "version": {"0"}})
	if w.Code != 303 || w.Header().Get("Location") != acmePage+"?done=connect" {
		t.Fatalf("%d to %s: %s", w.Code, w.Header().Get("Location"), w.Body)
	}
	if got := b.vendor.liveOf(tenantA); got.Secret("apiKey").Reveal() != goodKey || got.On("syncContacts") {
		t.Errorf("live: %v", got.Plain())
	}
	page := b.ask("admin", "GET", acmePage+"?done=connect", "").Body.String()
	mustContain(t, page, "Acme CRM is connected.", "Disconnect", `href="/settings/integrations/acme/settings"`)
	page = b.page("admin", "GET", "/acme/settings").Body.String()
	mustContain(t, page, `action="/settings/integrations/acme/settings"`, "ending in <code>XYZ9</code>", "Leave empty to keep", `name="version" value="1"`)
	mustNotContain(t, page, goodKey)
	// A ticked box sends false and true; the last counts.
	w = b.post("admin", acmePage+"/settings", url.Values{"set.syncContacts": {"false", "true"}, "set.apiKey": {""}, "version": {"1"}})
	if w.Code != 303 || !b.vendor.liveOf(tenantA).On("syncContacts") || b.vendor.liveOf(tenantA).Secret("apiKey").Reveal() != goodKey {
		t.Errorf("%d: %s", w.Code, w.Body)
	}
}

func TestARefusedFormKeepsWhatWasEntered(t *testing.T) {
	t.Parallel()
	b := setup(t)
	w := b.post("admin", acmePage+"/connect", url.Values{"set.portalId": {`12"><b>`}, "set.apiKey": {goodKey}, "set.syncContacts": {"false"}, "set.gone": {"archive"}})
	page := w.Body.String()
	if w.Code != 422 {
		t.Fatalf("%d", w.Code)
	}
	mustContain(t, page, "Some settings cannot be accepted.", "The portal id has digits only.", `value="12&#34;&gt;&lt;b&gt;"`, `aria-invalid="true"`,
		`id="error-portalId"`, `aria-describedby="error-portalId help-portalId"`, `value="archive" selected`, "This request is not repeated by itself.")
	mustNotContain(t, page, goodKey, "<b>")
	if strings.Contains(between(page, `id="field-syncContacts"`, ">"), "checked") {
		t.Error("the switch forgot that it was turned off")
	}
}

func TestAStaleFormSaysSoAndShowsTheNewVersion(t *testing.T) {
	t.Parallel()
	b := setup(t).connected()
	w := b.post("admin", acmePage+"/settings", url.Values{"set.portalId": {"777"}, "version": {"0"}})
	if w.Code != 412 {
		t.Fatalf("%d", w.Code)
	}
	mustContain(t, w.Body.String(), "Somebody else changed these settings meanwhile.", `name="version" value="1"`, `value="777"`)
}

func TestTestShowsTheChecklist(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.vendor.report = integration.Report{Items: []integration.CheckItem{
		{Name: "Portal matches", State: "failed", Detail: "It is another one.", Fix: "Enter the right id.", Field: "portalId"},
		{Name: "Nine fields", State: "missing", Detail: "They are created."},
	}}
	w := b.post("admin", acmePage+"/test", url.Values{"set.portalId": {"555"}, "set.apiKey": {goodKey}})
	if w.Code != 200 {
		t.Fatalf("%d: %s", w.Code, w.Body)
	}
	mustContain(t, w.Body.String(), "The test did not pass: 1 thing needs to be put right.", "It is another one.", "Enter the right id.", `href="#field-portalId"`, "Will be created", `value="555"`)
	if b.drawer.get(tenantA).Version != 0 {
		t.Error("a test stored something")
	}
}

func TestTheStatusPage(t *testing.T) {
	t.Parallel()
	b := setup(t).connected()
	last, next := noon.Add(-12*time.Second), noon.Add(2*time.Minute)
	b.vendor.status.Sentence, b.vendor.status.LastSyncAt, b.vendor.status.Health = "Delayed: 214 changes are waiting.", &last, integration.HealthDegraded
	b.vendor.status.Pending, b.vendor.status.Members = 214, integration.MemberCounts{Total: 12250, InSync: 12240, NotIncluded: 5, NeedsAttention: 3, Waiting: 2}
	b.vendor.status.Run = &integration.Run{Phase: "delivering", Total: 250, Done: 116, PerSecond: 12.4, ETASeconds: 95, StartedAt: noon}
	b.vendor.status.Incidents = []integration.Incident{
		{Code: "few", Title: "Few records", Count: 1, Action: "retry", Since: noon},
		{Code: "INVALID_EMAIL", Title: "Addresses are refused", Meaning: "They are not in it.", Fix: "Correct them.", Count: 1234, Action: "retry", Since: noon.Add(-3 * time.Hour), CorrelationID: "corr-9"},
		{Code: "slow", Title: "Slow down", NextAttemptAt: &next},
		{Code: "key", Title: "Key refused", Blocking: true, Action: "credentials"},
		{Code: "scope", Title: "Scope is missing", Action: "recheck"},
	}
	page := b.page("admin", "GET", "/acme").Body.String()
	mustContain(t, page, "Delayed: 214 changes are waiting.", ">12 s ago</time>", `datetime="2026-11-23T11:59:48Z"`, `title="23 Nov 2026, 11:59:48 UTC"`, "Degraded",
		"12,250 members in total", ">12,240<", `href="/settings/integrations/acme/log?status=synced"`, `log?status=excluded"`, `log?status=failed"`, `log?status=pending"`,
		`<progress`, `max="250" value="116"`, "116 of 250 members", "12.4 per second, about 2 min left",
		"Retry all 1,234", `log?code=INVALID_EMAIL`, "corr-9", "Replace the credentials", `href="/settings/integrations/acme/settings#field-apiKey"`, "Check again", "in 2 min, at 12:02", "Not tried again by itself", "<noscript>",
		`data-status="/api/integrations/acme/status"`)
	order(t, page, "Key refused", "Addresses are refused", "Few records", "Slow down")
	order(t, page, "ic-sentence", "ic-numbers", "ic-run", "ic-incidents", "ic-control")
	b.vendor.status.Run = &integration.Run{Phase: "waiting", StartedAt: noon}
	page = b.page("admin", "GET", "/acme").Body.String()
	mustContain(t, page, "counting the members", "<progress class=\"ic-progress\" aria")
	mustNotContain(t, page, "0 of 0")
	b.vendor.change(func() { b.vendor.paused[tenantA] = true })
	mustContain(t, b.page("admin", "GET", "/acme").Body.String(), "Paused", "Resume", "214 changes wait.")
}

func TestWhatAClientUserSees(t *testing.T) {
	t.Parallel()
	b := setup(t).connected()
	b.vendor.status.Incidents = []integration.Incident{{Code: "c", Title: "Addresses are refused", Count: 3, Action: "retry"}}
	page := b.page("user", "GET", "/acme").Body.String()
	mustContain(t, page, "Live. Everything is in Acme CRM.", "Addresses are refused", "Show 3 records", "Settings are visible to administrators")
	mustNotContain(t, page, "12345678", "XYZ9", "<form", "Fingerprint", "Disconnect")
	mustNotContain(t, b.page("user", "GET", "/acme/log/"+oursID).Body.String(), "<form")
	page = b.page("impersonator", "GET", "/acme").Body.String()
	mustContain(t, page, "You are acting for another person", "Pause")
	mustNotContain(t, page, "/acme/disconnect", "Sync everything")
	page = b.page("impersonator", "GET", "/acme/settings").Body.String()
	mustContain(t, page, "You are acting for another person", "disabled", "Test connection")
	mustNotContain(t, page, "Save settings")
}

func TestActionsByForm(t *testing.T) {
	t.Parallel()
	b := setup(t).connected()
	for _, tc := range []struct{ path, location, says string }{
		{"/pause", acmePage + "?done=pause", "Sending is paused."},
		{"/resume", acmePage + "?done=resume", "Sending goes on."},
		{"/recheck", acmePage + "?done=recheck", "checked again"},
		{"/sync", acmePage + "?done=sync", "A full sync has started."},
		{"/retry", acmePage + "?done=retry&n=1", "1 record is being sent again."},
		{"/log/" + oursID + "/retry", acmePage + "/log/" + oursID + "?done=retry&n=1", "1 record is being sent again."},
		{"/disconnect", acmePage + "?done=disconnect", "is disconnected"},
	} {
		w := b.page("admin", "POST", "/acme"+tc.path)
		if w.Code != 303 || w.Header().Get("Location") != tc.location {
			t.Fatalf("%s: %d to %q: %s", tc.path, w.Code, w.Header().Get("Location"), w.Body)
		}
		mustContain(t, b.ask("admin", "GET", tc.location, "").Body.String(), tc.says)
	}
	if b.vendor.isLive(tenantA) || !b.drawer.get(tenantA).Settings.Secret("apiKey").IsZero() {
		t.Error("still connected")
	}
	// Refusals are shown on the page of the form, with their status.
	w := b.page("admin", "POST", "/acme/pause")
	if w.Code != 409 {
		t.Fatalf("%d", w.Code)
	}
	mustContain(t, w.Body.String(), "Acme CRM is not connected.", "Connect Acme CRM")
}

func TestTheDisconnectPage(t *testing.T) {
	t.Parallel()
	b := setup(t)
	if w := b.page("admin", "GET", "/acme/disconnect"); w.Code != 303 {
		t.Errorf("not connected: %d", w.Code)
	}
	b.connected()
	b.vendor.status.Pending = 37
	mustContain(t, b.page("admin", "GET", "/acme/disconnect").Body.String(), "37 changes that wait to be sent are dropped", "credentials are destroyed",
		"nothing is deleted there", "pause instead", `action="/settings/integrations/acme/disconnect"`)
	if !b.vendor.isLive(tenantA) {
		t.Error("the question disconnected")
	}
}

func TestADeadDatabaseIsAClearPage(t *testing.T) {
	t.Parallel()
	b := setup(t).connected()
	b.vendor.statusErr = errors.New("dial tcp 10.0.0.7:5432: connection refused")
	for _, path := range []string{"/acme", "/acme/disconnect"} {
		w := b.page("admin", "GET", path)
		if w.Code != 503 {
			t.Errorf("%s: %d", path, w.Code)
		}
		mustContain(t, w.Body.String(), "Our database does not answer.", "Try again in a minute.")
		mustNotContain(t, w.Body.String(), "10.0.0.7", "refused")
	}
	// The list shows the others.
	w := b.page("admin", "GET", "")
	mustContain(t, w.Body.String(), "The status cannot be read just now.", "Plain")
	if w.Code != 200 {
		t.Errorf("list: %d", w.Code)
	}
}

func TestAPluginWithoutCapabilitiesHasASettingsPage(t *testing.T) {
	t.Parallel()
	b := setup(t)
	mustContain(t, b.page("admin", "GET", "/plain").Body.String(), "Save settings", `name="set.word"`)
	w := b.post("admin", pagesPath+"/plain/settings", url.Values{"set.word": {"hello"}})
	if w.Code != 303 {
		t.Fatalf("%d", w.Code)
	}
	mustContain(t, b.ask("admin", "GET", w.Header().Get("Location"), "").Body.String(), "The settings are saved.", `value="hello"`)
}

func between(text, from, to string) string {
	_, after, _ := strings.Cut(text, from)
	before, _, _ := strings.Cut(after, to)
	return before
}

func order(t *testing.T, text string, parts ...string) {
	t.Helper()
	at := -1
	for _, p := range parts {
		next := strings.Index(text, p)
		if next <= at {
			t.Errorf("%q is missing or not after its predecessor", p)
		}
		at = next
	}
}
