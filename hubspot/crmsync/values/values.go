// Package values has HubSpot's forms of values, and the names of the properties
// that decide identity. It is pure.
package values

import (
	"slices"
	"strings"
	"time"

	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/propertymap"
)

// Names of HubSpot properties that decide identity, and of those that say that
// the host has an entity no more.
const (
	PropMemberID         = propertymap.MemberID
	PropEmail            = propertymap.Email
	PropAdditionalEmails = "hs_additional_emails"
	PropMemberStatus     = propertymap.MemberStatus

	PropOrganizationID     = propertymap.OrganizationID
	PropOrganizationStatus = propertymap.OrganizationStatus
)

// StatusDeleted is the status of what has left the host and is kept in HubSpot.
const StatusDeleted = propertymap.StatusDeleted

// StatusActive is what an organization is as long as the host has it.
const StatusActive = "active"

// MaxValue is HubSpot's limit of a text property, in characters
// (https://developers.hubspot.com/docs/api-reference/latest/crm/properties/guide).
const MaxValue = 65536

// NormalEmail is the form in which HubSpot stores an address: trimmed and in
// lower case.
func NormalEmail(s string) string { return strings.ToLower(strings.TrimSpace(s)) }

// Datetime is HubSpot's ISO 8601 form in UTC, with milliseconds; "" for none.
func Datetime(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format("2006-01-02T15:04:05.000Z")
}

// Truncate cuts a text to so many characters.
func Truncate(s string, runes int) string {
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

// Union returns the names of both, sorted.
func Union(a, b []string) []string {
	out := slices.Concat(a, b)
	slices.Sort(out)
	return slices.Compact(out)
}

// Common are those of a that b has, too.
func Common(a, b []string) []string {
	return slices.DeleteFunc(slices.Clone(a), func(s string) bool { return !slices.Contains(b, s) })
}

// Without are those of a that b does not have.
func Without(a, b []string) []string {
	return slices.DeleteFunc(slices.Clone(a), func(s string) bool { return slices.Contains(b, s) })
}

// Clean is text without what is no UTF-8 and without spaces around it.
func Clean(s string) string { return strings.TrimSpace(strings.ToValidUTF8(s, "")) }
