package words_test

import (
	"strings"
	"testing"

	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/words"
)

// A ticket's note follows a member who gets a contact; an activity of before is
// not told then. What is said of the two must not promise the other.
func TestWordsPromiseWhatBecomesOfTicketsAndActivities(t *testing.T) {
	t.Parallel()
	for _, c := range []string{"member-pending", "no-email", "status-left-out", "plan-left-out", "deleted-in-hubspot", "no-contact", "not-a-member"} {
		_, meaning, fix, _ := words.WordsOf("note", c)
		if !strings.Contains(fix, "by itself") {
			t.Errorf("%s does not say that a ticket's note follows: %s", c, fix)
		}
		_, ofActivity, said, _ := words.WordsOf("activity", c)
		if strings.Contains(said, "by itself") || strings.Contains(strings.ToLower(said), "ticket") || !strings.Contains(said, "from then on") {
			t.Errorf("%s promises that an activity is told later: %s", c, said)
		}
		for _, m := range []string{meaning, ofActivity} {
			if strings.Contains(m, "left deleted") || !strings.Contains(m, "note") && !strings.Contains(m, "shown") {
				t.Errorf("%s is not about a note: %s", c, m)
			}
		}
	}
}
