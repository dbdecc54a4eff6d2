package crmsync

import (
	"slices"
	"strings"
	"time"

	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/settings"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/sharedvalue"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/values"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/verdict"
	"github.com/memberpulse/hubspotplugin/integration"
	"github.com/memberpulse/hubspotplugin/tagging"
)

// tagRow is what is stored of one tag of one member.
type tagRow struct {
	Tag    string
	Sent   bool
	Maybe  bool
	Held   string
	Since  time.Time
	LastAt time.Time // of the newest occurrence that HubSpot was told of
	Cause  string
	ByHand bool
	// ChangedAt is when Sent last changed, in the host's time.
	ChangedAt time.Time
	ListID    string
}

// Why a tag that is on is kept back.
const (
	heldGate    = "gate"    // it held before tags were sent: the admin confirms first
	heldHistory = "history" // it ended before that: sent only on request
)

// tagGate decides which tags may go out. The zero gate has tags off.
type tagGate struct {
	on      bool
	open    bool
	history bool
	at      time.Time // what happened from then on goes out
	reason  string
	refill  bool // properties were made again and wait to be filled for everybody
}

// holds says why a tag that is on is kept back, "" if it may go out. What
// HubSpot has already is never kept back.
func (g tagGate) holds(s tagging.State, row tagRow) string {
	if row.Sent || !s.LastAt.Before(g.at) {
		return ""
	}
	past := s.Tag == tagging.EventAttended || s.Tag == tagging.EventNoShow || s.Tag == tagging.CourseCompleted ||
		s.Tag == tagging.EventRegistered && s.Until.Before(g.at)
	switch {
	case past && !s.ByHand && !row.lost() && !(g.open && g.history): // what HubSpot had is no history
		return heldHistory
	case !g.open:
		return heldGate
	}
	return ""
}

// tagPlan is what the tags of one member ask of its contact.
type tagPlan struct {
	on bool // tags are sent at all
	// states are those of the catalog that go out, in its order.
	states []tagging.State
	// rows are the ledger's rows as they shall be once HubSpot has confirmed.
	rows []tagRow
	// changes are the net changes against what HubSpot has.
	changes []tagChange
	// targets are the properties of the customer's, with what they gain and lose.
	targets map[string]sharedvalue.Tags
	prior   map[string]tagRow
}

// tagChange is a tag that HubSpot gains or loses.
type tagChange struct {
	tag     string
	applied bool
	cause   string
	at      time.Time // in the host
	// What tells it from others of the same occurrence: when the tag had changed
	// before, and when what led to this delivery was recorded.
	before, recorded time.Time
}

// planTags decides what goes out of the states of a member's tags; without
// states (the member is gone) every tag ends. It is pure.
func planTags(o settings.Options, g tagGate, states []tagging.State, prior map[string]tagRow, recordedAt time.Time) tagPlan {
	p := tagPlan{on: g.on, prior: prior, targets: map[string]sharedvalue.Tags{}}
	if !g.on {
		return p
	}
	byTag := map[string]tagging.State{}
	for _, s := range states {
		byTag[s.Tag] = s
	}
	for _, t := range tagging.Catalog() {
		s, row := byTag[t.Slug], prior[t.Slug]
		next := row
		next.Tag, next.Held, next.Maybe = t.Slug, "", false
		next.Since, next.Cause, next.ByHand = s.Since, s.Cause, s.ByHand
		out := false
		if s.On {
			next.Held = g.holds(s, row)
			out = next.Held == ""
		}
		if out {
			p.states = append(p.states, s)
			next.LastAt = latest(row.LastAt, s.LastAt)
		}
		// What waits for the admin because HubSpot has perhaps lost it stays where it
		// perhaps is: out and in again would start workflows.
		stays := s.On && !out && row.lost()
		next.Maybe = stays && row.Maybe
		next.Sent = out
		switch lost := row.lost(); {
		case lost && out: // HubSpot gets back what it had: nothing has changed for the member
		case lost && s.On:
			next.Cause = row.Cause
		case lost || out != row.Sent:
			next.ChangedAt = changedAt(s, recordedAt)
			p.changes = append(p.changes, tagChange{t.Slug, out, cause(s), next.ChangedAt, row.ChangedAt, recordedAt})
		}
		if next != row && (next.stored() || row.Tag != "") {
			p.rows = append(p.rows, next)
		}
		if name := o.TagTarget(t.Family); name != settings.PropTags {
			to := p.targets[name]
			to.All = append(to.All, t.Slug)
			switch {
			case out:
				to.Has = append(to.Has, t.Slug)
			case stays:
			case row.Sent || row.Maybe:
				to.Lose = append(to.Lose, t.Slug)
			}
			p.targets[name] = to
		}
	}
	return p
}

// lost reports whether HubSpot has lost the tag with its property, and waits for
// it since.
func (r tagRow) lost() bool { return !r.Sent && r.Cause == causeRefill }

// stored reports whether the row says anything that another delivery needs.
func (r tagRow) stored() bool {
	return r.Sent || r.Maybe || r.Held != "" || r.ListID != "" || !r.ChangedAt.IsZero()
}

func latest(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

func changedAt(s tagging.State, recordedAt time.Time) time.Time {
	switch {
	case s.On && !s.LastAt.IsZero():
		return s.LastAt
	case !s.On && !s.ChangedAt.IsZero():
		return s.ChangedAt
	}
	return recordedAt
}

// cause of a member that is gone has no state to tell it.
func cause(s tagging.State) string {
	if s.Tag == "" {
		return string(verdict.MemberDeleted)
	}
	return s.Cause
}

// write adds the tags and their facts to the values of the contact's one write.
// sent are the properties that we filled before; link makes a link to what a
// tag is about.
func (p tagPlan) write(o settings.Options, props map[string]string, sent []string, link func(integration.Ref) string) {
	if !p.on {
		return
	}
	put := func(name, value string) {
		if value != "" || slices.Contains(sent, name) {
			props[name] = value
		}
	}
	var own []string
	out := map[string]bool{}
	for _, s := range p.states {
		out[s.Tag] = true
		t, _ := tagging.Find(s.Tag)
		if o.TagTarget(t.Family) == settings.PropTags {
			own = append(own, s.Tag)
		}
		put(tagFact(s.Tag, factSince), values.Datetime(s.Since))
		// The newest occurrence may come to nothing, and the tag rest on an older
		// one. That is nothing new: the moment never goes back, which would enrol a
		// workflow again, and the facts stay those of that moment.
		newest := latest(p.prior[s.Tag].LastAt, s.LastAt)
		put(tagFact(s.Tag, factLastAt), values.Datetime(newest))
		if occurs(t) && newest.Sub(s.LastAt) < time.Millisecond {
			put(tagFact(s.Tag, factName), values.Truncate(strings.ToValidUTF8(s.Name, ""), values.MaxValue))
			put(tagFact(s.Tag, factDate), values.Datetime(s.Date))
			put(tagFact(s.Tag, factLink), link(s.About))
		}
	}
	put(settings.PropTags, strings.Join(own, ";"))
	for _, t := range tagging.Catalog() {
		if !out[t.Slug] {
			put(tagFact(t.Slug, factSince), "") // the last occurrence stays, as history
		}
	}
	for name, to := range p.targets {
		if len(to.Has) > 0 {
			// A leading semicolon adds to what is there.
			// https://developers.hubspot.com/docs/api-reference/latest/crm/properties/guide
			props[name] = ";" + strings.Join(to.Has, ";")
		}
	}
}
