package crmsync_test

import (
	"slices"
	"strings"
	"time"
)

// The catalog, as the specification's families and the decisions about them
// have it, written down once more: the model asks nobody.
var (
	modelStatusTags = []string{"membership-active", "membership-expiring", "membership-expired"}
	modelSlugs      = append(slices.Clone(modelStatusTags), "membership-upgraded", "membership-downgrade-scheduled",
		"event-registered", "event-attended", "event-no-show", "course-enrolled", "course-completed")
)

// familyOf is the family of a tag.
func familyOf(slug string) string {
	family, _, _ := strings.Cut(slug, "-")
	return family
}

// tagBooks are what the model has written down of one member's life, event by
// event.
type tagBooks struct {
	plans map[string]*planBook
	tags  map[string]*tagBook // those of events and courses
	words map[string]tagWord  // the newest by hand
}

// planBook is one membership.
type planBook struct {
	status              string
	end                 time.Time
	since, renewed      time.Time
	upgraded, scheduled time.Time // zero: not, or over
	noMore              time.Time // when something last ended upgrades and scheduled downgrades
}

// tagBook is what one tag rests on, and when what it rested on ended.
type tagBook struct {
	holds map[string]tagReason
	ended map[string]time.Time
}

type tagReason struct{ at, date time.Time }

type tagWord struct {
	on bool
	at time.Time
}

func newTagBooks() *tagBooks {
	b := &tagBooks{plans: map[string]*planBook{}, tags: map[string]*tagBook{}, words: map[string]tagWord{}}
	for _, slug := range modelSlugs {
		b.tags[slug] = &tagBook{holds: map[string]tagReason{}, ended: map[string]time.Time{}}
	}
	return b
}

func (b *tagBooks) begins(slug, id string, at, date time.Time) {
	b.tags[slug].holds[id] = tagReason{at, date}
	delete(b.tags[slug].ended, id)
}

// ends ends what a tag rests on. Of two ends of one thing the later counts; the
// zero time is an end that leaves no trace.
func (b *tagBooks) ends(slug, id string, at time.Time) {
	delete(b.tags[slug].holds, id)
	if at.After(b.tags[slug].ended[id]) {
		b.tags[slug].ended[id] = at
	}
}

// corrects is an end that replaces the one that was told before.
func (b *tagBooks) corrects(slug, id string, at time.Time) {
	delete(b.tags[slug].ended, id)
	b.ends(slug, id, at)
}

// tagVerdict is what the data say of one tag: on since the newest reason, or off
// since the newest end. A word by hand has to be as new as that.
type tagVerdict struct {
	on       bool
	at, date time.Time
}

// tagFacts are what the data of a member say at one moment.
type tagFacts struct {
	lives   bool
	ruled   string // of the status tags
	ruledAt time.Time
	single  map[string]tagVerdict // of the others
}

