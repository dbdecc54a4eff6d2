package crmsync

import (
	"context"
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

// readShared reads the customer's properties that lose one of our tags and
// works out their new values. It returns the members that can be written.
func (p *pass) readShared(ctx context.Context, works []*work) []*work {
	var some []*work
	for _, w := range works {
		if w.tags.rewrites() && w.rewrite == nil {
			some = append(some, w)
		}
	}
	if len(some) == 0 {
		return works
	}
	hits, missing := p.readWith(ctx, some, "", func(w *work) string { return w.link.HubSpotID }, sharedNames(some))
	for _, h := range hits {
		h.w.rewrite = map[string]string{}
		h.w.seen = map[string]string{}
		for name, to := range h.w.tags.targets {
			if len(to.lose) > 0 {
				h.w.seen[name] = h.rec.Properties[name]
				h.w.rewrite[name] = to.merge(h.rec.Properties[name])
			}
		}
	}
	for _, w := range missing {
		w.step = stepLost
	}
	return slices.DeleteFunc(works, func(w *work) bool { return w.step != stepUpdate || w.tags.rewrites() && w.rewrite == nil })
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
