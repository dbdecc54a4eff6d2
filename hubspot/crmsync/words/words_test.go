package words_test

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/kinds"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/words"
)

func TestEveryCodeHasWords(t *testing.T) {
	t.Parallel()
	codes := codesOf(t)
	if len(codes) < 20 {
		t.Fatalf("found only %d codes", len(codes))
	}
	for _, c := range codes {
		said := false
		for _, entity := range kinds.AllEntityTypes() {
			title, meaning, fix, known := words.WordsOf(entity, c)
			said = said || known
			if title == "" || meaning == "" || fix == "" {
				t.Errorf("code %q has not all words about a %s", c, entity)
			}
		}
		if !said {
			t.Errorf("code %q has no words", c)
		}
	}
	title, _, fix, _ := words.Words("SOMETHING_NEW", "jobtitle")
	if !strings.Contains(title, "jobtitle") || fix == "" {
		t.Errorf("a code of HubSpot's that we do not know: %q %q", title, fix)
	}
}

func TestCodesOfNotesHaveWords(t *testing.T) {
	t.Parallel()
	for _, c := range words.WordsOfNotes() {
		for _, entity := range []string{"activity", "note"} {
			title, meaning, fix, known := words.WordsOf(entity, c)
			if !known || title == "" || meaning == "" || fix == "" || strings.ContainsAny(title+meaning+fix, "{}") {
				t.Errorf("%s: %q %q %q", c, title, meaning, fix)
			}
		}
	}
}

// codesOf reads the constants of type Code from the source.
func codesOf(t *testing.T) []string {
	t.Helper()
	source, err := os.ReadFile("../verdict/code.go")
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, m := range regexp.MustCompile(`(?m)^\s*(?:const )?\w+\s+Code\s*= "([^"]+)"`).FindAllStringSubmatch(string(source), -1) {
		out = append(out, m[1])
	}
	return out
}
