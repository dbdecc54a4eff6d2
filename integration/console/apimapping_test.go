package console_test

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/memberpulse/hubspotplugin/integration"
)

const mappingPath = "/api/integrations/acme/property-mapping"

const newMap = `{"version":4,"rules":[
	{"object":"contact","field":"email","property":"email","policy":"ours","adoptedPolicy":"ours"},
	{"object":"contact","field":"firstName","property":"given_name","policy":"if-empty","adoptedPolicy":"on-create"},
	{"object":"contact","field":"birthday","property":""}]}`

func TestGetMapping(t *testing.T) {
	t.Parallel()
	b := setup(t).connected()
	w := b.ask("admin", "GET", mappingPath, "")
	doc := decode(t, w)
	if doc["version"] != 4.0 || w.Header().Get("ETag") != `"4"` || len(doc["rules"].([]any)) != 4 || len(doc["fields"].([]any)) != 5 || len(doc["properties"].([]any)) != 5 {
		t.Errorf("%v, ETag %s", doc, w.Header().Get("ETag"))
	}
	b.vendor.maps[tenantA] = integration.PropertyMapping{Notice: "Acme CRM does not answer; the key " + goodKey + "."}
	w = b.ask("impersonator", "GET", mappingPath, "")
	mustContain(t, w.Body.String(), `"rules":[]`, `"fields":[]`, `"properties":null`, "does not answer")
	b.vendor.mapErr = integration.ErrNotConnected
	wantProblem(t, b.ask("admin", "GET", mappingPath, ""), 409)
	b.vendor.mapErr = errors.New("dial tcp")
	wantProblem(t, b.ask("admin", "GET", mappingPath, ""), 503)
}

func TestPutMapping(t *testing.T) {
	t.Parallel()
	b := setup(t).connected()
	w := b.ask("admin", "PUT", mappingPath, newMap)
	doc := decode(t, w)
	if doc["version"] != 5.0 || w.Header().Get("ETag") != `"5"` || len(doc["rules"].([]any)) != 3 {
		t.Errorf("%v", doc)
	}
	m := b.vendor.mapOf(tenantA)
	if got := rule(m, "contact", "firstName"); m.Version != 5 || got.Property != "given_name" || got.Policy != integration.PolicyIfEmpty || got.AdoptedPolicy != integration.PolicyOnCreate {
		t.Errorf("%+v", m)
	}
	if got := rule(m, "contact", "birthday"); got.Policy != integration.PolicyOurs || got.AdoptedPolicy != integration.PolicyIfEmpty {
		t.Errorf("a line without policies: %+v", got)
	}
	r := b.journal.all()[1]
	want := map[string]integration.AuditChange{
		"contact.firstName": {Old: "firstname, ours, if-empty", New: "given_name, if-empty, on-create"},
		"contact.title":     {Old: "gone_property, on-create, on-create", New: "not sent"},
		"company.name":      {Old: "name, ours, if-empty", New: "not sent"},
	}
	if r.Action != "update" || r.ActorID != "user-7" || fmt.Sprint(r.Changes) != fmt.Sprint(want) {
		t.Errorf("%+v", r)
	}
	if b.vendor.mapOf(tenantB).Version != 4 {
		t.Error("another tenant's map changed")
	}
	// The version may be in If-Match alone; whoever is late changes nothing.
	body := strings.Replace(newMap, `"version":4,`, "", 1)
	wantProblem(t, b.ask("admin", "PUT", mappingPath, body, "If-Match", `"4"`), 412)
	wantProblem(t, b.ask("admin", "PUT", mappingPath, newMap), 412)
	if b.vendor.checked != 1 {
		t.Errorf("asked the vendor about what is stale: %d times", b.vendor.checked)
	}
	decode(t, b.ask("admin", "PUT", mappingPath, body, "If-Match", `"5"`))
	wantProblem(t, b.ask("admin", "PUT", mappingPath, newMap, "If-Match", `"6"`), 400)
}