func (b *tagBooks) facts(lives bool) tagFacts {
	f := tagFacts{lives: lives, single: map[string]tagVerdict{}}
	up, down := tagVerdict{}, tagVerdict{}
	if p := b.speaker(); p != nil {
		f.ruledAt = p.since
		switch p.status {
		case "active":
			f.ruledAt = later(p.since, p.renewed)
		default:
			for _, q := range b.plans {
				if q.end.After(p.end) {
					f.ruledAt = later(f.ruledAt, q.since)
				}
			}
		}
		if tag := "membership-" + p.status; slices.Contains(modelStatusTags, tag) {
			f.ruled = tag
		}
		up, down = tagVerdict{at: p.noMore}, tagVerdict{at: p.noMore}
		if !p.upgraded.IsZero() {
			up = tagVerdict{on: true, at: p.upgraded}
		}
		if !p.scheduled.IsZero() {
			down = tagVerdict{on: true, at: p.scheduled}
		}
	}
	f.single["membership-upgraded"], f.single["membership-downgrade-scheduled"] = up, down
	for _, slug := range modelSlugs[5:] {
		var v tagVerdict
		for _, r := range b.tags[slug].holds {
			if v.on = true; r.at.After(v.at) {
				v.at, v.date = r.at, r.date
			}
		}
		if !v.on && (slug == "event-registered" || slug == "course-enrolled") { // the others end for one occasion only
			for _, at := range b.tags[slug].ended {
				v.at = later(v.at, at)
			}
		}
		f.single[slug] = v
	}
	return f
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

// speaker is the membership that speaks for the member: the strongest status,
// then the latest end, then the highest id.
func (b *tagBooks) speaker() *planBook {
	strength := []string{"cancelled", "suspended", "expired", "expiring", "active"}
	best, bestID := (*planBook)(nil), ""
	for id, p := range b.plans {
		stronger := best == nil
		if !stronger {
			d := slices.Index(strength, p.status) - slices.Index(strength, best.status)
			stronger = d > 0 || d == 0 && (p.end.After(best.end) || p.end.Equal(best.end) && id > bestID)
		}
		if stronger {
			best, bestID = p, id
		}
	}
	return best
}

// tagSaying is whether a tag is on, by whom, and the newest occurrence that says
// so.
type tagSaying struct {
	on, byHand bool
	last, date time.Time
}

// says lets the data and the words of people meet.
func (f tagFacts) says(words map[string]tagWord) map[string]tagSaying {
	out := map[string]tagSaying{}
	if !f.lives {
		return out
	}
	for slug, v := range f.single {
		out[slug] = tagSaying{on: v.on, last: v.at, date: v.date}
		if w, ok := words[slug]; ok && !w.at.Before(v.at) {
			out[slug] = tagSaying{on: w.on, byHand: true, last: w.at, date: v.date}
		}
	}
	// The status tags exclude each other: the newest word that was not taken back.
	best, top := "", tagSaying{}
	fresh := func(slug string) (tagWord, bool) {
		w, ok := words[slug]
		return w, ok && !w.at.Before(f.ruledAt)
	}
	if w, ok := fresh(f.ruled); f.ruled != "" && (!ok || w.on) {
		best, top = f.ruled, tagSaying{on: true, last: f.ruledAt}
	}
	for _, slug := range modelStatusTags {
		if w, ok := fresh(slug); ok && w.on && !w.at.Before(top.last) {
			best, top = slug, tagSaying{on: true, byHand: true, last: w.at}
		}
	}
	if best != "" {
		out[best] = top
	}
	return out
}

// tagGate is the admin's gate: what holds since before it waits for the
// confirmation, what is over since before it is sent on request only.
type modelGate struct {
	at            time.Time
	open, history bool
}

func (g modelGate) holds(slug string, s tagSaying) bool {
	if !s.last.Before(g.at) {
		return false
	}
	over := slug == "event-attended" || slug == "event-no-show" || slug == "course-completed" || slug == "event-registered" && s.date.Before(g.at)
	if over && !s.byHand {
		return !g.open || !g.history
	}
	return !g.open
}

// told is what HubSpot may know of a tag: what it has is never kept back, and
// when the sync looks is not for the model to say.
type told uint8

const (
	toldNot told = 1 << iota
	toldOf
)

// after is what HubSpot knows once it has been told.
func (t told) after(s tagSaying, held bool) told {
	switch {
	case !s.on:
		return toldNot
	case !held:
		return toldOf
	}
	return t
}

// tagMoment is what holds of a member between two changes. It began between lo
// and hi.
type tagMoment struct {
	lo, hi time.Time
	facts  tagFacts
	words  map[string]tagWord
	gate   modelGate
	told   map[string]told
}

// agrees reports whether the tags of some families are what a delivery may write
// that has read the member at a and people's words and the gate at b.
func agrees(have map[string]bool, families []string, a, b tagMoment) bool {
	says := a.facts.says(b.words)
	for _, slug := range modelSlugs {
		if !slices.Contains(families, familyOf(slug)) {
			continue
		}
		s := says[slug]
		switch (a.told[slug] | b.told[slug]).after(s, b.gate.holds(slug, s)) {
		case toldNot:
			if have[slug] {
				return false
			}
		case toldOf:
			if !have[slug] {
				return false
			}
		}
	}
	return true
}
