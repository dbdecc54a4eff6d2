package crmsync

import (
	"slices"
	"strings"

	"github.com/memberpulse/hubspotplugin/integration"
)

// excluded returns the code of the reason why a member that has no contact yet
// gets none, "" if it is included. Whether an address is valid is HubSpot's to
// say: a guess here could leave somebody behind for good.
func (o options) excluded(m integration.Member) code {
	switch {
	case !slices.Contains(o.statuses, string(m.Status)) && m.Status == integration.MemberPending:
		return codePending
	case !slices.Contains(o.statuses, string(m.Status)):
		return codeStatusLeftOut
	case len(o.plans) > 0 && !slices.ContainsFunc(m.Memberships, func(ms integration.Membership) bool { return slices.Contains(o.plans, ms.PlanID) }):
		return codePlanLeftOut
	case normalEmail(m.Email) == "":
		return codeNoEmail
	default:
		return ""
	}
}

// excludedOrganization returns the code of the reason why an organization that
// has no company yet gets none, "" if it is included.
func excludedOrganization(o integration.Organization) code {
	if strings.TrimSpace(o.Name) == "" {
		return codeNoName
	}
	return ""
}

// organizationOf is the organization that a member is in, "" for none. One
// whose id breaks the contract cannot have a company.
func organizationOf(m integration.Member) string {
	if id := strings.ToLower(m.OrganizationID); integration.ValidUUID(id) {
		return id
	}
	return ""
}
