package schema

import "github.com/memberpulse/hubspotplugin/hubspot/crmsync/propertymap"

// The group under which HubSpot shows our properties.
const (
	groupName  = propertymap.GroupName
	GroupLabel = propertymap.GroupLabel
)

// UniqueSlots is how many properties with unique values an object type may
// have in HubSpot
// (https://developers.hubspot.com/docs/api-reference/latest/crm/properties/guide).
const UniqueSlots = 10
