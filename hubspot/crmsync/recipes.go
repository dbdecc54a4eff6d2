package crmsync

import (
	"fmt"
	"strings"
	"time"

	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/settings"
	"github.com/memberpulse/hubspotplugin/integration"
	"github.com/memberpulse/hubspotplugin/tagging"
)

// recipes say, tag by tag, how to start a workflow in HubSpot: by the property,
// and by the list if the tag has one. golive is the moment from which
// occurrences count, in the time zone of the HubSpot account, zero if it is not known. It is pure.
// See https://knowledge.hubspot.com/workflows/add-re-enrollment-triggers-to-a-workflow
func recipes(o settings.Options, golive time.Time) []integration.Recipe {
	if !o.Contacts || !o.Tags {
		return nil
	}
	var out []integration.Recipe
	for _, t := range tagging.Catalog() {
		out = append(out, propertyRecipe(t, golive))
		if mode := o.ListMode(t.Slug); mode != "" {
			out = append(out, listRecipe(settings.WantedList{Tag: t, Mode: mode, Property: o.TagTarget(t.Family)}))
		}
	}
	return out
}

// propertyRecipe enrols by the property that changes at every occurrence.
func propertyRecipe(t tagging.Tag, golive time.Time) integration.Recipe {
	last := fmt.Sprintf("%s: last time (%s)", t.Label, tagFact(t.Slug, factLastAt))
	after := "the day on which you switch the workflow on"
	if !golive.IsZero() {
		after = golive.Format("2 January 2006") + " (MemberPulse sends what happens from that day on; HubSpot does not count the day itself)"
	}
	r := integration.Recipe{
		Tag: t.Slug, Title: t.Label + ": every time it happens",
		Steps: []string{
			"In HubSpot open Automation > Workflows and create a contact-based workflow that starts when filter criteria are met.",
			"As trigger choose the contact property " + last + " and \"is known\".",
			"Add with AND: the same property \"is after\" " + after + ". Without it everybody who has the tag already is enrolled when you confirm the tags or switch the workflow on.",
			"Turn on re-enrollment, and choose the same property, \"is known\", for it: HubSpot then enrolls again at every new value. \"Is known\" is the only condition of this property that re-enrolls at any change.",
		},
		Limits: append([]string{
			"A contact that is still inside the workflow is not enrolled again. Keep such a workflow short: a long wait swallows what happens meanwhile.",
			"Several occurrences that are sent together, or that come to nothing before they are sent, change the property once or not at all.",
			"No write to HubSpot is quiet: if you or another app change this property, the workflow starts as well.",
		}, everyLimit()...),
	}
	if occurs(t) {
		facts := []string{tagFact(t.Slug, factName), tagFact(t.Slug, factDate), tagFact(t.Slug, factLink)}
		r.Steps = append(r.Steps, "In emails use the properties "+strings.Join(facts, ", ")+": they are written together with the time, and tell of the same occurrence.")
		r.Limits = append(r.Limits, "These properties tell of the newest occurrence. After a wait in the workflow they may tell of a newer one than the workflow started for.")
	}
	return r
}

// listRecipe enrols by the list of a tag.
func listRecipe(w settings.WantedList) integration.Recipe {
	r := integration.Recipe{
		Tag: w.Tag.Slug, Title: w.Tag.Label + ": when a contact comes to have it",
		Steps: []string{
			"In HubSpot open Automation > Workflows and create a contact-based workflow that starts when filter criteria are met.",
			"As trigger choose segment membership (list membership in some accounts) and \"is member of\" " + w.Name() + ".",
			"To enroll whoever leaves and comes back, turn on re-enrollment for the same condition.",
		},
		Limits: []string{
			"A contact that is in the list already is not enrolled by the next occurrence: use the property for that.",
			"Whoever is in the list when you switch the workflow on is enrolled then, if you choose so in HubSpot.",
		},
	}
	if w.Mode == settings.ListActive {
		r.Limits = append(r.Limits, "HubSpot fills an active list some minutes after the property has changed; the workflow starts that much later.")
	} else {
		r.Limits = append(r.Limits, "Contacts that people put into the list by hand start the workflow, too.")
	}
	r.Limits = append(r.Limits, everyLimit()...)
	return r
}

func everyLimit() []string {
	return []string{"Workflows need a Professional or Enterprise plan of HubSpot. Without one, use the property or the list for views, emails and reports."}
}
