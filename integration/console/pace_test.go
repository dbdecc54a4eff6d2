package console_test

import (
	"testing"
	"time"

	"github.com/memberpulse/hubspotplugin/integration/console"
)

func TestTheVendorIsNotAskedTooOften(t *testing.T) {
	t.Parallel()
	b := setup(t, func(cfg *console.Config) { cfg.VendorCallsPerMinute = 3 })
	body := `{"portalId":"1","apiKey":"` + goodKey + `"}`
	for range 3 {
		decode(t, b.ask("admin", "POST", testPath, body))
	}
	b.clock.add(10 * time.Second)
	w := b.ask("admin", "POST", connectPath, body)
	p := wantProblem(t, w, 429)
	if p.RetryAt == nil || w.Header().Get("Retry-After") != "50" || b.vendor.prepares != 0 {
		t.Errorf("%+v, Retry-After %q, prepared %d", p, w.Header().Get("Retry-After"), b.vendor.prepares)
	}
	// Another tenant is not affected; a minute later the first goes on.
	decode(t, b.ask("adminB", "POST", testPath, body))
	b.clock.add(50 * time.Second)
	decode(t, b.ask("admin", "POST", connectPath, body))
}
