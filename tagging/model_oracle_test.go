package tagging_test

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/memberpulse/hubspotplugin/tagging"
)

// oracle follows what happens to one member, event by event, and keeps books of
// what each tag rests on. It never sees a member of the contract, and knows the
// rules as sentences only: what starts a tag, what ends it, whose word is newer.
// Moments are seconds; none happens twice.
type oracle struct {
	plans   map[string]*planBook
	tickets map[string]*ticketBook
	courses map[string]*courseBook
	words   map[string]word // the newest by hand, by tag
	held    map[string]bool // what was on before
	began   map[string]int  // when it came on, by what was seen happening
}

type planBook struct {
	plan, status  string
	end           int
	own, heard    int // news of its status, and of those that end later
	renewed       int
	upgraded      int // 0: not, or over
	scheduled     int
	to            string
	noMoreUp      int // when something last ended an upgrade, by hand or not
	noMoreDown    int
	strongestWord string
}

type ticketBook struct {
	name              string
	confirmed         int
	verdict           string // "attended", "no-show"
	decided           int
	cancelled, closed int
	gone              bool
}

type courseBook struct {
	name                                      string
	enrolled, completed, cancelled, closedFor int
}

type word struct {
	on bool
	at int
}

type expectation struct {
	on     bool
	byHand bool
	last   int
	name   string
	began  int
}

func newOracle() *oracle {
	return &oracle{map[string]*planBook{}, map[string]*ticketBook{}, map[string]*courseBook{}, map[string]word{}, map[string]bool{}, map[string]int{}}
}

// status is news: of a plan, and of those that it had spoken for.
func (o *oracle) status(id, status string, now int) {
	p := o.plans[id]
	p.status, p.own = status, now
	if status == "expired" || status == "cancelled" {
		p.upgraded, p.scheduled, p.noMoreUp, p.noMoreDown = 0, 0, now, now
	}
	for _, q := range o.plans {
		if q.end < p.end {
			q.heard = now
		}
	}
}

func (o *oracle) renew(id string, end, now int) {
	p := o.plans[id]
	p.end, p.renewed, p.upgraded, p.noMoreUp, p.noMoreDown = end, now, 0, now, now
	if p.status != "active" {
		o.status(id, "active", now)
	}
}

func (o *oracle) downgrade(id, plan string, now int) {
	p := o.plans[id]
	p.plan, p.upgraded, p.scheduled, p.noMoreUp, p.noMoreDown = plan, 0, 0, now, now
}

func (t *ticketBook) decide(verdict string, at int) {
	t.verdict, t.decided, t.closed = verdict, at, max(at, t.cancelled)
}

func (t *ticketBook) undo() { t.verdict, t.decided, t.closed = "", 0, t.cancelled }

func (t *ticketBook) cancel(at int) {
	t.cancelled, t.closed, t.gone = at, at, true
}

func (o *oracle) hand(tag string, on bool, at int) {
	if w, ok := o.words[tag]; !ok || at > w.at {
		o.words[tag] = word{on, at}
	}
}

// speaker is the plan with the greatest word: strength of its status, then its
// end, then its id.
func (o *oracle) speaker() *planBook {
	strength := strings.Fields("cancelled suspended expired expiring active")
	var best *planBook
	for _, id := range slices.Sorted(maps.Keys(o.plans)) {
		p := o.plans[id]
		p.strongestWord = fmt.Sprintf("%d %06d %s", slices.Index(strength, p.status), p.end, id)
		if best == nil || p.strongestWord > best.strongestWord {
			best = p
		}
	}
	return best
}

// reason is one thing that a tag rests on.
type reason struct {
	at   int
	name string
}

// single settles a tag that excludes no other.
func (o *oracle) single(tag string, reasons []reason, closed int) expectation {
	var e expectation
	if len(reasons) > 0 {
		newest := slices.MaxFunc(reasons, func(a, b reason) int { return cmp.Compare(a.at, b.at) })
		e = expectation{on: true, last: newest.at, name: newest.name}
		closed = newest.at
	}
	if w, ok := o.words[tag]; ok && w.at > closed {
		if e.on, e.byHand, e.last = w.on, true, w.at; !w.on {
			e = expectation{byHand: true}
		}
	}
	return e
}

