package crmsync

import (
	"maps"
	"slices"
	"strings"
)

// A property of the customer's can hold tags of ours beside values of other
// people's. HubSpot adds values in a call of its own, but takes none out: that
// is a read, a rewrite of the whole, and a look at the history, which shows
// whether somebody wrote in between. What they wrote is merged. Between the
// last read and the last write a moment remains in which a change of theirs is
// overwritten; the history tells of it, and the next round brings it back.

// rewritten are the customer's properties that lose one of our tags.
func (p tagPlan) rewritten() []string {
	var out []string
	for name, to := range p.targets {
		if len(to.lose) > 0 {
			out = append(out, name)
		}
	}
	slices.Sort(out)
	return out
}

// merge works out the new values of the customer's properties that lose one of
// our tags, from those that were read.
func (w *work) merge() {
	names := w.tags.rewritten()
	if len(names) == 0 || w.rewrite != nil {
		return
	}
	w.rewrite, w.seen = map[string]string{}, map[string]string{}
	for _, name := range names {
		w.seen[name] = w.present[name]
		w.rewrite[name] = w.tags.targets[name].merge(w.present[name])
	}
}

// merge returns the values of a property as they shall be: everybody else's as
// they stand, and ours.
func (t target) merge(present string) string {
	var out []string
	for v := range strings.SplitSeq(present, ";") {
		if v = strings.TrimSpace(v); v != "" && !slices.Contains(t.lose, v) && !slices.Contains(out, v) {
			out = append(out, v)
		}
	}
	for _, v := range t.has {
		if !slices.Contains(out, v) {
			out = append(out, v)
		}
	}
	return strings.Join(out, ";")
}

func sharedNames(works []*work) []string {
	names := map[string]bool{}
	for _, w := range works {
		for name := range w.tags.targets {
			names[name] = true
		}
	}
	return slices.Sorted(maps.Keys(names))
}

// sameValues compares two values of a multi-checkbox property; HubSpot may put
// them into another order.
func sameValues(a, b string) bool {
	set := func(s string) []string {
		values := strings.Split(s, ";")
		for i := range values {
			values[i] = strings.TrimSpace(values[i])
		}
		slices.Sort(values)
		return slices.Compact(values)
	}
	return slices.Equal(set(a), set(b))
}
