package crmsync

import (
	"slices"

	"github.com/memberpulse/hubspotplugin/integration"
)

// The outbox kinds. Those of the contract carry its names; the others follow
// from a settlement, in its transaction, when a contact exists.
const (
	kindMember       = string(integration.KindMember)
	kindOrganization = string(integration.KindOrganization)
	kindActivity     = string(integration.KindActivity)
	kindTicket       = string(integration.KindTicket)
	kindEvent        = string(integration.KindEvent)
	// kindAssociation is a member's contact and its organization's company; its
	// key is the member's.
	kindAssociation = "association"

	// kindAttendance is what a member does at events; its key is the member's.
	kindAttendance = "attendance"
	// kindCustomEvent is an activity that becomes a custom event.
	kindCustomEvent = "custom-event"

	kindSegment = "segment" // a member's contact and the static lists of its tags
	kindList    = "list"    // the tenant's lists themselves
)

// The types of sync records, MemberPulse's own words and four more.
const (
	entityContact = "contact"
	entityCompany = "company"
	entityTag     = "tag"

	entityActivity = "activity"
	entityNote     = "note" // of a support ticket

	entityEvent       = "event"        // as a marketing event
	entityAttendance  = "attendance"   // of a member at events
	entityCustomEvent = "custom-event" // of an activity

	// entityAssociation is that of a member's contact with its organization's
	// company.
	entityAssociation = "association"
)

// entityTypes are all types whose entity_id is the host's own id.
func entityTypes() []string {
	return []string{entityContact, entityCompany, entityAssociation, entityActivity, entityNote,
		entityEvent, entityAttendance, entityCustomEvent}
}

// allEntityTypes are the types of all sync records.
func allEntityTypes() []string { return append(entityTypes(), entityTag) }

// walkOrder returns kinds, each once, in the order in which they are walked
// over: what others wait for comes first.
func walkOrder(kinds []string) []string {
	var out []string
	for _, kind := range []string{kindOrganization, kindEvent, kindMember, kindSegment, kindTicket} {
		if slices.Contains(kinds, kind) {
			out = append(out, kind)
		}
	}
	return out
}