func TestAMapIsStoredWholeOrNotAtAll(t *testing.T) {
	t.Parallel()
	boom := errors.New("boom")
	for name, tc := range map[string]struct {
		arrange func(*bench)
		status  int
	}{
		"the vendor refuses a line": {func(b *bench) { b.vendor.checkMap = integration.FieldErrors{"contact.firstName": {"It is read only."}} }, 422},
		"the vendor is down":        {func(b *bench) { b.vendor.checkMap = boom }, 502},
		"somebody was faster":       {func(b *bench) { b.vendor.setMap = integration.ErrStale }, 412},
		"our database":              {func(b *bench) { b.vendor.setMap = boom }, 503},
		"COMMIT":                    {func(b *bench) { b.ledger.failCommit = boom }, 503},
		"the audit log":             {func(b *bench) { b.journal.down = boom }, 503},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := setup(t).connected()
			tc.arrange(b)
			audits := len(b.journal.all())
			p := wantProblem(t, b.ask("admin", "PUT", mappingPath, newMap), tc.status)
			if tc.status == 422 && (len(p.Errors["contact.firstName"]) != 1 || p.Title != "Some lines of the map cannot be accepted.") {
				t.Errorf("%+v", p)
			}
			if b.vendor.mapOf(tenantA).Version != 4 || len(b.journal.all()) != audits {
				t.Error("something was stored")
			}
		})
	}
}

func TestAMapIsReadStrictly(t *testing.T) {
	t.Parallel()
	b := setup(t).connected()
	line := `{"object":"contact","field":"title","property":"jobtitle","policy":"ours","adoptedPolicy":"ours"}`
	for body, key := range map[string]string{
		`{"rules":[]}`:                                      "version",
		`{"version":"x","rules":[]}`:                        "version",
		`{"version":4}`:                                     "rules",
		`{"version":4,"rules":{}}`:                          "rules",
		`{"version":4,"rules":["a"]}`:                       "rules",
		`{"version":4,"rules":[],"colour":"red"}`:           "colour",
		`{"version":4,"rules":[` + line + `,` + line + `]}`: "contact.title",
		`{"version":4,"rules":[` + strings.Replace(line, `"property"`, `"Property"`, 1) + `]}`:           "rules[0].Property",
		`{"version":4,"rules":[` + strings.Replace(line, `"jobtitle"`, `7`, 1) + `]}`:                    "rules[0].property",
		`{"version":4,"rules":[` + strings.Replace(line, `"ours",`, `"theirs",`, 1) + `]}`:               "contact.title",
		`{"version":4,"rules":[` + strings.Replace(line, `"policy":"ours",`, ``, 1) + `]}`:               "contact.title",
		`{"version":4,"rules":[` + strings.Replace(line, `"title"`, `"a b"`, 1) + `]}`:                   "rules[0].field",
		`{"version":4,"rules":[` + strings.Replace(line, `jobtitle`, strings.Repeat("x", 256), 1) + `]}`: "contact.title",
		`{"version":4,"rules":[` + strings.Replace(line, `jobtitle`, `a\u0000b`, 1) + `]}`:               "contact.title",
	} {
		p := wantProblem(t, b.ask("admin", "PUT", mappingPath, body), 422)
		if len(p.Errors[key]) == 0 {
			t.Errorf("%s: %v", body, p.Errors)
		}
	}
	for _, body := range []string{`{`, `[]`, `{"version":4,"rules":[{"object":"a","object":"b"}]}`, `{"version":4,"version":4,"rules":[]}`} {
		wantProblem(t, b.ask("admin", "PUT", mappingPath, body), 400)
	}
	wantProblem(t, b.ask("admin", "PUT", mappingPath, newMap, "Content-Type", "text/plain"), 415)
	body := &endless{}
	r := httptest.NewRequest("PUT", mappingPath, body)
	r.Header.Set("Content-Type", "application/json")
	as(r, "admin")
	w := httptest.NewRecorder()
	b.console.Handler().ServeHTTP(w, r)
	wantProblem(t, w, http.StatusRequestEntityTooLarge)
	if b.vendor.checked != 0 || b.vendor.mapOf(tenantA).Version != 4 {
		t.Errorf("asked the vendor %d times", b.vendor.checked)
	}
}

func TestCheckingAMapIsPaced(t *testing.T) {
	t.Parallel()
	b := setup(t).connected()
	b.vendor.checkMap = integration.FieldErrors{"contact.firstName": {"No."}}
	for range 29 { // connecting was the first
		wantProblem(t, b.ask("admin", "PUT", mappingPath, newMap), 422)
	}
	wantProblem(t, b.ask("admin", "PUT", mappingPath, newMap), 429)
	wantProblem(t, b.ask("admin", "GET", mappingPath, ""), 429)
	if w := b.page("admin", "POST", "/acme/property-mapping"); w.Code != 429 || b.vendor.checked != 29 {
		t.Errorf("%d, asked the vendor %d times", w.Code, b.vendor.checked)
	}
	b.clock.add(time.Minute)
	decode(t, b.ask("admin", "GET", mappingPath, ""))
}
