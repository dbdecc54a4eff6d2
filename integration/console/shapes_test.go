package console_test

import (
	"testing"

	"github.com/memberpulse/hubspotplugin/integration"
	"github.com/memberpulse/hubspotplugin/integration/console"
)

func TestStatesDifferInWordAndShape(t *testing.T) {
	t.Parallel()
	groups := [][]any{
		{integration.SyncSynced, integration.SyncFailed, integration.SyncPending, integration.SyncExcluded},
		{"ok", "failed", "missing", "unknown", "skipped"},
	}
	for _, states := range groups {
		seen := map[string]any{}
		for _, s := range states {
			drawing, word := console.StateShape(s)
			if drawing == "" || word == "" {
				t.Errorf("%v has no shape or word", s)
			}
			for _, mark := range []string{string(drawing), word} {
				if other, twice := seen[mark]; twice {
					t.Errorf("%v looks like %v", s, other)
				}
				seen[mark] = s
			}
		}
	}
	if _, word := console.StateShape("new-word"); word != "new-word" {
		t.Errorf("an unknown state is called %q", word)
	}
	for _, shape := range []string{"ok", "degraded", "failing", "paused", "off"} {
		if console.Icon(shape) == "" {
			t.Errorf("no drawing for health %s", shape)
		}
	}
}
