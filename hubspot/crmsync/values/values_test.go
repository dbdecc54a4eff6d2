package values_test

import (
	"strings"
	"testing"

	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/values"
)

func TestLongValuesAreCutBetweenCharacters(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		in   string
		n    int
		want string
	}{{"äöü", 2, "äö"}, {"abc", 3, "abc"}, {"", 1, ""}, {strings.Repeat("é", 10), 9, strings.Repeat("é", 9)}} {
		if got := values.Truncate(c.in, c.n); got != c.want {
			t.Errorf("truncate(%q, %d) = %q, want %q", c.in, c.n, got, c.want)
		}
	}
}
