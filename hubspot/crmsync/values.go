package crmsync

import (
	"slices"
	"strings"
	"time"

	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/propertymap"
)

// Names of HubSpot properties that decide identity, and of those that say that
// the host has an entity no more.
const (
	propMemberID         = propertymap.MemberID
	propEmail            = propertymap.Email
	propAdditionalEmails = "hs_additional_emails"
	propMemberStatus     = propertymap.MemberStatus

	propOrganizationID     = propertymap.OrganizationID
	propOrganizationStatus = propertymap.OrganizationStatus
)

// statusDeleted is the status of what has left the host and is kept in HubSpot.
const statusDeleted = propertymap.StatusDeleted

// statusActive is what an organization is as long as the host has it.
const statusActive = "active"

// maxValue is HubSpot's limit of a text property, in characters
// (https://developers.hubspot.com/docs/api-reference/latest/crm/properties/guide).
const maxValue = 65536

// normalEmail is the form in which HubSpot stores an address: trimmed and in
// lower case.
func normalEmail(s string) string { return strings.ToLower(strings.TrimSpace(s)) }

// datetime is HubSpot's ISO 8601 form in UTC, with milliseconds; "" for none.
func datetime(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format("2006-01-02T15:04:05.000Z")
}

func truncate(s string, runes int) string {
	if len(s) <= runes {
		return s
	}
	n := 0
	for i := range s {
		if n == runes {
			return s[:i]
		}
		n++
	}
	return s
}

// union returns the names of both, sorted.
func union(a, b []string) []string {
	out := slices.Concat(a, b)
	slices.Sort(out)
	return slices.Compact(out)
}

// clean is text without what is no UTF-8 and without spaces around it.
func clean(s string) string { return strings.TrimSpace(strings.ToValidUTF8(s, "")) }
