package propertymap

import (
	"slices"
	"strings"

	"github.com/memberpulse/hubspotplugin/hubspot"
)

// Names of HubSpot properties that decide identity, and of those that say that
// the host has an entity no more.
const (
	MemberID       = "memberpulse_member_id"       // unique on contacts
	OrganizationID = "memberpulse_organization_id" // unique on companies
	Email          = "email"

	MemberStatus       = "memberpulse_member_status"
	OrganizationStatus = "memberpulse_organization_status"
)

// StatusDeleted is an option of both statuses beside what the host says: it has
// the entity no more, and the record is kept.
const StatusDeleted = "deleted"

// The group under which HubSpot shows our properties.
const (
	GroupName  = "memberpulse"
	GroupLabel = "MemberPulse"
)

// ownPrefix begins the names of all properties that the plugin makes.
const ownPrefix = "memberpulse_"

// OwnProperties returns the definitions of the properties that the plugin makes
// on an object, the unique key first. None shows on HubSpot's forms: a visitor
// must not be able to type a member id. Names, types and options are released:
// more may come, none may change.
func OwnProperties(object string) []hubspot.Property {
	switch object {
	case Contact:
		return ownContactProperties()
	case Company:
		return ownCompanyProperties()
	}
	return nil
}

func ownContactProperties() []hubspot.Property {
	return []hubspot.Property{
		key(MemberID, "MemberPulse member ID", "Which member of MemberPulse this contact is. Written by MemberPulse; do not edit."),
		own(MemberStatus, "MemberPulse member status", "", "enumeration", "select",
			"active:Active", "inactive:Inactive", "suspended:Suspended", "pending:Pending", StatusDeleted+":Deleted"),
		own("memberpulse_registered_at", "MemberPulse registered", "When the member registered.", "datetime", "date"),
		own("memberpulse_membership_plan", "Membership plan", "The current plan.", "string", "text"),
		own("memberpulse_membership_status", "Membership status", "", "enumeration", "select",
			"active:Active", "expiring:Expiring", "expired:Expired", "suspended:Suspended", "cancelled:Cancelled"),
		own("memberpulse_membership_start", "Membership start", "First day of the current membership.", "date", "date"),
		own("memberpulse_membership_end", "Membership end", "Last day of the current membership.", "date", "date"),
		own("memberpulse_membership_renewed_at", "Membership last renewed", "", "datetime", "date"),
		own("memberpulse_membership_status_since", "Membership status since", "When the present membership status began.", "datetime", "date"),
		own("memberpulse_membership_price_type", "Membership billing", "How the current membership is billed.", "enumeration", "select",
			"monthly:Monthly", "annually:Annually"),
		own("memberpulse_membership_upgraded_from", "Membership upgraded from", "The plan before the last upgrade.", "string", "text"),
		own("memberpulse_membership_upgraded_at", "Membership upgraded", "When the membership moved up to its present plan.", "datetime", "date"),
		own("memberpulse_membership_downgrade_to", "Downgrade scheduled to", "The plan that the membership is to move down to.", "string", "text"),
		own("memberpulse_membership_downgrade_on", "Downgrade takes effect", "First day of the lower plan.", "date", "date"),
		own("memberpulse_company_phone", "Company contact number", "The number of the company that the member has named.", "string", "text"),
		own("memberpulse_company_address", "Company address", "The address of the company that the member has named.", "string", "textarea"),
		own("memberpulse_interested_in", "Interested in", "Categories, separated by semicolons.", "string", "textarea"),
		own("memberpulse_event_interests", "Events interested in", "Event categories, separated by semicolons.", "string", "textarea"),
	}
}

func ownCompanyProperties() []hubspot.Property {
	return []hubspot.Property{
		key(OrganizationID, "MemberPulse organization ID", "Which organization of MemberPulse this company is. Written by MemberPulse; do not edit."),
		own(OrganizationStatus, "MemberPulse organization status", "", "enumeration", "select", "active:Active", StatusDeleted+":Deleted"),
		own("memberpulse_group_id", "MemberPulse group ID", "The number of the group membership.", "string", "text"),
		own("memberpulse_membership_plan", "Membership plan", "The plan of the group membership.", "string", "text"),
		own("memberpulse_membership_start", "Membership start", "First day of the group membership.", "date", "date"),
		own("memberpulse_membership_end", "Membership end", "Last day of the group membership.", "date", "date"),
		own("memberpulse_seats", "Membership seats", "How many members the group membership has room for.", "number", "number"),
		own("memberpulse_seats_taken", "Membership seats taken", "", "number", "number"),
		own("memberpulse_seats_free", "Membership seats free", "", "number", "number"),
	}
}

func key(name, label, description string) hubspot.Property {
	return hubspot.Property{Name: name, Label: label, Description: description, GroupName: GroupName,
		Type: "string", FieldType: "text", HasUniqueValue: true}
}

func own(name, label, description, kind, widget string, options ...string) hubspot.Property {
	p := hubspot.Property{Name: name, Label: label, Description: strings.TrimSpace(description + " Written by MemberPulse."),
		GroupName: GroupName, Type: kind, FieldType: widget}
	for i, o := range options {
		value, label, _ := strings.Cut(o, ":")
		p.Options = append(p.Options, hubspot.Option{Value: value, Label: label, DisplayOrder: i})
	}
	return p
}

// ownProperty returns our definition of a name.
func ownProperty(object, name string) (hubspot.Property, bool) {
	all := OwnProperties(object)
	if i := slices.IndexFunc(all, func(p hubspot.Property) bool { return p.Name == name }); i >= 0 {
		return all[i], true
	}
	return hubspot.Property{}, false
}
