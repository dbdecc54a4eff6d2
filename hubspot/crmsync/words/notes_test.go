package words_test

import (
	"strings"
	"testing"

	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/kinds"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/verdict"
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

// What a person deleted is not made again. The note of a ticket is written again
// where it was restored; an activity is told once, so nothing is offered.
func TestADeletedNoteIsSaidByItsType(t *testing.T) {
	t.Parallel()
	for entity, again := range map[string]bool{kinds.EntityActivity: false, kinds.EntityNote: true} {
		told := words.Tell(verdict.NoteDeleted, entity, nil)
		if !strings.Contains(told.Meaning, "not made again") || !strings.Contains(told.Fix, "restore it in HubSpot within 90 days") {
			t.Errorf("%s: %+v", entity, told)
		}
		if offered := told.Action == "retry"; offered != again || strings.Contains(told.Fix, "Retry") != again {
			t.Errorf("%s: a retry is offered: %v, and said: %q", entity, offered, told.Fix)
		}
	}
}

// What an activity's note waits for is not said in a ticket's words: nothing of
// before is told when a contact is there.
func TestActivitiesHaveWordsOfTheirOwn(t *testing.T) {
	t.Parallel()
	for _, code := range []verdict.Code{verdict.NoContact, verdict.DeletedInHubSpot} {
		of, about := words.Tell(code, kinds.EntityActivity, nil), words.Tell(code, kinds.EntityNote, nil)
		if of.Fix == about.Fix || strings.Contains(of.Fix, "ticket") {
			t.Errorf("%s: %q", code, of.Fix)
		}
	}
}
