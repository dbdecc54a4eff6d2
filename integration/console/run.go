package console

import (
	"cmp"
	"strconv"
	"strings"

	"github.com/memberpulse/hubspotplugin/integration"
)

// runView is a run for a page: what it is for, and how far it is.
type runView struct {
	integration.Run
	Active                bool
	Name                  string
	Phase, Progress, Pace string
	Behind                string // what it has looked at
	Started, Finished     moment
}

func newRunView(r integration.Run, f clockface) *runView {
	v := &runView{Run: r, Active: r.FinishedAt == nil && r.Phase != "done", Name: cmp.Or(r.Title, "Full sync"),
		Started: f.at(r.StartedAt), Finished: f.atPointer(r.FinishedAt)}
	one, many := kindNouns(r.Kind)
	switch r.Phase {
	case "waiting":
		v.Phase = "Waiting until changes that were under way when it began have finished."
	case "listing":
		v.Phase = "Looking through the " + many + "."
	case "delivering":
		v.Phase = "Sending what differs."
	}
	v.Progress = "counting the " + many
	if r.Total > 0 {
		v.Progress = number(r.Done) + " of " + count(r.Total, one, many)
	}
	var pace []string
	if r.PerSecond >= 0.1 {
		pace = append(pace, strings.TrimSuffix(strconv.FormatFloat(r.PerSecond, 'f', 1, 64), ".0")+" per second")
	}
	if left := about(r.ETASeconds); left != "" {
		pace = append(pace, left)
	}
	v.Pace = strings.Join(pace, ", ")
	v.Behind = behind(r)
	return v
}

// behind says what a run has looked at, kind by kind: of one that is under way
// the kinds that are behind it, of one that is done all.
func behind(r integration.Run) string {
	var parts []string
	seen := map[integration.Kind]bool{}
	for _, p := range r.Walked {
		if one, many := kindNouns(p.Kind); !seen[p.Kind] {
			parts = append(parts, count(p.Count, one, many))
		}
		seen[p.Kind] = true
	}
	if len(parts) == 0 && r.FinishedAt != nil {
		one, many := kindNouns(r.Kind)
		parts = []string{count(r.Done, one, many)}
	}
	return listed(parts)
}

// kindNouns are how a page calls one entity of a kind, and several.
func kindNouns(k integration.Kind) (one, many string) {
	switch k {
	case integration.KindOrganization:
		return "organization", "organizations"
	case integration.KindTicket:
		return "ticket", "tickets"
	case integration.KindEvent:
		return "event", "events"
	case integration.KindActivity:
		return "activity", "activities"
	}
	return "member", "members"
}

// listed joins names as a sentence does.
func listed(names []string) string {
	if len(names) < 2 {
		return strings.Join(names, "")
	}
	return strings.Join(names[:len(names)-1], ", ") + " and " + names[len(names)-1]
}
