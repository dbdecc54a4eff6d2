package console_test

import (
	"testing"

	"github.com/memberpulse/hubspotplugin/integration"
)

func TestAShortSecretGivesNoHint(t *testing.T) {
	t.Parallel()
	b := setup(t)
	w := b.ask("admin", "PUT", settingsPath, `{"portalId":"1","apiKey":"short-key"}`)
	key := decode(t, w)["apiKey"].(map[string]any)
	if key["set"] != true || key["hint"] != nil || key["fingerprint"] == "" {
		t.Errorf("%v", key)
	}
	mustNotContain(t, w.Body.String(), "short-key")
}

func TestTheNumbersOfAStatusArriveAsTheyAre(t *testing.T) {
	t.Parallel()
	b := setup(t).connected()
	b.vendor.status.Errors = []integration.StatusError{{Type: "contact_sync", Message: "Refused.", Timestamp: noon}}
	b.vendor.status.PendingSyncs, b.vendor.status.FailedSyncs = 4, 3
	doc := decode(t, b.ask("user", "GET", "/api/integrations/acme/status", ""))
	members := doc["members"].(map[string]any)
	if members["total"] != 250.0 || members["inSync"] != 240.0 || members["notIncluded"] != 5.0 || members["needsAttention"] != 3.0 || members["waiting"] != 2.0 {
		t.Errorf("%v", members)
	}
	if doc["pendingSyncs"] != 4.0 || doc["failedSyncs"] != 3.0 || len(doc["errors"].([]any)) != 1 {
		t.Errorf("%v", doc)
	}
	if incidents, ok := doc["incidents"].([]any); !ok || len(incidents) != 0 {
		t.Errorf("no incidents are an empty list, not %v", doc["incidents"])
	}
}
