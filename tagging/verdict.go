package tagging

import (
	"cmp"
	"slices"
	"time"

	"github.com/memberpulse/hubspotplugin/integration"
)

// verdict is what the member's data alone say about one tag.
type verdict struct {
	tag   string
	on    bool
	last  moment    // on: the newest occurrence that says so
	until time.Time // on: the latest date of any that says so
	// spans are when it was on, those of which both ends are known.
	spans []span
	// ended is the newest end of what the tag rested on, endedBy the latest
	// that it can have been; settled the newest end whose time is known.
	ended   moment
	endedBy time.Time
	settled moment
	// lasting: what ends is one occurrence, which says nothing about another
	// that somebody knows of.
	lasting bool
}

// moment is an occurrence: when, of what, and what about it is told.
type moment struct {
	at    time.Time
	id    string
	cause string
	name  string
	date  time.Time
	about integration.Ref
}

// compare orders moments by time; ids make the order one of its own.
func (m moment) compare(o moment) int {
	return cmp.Or(m.at.Compare(o.at), cmp.Compare(m.id, o.id), cmp.Compare(m.cause, o.cause),
		cmp.Compare(m.name, o.name), m.date.Compare(o.date), cmp.Compare(m.about.Key, o.about.Key))
}

// span is a time in which something said that the tag is on.
type span struct {
	from, to time.Time
	open     bool // it still does; to is not set
}

// decided is the moment that a hand has to reach to be the newest word.
func (v verdict) decided() time.Time {
	switch {
	case v.on:
		return v.last.at
	case v.lasting:
		return time.Time{}
	default:
		return v.settled.at
	}
}

// endedUnknown: it ended, at a moment that left no time.
func (v verdict) endedUnknown() bool { return v.ended.at.IsZero() && !v.endedBy.IsZero() }

// holds adds an occurrence that still says that the tag is on.
func (v *verdict) holds(m moment) {
	if !v.on || m.compare(v.last) > 0 {
		v.last = m
	}
	v.on = true
	v.until = later(v.until, m.date)
	v.spans = append(v.spans, span{from: m.at, open: true})
}

// ends adds the end of something that began at from, if that is known. If the
// time of the end is not known, latest bounds it; zero: nothing does.
func (v *verdict) ends(m moment, from, latest time.Time) {
	by := m.at
	if by.IsZero() {
		by = latest
	}
	if by.IsZero() {
		by = time.Unix(1<<40, 0)
	}
	if c := by.Compare(v.endedBy); c > 0 || c == 0 && m.compare(v.ended) > 0 {
		v.ended, v.endedBy = m, by
	}
	v.settles(m)
	if !from.IsZero() && !m.at.IsZero() {
		v.spans = append(v.spans, span{from: from, to: m.at})
	}
}

// settles adds an end that hands have to be newer than. What was attended and
// cancelled has two: what comes to be known late, of an earlier moment, gives
// no hand its word back.
func (v *verdict) settles(m moment) {
	if !m.at.IsZero() && m.compare(v.settled) > 0 {
		v.settled = m
	}
}

// since returns when the unbroken time that reaches to the present began, of
// those spans that began after a moment; zero: of all.
func since(spans []span, after time.Time) time.Time {
	var begin time.Time
	found := false
	counts := func(s span) bool { return after.IsZero() || s.from.After(after) }
	for _, s := range spans {
		if s.open && counts(s) && (!found || s.from.Before(begin)) {
			begin, found = s.from, true
		}
	}
	closed := slices.DeleteFunc(slices.Clone(spans), func(s span) bool { return s.open || !counts(s) })
	slices.SortFunc(closed, func(a, b span) int { return b.to.Compare(a.to) })
	for _, s := range closed {
		if s.to.Before(begin) {
			break // so do all that follow
		}
		if s.from.Before(begin) {
			begin = s.from
		}
	}
	return begin
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}
