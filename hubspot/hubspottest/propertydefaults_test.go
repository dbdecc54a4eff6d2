package hubspottest_test

import (
	"testing"

	"github.com/memberpulse/hubspotplugin/hubspot/hubspottest"
)

func TestDefaultContactProperties(t *testing.T) {
	t.Parallel()
	b := setup(t, hubspottest.Options{})
	for name, want := range map[string]struct {
		kind     string
		readOnly bool
		options  int
	}{
		"email": {"string", false, 0}, "firstname": {"string", false, 0}, "lastname": {"string", false, 0}, "phone": {"string", false, 0},
		"mobilephone": {"string", false, 0}, "company": {"string", false, 0}, "jobtitle": {"string", false, 0}, "address": {"string", false, 0},
		"city": {"string", false, 0}, "state": {"string", false, 0}, "zip": {"string", false, 0}, "country": {"string", false, 0},
		"website": {"string", false, 0}, "date_of_birth": {"string", false, 0}, "gender": {"string", false, 0},
		"lifecyclestage": {"enumeration", false, 8}, "hs_lead_status": {"enumeration", false, 8},
		"hs_additional_emails": {"enumeration", true, 0}, "hs_merged_object_ids": {"enumeration", true, 0}, "hs_email_domain": {"string", true, 0},
		"hs_object_id": {"number", true, 0}, "createdate": {"datetime", true, 0}, "lastmodifieddate": {"datetime", true, 0},
	} {
		a := b.call("GET", "/crm/properties/2026-03/contacts/"+name, nil).want(200).wantText(want.kind, "type")
		if a.at("modificationMetadata", "readOnlyValue") != want.readOnly || a.count("options") != want.options || a.at("hubspotDefined") != true {
			t.Errorf("%s: %s", name, a.raw)
		}
		// HubSpot does not set the flag on email, though it is unique
		if a.at("hasUniqueValue") != false {
			t.Errorf("%s says that it is unique", name)
		}
	}
	// the owner's values live elsewhere, so any is taken
	b.portal.PutContact(map[string]string{"email": "a@example.org", "hubspot_owner_id": "12345"})
}
