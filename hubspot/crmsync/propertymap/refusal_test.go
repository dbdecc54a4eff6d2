package propertymap_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/propertymap"
	"github.com/memberpulse/hubspotplugin/integration"
)

// Whatever a person types comes back short and in quotes.
func TestNamesAreQuoted(t *testing.T) {
	t.Parallel()
	got := check(to("firstName", "<b>\x1b[31m"+strings.Repeat("ä", 5000)))["contact.firstName"]
	if len(got) != 1 || len(got[0]) > 500 || strings.Contains(got[0], "\x1b") || !strings.Contains(got[0], "…") {
		t.Errorf("%q", got)
	}
}

// A refusal has no exception: it holds for every field, object and policy, and
// without the schema.
func TestRefusedNamesAreRefusedToAll(t *testing.T) {
	t.Parallel()
	for _, f := range propertymap.Fields() {
		for _, name := range []string{"email", "Email", "hs_additional_emails", "hs_email_optout", "HS_EMAIL_OPTOUT_7", "hs_marketable_status",
			"memberpulse_member_id", "memberpulse_organization_id", "memberpulse_tag_event_attended"} {
			for _, policy := range []integration.Policy{integration.PolicyOurs, integration.PolicyIfEmpty, integration.PolicyOnCreate} {
				r := integration.MappingRule{Object: f.Object, Field: f.Key, Property: name, Policy: policy, AdoptedPolicy: policy}
				if f.Fixed && slices.Contains(propertymap.Defaults(), r) {
					continue
				}
				if propertymap.Check([]integration.MappingRule{r}, nil) == nil {
					t.Errorf("%s.%s may go to %s, %s", f.Object, f.Key, name, policy)
				}
			}
		}
	}
}
