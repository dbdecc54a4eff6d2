package console_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/memberpulse/hubspotplugin/integration"
	"github.com/memberpulse/hubspotplugin/integration/console"
)

func TestConfigMistakesAreToldAtOnce(t *testing.T) {
	t.Parallel()
	registry, err := integration.NewRegistry(bare{integration.Spec{ID: "odd", Name: "Odd", Schema: integration.Schema{Sections: []integration.Section{
		{Fields: []integration.Field{{Key: "version", Label: "Version", Type: integration.TypeText}}}}}}})
	if err != nil {
		t.Fatal(err)
	}
	_, err = console.New(console.Config{Registry: registry, BasePath: "settings/", MaxBody: -1})
	if err == nil {
		t.Fatal("accepted")
	}
	mustContain(t, err.Error(), "Settings is missing", "Audit is missing", "DB is missing", "Identify is missing", "BasePath", "MaxBody", `"version" is the console's own`)
	mustNotContain(t, err.Error(), "Registry is missing")
}

func TestMountLeavesRoomForMoreSpecificPatterns(t *testing.T) {
	t.Parallel()
	b := setup(t, func(cfg *console.Config) { cfg.BasePath = "/portal/settings/integrations" })
	mux := http.NewServeMux()
	mux.HandleFunc("POST /api/integrations/acme/webhooks/{connection}", func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(http.StatusTeapot) })
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(http.StatusGone) })
	b.console.Mount(mux)
	for target, want := range map[string]int{
		"POST /api/integrations/acme/webhooks/1": http.StatusTeapot, "GET /": http.StatusGone, "GET /api/other": http.StatusGone,
		"GET /api/integrations/acme/status": 200, "GET /portal/settings/integrations": 200, "GET /portal/settings/integrations/acme": 200,
	} {
		method, path, _ := strings.Cut(target, " ")
		r := httptest.NewRequest(method, path, http.NoBody)
		as(r, "admin")
		w := httptest.NewRecorder()
		mux.ServeHTTP(w, r)
		if w.Code != want {
			t.Errorf("%s: %d, want %d", target, w.Code, want)
		}
	}
}

func TestTwoConsolesInOneProcess(t *testing.T) {
	t.Parallel()
	a, b := setup(t).connected(), setup(t)
	if a.vendor.isLive(tenantA) == b.vendor.isLive(tenantA) {
		t.Error("consoles share state")
	}
}
