package propertymap

import (
	"strings"

	"github.com/memberpulse/hubspotplugin/hubspot"
)

// closest returns the property that somebody may have meant by name: one whose
// name or label differs from it by little, and that can take the field.
func closest(f *field, name string, schema []hubspot.Property) (hubspot.Property, bool) {
	want := letters(name)
	best, least := hubspot.Property{}, max(1, len(want)/4)+1
	if len(want) == 0 || len(want) > 100 {
		return best, false
	}
	for _, p := range schema {
		if _, ours := owner("", p.Name); ours || refusedName(p.Name) != "" || unwritable(p) != "" || misfit(f, p) != "" {
			continue
		}
		for _, have := range [][]rune{letters(p.Name), letters(p.Label)} {
			if d := distance(want, have, least); d < least {
				best, least = p, d
			}
		}
	}
	return best, best.Name != ""
}

// letters is a name without case and without what separates its words.
func letters(s string) []rune {
	return []rune(strings.Map(func(r rune) rune {
		if r == '_' || r == '-' || r == ' ' || r == '/' {
			return -1
		}
		return r
	}, strings.ToLower(s)))
}

// distance is how many letters must be changed, added, dropped or swapped with
// their neighbor to make b of a; it gives up at limit.
func distance(a, b []rune, limit int) int {
	if d := len(a) - len(b); d >= limit || -d >= limit {
		return limit
	}
	older, old, now := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range old {
		old[j] = j
	}
	for i := 1; i <= len(a); i++ {
		now[0] = i
		for j := 1; j <= len(b); j++ {
			change := 1
			if a[i-1] == b[j-1] {
				change = 0
			}
			now[j] = min(old[j]+1, now[j-1]+1, old[j-1]+change)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				now[j] = min(now[j], older[j-2]+1)
			}
		}
		older, old, now = old, now, older
	}
	return min(old[len(b)], limit)
}
