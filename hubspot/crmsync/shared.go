package crmsync

import (
	"slices"
	"strings"
	"time"

	"github.com/memberpulse/hubspotplugin/hubspot"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/sharedvalue"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/values"
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
		if len(to.Lose) > 0 {
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
	return values.Union(names, nil)
}

// merge works out the new values of a customer's property from its versions,
// newest first.
func (w *work) merge(name string, versions []hubspot.PropertyValue) {
	from := 0
	if w.doubt {
		from = sharedvalue.Standing(versions, w.d.RecordedAt.Add(-clockSkew))
	}
	base := sharedvalue.Version{}
	if from < len(versions) {
		base = sharedvalue.Version{Value: versions[from].Value, At: versions[from].At}
	}
	w.base[name] = base
	to, present := w.tags.targets[name], sharedvalue.Newest(versions)
	theirs := to.Theirs(versions, from)
	if others, _ := to.Split(present); len(to.Lose) > 0 || !sharedvalue.Same(strings.Join(others, ";"), strings.Join(theirs, ";")) {
		w.rewrite[name] = to.Join(theirs, present)
	}
}

// clockSkew bounds the difference between HubSpot's clock and ours.
const clockSkew = 10 * time.Second