// statuses settles the three that exclude each other: words are heard one after
// the other, and a removal takes back what was said for its tag.
func (o *oracle) statuses(out map[string]expectation) {
	type said struct {
		tag  string
		at   int
		hand bool
	}
	var heard []said
	ruled, since, plan := "", 0, ""
	if p := o.speaker(); p != nil {
		plan, since = p.plan, max(p.own, p.heard)
		if p.status == "active" {
			since = max(p.own, p.renewed)
		}
		if p.status == "active" || p.status == "expiring" || p.status == "expired" {
			ruled = "membership-" + p.status
			heard = append(heard, said{ruled, since, false})
		}
	}
	tags := []string{tagging.MembershipActive, tagging.MembershipExpiring, tagging.MembershipExpired}
	fresh := map[string]bool{}
	slices.SortFunc(tags, func(a, b string) int { return cmp.Compare(o.words[a].at, o.words[b].at) })
	for _, tag := range tags {
		w, ok := o.words[tag]
		if fresh[tag] = ok && w.at > since; !fresh[tag] {
			continue
		}
		if w.on {
			heard = append(heard, said{tag, w.at, true})
		} else {
			heard = slices.DeleteFunc(heard, func(s said) bool { return s.tag == tag })
		}
	}
	for _, tag := range tags {
		e := expectation{byHand: fresh[tag] || tag == ruled}
		if len(heard) > 0 && heard[len(heard)-1].tag == tag {
			top := heard[len(heard)-1]
			if e = (expectation{on: true, byHand: top.hand, last: top.at}); tag == ruled {
				e.name = plan
			}
		}
		out[tag] = e
	}
}

// expect is what should be on now, by tag.
func (o *oracle) expect(now int) map[string]expectation {
	out := map[string]expectation{}
	o.statuses(out)
	var up, down, open, came, missed, enrolled, completed []reason
	var noMoreUp, noMoreDown, closed, left int
	if p := o.speaker(); p != nil {
		noMoreUp, noMoreDown = p.noMoreUp, p.noMoreDown
		if p.upgraded > 0 {
			up = append(up, reason{p.upgraded, p.plan})
		}
		if p.scheduled > 0 {
			down = append(down, reason{p.scheduled, p.to})
		}
	}
	for _, t := range o.tickets {
		closed = max(closed, t.closed)
		switch {
		case t.gone || t.confirmed == 0:
		case t.verdict == "attended":
			came = append(came, reason{t.decided, t.name})
		case t.verdict == "no-show":
			missed = append(missed, reason{t.decided, t.name})
		default:
			open = append(open, reason{t.confirmed, t.name})
		}
	}
	for _, c := range o.courses {
		left = max(left, c.closedFor)
		switch {
		case c.cancelled > 0:
		case c.completed > 0:
			completed = append(completed, reason{c.completed, c.name})
		default:
			enrolled = append(enrolled, reason{c.enrolled, c.name})
		}
	}
	for tag, e := range map[string]expectation{
		tagging.MembershipUpgraded:           o.single(tagging.MembershipUpgraded, up, noMoreUp),
		tagging.MembershipDowngradeScheduled: o.single(tagging.MembershipDowngradeScheduled, down, noMoreDown),
		tagging.EventRegistered:              o.single(tagging.EventRegistered, open, closed),
		tagging.EventAttended:                o.single(tagging.EventAttended, came, 0),
		tagging.EventNoShow:                  o.single(tagging.EventNoShow, missed, 0),
		tagging.CourseEnrolled:               o.single(tagging.CourseEnrolled, enrolled, left),
		tagging.CourseCompleted:              o.single(tagging.CourseCompleted, completed, 0),
	} {
		out[tag] = e
	}
	for tag, e := range out {
		if e.on && !o.held[tag] {
			o.began[tag] = now
		}
		o.held[tag] = e.on
		e.began = o.began[tag]
		out[tag] = e
	}
	return out
}
