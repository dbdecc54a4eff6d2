package tagging

import (
	"slices"
	"time"

	"github.com/memberpulse/hubspotplugin/integration"
)

// Compute returns the state of every tag of the catalog, in its order. It
// depends on nothing but its arguments, and not on the order of the slices or on
// repetitions in them. Hands on tags outside of the catalog and hands without a
// time count for nothing; of several on one tag the newest counts.
func Compute(m integration.Member, hands []Hand) []State {
	newest := newestHands(hands)
	events, courses := registrationVerdicts(m.Registrations), enrollmentVerdicts(m.Enrollments)
	current := Current(m)
	out := make([]State, 0, len(catalog))
	// Tags of one group exclude each other. Groups are in the catalog's order.
	for _, group := range [][]verdict{
		statusVerdicts(m.Memberships, current),
		{upgradedVerdict(current)},
		{scheduledVerdict(current)},
		events[:1], events[1:2], events[2:],
		courses[:1], courses[1:],
	} {
		out = append(out, decide(group, newest)...)
	}
	return out
}

func newestHands(hands []Hand) map[string]Hand {
	newest := make(map[string]Hand, len(hands))
	for _, h := range hands {
		if _, ok := Find(h.Tag); !ok || h.OccurredAt.IsZero() {
			continue
		}
		if g, ok := newest[h.Tag]; !ok || h.newer(g) {
			newest[h.Tag] = h
		}
	}
	return newest
}

// claim is a reason why the i-th tag of a group should be on.
type claim struct {
	i    int
	at   time.Time
	hand bool
}

// decide lets the data and the hands meet: the newest claim of a group that no
// removal by hand has answered holds.
func decide(group []verdict, hands map[string]Hand) []State {
	best := claim{i: -1}
	offer := func(c claim) {
		if best.i < 0 || c.at.After(best.at) || c.at.Equal(best.at) && c.hand && !best.hand {
			best = c
		}
	}
	for i, v := range group {
		h, stands := standing(v, hands)
		if v.on && !(stands && !h.Applied) {
			offer(claim{i, v.last.at, false})
		}
		if stands && h.Applied {
			offer(claim{i, h.OccurredAt, true})
		}
	}
	out := make([]State, len(group))
	for i, v := range group {
		if i == best.i {
			out[i] = turnedOn(v, best, contrary(group, hands, best))
		} else {
			out[i] = turnedOff(v, best, hands)
		}
	}
	return out
}

// standing returns the hand on v's tag and whether none of the data is newer.
func standing(v verdict, hands map[string]Hand) (Hand, bool) {
	h, ok := hands[v.tag]
	return h, ok && !h.OccurredAt.Before(v.decided())
}

// contrary is the newest hand before the claim that had turned its tag off.
func contrary(group []verdict, hands map[string]Hand, c claim) time.Time {
	var newest time.Time
	for i, v := range group {
		if h, ok := hands[v.tag]; ok && h.Applied == (i != c.i) && h.OccurredAt.Before(c.at) {
			newest = later(newest, h.OccurredAt)
		}
	}
	return newest
}

// turnedOn is the state of a tag by the claim c, off by hand until after.
func turnedOn(v verdict, c claim, after time.Time) State {
	s := State{Tag: v.tag, On: true, LastAt: c.at.UTC(), Cause: v.last.cause, ByHand: c.hand}
	spans := v.spans
	if c.hand {
		s.Cause = CauseByHand
		spans = append(slices.Clip(spans), span{from: c.at, open: true})
	}
	if v.on { // also beside a hand: what it was applied again for
		s.Name, s.Date, s.About, s.Until = v.last.name, v.last.date.UTC(), v.last.about, v.until.UTC()
	}
	s.Since = since(spans, after).UTC()
	s.ChangedAt = s.Since
	return s
}

// turnedOff is the state of a tag beside the claim that holds in its group, if
// any.
func turnedOff(v verdict, best claim, hands map[string]Hand) State {
	s := State{Tag: v.tag, ChangedAt: v.ended.at.UTC(), Cause: v.ended.cause}
	h, stands := standing(v, hands)
	var by time.Time
	if stands && !h.Applied {
		by, s.ByHand = h.OccurredAt, true
	}
	if stands && h.Applied || v.on && best.i >= 0 { // it lost to another hand
		by, s.ByHand = later(by, best.at), true
	}
	switch {
	case s.ByHand:
		s.ChangedAt, s.Cause = by.UTC(), CauseByHand
	case h.Applied && v.ended.at.Before(h.OccurredAt) && !v.endedUnknown():
		// The hand came after the end that the data tell, and has ended since.
		s.ChangedAt, s.Cause = v.settled.at.UTC(), v.settled.cause
	}
	return s
}
