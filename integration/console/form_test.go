package console_test

import (
	"net/http/httptest"
	"net/url"
	"testing"
)

func TestForms(t *testing.T) {
	t.Parallel()
	b := setup(t).connected()
	same := []string{"Sec-Fetch-Site", "same-origin"}
	if w := b.ask("admin", "POST", acmePage+"/pause", `{}`, same...); w.Code != 415 {
		t.Errorf("JSON: %d", w.Code)
	}
	if w := b.ask("admin", "POST", acmePage+"/pause", `a=%zz`, append([]string{"Content-Type", "application/x-www-form-urlencoded"}, same...)...); w.Code != 400 {
		t.Errorf("damaged: %d", w.Code)
	}
	if w := b.post("admin", acmePage+"/settings", url.Values{"version": {"x"}}); w.Code != 412 {
		t.Errorf("version: %d", w.Code)
	}
	for _, declared := range []bool{true, false} {
		body := &endless{}
		r := httptest.NewRequest("POST", acmePage+"/settings", body)
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Sec-Fetch-Site", "same-origin")
		as(r, "admin")
		if declared {
			r.ContentLength = 10 << 20
		}
		w := httptest.NewRecorder()
		b.console.Handler().ServeHTTP(w, r)
		if w.Code != 413 || body.read > 256<<10 {
			t.Errorf("%d after %d bytes", w.Code, body.read)
		}
	}
	// Fields without the prefix are not settings, and settings in the address
	// are not either.
	w := b.post("admin", acmePage+"/settings?set.portalId=999", url.Values{"portalId": {"888"}, "set.gone": {"archive"}})
	if s := b.drawer.get(tenantA).Settings; w.Code != 303 || s.Text("portalId") != "12345678" || s.Text("gone") != "archive" {
		t.Errorf("%d: %v", w.Code, s.Plain())
	}
	// An unknown setting is named.
	w = b.post("admin", acmePage+"/settings", url.Values{"set.colour": {"red"}})
	if w.Code != 422 {
		t.Errorf("unknown: %d", w.Code)
	}
	mustContain(t, w.Body.String(), "colour", "There is no setting of this name.")
}
