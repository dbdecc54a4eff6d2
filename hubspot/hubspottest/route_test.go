package hubspottest_test

import (
	"testing"

	"github.com/memberpulse/hubspotplugin/hubspot/hubspottest"
)

func TestPaths(t *testing.T) {
	t.Parallel()
	b := setup(t, hubspottest.Options{})
	for path, want := range map[string]int{
		"/crm/v3/objects/contacts":                             200,
		"/crm/v3/objects/contacts/":                            200,
		"/crm/v3/objects/CONTACT":                              200,
		"/crm/v3/objects/0-1":                                  200,
		"/crm/objects/2026-03/contacts":                        200,
		"/crm/objects/2026-09/contacts":                        200,
		"/crm/objects/2026-09/companies":                       200,
		"/crm/v3/properties/contacts/groups/contactlcs":        200,
		"/crm/properties/2026-03/contacts/groups":              200,
		"/account-info/v3/details":                             200,
		"/account-info/2026-09/api-usage/daily/private-apps":   200,
		"/crm/v3/limits/custom-properties":                     200,
		"/crm/limits/2026-09/custom-properties":                200,
		"/crm/objects/v3/contacts":                             404,
		"/crm/objects/2025-09/contacts":                        404,
		"/crm/2026-03/objects/contacts":                        404,
		"/account-info/2025-09/details":                        404,
		"/crm/objects/2026-03":                                 404,
		"/":                                                    404,
		"/crm/objects/2026-03/contacts/batch/upsert":           405,
		"/crm/objects/2026-03/contacts/1/associations/notes/2": 405,
		"/crm/objects/2026-09/contacts/1/associations/notes":   405, // 2026-09 has no such call
		"/crm/objects/2026-03/contacts/1/notes":                404,
		"/crm/v4/associations/contacts/companies/labels":       200,
		"/crm/associations/2026-09/contacts/companies/labels":  200,
		"/crm/associations/2026-03/contacts/deals/labels":      400,
		"/crm/v3/associations/contacts/companies/labels":       404,
		"/crm/v4/objects/contacts":                             404,
		"/crm/v3/objects/contacts/1/associations/companies":    404,
		"/crm/v4/objects/contacts/1/associations/companies":    404, // no such contact
	} {
		if a := b.call("GET", path, nil); a.status != want {
			t.Errorf("%s: %d, want %d: %s", path, a.status, want, a.raw)
		}
	}
}
