package words_test

import (
	"strings"
	"testing"

	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/words"
)

// What befalls events is told of events, and with a way out where there is one.
func TestWordsOfEvents(t *testing.T) {
	t.Parallel()
	for _, entity := range []string{"event", "attendance", "custom-event"} {
		for _, c := range []string{"awaits-event", "event-over", "event-gone", "event-left-out", "no-show-kept", "plan-missing", "scope-missing",
			"definition-gone", "invalid-pair", "switched-off", "refused", "unconfirmed", "awaits-contact", "no-contact", "deleted-in-hubspot", "member-deleted"} {
			title, meaning, fix, known := words.WordsOf(entity, c)
			if !known || title == "" || meaning == "" || fix == "" || strings.Contains(title+meaning+fix, "note ") {
				t.Errorf("%s of %s: %q %q %q", c, entity, title, meaning, fix)
			}
		}
		for _, c := range []string{"plan-missing", "scope-missing"} {
			if _, meaning, fix, _ := words.WordsOf(entity, c); !strings.Contains(meaning, "Everything else goes on") || !strings.Contains(fix, "switch this part off") {
				t.Errorf("%s of %s: %q %q", c, entity, meaning, fix)
			}
		}
	}
	if title, _, _, _ := words.WordsOf("event", "refused"); title != "HubSpot refused the marketing event" {
		t.Errorf("title %q", title)
	}
	if _, meaning, _, _ := words.WordsOf("contact", "scope-missing"); strings.Contains(meaning, "Everything else goes on") {
		t.Errorf("of a contact: %q", meaning)
	}
}
