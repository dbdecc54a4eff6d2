package settings

import (
	"errors"
	"regexp"
	"slices"

	"github.com/memberpulse/hubspotplugin/integration"
	"github.com/memberpulse/hubspotplugin/tagging"
)

// KeyTagProperty is the setting that names the property of a family.
func KeyTagProperty(f tagging.Family) string {
	switch f {
	case tagging.FamilyMembership:
		return "tagPropertyMembership"
	case tagging.FamilyEvent:
		return "tagPropertyEvent"
	default:
		return "tagPropertyCourse"
	}
}

func tagsSection() integration.Section {
	sec := integration.Section{
		Key: "tags", Title: "Where tags are written",
		Help: "Tags are written to the property " + PropTags + ", which MemberPulse creates and owns. A family can go to a property of yours instead, one with several checkboxes.\n" +
			"Values of other people there are kept. HubSpot has no call that takes one value out: it is read, rewritten and looked at again. Whoever changes it in that same moment sees the change disappear for about a second and come back; only who changes the same contact four times in those moments can lose the last change.\n" +
			"If you choose another property for a family, its tags go there once you confirm it on the page Tags. A property of yours that they were in before keeps what is there; MemberPulse changes it no more.",
	}
	for _, f := range tagging.Families() {
		sec.Fields = append(sec.Fields, integration.Field{
			Key: KeyTagProperty(f), Label: FamilyLabel(f) + " tags", Type: integration.TypeText, MaxLen: 100, Check: checkPropertyName,
			Help: "The internal name of a contact property. Empty: " + PropTags + ".",
		})
	}
	return sec
}

// FamilyLabel is what an admin calls a family of tags.
func FamilyLabel(f tagging.Family) string {
	switch f {
	case tagging.FamilyMembership:
		return "Membership"
	case tagging.FamilyEvent:
		return "Event"
	default:
		return "Course"
	}
}

func tagPropertiesOf(s integration.Settings) map[string]string {
	out := map[string]string{}
	for _, f := range tagging.Families() {
		if name := s.Text(KeyTagProperty(f)); name != "" && name != PropTags {
			out[string(f)] = name
		}
	}
	return out
}

// Moved are the families whose tags go to another property than with old.
func (o Options) Moved(old Options) []tagging.Family {
	return slices.DeleteFunc(tagging.Families(), func(f tagging.Family) bool { return o.TagTarget(f) == old.TagTarget(f) })
}

var propertyName = regexp.MustCompile(`^[a-z][a-z0-9_]{0,99}$`)

// checkPropertyName refuses what cannot be HubSpot's internal name of a
// property.
func checkPropertyName(value string) error {
	if !propertyName.MatchString(value) {
		return errors.New("This is not the internal name of a property: it has lower-case letters, digits and underscores and starts with a letter. HubSpot shows it beside the property under Settings > Properties.")
	}
	return nil
}

// PropTags is the property of ours that holds a contact's tags.
const PropTags = "memberpulse_tags"
