package crmsync

import (
	"strings"

	"github.com/memberpulse/hubspotplugin/hubspot"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/schema"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/settings"
	"github.com/memberpulse/hubspotplugin/tagging"
)

// tagFact is a property with a fact about one tag.
func tagFact(slug, fact string) string {
	return "memberpulse_" + strings.ReplaceAll(slug, "-", "_") + "_" + fact
}

// The facts about a tag. Since is when it began; last at changes with every
// occurrence, also while the tag is there, and so enrols a workflow again.
const (
	factSince  = "since"
	factLastAt = "last_at"
	factName   = "name"
	factDate   = "date"
	factLink   = "link"
)

// occurs reports whether a tag has an occurrence with name, date and link of
// its own. That of a membership tag is the membership, which has properties
// already.
func occurs(t tagging.Tag) bool { return t.Family != tagging.FamilyMembership }

// tagContactProperties are the properties that tags need on contacts. A family
// that is written to a property of the customer's needs only its facts.
func tagContactProperties(o settings.Options) []hubspot.Property {
	set := schema.ChoiceProperty(settings.PropTags, "MemberPulse tags", "What holds for the member now. Written by MemberPulse as a whole; do not edit.")
	set.FieldType = "checkbox"
	var facts []hubspot.Property
	for _, t := range tagging.Catalog() {
		if o.TagTarget(t.Family) == settings.PropTags {
			set.Options = append(set.Options, hubspot.Option{Value: t.Slug, Label: t.Label, DisplayOrder: len(set.Options)})
		}
		facts = append(facts,
			schema.MomentProperty(tagFact(t.Slug, factSince), t.Label+": since", t.Meaning+" Empty while the contact does not have the tag. Written by MemberPulse."),
			schema.MomentProperty(tagFact(t.Slug, factLastAt), t.Label+": last time", "Changes every time it happens, also when the contact has the tag already: use it to enrol a contact again. Written by MemberPulse."))
		if occurs(t) {
			facts = append(facts,
				schema.TextProperty(tagFact(t.Slug, factName), t.Label+": what", "The event or course of the last time. Written by MemberPulse."),
				schema.MomentProperty(tagFact(t.Slug, factDate), t.Label+": when", "When the event takes place, or when it happened. Written by MemberPulse."),
				schema.TextProperty(tagFact(t.Slug, factLink), t.Label+": link", "Leads to the event or course in MemberPulse. Written by MemberPulse."))
		}
	}
	if len(set.Options) == 0 {
		return facts
	}
	return append([]hubspot.Property{set}, facts...)
}

// isTagProperty reports whether a property of ours is about tags.
func isTagProperty(name string) bool {
	if name == settings.PropTags {
		return true
	}
	for _, t := range tagging.Catalog() {
		for _, fact := range []string{factSince, factLastAt, factName, factDate, factLink} {
			if name == tagFact(t.Slug, fact) {
				return true
			}
		}
	}
	return false
}
