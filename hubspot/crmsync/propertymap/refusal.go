package propertymap

import (
	"strconv"
	"strings"

	"github.com/memberpulse/hubspotplugin/hubspot"
)

// refusedName says why nothing may be mapped to a property, by its name alone;
// "" if something may. What is ours is judged by [owner].
func refusedName(name string) string {
	const keys = "It decides whose record it is, and MemberPulse keeps it itself. Choose another property."
	name = strings.ToLower(name)
	switch {
	case name == MemberID, name == OrganizationID, name == Email:
		return keys
	case name == "hs_additional_emails":
		return "HubSpot finds a contact by these addresses too, so writing them could give one person's contact to another. Choose another property."
	case strings.HasPrefix(name, "hs_email_optout"):
		return "Whether somebody has unsubscribed is decided by that person, and no sync may undo it. Choose another property."
	case name == "hs_marketable_status":
		return "It decides whether HubSpot bills the contact as a marketing contact. Set it in HubSpot."
	}
	return ""
}

// onlyOnCreate are properties that a sales team moves on in HubSpot: they are
// set with a new record and never again. A lifecycle stage is thus never moved
// back. https://knowledge.hubspot.com/records/use-lifecycle-stages
func onlyOnCreate(name string) bool {
	switch strings.ToLower(name) {
	case "lifecyclestage", "hs_lead_status", "hubspot_owner_id":
		return true
	}
	return false
}

// owner returns the field that a property of ours belongs to; ours is false for
// everybody else's. Properties of ours without a field belong to other parts of
// the plugin.
func owner(object, name string) (f *field, ours bool) {
	name = strings.ToLower(name)
	if !strings.HasPrefix(name, ownPrefix) {
		return nil, false
	}
	fields := fieldsOf(object)
	for i := range fields {
		if fields[i].property == name {
			return &fields[i], true
		}
	}
	return nil, true
}

// unwritable says why no field at all can be written to a property that the
// portal has, "" if one can.
func unwritable(p hubspot.Property) string {
	name := quote(p.Name)
	switch {
	case p.Archived:
		return "The property " + name + " is archived in HubSpot, so nothing can be written to it. Restore it there under Settings > Properties, or choose another one."
	case p.ReadOnlyValue, p.Calculated:
		return "HubSpot fills the property " + name + " itself, and refuses what anybody else writes to it. Choose another property."
	case p.Sensitive:
		return "The property " + name + " holds sensitive data, which MemberPulse has no access to. Choose another property."
	case p.HasUniqueValue:
		return "The property " + name + " allows each value only once, so HubSpot would refuse every second record with the same value. Choose another property."
	case p.FieldType == "file":
		return "The property " + name + " holds files, and MemberPulse sends none. Choose another property."
	case p.FieldType == "html":
		return "The property " + name + " holds formatted text, and MemberPulse sends plain text, which could be shown wrongly. Choose a plain text property."
	case p.Type == "bool":
		return "The property " + name + " is either true or false, and no field of MemberPulse is. Choose another property."
	case formOf(p) == formNone:
		return "The property " + name + " is of the type " + quote(p.Type) + ", which MemberPulse cannot write. Choose another property."
	}
	return ""
}

// misfit says why a property that can be written cannot take this field, "" if
// it can.
func misfit(f *field, p hubspot.Property) string {
	form := formOf(p)
	if !f.kind.fits(form) {
		return f.label + " is " + f.kind.words() + ", and the property " + quote(p.Name) + " takes " + form.words() +
			". Choose a property that takes " + f.kind.wanted() + "."
	}
	if f.kind != kindChoice || form != formOne && form != formMany || p.ExternalOptions {
		return ""
	}
	options, missing := choicesOf(p), []string(nil)
	for _, o := range f.options {
		if _, ok := options.find(o); !ok {
			missing = append(missing, quote(o))
		}
	}
	if len(missing) == 0 {
		return ""
	}
	return "The property " + quote(p.Name) + " does not offer " + strings.Join(missing, ", ") + ", so HubSpot would refuse members with that value. " +
		"Add what is missing to its options in HubSpot under Settings > Properties, or choose a text property."
}

func (k kind) words() string {
	switch k {
	case kindNumber:
		return "a number"
	case kindDate:
		return "a date"
	case kindDatetime:
		return "a date with a time"
	case kindChoice:
		return "one of several choices"
	case kindChoices:
		return "a list of categories"
	}
	return "text"
}

func (k kind) wanted() string {
	switch k {
	case kindNumber:
		return "numbers or text"
	case kindDate, kindDatetime:
		return "dates or text"
	case kindChoice:
		return "text, or that offers these choices"
	case kindChoices:
		return "text or several options"
	}
	return "text"
}

func (f form) words() string {
	switch f {
	case formPhone:
		return "phone numbers"
	case formNumber:
		return "numbers"
	case formDate:
		return "dates"
	case formDatetime:
		return "dates with a time"
	case formOne:
		return "one of its options"
	case formMany:
		return "several of its options"
	}
	return "text"
}

// quote shows a name that somebody may have typed: short, and without anything
// that a terminal or a page could take amiss.
func quote(name string) string {
	if r := []rune(name); len(r) > 100 {
		name = string(r[:100]) + "…"
	}
	return strconv.Quote(name)
}
