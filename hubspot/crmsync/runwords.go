package crmsync

import (
	"slices"
	"strings"

	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/kinds"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/settings"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/values"
	"github.com/memberpulse/hubspotplugin/integration"
)

// What a run is for.
const (
	runFirst    = "first"    // the tenant has connected
	runFull     = "full"     // somebody asked for everything
	runSettings = "settings" // parts were switched on, or others are included
	runMapping  = "mapping"  // the property map was changed
	runTags     = "tags"     // an admin has confirmed them
	runRefill   = "refill"   // properties were made again
	runLists    = "lists"    // lists take people again
)

// errand is a run that shall be made.
type errand struct {
	kinds  []string
	reason string
	parts  []string // of runSettings: settings of the parts that were switched on
}

// joined is the errand that does what is left of another one too. It is called
// by what is more.
func (e errand) joined(rest errand) errand {
	e.kinds = kinds.WalkOrder(slices.Concat(e.kinds, rest.kinds))
	switch {
	case len(rest.kinds) == 0:
	case rest.reason == runFirst, rest.reason == runFull && e.reason != runFirst:
		e.reason, e.parts = rest.reason, nil
	case rest.reason == e.reason:
		e.parts = values.Union(e.parts, rest.parts)
	}
	return e
}

// startedSince are the parts, by setting, that send everything of theirs because
// they were switched on since old.
func startedSince(o, old settings.Options) []string {
	var out []string
	for _, f := range features() {
		sends := f.key == settings.KeyContacts || f.key == settings.KeyCompanies || o.Contacts &&
			(f.key == settings.KeyTags || f.key == settings.KeyTickets || f.key == settings.KeyMarketingEvents)
		if sends && f.on(o) && !f.on(old) && !slices.Contains(out, f.key) {
			out = append(out, f.key)
		}
	}
	return out
}

// title is what a page calls the run.
func (r runRow) title() string {
	switch r.Reason {
	case runFirst:
		return "First sync"
	case runFull:
		return "Full sync"
	case runMapping:
		return "Sync after a change of the property map"
	case runTags:
		return "Sync of the confirmed tags"
	case runRefill:
		return "Refill of properties that were made again"
	case runLists:
		return "Sync of lists"
	}
	var names []string
	for _, f := range features() {
		if slices.Contains(r.Parts, f.key) && !slices.Contains(names, partName(f.key)) {
			names = append(names, partName(f.key))
		}
	}
	switch {
	case len(names) > 0:
		return "Sync of " + listed(names)
	case r.Reason == runSettings:
		return "Sync after a change of the settings"
	}
	return "Sync"
}

// partName is a part within a sentence: the first feature of its setting.
func partName(key string) string {
	all := features()
	i := slices.IndexFunc(all, func(f feature) bool { return f.key == key })
	return strings.ToLower(all[i].name)
}

// listed joins names as a sentence does.
func listed(names []string) string {
	if len(names) < 2 {
		return strings.Join(names, "")
	}
	return strings.Join(names[:len(names)-1], ", ") + " and " + names[len(names)-1]
}

// walkedOver is what a run walks over, in the plural.
func walkedOver(k integration.Kind) string {
	switch k {
	case integration.KindOrganization:
		return "organizations"
	case integration.KindEvent:
		return "events"
	case integration.KindTicket:
		return "tickets"
	}
	return "members"
}

// resyncSays is what a full sync sends again with these options, and, in a
// paragraph of its own, what it leaves alone. It is pure.
func resyncSays(o settings.Options) string {
	if len(o.Walked()) == 0 {
		return "Nothing is switched on, so nothing would be sent."
	}
	again := someOf([]clause{
		{o.Contacts && !o.Tags, "every included member's contact"},
		{o.Contacts && o.Tags, "every included member's contact with its tags"},
		{o.Companies, "every organization's company"},
		{o.Associated(), "which contact belongs to which company"},
		{o.EventsOn(), "marketing events and who takes part in them"},
		{o.Contacts && o.Tickets, "the notes of tickets"},
		{len(o.WantedLists()) > 0, "lists that are missing"},
	})
	alone := someOf([]clause{
		{!o.EventsOn(), "what somebody deleted in HubSpot"},
		{o.EventsOn(), "what somebody deleted in HubSpot, but for marketing events"},
		{true, "what people entered where the property map fills only once or only if it is empty"},
		{o.Contacts && o.Activities, "notes of past activities"},
		{o.CustomEventsOn(), "custom events"},
		{len(o.WantedLists()) > 0, "who was taken out of a static list by hand"},
		{o.Contacts && o.Tags, "tags that wait for your confirmation"},
	})
	return "Sends again, whether or not it has changed: " + listed(again) + ". What was edited or lost in HubSpot is right again then.\n\n" +
		"Left alone: " + listed(alone) + "."
}

// clause is a part of a sentence, if it holds.
type clause struct {
	holds bool
	text  string
}

func someOf(clauses []clause) []string {
	var out []string
	for _, c := range clauses {
		if c.holds {
			out = append(out, c.text)
		}
	}
	return out
}
