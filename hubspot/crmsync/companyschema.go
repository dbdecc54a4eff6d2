package crmsync

import "github.com/memberpulse/hubspotplugin/hubspot"

// companyProperties are the properties that the plugin makes on companies.
func companyProperties() []hubspot.Property {
	id := textProperty(propOrganizationID, "MemberPulse organization ID", "Which organization of MemberPulse this company is. Written by MemberPulse; do not edit.")
	id.HasUniqueValue = true
	return []hubspot.Property{
		id,
		choiceProperty(propOrganizationStatus, "MemberPulse organization status", "Written by MemberPulse.",
			[2]string{statusActive, "Active"}, [2]string{statusDeleted, "Deleted"}),
	}
}
