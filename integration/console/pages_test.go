package console_test

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/memberpulse/hubspotplugin/integration"
	"github.com/memberpulse/hubspotplugin/integration/console"
)

const pagesPath = "/settings/integrations"

// everyPage is the pages and form posts with what each role gets.
var everyPage = []struct {
	method, path string
	may          string
	status       int
}{
	{"GET", "", "admin impersonator user", 200},
	{"GET", "/acme", "admin impersonator user", 200},
	{"GET", "/acme/log", "admin impersonator user", 200},
	{"GET", "/acme/log/" + oursID, "admin impersonator user", 200},
	{"GET", "/acme/disconnect", "admin", 200},
	{"GET", "/acme/settings", "admin impersonator", 200},
	{"GET", "/acme/connect", "admin impersonator user", 303},
	{"POST", "/acme/connect", "admin", 303},
	{"POST", "/acme/settings", "admin", 303},
	{"POST", "/acme/disconnect", "admin", 303},
	{"POST", "/acme/test", "admin impersonator", 200},
	{"POST", "/acme/pause", "admin impersonator", 303},
	{"POST", "/acme/resume", "admin impersonator", 303},
	{"POST", "/acme/recheck", "admin impersonator", 303},
	{"POST", "/acme/sync", "admin", 303},
	{"POST", "/acme/retry", "admin impersonator", 303},
	{"GET", "/acme/property-mapping", "admin impersonator", 200},
	{"POST", "/acme/property-mapping", "admin", 303},
	{"GET", "/acme/matching", "admin impersonator", 200},
	{"POST", "/acme/matching", "admin", 303},
	{"GET", "/acme/tags", "admin impersonator user", 200},
	{"POST", "/acme/tags/confirm", "admin", 303},
	{"GET", "/acme/tags/confirm", "admin impersonator user", 303},
	{"GET", "/acme/members/" + oursID + "/tags", "admin impersonator", 200},
	{"POST", "/acme/members/" + oursID + "/tags/event-attended", "admin", 303},
	{"GET", "/acme/members/" + oursID + "/tags/event-attended", "admin impersonator", 303},
	{"POST", "/acme/log/" + oursID + "/retry", "admin impersonator", 303},
}

// forms are what a form post needs, by path; others need nothing.
var forms = map[string]url.Values{
	"/acme/property-mapping": {"version": {"4"}},
	"/acme/matching":         {"match." + orgOne: {"501"}},
	"/acme/members/" + oursID + "/tags/event-attended": {"applied": {"true"}, "cause": {"came late"}},
}

func (b *bench) page(who, method, path string) *httptest.ResponseRecorder {
	b.t.Helper()
	if method == "POST" {
		return b.post(who, pagesPath+path, forms[path])
	}
	return b.ask(who, method, pagesPath+path, "")
}

func TestEveryPageForEveryRole(t *testing.T) {
	t.Parallel()
	for _, pg := range everyPage {
		t.Run(pg.method+" "+pg.path, func(t *testing.T) {
			t.Parallel()
			refused := setup(t).connected() // nothing changes here
			before := len(refused.journal.all())
			w := refused.page("", pg.method, pg.path)
			mustContain(t, w.Body.String(), "You are not signed in.")
			if w.Code != 401 {
				t.Errorf("nobody: %d", w.Code)
			}
			for _, who := range everyone {
				if slices.Contains(strings.Fields(pg.may), who) {
					continue
				}
				w := refused.page(who, pg.method, pg.path)
				mustContain(t, w.Body.String(), "You may not do this.")
				if w.Code != 403 {
					t.Errorf("%s: %d", who, w.Code)
				}
			}
			if got := len(refused.journal.all()); got != before {
				t.Errorf("refused requests left %d audit records", got-before)
			}
			for _, who := range strings.Fields(pg.may) {
				b := setup(t).connected()
				before := len(b.journal.all())
				if w := b.page(who, pg.method, pg.path); w.Code != pg.status {
					t.Fatalf("%s: status %d, want %d: %s", who, w.Code, pg.status, w.Body)
				}
				audits := 0
				if pg.method == "POST" {
					audits = 1
				}
				if got := len(b.journal.all()) - before; got != audits {
					t.Errorf("%s: %d audit records, want %d", who, got, audits)
				}
			}
		})
	}
}

func TestPagesOfForeignAndUnknownRecordsAreTheSame(t *testing.T) {
	t.Parallel()
	b := setup(t).connected()
	for _, method := range []string{"GET", "POST"} {
		path := "/acme/log/%s"
		if method == "POST" {
			path += "/retry"
		}
		foreign, unknown := b.page("admin", method, fmt.Sprintf(path, theirsID)), b.page("admin", method, fmt.Sprintf(path, noSuchID))
		if foreign.Code != 404 || foreign.Body.String() != unknown.Body.String() {
			t.Errorf("%s: %d, %s", method, foreign.Code, foreign.Body)
		}
	}
	for _, path := range []string{"/nosuch", "/acme/nothing", "/acme/log/x/y/z", "/plain/log", "/plain/disconnect"} {
		if w := b.page("admin", "GET", path); w.Code != 404 {
			t.Errorf("%s: %d", path, w.Code)
		}
	}
	w := b.ask("admin", "DELETE", pagesPath+"/acme/pause", "")
	if w.Code != 405 || w.Header().Get("Allow") != "GET, HEAD, POST" {
		t.Errorf("DELETE: %d, Allow %q", w.Code, w.Header().Get("Allow"))
	}
}

