package console

import (
	"database/sql"
	"strconv"

	"github.com/memberpulse/hubspotplugin/integration"
)

// matching tells how far the tenant's matching has come.
func (c *Console) matching(k *call) (integration.Matching, error) {
	m, err := k.plugin.(integration.Matcher).Matching(k.ctx(), k.tenant())
	return m, inStore(err)
}

// decide applies an admin's word on organizations, all of it or nothing.
func (c *Console) decide(k *call, decisions []integration.MatchDecision) error {
	errs, companies := integration.FieldErrors{}, map[string]string{}
	changes := map[string]integration.AuditChange{}
	for _, d := range decisions {
		key := "organization." + d.OrganizationID
		if _, twice := changes[key]; twice {
			errs.Add(d.OrganizationID, "This organization is decided twice.")
		}
		if !integration.ValidUUID(d.OrganizationID) || !typed(d.CompanyID, 64) {
			errs.Add(d.OrganizationID, "This is not an organization and a company.")
		}
		if other, taken := companies[d.CompanyID]; taken && d.CompanyID != "" && other != d.OrganizationID {
			for _, id := range []string{other, d.OrganizationID} {
				errs[id] = []string{"Two organizations cannot be the same company. Choose another for one of them."}
			}
		}
		companies[d.CompanyID] = d.OrganizationID
		changes[key] = integration.AuditChange{New: "company " + d.CompanyID}
		if d.CompanyID == "" {
			changes[key] = integration.AuditChange{New: "a new company"}
		}
	}
	if len(decisions) == 0 {
		errs.Add("decisions", "Decide on at least one organization.")
	}
	if len(errs) > 0 {
		return refusedMatches(errs)
	}
	changes["matched"] = integration.AuditChange{New: strconv.Itoa(len(decisions))}
	err := c.inTx(k.ctx(), c.audit(k, "update", changes), func(tx *sql.Tx) error {
		return k.plugin.(integration.Matcher).DecideMatches(k.ctx(), tx, k.tenant(), decisions)
	})
	return refusedMatches(err)
}

func refusedMatches(err error) error {
	return refusedFields(err, "Some decisions cannot be accepted.", "Correct the organizations that are named and confirm again.")
}
