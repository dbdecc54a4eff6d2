package propertymap_test

import (
	"strings"
	"testing"
)

func TestTheClosestPropertyIsOffered(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"first_name":  "firstname", // words apart
		"FirstName":   "firstname", // HubSpot's names are in lower case
		"fristname":   "firstname", // two letters swapped
		"firstnames":  "firstname",
		"frstname":    "firstname",
		"Number":      "",        // it could not take the field
		"e-mail":      "",        // refused
		"c_uniqe":     "",        // refused
		"memberpulse": "",        // ours
		"zi":          "zip",     // short names allow one letter
		"zzz":         "",        // and no more
		"Area":        "c_area",  // the label is as good as the name
		"webseite":    "website", // and a slip is a slip in any language
		"___":         "",
	} {
		got := check(to("firstName", name))["contact.firstName"]
		if len(got) != 1 {
			t.Fatalf("%s: %v", name, got)
		}
		if offered := strings.Contains(got[0], "Did you mean"); offered != (want != "") || !strings.Contains(got[0], want) {
			t.Errorf("%s: %s, want %q", name, got[0], want)
		}
	}
	if got := check(to("firstName", strings.Repeat("firstname", 100)))["contact.firstName"]; len(got) != 1 || strings.Contains(got[0], "mean") {
		t.Errorf("a very long name: %v", got)
	}
}
