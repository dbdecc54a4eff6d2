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

// wantedOnContacts are the properties that the switched-on parts need on
// contacts.
func wantedOnContacts(o options) []hubspot.Property {
	wanted := contactProperties()
	if o.tags {
		wanted = append(wanted, tagContactProperties(o)...)
	}
	return wanted
}

// contactProperties are the properties that the plugin makes on contacts.
func contactProperties() []hubspot.Property {
	id := textProperty(propMemberID, "MemberPulse member ID", "Which member of MemberPulse this contact is. Written by MemberPulse; do not edit.")
	id.HasUniqueValue = true
	return []hubspot.Property{
		id,
		choiceProperty(propMemberStatus, "MemberPulse member status", "Written by MemberPulse.",
			[2]string{"active", "Active"}, [2]string{"inactive", "Inactive"}, [2]string{"suspended", "Suspended"},
			[2]string{"pending", "Pending"}, [2]string{statusDeleted, "Deleted"}),
		momentProperty("memberpulse_registered_at", "MemberPulse registered", "When the member registered. Written by MemberPulse."),
		textProperty("memberpulse_membership_plan", "Membership plan", "The current plan. Written by MemberPulse."),
		choiceProperty("memberpulse_membership_status", "Membership status", "Written by MemberPulse.",
			[2]string{"active", "Active"}, [2]string{"expiring", "Expiring"}, [2]string{"expired", "Expired"},
			[2]string{"suspended", "Suspended"}, [2]string{"cancelled", "Cancelled"}),
		dayProperty("memberpulse_membership_start", "Membership start", "First day of the current membership. Written by MemberPulse."),
		dayProperty("memberpulse_membership_end", "Membership end", "Last day of the current membership. Written by MemberPulse."),
		momentProperty("memberpulse_membership_renewed_at", "Membership last renewed", "Written by MemberPulse."),
	}
}
