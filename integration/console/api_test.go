package console_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
)

// everyRoute is the API with what each role gets. Roles that are not named get
// 403.
var everyRoute = []struct {
	method, path, body string
	may                string
	status             int
}{
	{"POST", "/api/integrations/acme/connect", `{"portalId":"12345678","apiKey":"` + goodKey + `"}`, "admin", 200},
	{"DELETE", "/api/integrations/acme/connect", "", "admin", 200},
	{"POST", "/api/integrations/acme/test", "", "admin impersonator", 200},
	{"GET", "/api/integrations/acme/status", "", "admin impersonator user", 200},
	{"GET", "/api/integrations/acme/settings", "", "admin impersonator", 200},
	{"PUT", "/api/integrations/acme/settings", `{"syncContacts":false}`, "admin", 200},
	{"POST", "/api/integrations/acme/sync", "", "admin", 202},
	{"GET", "/api/integrations/acme/sync", "", "admin impersonator user", 200},
	{"GET", "/api/integrations/acme/sync-log", "", "admin impersonator user", 200},
	{"GET", "/api/integrations/acme/sync-log/" + oursID, "", "admin impersonator user", 200},
	{"POST", "/api/integrations/acme/sync-log/" + oursID + "/retry", "", "admin impersonator", 202},
	{"POST", "/api/integrations/acme/retry", "", "admin impersonator", 202},
	{"POST", "/api/integrations/acme/pause", "", "admin impersonator", 200},
	{"POST", "/api/integrations/acme/resume", "", "admin impersonator", 200},
	{"POST", "/api/integrations/acme/recheck", "", "admin impersonator", 200},
	{"GET", mappingPath, "", "admin impersonator", 200},
	{"PUT", mappingPath, newMap, "admin", 200},
	{"GET", matchingPath, "", "admin impersonator", 200},
	{"POST", matchingPath, decideBoth, "admin", 200},
	{"GET", tagsPath, "", "admin impersonator user", 200},
	{"POST", confirmPath, `{"history":true}`, "admin", 200},
	{"GET", memberPath, "", "admin impersonator", 200},
	{"PUT", handPath, byHand, "admin", 200},
	{"GET", "/api/admin/integrations/acme/" + tenantA + "/status", "", "platform", 200},
}

func TestEveryRouteForEveryRole(t *testing.T) {
	t.Parallel()
	for _, rt := range everyRoute {
		t.Run(rt.method+" "+rt.path, func(t *testing.T) {
			t.Parallel()
			refused := setup(t).connected() // nothing changes here
			before := len(refused.journal.all())
			wantProblem(t, refused.ask("", rt.method, rt.path, rt.body), http.StatusUnauthorized)
			for _, who := range everyone {
				if slices.Contains(strings.Fields(rt.may), who) {
					continue
				}
				p := wantProblem(t, refused.ask(who, rt.method, rt.path, rt.body), http.StatusForbidden)
				if !strings.HasSuffix(p.Detail, ".") {
					t.Errorf("%s gets no sentence: %q", who, p.Detail)
				}
			}
			if got := len(refused.journal.all()); got != before {
				t.Errorf("refused requests left %d audit records", got-before)
			}
			for _, who := range strings.Fields(rt.may) {
				b := setup(t).connected()
				before := len(b.journal.all())
				if w := b.ask(who, rt.method, rt.path, rt.body); w.Code != rt.status {
					t.Fatalf("%s: status %d, want %d: %s", who, w.Code, rt.status, w.Body)
				}
				want := 0
				if rt.method != "GET" || who == "platform" {
					want = 1
				}
				if got := len(b.journal.all()) - before; got != want {
					t.Errorf("%s: %d audit records, want %d", who, got, want)
				}
			}
		})
	}
}

var everyone = []string{"admin", "impersonator", "user", "member", "sponsor", "sponsorUser", "platform"}

func TestForeignIDsAnswerAsUnknownOnes(t *testing.T) {
	t.Parallel()
	b := setup(t).connected()
	for _, rt := range []struct{ method, path string }{
		{"GET", "/api/integrations/acme/sync-log/%s"},
		{"POST", "/api/integrations/acme/sync-log/%s/retry"},
	} {
		foreign := b.ask("admin", rt.method, fmt.Sprintf(rt.path, theirsID), "")
		unknown := b.ask("admin", rt.method, fmt.Sprintf(rt.path, noSuchID), "")
		wantProblem(t, foreign, http.StatusNotFound)
		if foreign.Body.String() != unknown.Body.String() {
			t.Errorf("%s: foreign %s, unknown %s", rt.path, foreign.Body, unknown.Body)
		}
	}
	if len(b.vendor.retried) != 0 {
		t.Errorf("retried %v", b.vendor.retried)
	}
}

func TestTheTenantIsTheIdentitysOwn(t *testing.T) {
	t.Parallel()
	b := setup(t).connected()
	for _, rt := range everyRoute {
		if strings.HasPrefix(rt.path, "/api/admin/") {
			continue
		}
		w := b.ask("adminB", rt.method, rt.path+"?clientId="+tenantA+"&client_id="+tenantA, rt.body)
		mustNotContain(t, w.Body.String(), tenantA, oursID, "12345678XX")
	}
	if !b.vendor.isLive(tenantA) || b.vendor.liveOf(tenantA).Secret("apiKey").Reveal() != goodKey {
		t.Error("tenant B changed tenant A's connection")
	}
	if b.vendor.pausedOf()[tenantA] {
		t.Error("tenant B paused tenant A")
	}
	if got := b.drawer.get(tenantA).Version; got != 1 {
		t.Errorf("tenant A's settings are at version %d", got)
	}
}

func TestWhatAPluginCannotDoIsNotThere(t *testing.T) {
	t.Parallel()
	b := setup(t)
	for _, rt := range everyRoute {
		who := strings.Fields(rt.may)[0]
		path := strings.Replace(rt.path, "/acme/", "/plain/", 1)
		w := b.ask(who, rt.method, path, "")
		if strings.HasSuffix(path, "/settings") {
			decode(t, w)
			continue
		}
		wantProblem(t, w, http.StatusNotFound)
		wantProblem(t, b.ask(who, rt.method, strings.Replace(rt.path, "/acme/", "/nosuch/", 1), ""), http.StatusNotFound)
	}
}

func TestMethodsAndPaths(t *testing.T) {
	t.Parallel()
	b := setup(t).connected()
	for path, allow := range map[string]string{
		"/api/integrations/acme/connect":                      "DELETE, POST",
		"/api/integrations/acme/settings":                     "GET, HEAD, PUT",
		"/api/integrations/acme/sync":                         "GET, HEAD, POST",
		"/api/integrations/acme/pause":                        "POST",
		"/api/admin/integrations/acme/" + tenantA + "/status": "GET, HEAD",
	} {
		w := b.ask("admin", "PATCH", path, "")
		wantProblem(t, w, http.StatusMethodNotAllowed)
		if got := w.Header().Get("Allow"); got != allow {
			t.Errorf("%s: Allow %q, want %q", path, got, allow)
		}
	}
	for _, path := range []string{"/api/integrations/", "/api/integrations/acme", "/api/integrations/acme/", "/api/integrations/acme/nothing", "/api/admin/integrations/acme"} {
		wantProblem(t, b.ask("admin", "GET", path, ""), http.StatusNotFound)
		wantProblem(t, b.ask("", "GET", path, ""), http.StatusUnauthorized)
	}
	if w := b.ask("user", "HEAD", "/api/integrations/acme/status", ""); w.Code != 200 {
		t.Errorf("HEAD: %d", w.Code)
	}
}
