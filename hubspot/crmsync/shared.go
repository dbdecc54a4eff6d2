package crmsync

import (
	"slices"
	"strings"
	"time"

	"github.com/memberpulse/hubspotplugin/hubspot"
)

// A property of the customer's can hold tags of ours beside values of other
// people's. HubSpot adds values in a call of its own, but takes none out: that
// is a read, a rewrite of the whole, and a look at the history, which shows
// whether somebody wrote in between. What they wrote is merged. Between the
// last read and the last write a moment remains in which a change of theirs is
// overwritten; the history tells of it, and the next round brings it back. If
// there was no next round, as a reply was lost, the next delivery goes through
// the history since then.

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

// shared are the customer's properties whose history decides what is written:
// those that lose a tag, and all of them if a rewrite was perhaps made whose
// end nobody has seen.
func (w *work) shared() []string {
	names := w.tags.rewritten()
	if w.doubt {
		for name := range w.tags.targets {
			names = append(names, name)
		}
	}
	return union(names, nil)
}

// version is what a property held, as the history tells it; the zero time is
// before all of it.
type version struct {
	value string
	at    time.Time
}

// merge works out the new values of a customer's property from its versions,
// newest first.
func (w *work) merge(name string, versions []hubspot.PropertyValue) {
	from := 0
	if w.doubt {
		from = standing(versions, w.d.RecordedAt.Add(-clockSkew))
	}
	base := version{}
	if from < len(versions) {
		base = version{versions[from].Value, versions[from].At}
	}
	w.base[name] = base
	to, present := w.tags.targets[name], newest(versions)
	theirs := to.theirs(versions, from)
	if others, _ := to.split(present); len(to.lose) > 0 || !sameValues(strings.Join(others, ";"), strings.Join(theirs, ";")) {
		w.rewrite[name] = to.join(theirs, present)
	}
}

// clockSkew bounds the difference between HubSpot's clock and ours.
const clockSkew = 10 * time.Second

// keptVersions is how many versions HubSpot keeps at least: of fewer, none has
// been dropped.
// https://developers.hubspot.com/docs/api-reference/latest/crm/objects/contacts/guide
const keptVersions = 20

// standing is the index of the version that stood at a time; one past the end
// if there was none.
func standing(versions []hubspot.PropertyValue, at time.Time) int {
	i := slices.IndexFunc(versions, func(v hubspot.PropertyValue) bool { return v.At.Before(at) })
	switch {
	case i >= 0:
		return i
	case len(versions) >= keptVersions:
		return len(versions) - 1
	}
	return len(versions)
}

// find is the index of v; one past the end if it is not among versions.
func (v version) find(versions []hubspot.PropertyValue) int {
	i := slices.IndexFunc(versions, func(o hubspot.PropertyValue) bool { return o.At.Equal(v.at) && o.Value == v.value })
	if i < 0 {
		return len(versions)
	}
	return i
}

func newest(versions []hubspot.PropertyValue) string {
	if len(versions) == 0 {
		return ""
	}
	return versions[0].Value
}

// split tells everybody else's values from the tags.
func (t target) split(value string) (others, ours []string) {
	for v := range strings.SplitSeq(value, ";") {
		switch v = strings.TrimSpace(v); {
		case v == "":
		case slices.Contains(t.all, v):
			ours = append(ours, v)
		default:
			others = append(others, v)
		}
	}
	return union(others, nil), union(ours, nil)
}

// join is the value of the property that holds everybody else's values and our
// tags. A tag that is there, and not by us, stays.
func (t target) join(theirs []string, present string) string {
	_, there := t.split(present)
	there = slices.DeleteFunc(there, func(tag string) bool { return slices.Contains(t.lose, tag) || slices.Contains(t.has, tag) })
	return strings.Join(slices.Concat(theirs, there, t.has), ";")
}

// theirs are everybody else's values as they left them: those of the version at
// from, and what they have changed since. A rewrite of ours changes none of
// theirs on purpose; if it did, that was a change of somebody's in between.
func (t target) theirs(versions []hubspot.PropertyValue, from int) []string {
	var theirs, before, ours []string
	if from < len(versions) {
		theirs, ours = t.split(versions[from].Value)
		before = theirs
	}
	left := [][]string{theirs}
	for _, v := range slices.Backward(versions[:min(from, len(versions))]) {
		others, own := t.split(v.Value)
		rewrite := byProgram(v.Source) && (!slices.Equal(own, ours) || slices.ContainsFunc(left, func(l []string) bool { return slices.Equal(l, others) }))
		if !rewrite {
			theirs = union(minus(theirs, minus(before, others)), minus(others, before))
			left = append(left, theirs)
		}
		before, ours = others, own
	}
	return theirs
}

// minus are the values of a that b lacks.
func minus(a, b []string) []string {
	return slices.DeleteFunc(slices.Clone(a), func(x string) bool { return slices.Contains(b, x) })
}

// byProgram reports whether a source, in HubSpot's words, can be this plugin.
func byProgram(source string) bool { return source == "INTEGRATION" || source == "API" || source == "" }

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
