package kinds_test

import (
	"os"
	"regexp"
	"slices"
	"testing"

	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/kinds"
)

// A type of sync record that is in no list would be in no page's filter.
func TestEveryEntityTypeIsListed(t *testing.T) {
	t.Parallel()
	source, err := os.ReadFile("kinds.go")
	if err != nil {
		t.Fatal(err)
	}
	var want []string
	for _, m := range regexp.MustCompile(`(?m)^\s*Entity\w+\s*= "([^"]+)"`).FindAllStringSubmatch(string(source), -1) {
		want = append(want, m[1])
	}
	got := kinds.AllEntityTypes()
	slices.Sort(want)
	slices.Sort(got)
	if len(want) < 9 || !slices.Equal(want, got) {
		t.Errorf("AllEntityTypes = %v, the constants are %v", got, want)
	}
}
