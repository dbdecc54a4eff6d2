package words_test

import (
	"regexp"
	"strings"
	"testing"

	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/kinds"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/words"
)

// What can befall a company is told of companies and organizations.
func TestWordsFitTheTypeOfRecord(t *testing.T) {
	t.Parallel()
	person := regexp.MustCompile(`(?i)\b(contacts?|members?)\b`)
	befall := []string{
		"deleted-in-hubspot", "no-name", "member-deleted", "archived", "collision", "merged", "unknown-value", "refused", "bug",
		"conflict", "locked", "unconfirmed", "host", "portal-rule", "match-search", "match-needed",
		"INVALID_OPTION", "INVALID_DATE", "READ_ONLY_VALUE", "MISSING_REQUIRED_PROPERTY", "MISSING_CONDITIONAL_REQUIRED_PROPERTY",
		"CONFLICTING_UNIQUE_VALUE", "A_NEW_WORD_OF_HUBSPOT",
	}
	for _, c := range befall {
		title, meaning, fix, _ := words.WordsOf("company", c)
		if all := title + " " + meaning + " " + fix; person.MatchString(all) {
			t.Errorf("%s says of a company: %s", c, all)
		}
	}
	for _, entity := range append(kinds.AllEntityTypes(), "") {
		for _, c := range codesOf(t) {
			title, meaning, fix, _ := words.WordsOf(entity, c)
			if strings.ContainsAny(title+meaning+fix, "{}") {
				t.Errorf("%s of %q: a noun is missing: %s %s %s", c, entity, title, meaning, fix)
			}
		}
	}
	if title, _, _, _ := words.WordsOf("contact", "deleted-in-hubspot"); title != "Deleted in HubSpot" {
		t.Errorf("title %q", title)
	}
	if _, meaning, _, _ := words.WordsOf("contact", "deleted-in-hubspot"); !strings.Contains(meaning, "this contact") {
		t.Errorf("meaning %q", meaning)
	}
	if title, meaning, _, _ := words.WordsOf("company", "merged", "name"); title != "Two organizations, one company: name" || !strings.Contains(meaning, "organization") {
		t.Errorf("%q %q", title, meaning)
	}
	if title, _, _, known := words.WordsOf("association", "association-labelled"); !known || !strings.Contains(title, "label") {
		t.Errorf("title %q", title)
	}
}
