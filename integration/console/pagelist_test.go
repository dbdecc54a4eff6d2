package console_test

import "testing"

func TestTheList(t *testing.T) {
	t.Parallel()
	b := setup(t)
	page := b.page("user", "GET", "").Body.String()
	mustContain(t, page, "CRM</h2>", `href="/settings/integrations/acme"`, "Keeps contacts in step with members.", "Not connected", `href="/settings/integrations/plain"`)
	b.connected()
	mustContain(t, b.page("user", "GET", "").Body.String(), "Live. Everything is in Acme CRM.")
	w := b.page("user", "GET", "/")
	if w.Code != 301 || w.Header().Get("Location") != pagesPath {
		t.Errorf("%d to %q", w.Code, w.Header().Get("Location"))
	}
}