func TestHeaders(t *testing.T) {
	t.Parallel()
	b := setup(t).connected()
	for _, path := range []string{pagesPath, pagesPath + "/acme", pagesPath + "/nosuch", "/api/integrations/acme/status", "/api/integrations/acme/nothing"} {
		for _, who := range []string{"admin", "", "member"} {
			h := b.ask(who, "GET", path, "").Header()
			for key, part := range map[string]string{"Content-Security-Policy": "default-src 'none'", "X-Content-Type-Options": "nosniff",
				"Cache-Control": "no-store", "Referrer-Policy": "same-origin", "X-Frame-Options": "DENY"} {
				if !strings.Contains(h.Get(key), part) {
					t.Errorf("%s as %q: %s is %q", path, who, key, h.Get(key))
				}
			}
			csp := h.Get("Content-Security-Policy")
			mustContain(t, csp, "frame-ancestors 'none'", "form-action 'self'", "base-uri 'none'")
			mustNotContain(t, csp, "unsafe", "*")
		}
	}
	// What the policy forbids is not on the page.
	page := b.page("admin", "GET", "/acme").Body.String()
	mustNotContain(t, page, "<style", " style=", "onclick", "javascript:", "http://")
	if strings.Count(page, "<script") != 1 {
		t.Error("not exactly one script")
	}
}

func TestTheHostsFrame(t *testing.T) {
	t.Parallel()
	fail := false
	b := setup(t, func(cfg *console.Config) {
		cfg.Frame = func(w io.Writer, r *http.Request, p console.Page) error {
			if _, err := fmt.Fprintf(w, "<title>%s | Portal</title>%s<nav>%s</nav>%s %d", p.Title, p.Head, p.Identity.UserID, p.Body, p.Status); err != nil || !fail {
				return err
			}
			return errors.New("boom")
		}
	})
	w := b.page("admin", "GET", "/acme")
	mustContain(t, w.Body.String(), "<title>Acme CRM | Portal</title>", "<nav>user-7</nav>", `id="ic-settings"`, "console.")
	fail = true
	w = b.page("admin", "GET", "/acme")
	mustContain(t, w.Body.String(), "<!doctype html>", `id="ic-settings"`)
	mustNotContain(t, w.Body.String(), "Portal</title>", "boom")
}

func TestAPanicIsAClearAnswer(t *testing.T) {
	t.Parallel()
	b := setup(t, func(cfg *console.Config) {
		cfg.Describe = nil
		cfg.RemoteIP = func(*http.Request) string { panic("boom") }
	})
	w := b.page("admin", "POST", "/acme/pause")
	if w.Code != 500 {
		t.Errorf("page: %d", w.Code)
	}
	mustNotContain(t, w.Body.String(), "boom")
	p := wantProblem(t, b.ask("admin", "POST", "/api/integrations/acme/pause", ""), 500)
	if p.CorrelationID == "" || !strings.Contains(b.logs.String(), p.CorrelationID) {
		t.Errorf("no way to the log: %+v", p)
	}
}

func TestNoSecretLeavesAnywhere(t *testing.T) {
	t.Parallel()
	leaky := "The key " + otherKey + " and the key " + goodKey + " differ."
	for name, arrange := range map[string]func(*bench){
		"all is well": func(*bench) {},
		"texts of the plugin name the keys": func(b *bench) {
			b.vendor.prepareErr = &integration.Error{Kind: integration.Invalid, Title: leaky, Detail: leaky, Fix: leaky, Fields: integration.FieldErrors{"apiKey": {leaky}}}
			b.vendor.checkErr = &integration.Error{Kind: integration.VendorFault, Title: leaky, Detail: leaky, Fix: leaky, Cause: errors.New(leaky)}
		},
		"untyped errors": func(b *bench) { b.vendor.prepareErr, b.vendor.checkErr = errors.New(leaky), errors.New(leaky) },
		"the report names the keys": func(b *bench) {
			// The crawl makes the other key the stored one.
			leaky := "The key " + otherKey + " is refused."
			b.vendor.report.Items = []integration.CheckItem{{Name: leaky, State: "failed", Detail: leaky, Fix: leaky}}
		},
		"database is down": func(b *bench) { b.ledger.down = errors.New("connection refused") },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := setup(t).connected()
			arrange(b)
			check := func(what string, w *httptest.ResponseRecorder) {
				all := fmt.Sprint(w.Header()) + w.Body.String()
				for _, key := range []string{goodKey, otherKey} {
					if strings.Contains(all, key) {
						t.Errorf("%s shows a key:\n%s", what, all)
					}
				}
			}
			form := url.Values{"set.portalId": {"12345678"}, "set.apiKey": {otherKey}}
			for _, pg := range everyPage {
				if strings.HasSuffix(pg.path, "disconnect") && pg.method == "POST" {
					continue
				}
				if pg.method == "POST" {
					check(pg.path, b.post("admin", pagesPath+pg.path, form))
				} else {
					check(pg.path, b.page("admin", "GET", pg.path))
				}
			}
			for _, rt := range everyRoute {
				if rt.method == "DELETE" {
					continue
				}
				// Each request carries the other key, so that both are known to it.
				body := strings.Replace(rt.body, goodKey, otherKey, 1)
				if strings.HasPrefix(rt.method, "PUT") {
					body = `{"apiKey":"` + otherKey + `"}`
				} else if body == "" && rt.method == "POST" && !strings.HasSuffix(rt.path, "retry") {
					body = `{"apiKey":"` + otherKey + `"}`
				}
				for _, who := range []string{"admin", "user", "platform", ""} {
					check(rt.path, b.ask(who, rt.method, rt.path, body))
				}
				check(rt.path, b.ask("admin", "PUT", settingsPath, `{"apiKey":"`+otherKey+`","no":1}`))
			}
			mustNotContain(t, fmt.Sprintf("%+v", b.journal.all()), goodKey, otherKey)
			mustNotContain(t, b.logs.String(), goodKey, otherKey)
		})
	}
}
