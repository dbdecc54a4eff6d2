package lists

import (
	"slices"

	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/settings"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/verdict"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/words"
	"github.com/memberpulse/hubspotplugin/integration"
)

// Incidents are the lists that wait for a person, one incident for each
// cause. They count no records, for lists have none. It is pure.
func Incidents(o settings.Options, stored map[settings.ListKey]Row) []integration.Incident {
	var out []integration.Incident
	names := map[verdict.Code][]string{}
	for _, w := range o.WantedLists() {
		row := stored[w.Key()]
		if !inTrouble(row.State) {
			continue
		}
		c := listCode(row.State)
		i := slices.IndexFunc(out, func(i integration.Incident) bool { return i.Code == string(c) })
		if i < 0 {
			i, out = len(out), append(out, integration.Incident{Code: string(c), Since: row.Since})
		}
		names[c] = append(names[c], w.Name())
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
		c := verdict.Code(out[i].Code)
		t := words.Tell(c, "", names[c])
		out[i].Title, out[i].Meaning, out[i].Fix, out[i].Action = t.Title, t.Meaning+out[i].Meaning, t.Fix, t.Action
	}
	return out
}

// Troubled counts the lists that wait for a person.
func Troubled(o settings.Options, stored map[settings.ListKey]Row) int {
	n := 0
	for _, w := range o.WantedLists() {
		if inTrouble(stored[w.Key()].State) {
			n++
		}
	}
	return n
}

// Count counts the lists that the settings ask for by how they stand.
func Count(f *integration.Feature, o settings.Options, stored map[settings.ListKey]Row) {
	for _, w := range o.WantedLists() {
		switch row := stored[w.Key()]; {
		case inTrouble(row.State):
			f.Attention++
		case row.usable():
			f.Done++
		default:
			f.Waiting++
		}
	}
}
