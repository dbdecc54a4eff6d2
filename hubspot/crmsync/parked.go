package crmsync

import (
	"slices"

	"github.com/memberpulse/hubspotplugin/hubspot"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/propertymap"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/schema"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/settings"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/verdict"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/words"
	"github.com/memberpulse/hubspotplugin/integration"
	"github.com/memberpulse/hubspotplugin/tagging"
)

// parkedIncidents are one for each mapped property that the portal does not
// allow any more, one for each that is to receive tags, and one for all of an
// object for which its plan has no room: everything else goes on.
func parkedIncidents(parked []parkedProperty, o settings.Options) []integration.Incident {
	var out []integration.Incident
	at := map[string]int{}
	count := map[string]int{}
	for _, p := range parked {
		if p.Room == nil && receivesTags(o, p) {
			out = append(out, integration.Incident{Code: string(verdict.Parked), Title: "Tags cannot be written to the property " + p.Property,
				Meaning: p.Why + " No tags are sent; everything else of each contact is.",
				Fix:     "Put it right in HubSpot and press Check again, or choose another property for these tags in the settings.", Action: "recheck", Since: p.Since})
			continue
		}
		if p.Room == nil {
			out = append(out, integration.Incident{Code: string(verdict.Parked), Title: "A mapped property cannot be written: " + p.Property,
				Meaning: p.Why + " Its field is not sent; everything else of each " + p.Object + " is.",
				Fix:     "Put it right in HubSpot and press Check again, or map the field to another property on the page Property mapping.", Action: "recheck", Since: p.Since})
			continue
		}
		i, seen := at[p.Object]
		if !seen {
			t := words.Tell(verdict.PropertyLimit, "", nil)
			i, at[p.Object] = len(out), len(out)
			out = append(out, integration.Incident{Code: string(verdict.PropertyLimit), Fix: t.Fix, Action: t.Action, Since: p.Since,
				Meaning: "MemberPulse makes these properties itself. Until they are there what belongs in them is not sent; everything else of each " + p.Object + " is."})
		}
		if count[p.Object]++; p.Since.Before(out[i].Since) {
			out[i].Since = p.Since
		}
		s := schema.Shortage{Object: objectOf(p.Object), Needed: count[p.Object], Left: *p.Room}
		out[i].Title = words.Tell(verdict.PropertyLimit, "", []string{s.Amount()}).Title
	}
	return out
}

// receivesTags reports whether a property is one without which tags cannot be
// written.
func receivesTags(o settings.Options, p parkedProperty) bool {
	return o.TagsOn() && tagsParked(o, []parkedProperty{p}) != ""
}

func objectOf(mapped string) hubspot.ObjectType {
	if mapped == propertymap.Company {
		return hubspot.Companies
	}
	return hubspot.Contacts
}

// withoutTags is the parked property without which tags cannot be written, "" if
// there is none.
func withoutTags(o settings.Options, parked func(name string) bool) string {
	for _, f := range tagging.Families() {
		if name := o.TagTarget(f); parked(name) {
			return name
		}
	}
	return ""
}

// tagsParked is withoutTags of what is stored.
func tagsParked(o settings.Options, parked []parkedProperty) string {
	return withoutTags(o, func(name string) bool {
		return slices.ContainsFunc(parked, func(p parkedProperty) bool { return p.Object == propertymap.Contact && p.Property == name })
	})
}
