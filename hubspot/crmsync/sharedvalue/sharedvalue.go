// Package sharedvalue works out what a property of the customer's holds that has
// tags of ours beside values of other people's. HubSpot adds values in a call of
// its own, but takes none out: that is a read, a rewrite of the whole, and a look
// at the history, which shows whether somebody wrote in between. It is pure.
// See https://developers.hubspot.com/docs/api-reference/latest/crm/objects/contacts/guide
package sharedvalue

import (
	"slices"
	"strings"
	"time"

	"github.com/memberpulse/hubspotplugin/hubspot"
)

// Tags are those of ours that belong into a property.
type Tags struct {
	All  []string // that are written to it at all
	Has  []string // to be there
	Lose []string // to be gone
}

// Version is what a property held, as the history tells it; the zero time is
// before all of it.
type Version struct {
	Value string
	At    time.Time
}

// keptVersions is how many versions HubSpot keeps at least: of fewer, none has
// been dropped.
// https://developers.hubspot.com/docs/api-reference/latest/crm/objects/contacts/guide
const keptVersions = 20

// Standing is the index of the version that stood at a time; one past the end
// if there was none.
func Standing(versions []hubspot.PropertyValue, at time.Time) int {
	i := slices.IndexFunc(versions, func(v hubspot.PropertyValue) bool { return v.At.Before(at) })
	switch {
	case i >= 0:
		return i
	case len(versions) >= keptVersions:
		return len(versions) - 1
	}
	return len(versions)
}

// Find is the index of v; one past the end if nothing stood before versions, and
// the oldest one if HubSpot keeps v no more.
func (v Version) Find(versions []hubspot.PropertyValue) int {
	i := slices.IndexFunc(versions, func(o hubspot.PropertyValue) bool { return o.At.Equal(v.At) && o.Value == v.Value })
	switch {
	case i >= 0:
		return i
	case len(versions) >= keptVersions:
		return len(versions) - 1
	}
	return len(versions)
}

// Newest is the value that the property has now.
func Newest(versions []hubspot.PropertyValue) string {
	if len(versions) == 0 {
		return ""
	}
	return versions[0].Value
}

// Split tells everybody else's values from the tags.
func (t Tags) Split(value string) (others, ours []string) {
	for v := range strings.SplitSeq(value, ";") {
		switch v = strings.TrimSpace(v); {
		case v == "":
		case slices.Contains(t.All, v):
			ours = append(ours, v)
		default:
			others = append(others, v)
		}
	}
	return union(others, nil), union(ours, nil)
}

// Join is the value of the property that holds everybody else's values and our
// tags. A tag that is there, and not by us, stays.
func (t Tags) Join(theirs []string, present string) string {
	_, there := t.Split(present)
	there = slices.DeleteFunc(there, func(tag string) bool { return slices.Contains(t.Lose, tag) || slices.Contains(t.Has, tag) })
	return strings.Join(slices.Concat(theirs, there, t.Has), ";")
}

// Theirs are everybody else's values as they left them: those of the version at
// from, and what they have changed since. A rewrite of ours changes none of
// theirs on purpose; if it did, that was a change of somebody's in between.
func (t Tags) Theirs(versions []hubspot.PropertyValue, from int) []string {
	var theirs, before, ours []string
	if from < len(versions) {
		theirs, ours = t.Split(versions[from].Value)
		before = theirs
	}
	left := [][]string{theirs}
	for _, v := range slices.Backward(versions[:min(from, len(versions))]) {
		others, own := t.Split(v.Value)
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

// Same compares two values of a multi-checkbox property; HubSpot may put
// them into another order.
func Same(a, b string) bool {
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

// union returns the values of both, sorted.
func union(a, b []string) []string {
	out := slices.Concat(a, b)
	slices.Sort(out)
	return slices.Compact(out)
}
