package console_test

import (
	"strings"
	"testing"
)

func TestEveryRoleGetsItsOwnSentence(t *testing.T) {
	t.Parallel()
	b := setup(t).connected()
	for _, tc := range []struct{ who, path, says string }{
		{"member", "/api/integrations/acme/status", "Your role does not include integrations."},
		{"sponsor", "/api/integrations/acme/status", "Your role does not include integrations."},
		{"user", "/api/integrations/acme/settings", "You may see the status, the tags and the sync log."},
		{"platform", "/api/integrations/acme/status", "A platform administrator does not act"},
		{"admin", "/api/admin/integrations/acme/" + tenantA + "/status", "Only platform administrators"},
	} {
		p := wantProblem(t, b.ask(tc.who, "GET", tc.path, ""), 403)
		mustContain(t, p.Detail, tc.says)
		if !strings.HasPrefix(p.Type, "urn:memberpulse:problem:") {
			t.Errorf("type %q", p.Type)
		}
	}
	p := wantProblem(t, b.ask("impersonator", "PUT", settingsPath, `{}`), 403)
	mustContain(t, p.Detail, "You are acting for another person.")
}

func TestProblemsTellNothingOfTheRequest(t *testing.T) {
	t.Parallel()
	b := setup(t)
	first := b.ask("admin", "GET", "/api/integrations/nosuch/status", "")
	second := b.ask("admin", "GET", "/api/integrations/acme/nothing", "")
	wantProblem(t, first, 404)
	if first.Body.String() != second.Body.String() {
		t.Errorf("%s\n%s", first.Body, second.Body)
	}
}
