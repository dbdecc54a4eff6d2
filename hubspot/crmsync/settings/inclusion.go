package settings

import (
	"slices"
	"strings"

	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/values"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/verdict"
	"github.com/memberpulse/hubspotplugin/integration"
)

// Excluded returns the code of the reason why a member that has no contact yet
// gets none, "" if it is included. Whether an address is valid is HubSpot's to
// say: a guess here could leave somebody behind for good.
func (o Options) Excluded(m integration.Member) verdict.Code {
	switch {
	case !slices.Contains(o.Statuses, string(m.Status)) && m.Status == integration.MemberPending:
		return verdict.Pending
	case !slices.Contains(o.Statuses, string(m.Status)):
		return verdict.StatusLeftOut
	case len(o.plans) > 0 && !slices.ContainsFunc(m.Memberships, func(ms integration.Membership) bool { return slices.Contains(o.plans, ms.PlanID) }):
		return verdict.PlanLeftOut
	case values.NormalEmail(m.Email) == "":
		return verdict.NoEmail
	default:
		return ""
	}
}

// ExcludedOrganization returns the code of the reason why an organization that
// has no company yet gets none, "" if it is included.
func ExcludedOrganization(o integration.Organization) verdict.Code {
	if strings.TrimSpace(o.Name) == "" {
		return verdict.NoName
	}
	return ""
}

// OrganizationOf is the organization that a member is in, "" for none. One
// whose id breaks the contract cannot have a company.
func OrganizationOf(m integration.Member) string {
	if id := strings.ToLower(m.OrganizationID); integration.ValidUUID(id) {
		return id
	}
	return ""
}
