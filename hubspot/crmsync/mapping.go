package crmsync

import (
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/memberpulse/hubspotplugin/integration"
)

// Names of HubSpot properties that decide identity.
const (
	propMemberID         = "memberpulse_member_id"
	propEmail            = "email"
	propAdditionalEmails = "hs_additional_emails"
	propMemberStatus     = "memberpulse_member_status"

	propOrganizationID     = "memberpulse_organization_id"
	propOrganizationStatus = "memberpulse_organization_status"
)

// statusDeleted is written to propMemberStatus when a member has left the host
// and the tenant's policy is to keep the contact.
const statusDeleted = "deleted"

// statusActive is what an organization is as long as the host has it.
const statusActive = "active"

// version is part of every fingerprint: a release that maps differently sends
// everybody once more. Raise it with every change of the road's map.
func (r *road) version() string {
	if r.kind == kindOrganization {
		return "company/2"
	}
	return "contact/1"
}

// mapped is one line of the default map: a member's field and the property
// that receives it.
type mapped[E any] struct {
	field    string
	property string
	value    func(E) string
}

var contactMap = []mapped[integration.Member]{
	{"user.email", propEmail, func(m integration.Member) string { return normalEmail(m.Email) }},
	{"firstName", "firstname", func(m integration.Member) string { return m.FirstName }},
	{"lastName", "lastname", func(m integration.Member) string { return m.LastName }},
	{"contactNumber", "phone", func(m integration.Member) string { return m.ContactNumber }},
	{"mobile", "mobilephone", func(m integration.Member) string { return m.Mobile }},
	{"company", "company", func(m integration.Member) string { return m.Company }},
	{"position", "jobtitle", func(m integration.Member) string { return m.Position }},
	{"address", "address", func(m integration.Member) string { return m.Address }},
	{"city", "city", func(m integration.Member) string { return m.City }},
	{"postcode", "zip", func(m integration.Member) string { return m.Postcode }},
	{"state", "state", func(m integration.Member) string { return m.State }},
	{"country", "country", func(m integration.Member) string { return m.Country }},
	{"websiteUrl", "website", func(m integration.Member) string { return m.WebsiteURL }},
	{"id", propMemberID, func(m integration.Member) string { return m.ID }},
	{"status", propMemberStatus, func(m integration.Member) string { return string(m.Status) }},
	{"registerDate", "memberpulse_registered_at", func(m integration.Member) string { return datetime(m.RegisteredAt) }},
	{"membership.plan", "memberpulse_membership_plan", func(m integration.Member) string { return current(m).PlanName }},
	{"membership.status", "memberpulse_membership_status", func(m integration.Member) string { return string(current(m).Status) }},
	{"membership.startDate", "memberpulse_membership_start", func(m integration.Member) string { return current(m).StartDate.String() }},
	{"membership.endDate", "memberpulse_membership_end", func(m integration.Member) string { return current(m).EndDate.String() }},
	{"membership.renewedAt", "memberpulse_membership_renewed_at", func(m integration.Member) string { return datetime(current(m).RenewedAt) }},
}

// fieldMappings is the map without values, as a sync record shows it.
func fieldMappings(entity string) map[string]string {
	switch entity {
	case entityContact:
		return namesOf(contactMap)
	case entityCompany:
		return namesOf(companyMap)
	}
	return nil
}

func namesOf[E any](m []mapped[E]) map[string]string {
	out := make(map[string]string, len(m))
	for _, l := range m {
		out[l.field] = l.property
	}
	return out
}

var companyMap = []mapped[integration.Organization]{
	{"name", "name", func(o integration.Organization) string { return o.Name }},
	{"description", "description", func(o integration.Organization) string { return o.Description }},
	{"domain", "domain", func(o integration.Organization) string { return strings.ToLower(o.Domain) }},
	{"websiteUrl", "website", func(o integration.Organization) string { return o.WebsiteURL }},
	{"phone", "phone", func(o integration.Organization) string { return o.Phone }},
	{"address", "address", func(o integration.Organization) string { return o.Address }},
	{"city", "city", func(o integration.Organization) string { return o.City }},
	{"postcode", "zip", func(o integration.Organization) string { return o.Postcode }},
	{"state", "state", func(o integration.Organization) string { return o.State }},
	{"country", "country", func(o integration.Organization) string { return o.Country }},
	{"id", propOrganizationID, func(o integration.Organization) string { return o.ID }},
	{"status", propOrganizationStatus, func(integration.Organization) string { return statusActive }},
}

// maxValue is HubSpot's limit of a text property, in characters
// (https://developers.hubspot.com/docs/api-reference/latest/crm/properties/guide).
const maxValue = 65536

// properties returns the values of an entity's record. Fields without a value
// are left out, so that a blank here never clears what somebody typed there,
// except those in sent, which we filled before: they are cleared with "".
// email and the member id are never cleared.
func properties[E any](m []mapped[E], e E, sent []string) map[string]string {
	out := map[string]string{}
	for _, l := range m {
		v := truncate(strings.TrimSpace(strings.ToValidUTF8(l.value(e), "")), maxValue)
		switch {
		case v != "":
			out[l.property] = v
		case l.property != propEmail && slices.Contains(sent, l.property):
			out[l.property] = ""
		}
	}
	return out
}

// filled returns the names, sorted, of the properties that have a value.
func filled(props map[string]string) []string {
	out := make([]string, 0, len(props))
	for name, v := range props {
		if v != "" {
			out = append(out, name)
		}
	}
	slices.Sort(out)
	return out
}

// current returns the membership that speaks for the member: active before
// expiring before expired before suspended before cancelled, then the latest
// end, then the highest id, so that the choice does not depend on the order in
// which the host lists them. The zero Membership if there is none.
func current(m integration.Member) integration.Membership {
	if len(m.Memberships) == 0 {
		return integration.Membership{}
	}
	return slices.MaxFunc(m.Memberships, func(a, b integration.Membership) int {
		if ra, rb := rank(a.Status), rank(b.Status); ra != rb {
			return ra - rb
		}
		if a.EndDate != b.EndDate {
			if a.EndDate.Before(b.EndDate) {
				return -1
			}
			return 1
		}
		return strings.Compare(a.ID, b.ID)
	})
}

func rank(s integration.MembershipStatus) int {
	order := []integration.MembershipStatus{
		integration.MembershipCancelled, integration.MembershipSuspended, integration.MembershipExpired,
		integration.MembershipExpiring, integration.MembershipActive,
	}
	return slices.Index(order, s)
}

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

// sortedNames returns the keys of props in order.
func sortedNames(props map[string]string) []string { return slices.Sorted(maps.Keys(props)) }
