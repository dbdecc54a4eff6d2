package words_test

import (
	"strings"
	"testing"

	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/kinds"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/verdict"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/words"
)

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
