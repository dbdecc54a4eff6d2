package propertymap

import (
	"strings"
	"time"

	"github.com/memberpulse/hubspotplugin/integration"
)

// contactFields are the fields of a member. The name of the organization is not
// among them: it would grow old unnoticed, for no change of a member announces
// it; the contact's company in HubSpot says it.
var contactFields = []field{
	{key: "id", label: "Member ID", kind: kindText, fixed: true, property: MemberID,
		read: text(func(s *source) string { return s.member.ID })},
	{key: "user.email", label: "Email", kind: kindText, fixed: true, property: Email,
		read: text(func(s *source) string { return strings.ToLower(s.member.Email) })},
	{key: "firstName", label: "First name", kind: kindText, property: "firstname",
		read: text(func(s *source) string { return s.member.FirstName })},
	{key: "lastName", label: "Last name", kind: kindText, property: "lastname",
		read: text(func(s *source) string { return s.member.LastName })},
	{key: "contactNumber", label: "Contact number", kind: kindText, property: "phone",
		read: text(func(s *source) string { return s.member.ContactNumber })},
	{key: "mobile", label: "Mobile", kind: kindText, property: "mobilephone",
		read: text(func(s *source) string { return s.member.Mobile })},
	{key: "company", label: "Company", kind: kindText, property: "company",
		read: text(func(s *source) string { return s.member.Company })},
	{key: "companyPhone", label: "Company contact number", kind: kindText, property: "memberpulse_company_phone",
		read: text(func(s *source) string { return s.member.CompanyPhone })},
	{key: "companyAddress", label: "Company address", kind: kindText, property: "memberpulse_company_address",
		read: text(func(s *source) string { return s.member.CompanyAddress })},
	{key: "position", label: "Position", kind: kindText, property: "jobtitle",
		read: text(func(s *source) string { return s.member.Position })},
	{key: "address", label: "Address", kind: kindText, property: "address",
		read: text(func(s *source) string { return s.member.Address })},
	{key: "city", label: "City", kind: kindText, property: "city",
		read: text(func(s *source) string { return s.member.City })},
	{key: "postcode", label: "Postcode", kind: kindText, property: "zip",
		read: text(func(s *source) string { return s.member.Postcode })},
	{key: "state", label: "State", kind: kindText, property: "state",
		read: text(func(s *source) string { return s.member.State })},
	{key: "country", label: "Country", kind: kindText, property: "country",
		read: text(func(s *source) string { return s.member.Country })},
	{key: "websiteUrl", label: "Website", kind: kindText, property: "website",
		read: text(func(s *source) string { return s.member.WebsiteURL })},
	{key: "linkedinUrl", label: "LinkedIn", kind: kindText, property: "hs_linkedin_url",
		read: text(func(s *source) string { return s.member.LinkedInURL })},
	{key: "dateOfBirth", label: "Date of birth", kind: kindDate, sensitive: true,
		read: day(func(s *source) integration.Date { return s.member.DateOfBirth })},
	{key: "gender", label: "Gender", kind: kindChoice, sensitive: true, options: []string{"Male", "Female", "Other", "Not Specified"},
		read: text(func(s *source) string { return s.member.Gender })},
	{key: "bio", label: "Bio", kind: kindText, sensitive: true,
		read: text(func(s *source) string { return s.member.Bio })},
	{key: "interestedIn", label: "Interested in", kind: kindChoices, property: "memberpulse_interested_in",
		read: list(func(s *source) []string { return s.member.InterestedIn })},
	{key: "eventInterests", label: "Events interested in", kind: kindChoices, property: "memberpulse_event_interests",
		read: list(func(s *source) []string { return s.member.EventInterests })},
	{key: "status", label: "Member status", kind: kindChoice, property: MemberStatus, options: memberStatuses,
		read: text(func(s *source) string { return string(s.member.Status) })},
	{key: "registerDate", label: "Registered", kind: kindDatetime, property: "memberpulse_registered_at",
		read: moment(func(s *source) time.Time { return s.member.RegisteredAt })},
	{key: "organizationId", label: "Organization ID", kind: kindText,
		read: text(func(s *source) string { return s.member.OrganizationID })},

	{key: "membership.plan", label: "Membership plan", kind: kindText, property: "memberpulse_membership_plan",
		read: text(func(s *source) string { return s.membership.PlanName })},
	{key: "membership.planId", label: "Membership plan ID", kind: kindText,
		read: text(func(s *source) string { return s.membership.PlanID })},
	{key: "membership.priceType", label: "Membership billing", kind: kindChoice, property: "memberpulse_membership_price_type", options: priceTypes,
		read: text(func(s *source) string { return s.membership.PriceType })},
	{key: "membership.status", label: "Membership status", kind: kindChoice, property: "memberpulse_membership_status", options: membershipStatuses,
		read: text(func(s *source) string { return string(s.membership.Status) })},
	{key: "membership.statusSince", label: "Membership status since", kind: kindDatetime, property: "memberpulse_membership_status_since",
		read: moment(func(s *source) time.Time { return s.membership.StatusSince })},
	{key: "membership.startDate", label: "Membership start", kind: kindDate, property: "memberpulse_membership_start",
		read: day(func(s *source) integration.Date { return s.membership.StartDate })},
	{key: "membership.endDate", label: "Membership end", kind: kindDate, property: "memberpulse_membership_end",
		read: day(func(s *source) integration.Date { return s.membership.EndDate })},
	{key: "membership.renewedAt", label: "Membership last renewed", kind: kindDatetime, property: "memberpulse_membership_renewed_at",
		read: moment(func(s *source) time.Time { return s.membership.RenewedAt })},
	{key: "membership.upgradedFrom", label: "Membership upgraded from", kind: kindText, property: "memberpulse_membership_upgraded_from",
		read: text(func(s *source) string { return s.membership.UpgradedFrom })},
	{key: "membership.upgradedAt", label: "Membership upgraded", kind: kindDatetime, property: "memberpulse_membership_upgraded_at",
		read: moment(func(s *source) time.Time { return s.membership.UpgradedAt })},
	{key: "membership.downgradeTo", label: "Downgrade scheduled to", kind: kindText, property: "memberpulse_membership_downgrade_to",
		read: text(func(s *source) string { return s.membership.DowngradeTo })},
	{key: "membership.downgradeOn", label: "Downgrade takes effect", kind: kindDate, property: "memberpulse_membership_downgrade_on",
		read: day(func(s *source) integration.Date { return s.membership.DowngradeOn })},
	{key: "membership.downgradeScheduledAt", label: "Downgrade asked for", kind: kindDatetime,
		read: moment(func(s *source) time.Time { return s.membership.DowngradeScheduledAt })},
	{key: "membership.downgradedAt", label: "Membership downgraded", kind: kindDatetime,
		read: moment(func(s *source) time.Time { return s.membership.DowngradedAt })},
}

var memberStatuses = []string{
	string(integration.MemberActive), string(integration.MemberInactive),
	string(integration.MemberSuspended), string(integration.MemberPending),
}

var membershipStatuses = []string{
	string(integration.MembershipActive), string(integration.MembershipExpiring), string(integration.MembershipExpired),
	string(integration.MembershipSuspended), string(integration.MembershipCancelled),
}

var priceTypes = []string{"monthly", "annually"}
