package lists

import (
	"github.com/memberpulse/hubspotplugin/hubspot"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/settings"
	"github.com/memberpulse/hubspotplugin/tagging"
)

// CompareList tells how a list of HubSpot's compares with the one that is
// wanted for a tag.
func CompareList(slug, mode, property string, l hubspot.List, was string) string {
	t, _ := tagging.Find(slug)
	return map[fit]string{fits: "fits", misfit: "misfit", outdated: "outdated"}[compareList(settings.WantedList{Tag: t, Mode: mode, Property: property}, l, was)]
}

// ListFilter is the filter of a tag's active list.
func ListFilter(slug, property string) hubspot.AnyOf {
	t, _ := tagging.Find(slug)
	return settings.WantedList{Tag: t, Mode: settings.ListActive, Property: property}.Filter()
}

// ListTrouble tells the state that a refusal puts a list into.
func ListTrouble(err error) (string, bool) { return listTrouble(err) }

// Move tells what a contact needs of the list "7".
func Move(sent bool, held, in string, ours bool) string {
	m := seat{Sent: sent, Held: held, ListID: in, Ours: ours}.move("7")
	return map[move]string{stay: "stay", enter: "enter", leave: "leave", forget: "forget"}[m]
}

// Rider is a member of a batch for the lists "7" of tag a and "8" of tag b.
type Rider struct {
	Contact string
	A, B    string // "enter", "leave", "forget", "" for nothing
}

// Rides tells who rides: by list, those who get in and those who get out, and
// which members have to wait.
func Rides(riders ...Rider) (rides map[string][2][]string, waiting []int, forgotten int) {
	lists := map[string]Row{"a": {Tag: "a", ListID: "7"}, "b": {Tag: "b", ListID: "8"}}
	works := make([]*segmentWork, len(riders))
	for i, r := range riders {
		works[i] = &segmentWork{contact: r.Contact}
		for tag, what := range map[string]string{"a": r.A, "b": r.B} {
			s := seat{Tag: tag}
			switch what {
			case "enter":
				s.Sent = true
			case "leave":
				s.ListID, s.Ours = lists[tag].ListID, true
			case "forget":
				s.ListID = lists[tag].ListID
			case "":
				continue
			}
			works[i].seats = append(works[i].seats, s)
		}
	}
	rides = map[string][2][]string{}
	for _, r := range planRides(works, lists) {
		rides[r.listID] = [2][]string{contacts(r.in), contacts(r.out)}
	}
	for i, w := range works {
		if w.open {
			waiting = append(waiting, i)
		}
		forgotten += len(w.changed)
	}
	return rides, waiting, forgotten
}
