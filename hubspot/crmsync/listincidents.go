package crmsync

import (
	"slices"

	"github.com/memberpulse/hubspotplugin/integration"
)

// listIncidents are the lists that wait for a person, one incident for each
// cause. They count no records, for lists have none. It is pure.
func listIncidents(o options, stored map[listKey]listRow) []integration.Incident {
	var out []integration.Incident
	names := map[code][]string{}
	for _, w := range o.wantedLists() {
		row := stored[w.key()]
		if !inTrouble(row.State) {
			continue
		}
		c := listCode(row.State)
		i := slices.IndexFunc(out, func(i integration.Incident) bool { return i.Code == string(c) })
		if i < 0 {
			i, out = len(out), append(out, integration.Incident{Code: string(c), Since: row.Since})
		}
		names[c] = append(names[c], w.name())
		if row.Since.Before(out[i].Since) {
			out[i].Since = row.Since
		}
		if row.Correlation != "" {
			out[i].CorrelationID = row.Correlation
		}
		if row.Detail != "" {
			out[i].Meaning = " HubSpot says: " + row.Detail + "."
		}
	}
	for i := range out {
		c := code(out[i].Code)
		t := tell(c, "", names[c])
		out[i].Title, out[i].Meaning, out[i].Fix, out[i].Action = t.title, t.meaning+out[i].Meaning, t.fix, t.action
	}
	return out
}

// troubledLists counts the lists that wait for a person.
func troubledLists(o options, stored map[listKey]listRow) int {
	n := 0
	for _, w := range o.wantedLists() {
		if inTrouble(stored[w.key()].State) {
			n++
		}
	}
	return n
}

// countLists counts the lists that the settings ask for by how they stand.
func countLists(f *integration.Feature, o options, stored map[listKey]listRow) {
	for _, w := range o.wantedLists() {
		switch row := stored[w.key()]; {
		case inTrouble(row.State):
			f.Attention++
		case row.usable():
			f.Done++
		default:
			f.Waiting++
		}
	}
}
