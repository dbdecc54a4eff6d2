package console_test

import (
	"fmt"
	"net/url"
	"testing"

	"github.com/memberpulse/hubspotplugin/integration"
)

func TestTheSettingsPage(t *testing.T) {
	t.Parallel()
	b := setup(t)
	// Before connecting the settings are on the overview.
	if w := b.page("admin", "GET", "/acme/settings"); w.Code != 303 || w.Header().Get("Location") != acmePage {
		t.Errorf("%d to %s", w.Code, w.Header().Get("Location"))
	}
	if w := b.page("admin", "GET", "/plain/settings"); w.Code != 303 {
		t.Errorf("plain: %d", w.Code)
	}
	mustNotContain(t, b.page("admin", "GET", "/acme").Body.String(), "/acme/settings\"")
	b.connected()
	page := b.page("admin", "GET", "/acme/settings").Body.String()
	mustContain(t, page, `aria-current="page">Settings</a>`, `<h3 id="section-account">Account</h3>`, `aria-labelledby="section-what"`, "Save settings", "Test connection", "ic-sticky")
	mustNotContain(t, page, "ic-jump", "Disconnect")
	mustNotContain(t, b.page("admin", "GET", "/acme").Body.String(), "Save settings", `name="set.`)
	mustNotContain(t, b.page("user", "GET", "/acme").Body.String(), `href="/settings/integrations/acme/settings"`)
	for path, want := range map[string]string{"/acme/test": acmePage + "/settings", "/acme/connect": acmePage + "/settings", "/acme/pause": acmePage} {
		if w := b.page("admin", "GET", path); w.Header().Get("Location") != want {
			t.Errorf("%s: to %s", path, w.Header().Get("Location"))
		}
	}
}

func TestManySectionsHaveAWayToEach(t *testing.T) {
	t.Parallel()
	b := setup(t)
	for i := range 6 {
		b.vendor.spec.Schema.Sections = append(b.vendor.spec.Schema.Sections, integration.Section{Key: fmt.Sprintf("s%d", i), Title: fmt.Sprintf("Part %d", i),
			Fields: []integration.Field{{Key: fmt.Sprintf("f%d", i), Label: "F", Type: integration.TypeText, Check: digits}}})
	}
	b.connected()
	page := b.page("admin", "GET", "/acme/settings").Body.String()
	mustContain(t, page, `aria-label="Sections of the settings"`, `<a href="#section-s5">Part 5</a>`, `<h3 id="section-s5">Part 5</h3>`)
	w := b.post("admin", acmePage+"/settings", url.Values{"set.f3": {"x"}, "set.f4": {"12"}})
	if w.Code != 422 {
		t.Fatalf("%d", w.Code)
	}
	mustContain(t, between(w.Body.String(), "#section-s3", "</li>"), "1 to correct")
	mustNotContain(t, between(w.Body.String(), "#section-s4", "</li>"), "to correct")
	mustContain(t, w.Body.String(), `aria-current="page">Settings</a>`, `value="12"`)
}
