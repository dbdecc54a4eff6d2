// Package kinds names what the sync deals with: the kinds of the outbox's
// deliveries, and the types of the sync records that tell of them. It is pure.
package kinds

import (
	"slices"

	"github.com/memberpulse/hubspotplugin/integration"
)

// The outbox kinds. Those of the contract carry its names; the others follow
// from a settlement, in its transaction, when a contact exists.
const (
	Member       = string(integration.KindMember)
	Organization = string(integration.KindOrganization)
	Activity     = string(integration.KindActivity)
	Ticket       = string(integration.KindTicket)
	Event        = string(integration.KindEvent)
	// Association is a member's contact and its organization's company; its
	// key is the member's.
	Association = "association"

	// Attendance is what a member does at events; its key is the member's.
	Attendance = "attendance"
	// CustomEvent is an activity that becomes a custom event.
	CustomEvent = "custom-event"

	Segment = "segment" // a member's contact and the static lists of its tags
	List    = "list"    // the tenant's lists themselves
)

// The types of sync records, MemberPulse's own words and four more.
const (
	EntityContact = "contact"
	EntityCompany = "company"
	EntityTag     = "tag"

	EntityActivity = "activity"
	EntityNote     = "note" // of a support ticket

	EntityEvent       = "event"        // as a marketing event
	EntityAttendance  = "attendance"   // of a member at events
	EntityCustomEvent = "custom-event" // of an activity

	// EntityAssociation is that of a member's contact with its organization's
	// company.
	EntityAssociation = "association"
)

// EntityTypes are all types whose entity_id is the host's own id.
func EntityTypes() []string {
	return []string{EntityContact, EntityCompany, EntityAssociation, EntityActivity, EntityNote,
		EntityEvent, EntityAttendance, EntityCustomEvent}
}

// AllEntityTypes are the types of all sync records.
func AllEntityTypes() []string { return append(EntityTypes(), EntityTag) }

// WalkOrder returns kinds, each once, in the order in which they are walked
// over: what others wait for comes first.
func WalkOrder(kinds []string) []string {
	var out []string
	for _, kind := range []string{Organization, Event, Member, Segment, Ticket} {
		if slices.Contains(kinds, kind) {
			out = append(out, kind)
		}
	}
	return out
}
