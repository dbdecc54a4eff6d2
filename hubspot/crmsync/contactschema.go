package crmsync

import "github.com/memberpulse/hubspotplugin/hubspot"

// The group under which HubSpot shows our properties.
const (
	groupName  = "memberpulse"
	groupLabel = "MemberPulse"
)

// uniqueSlots is how many properties with unique values an object type may
// have in HubSpot
// (https://developers.hubspot.com/docs/api-reference/latest/crm/properties/guide).
const uniqueSlots = 10

// contactProperties are the properties that the plugin makes on contacts. None
// shows on HubSpot's forms: a visitor must not be able to type a member id.
func contactProperties() []hubspot.Property {
	text := func(name, label, description string) hubspot.Property {
		return hubspot.Property{Name: name, Label: label, Description: description, GroupName: groupName, Type: "string", FieldType: "text"}
	}
	day := func(name, label, description string) hubspot.Property {
		return hubspot.Property{Name: name, Label: label, Description: description, GroupName: groupName, Type: "date", FieldType: "date"}
	}
	moment := func(name, label, description string) hubspot.Property {
		return hubspot.Property{Name: name, Label: label, Description: description, GroupName: groupName, Type: "datetime", FieldType: "date"}
	}
	choice := func(name, label, description string, values ...[2]string) hubspot.Property {
		p := hubspot.Property{Name: name, Label: label, Description: description, GroupName: groupName, Type: "enumeration", FieldType: "select"}
		for i, v := range values {
			p.Options = append(p.Options, hubspot.Option{Value: v[0], Label: v[1], DisplayOrder: i})
		}
		return p
	}
	id := text(propMemberID, "MemberPulse member ID", "Which member of MemberPulse this contact is. Written by MemberPulse; do not edit.")
	id.HasUniqueValue = true
	return []hubspot.Property{
		id,
		choice(propMemberStatus, "MemberPulse member status", "Written by MemberPulse.",
			[2]string{"active", "Active"}, [2]string{"inactive", "Inactive"}, [2]string{"suspended", "Suspended"},
			[2]string{"pending", "Pending"}, [2]string{statusDeleted, "Deleted"}),
		moment("memberpulse_registered_at", "MemberPulse registered", "When the member registered. Written by MemberPulse."),
		text("memberpulse_membership_plan", "Membership plan", "The current plan. Written by MemberPulse."),
		choice("memberpulse_membership_status", "Membership status", "Written by MemberPulse.",
			[2]string{"active", "Active"}, [2]string{"expiring", "Expiring"}, [2]string{"expired", "Expired"},
			[2]string{"suspended", "Suspended"}, [2]string{"cancelled", "Cancelled"}),
		day("memberpulse_membership_start", "Membership start", "First day of the current membership. Written by MemberPulse."),
		day("memberpulse_membership_end", "Membership end", "Last day of the current membership. Written by MemberPulse."),
		moment("memberpulse_membership_renewed_at", "Membership last renewed", "Written by MemberPulse."),
	}
}

// schemaGap is what a portal's contact properties lack for us.
type schemaGap struct {
	missing []hubspot.Property // to be created
	options []optionGap        // to be added to ours
	// retyped are ours by name, but of another type: only a person can mend that.
	retyped []string
	noSlot  bool // no unique property is free for the member id
}

type optionGap struct {
	property hubspot.Property // as the portal has it
	add      []hubspot.Option
}

func (g schemaGap) complete() bool {
	return len(g.missing) == 0 && len(g.options) == 0 && len(g.retyped) == 0 && !g.noSlot
}

// compareSchema finds what a portal lacks. It is pure.
func compareSchema(have []hubspot.Property) schemaGap {
	byName := make(map[string]hubspot.Property, len(have))
	unique := 0
	for _, p := range have {
		if p.Archived {
			continue
		}
		byName[p.Name] = p
		if p.HasUniqueValue && !p.HubSpotDefined {
			unique++
		}
	}
	var gap schemaGap
	for _, want := range contactProperties() {
		got, ok := byName[want.Name]
		switch {
		case !ok:
			gap.missing = append(gap.missing, want)
			gap.noSlot = gap.noSlot || want.HasUniqueValue && unique >= uniqueSlots
		case got.Type != want.Type || got.HasUniqueValue != want.HasUniqueValue:
			gap.retyped = append(gap.retyped, want.Name)
		default:
			if add := missingOptions(got, want); len(add) > 0 {
				gap.options = append(gap.options, optionGap{got, add})
			}
		}
	}
	return gap
}

func missingOptions(got, want hubspot.Property) []hubspot.Option {
	have := map[string]bool{}
	order := -1
	for _, o := range got.Options {
		have[o.Value] = true
		order = max(order, o.DisplayOrder)
	}
	var add []hubspot.Option
	for _, o := range want.Options {
		if !have[o.Value] {
			order++
			o.DisplayOrder = order
			add = append(add, o)
		}
	}
	return add
}
