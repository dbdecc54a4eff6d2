package console_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/memberpulse/hubspotplugin/integration"
	"github.com/memberpulse/hubspotplugin/integration/console"
	"net/http"
)

func TestAuditRecords(t *testing.T) {
	t.Parallel()
	b := setup(t, func(cfg *console.Config) { cfg.RemoteIP = func(*http.Request) string { return "203.0.113.9" } }).connected()
	decode(t, b.ask("admin", "PUT", settingsPath, `{"portalId":"99","apiKey":"`+otherKey+`"}`, "User-Agent", strings.Repeat("ü", 200)))
	all := b.journal.all()
	if len(all) != 2 {
		t.Fatalf("%v", b.journal.actions())
	}
	first, second := all[0], all[1]
	if first.Action != "connect" || first.ClientID != tenantA || first.Integration != "acme" || first.ActorID != "user-7" || first.IPAddress != "203.0.113.9" || !first.At.Equal(noon) {
		t.Errorf("%+v", first)
	}
	want := map[string]integration.AuditChange{
		"portalId": {Old: "12345678", New: "99"},
		"apiKey":   {Old: integration.NewSecret(goodKey).Fingerprint(), New: integration.NewSecret(otherKey).Fingerprint()},
	}
	if second.Action != "update" || fmt.Sprint(second.Changes) != fmt.Sprint(want) {
		t.Errorf("%+v", second)
	}
	if len(second.UserAgent) > 255 || !strings.HasPrefix(second.UserAgent, "ü") {
		t.Errorf("user agent of %d bytes", len(second.UserAgent))
	}
	decode(t, b.ask("impersonator", "POST", "/api/integrations/acme/pause", ""))
	if r := b.journal.all()[2]; r.ImpersonatorID != "platform-1" || r.ActorID != "user-7" || r.Action != "pause" {
		t.Errorf("%+v", r)
	}
}

func TestDiagnosingIsRecordedBeforeAnythingIsShown(t *testing.T) {
	t.Parallel()
	b := setup(t).connected()
	b.clock.add(time.Minute)
	doc := decode(t, b.ask("platform", "GET", "/api/admin/integrations/acme/"+tenantA+"/status", ""))
	if doc["connected"] != true {
		t.Errorf("%v", doc)
	}
	r := b.journal.all()[1]
	if r.Action != "diagnose" || r.ClientID != tenantA || r.ActorID != "user-7" {
		t.Errorf("%+v", r)
	}
	b.journal.down = fmt.Errorf("no room")
	w := b.ask("platform", "GET", "/api/admin/integrations/acme/"+tenantA+"/status", "")
	wantProblem(t, w, 503)
	mustNotContain(t, w.Body.String(), "healthy")
	b.journal.down = nil
	for _, id := range []string{"nonsense", strings.ToUpper(tenantA), "'; drop table"} {
		wantProblem(t, b.ask("platform", "GET", "/api/admin/integrations/acme/"+strings.ReplaceAll(id, " ", "%20")+"/status", ""), 404)
	}
}
