package console_test

import (
	"net/http"
	"net/url"
	"testing"

	"github.com/memberpulse/hubspotplugin/integration/console"
)

func TestCrossOriginRequestsChangeNothing(t *testing.T) {
	t.Parallel()
	b := setup(t).connected()
	audits := len(b.journal.all())
	marks := [][]string{{"Sec-Fetch-Site", "cross-site"}, {"Sec-Fetch-Site", "same-site"}, {"Origin", "https://evil.example"}, {"Origin", "null"}}
	for _, mark := range marks {
		for _, rt := range everyRoute {
			if rt.method == "GET" {
				continue
			}
			wantProblem(t, b.ask("admin", rt.method, rt.path, rt.body, mark...), http.StatusForbidden)
		}
		for _, pg := range everyPage {
			if pg.method == "GET" {
				continue
			}
			headers := append([]string{"Content-Type", "application/x-www-form-urlencoded"}, mark...)
			if w := b.ask("admin", "POST", pagesPath+pg.path, "set.portalId=1", headers...); w.Code != http.StatusForbidden {
				t.Errorf("%v %s: %d", mark, pg.path, w.Code)
			}
		}
	}
	if len(b.journal.all()) != audits || !b.vendor.isLive(tenantA) {
		t.Error("a cross-origin request changed something")
	}
}

func TestAFormNeedsProofOfItsOrigin(t *testing.T) {
	t.Parallel()
	b := setup(t).connected()
	form := "application/x-www-form-urlencoded"
	for _, tc := range []struct {
		headers []string
		status  int
	}{
		{nil, 403},
		{[]string{"Sec-Fetch-Site", "same-origin"}, 303},
		{[]string{"Origin", "http://example.com"}, 303}, // httptest's host
	} {
		w := b.ask("admin", "POST", acmePage+"/pause", "a=1", append([]string{"Content-Type", form}, tc.headers...)...)
		if w.Code != tc.status {
			t.Errorf("%v: %d", tc.headers, w.Code)
		}
	}
}

func TestTheHostsTokenIsNeededOnForms(t *testing.T) {
	t.Parallel()
	b := setup(t, func(cfg *console.Config) { cfg.FormToken = func(*http.Request) string { return "token-of-session" } }).connected()
	page := b.page("admin", "GET", "/acme").Body.String()
	mustContain(t, page, `name="csrfToken" value="token-of-session"`)
	for token, want := range map[string]int{"": 403, "other": 403, "token-of-session": 303} {
		if w := b.post("admin", acmePage+"/pause", url.Values{"csrfToken": {token}}); w.Code != want {
			t.Errorf("token %q: %d", token, w.Code)
		}
	}
	// The token is not asked for, nor taken, in an address.
	if w := b.post("admin", acmePage+"/resume?csrfToken=token-of-session", url.Values{}); w.Code != 403 {
		t.Errorf("token in the address: %d", w.Code)
	}
}

func TestTrustedOrigins(t *testing.T) {
	t.Parallel()
	b := setup(t, func(cfg *console.Config) { cfg.TrustedOrigins = []string{"https://portal.example"} }).connected()
	if w := b.ask("admin", "POST", "/api/integrations/acme/pause", "", "Origin", "https://portal.example", "Sec-Fetch-Site", "same-site"); w.Code != 200 {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}
