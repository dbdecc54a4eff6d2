package propertymap

import (
	"strings"

	"github.com/memberpulse/hubspotplugin/integration"
)

// companyFields are the fields of an organization.
var companyFields = []field{
	{key: "id", label: "Organization ID", kind: kindText, fixed: true, property: OrganizationID,
		read: text(func(s *source) string { return s.organization.ID })},
	{key: "name", label: "Name", kind: kindText, property: "name",
		read: text(func(s *source) string { return s.organization.Name })},
	{key: "description", label: "Description", kind: kindText, property: "description",
		read: text(func(s *source) string { return s.organization.Description })},
	{key: "domain", label: "Domain", kind: kindText, property: "domain",
		read: text(func(s *source) string { return strings.ToLower(s.organization.Domain) })},
	{key: "websiteUrl", label: "Website", kind: kindText, property: "website",
		read: text(func(s *source) string { return s.organization.WebsiteURL })},
	{key: "phone", label: "Phone", kind: kindText, property: "phone",
		read: text(func(s *source) string { return s.organization.Phone })},
	{key: "address", label: "Address", kind: kindText, property: "address",
		read: text(func(s *source) string { return s.organization.Address })},
	{key: "city", label: "City", kind: kindText, property: "city",
		read: text(func(s *source) string { return s.organization.City })},
	{key: "postcode", label: "Postcode", kind: kindText, property: "zip",
		read: text(func(s *source) string { return s.organization.Postcode })},
	{key: "state", label: "State", kind: kindText, property: "state",
		read: text(func(s *source) string { return s.organization.State })},
	{key: "country", label: "Country", kind: kindText, property: "country",
		read: text(func(s *source) string { return s.organization.Country })},
	{key: "groupId", label: "Group ID", kind: kindText, property: "memberpulse_group_id",
		read: text(func(s *source) string { return s.organization.GroupID })},
	{key: "membership.plan", label: "Membership plan", kind: kindText, property: "memberpulse_membership_plan",
		read: text(func(s *source) string { return s.organization.PlanName })},
	{key: "membership.startDate", label: "Membership start", kind: kindDate, property: "memberpulse_membership_start",
		read: day(func(s *source) integration.Date { return s.organization.StartDate })},
	{key: "membership.endDate", label: "Membership end", kind: kindDate, property: "memberpulse_membership_end",
		read: day(func(s *source) integration.Date { return s.organization.EndDate })},
	{key: "seats", label: "Seats", kind: kindNumber, property: "memberpulse_seats",
		read: number(func(s *source) (int, bool) { return s.organization.Seats, s.organization.Seats > 0 })},
	{key: "seatsTaken", label: "Seats taken", kind: kindNumber, property: "memberpulse_seats_taken",
		read: number(func(s *source) (int, bool) {
			o := s.organization
			return o.SeatsTaken, o.Seats > 0 || o.SeatsTaken > 0
		})},
	{key: "seatsFree", label: "Seats free", kind: kindNumber, property: "memberpulse_seats_free",
		read: number(func(s *source) (int, bool) { return free(s.organization), s.organization.Seats > 0 })},
}

// free is how many seats nobody has taken; more taken than there are is none.
func free(o integration.Organization) int { return max(0, o.Seats-o.SeatsTaken) }
