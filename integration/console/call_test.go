package console_test

import (
	"errors"
	"net/http"
	"testing"
	"time"

	"github.com/memberpulse/hubspotplugin/integration"
	"github.com/memberpulse/hubspotplugin/integration/console"
)

func TestIdentities(t *testing.T) {
	t.Parallel()
	var who integration.Identity
	var err error
	b := setup(t, func(cfg *console.Config) {
		cfg.Identify = func(*http.Request) (integration.Identity, error) { return who, err }
		cfg.SignInPath = "/sign-in"
	})
	for name, tc := range map[string]struct {
		who    integration.Identity
		err    error
		status int
	}{
		"no role":                   {integration.Identity{UserID: "u", ClientID: tenantA}, nil, 401},
		"no session":                {integration.Identity{Role: integration.RoleClientAdmin, ClientID: tenantA}, errors.New("no cookie"), 401},
		"unknown role":              {integration.Identity{Role: "ROLE_KING", ClientID: tenantA}, nil, 403},
		"admin without a tenant":    {integration.Identity{Role: integration.RoleClientAdmin}, nil, 403},
		"the session store is down": {integration.Identity{}, &integration.Error{Kind: integration.StoreFault, Title: "Our database does not answer.", Detail: "d", Fix: "f"}, 503},
	} {
		who, err = tc.who, tc.err
		wantProblem(t, b.ask("", "GET", "/api/integrations/acme/status", ""), tc.status)
		w := b.page("", "GET", "/acme")
		if w.Code != tc.status {
			t.Errorf("%s: %d", name, w.Code)
		}
		mustNotContain(t, w.Body.String(), "no cookie")
		if tc.status == 401 {
			mustContain(t, w.Body.String(), `href="/sign-in"`)
		}
	}
}

func TestARequestHasADeadline(t *testing.T) {
	t.Parallel()
	b := setup(t, func(cfg *console.Config) { cfg.Timeout = time.Nanosecond })
	p := wantProblem(t, b.ask("admin", "POST", connectPath, `{"portalId":"1","apiKey":"`+goodKey+`"}`), http.StatusServiceUnavailable)
	mustContain(t, p.Title, "database")
	if b.vendor.isLive(tenantA) {
		t.Error("connected after the deadline")
	}
}
