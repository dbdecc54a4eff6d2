package hubspottest_test

import (
	"testing"

	"github.com/memberpulse/hubspotplugin/hubspot/hubspottest"
)

// A contact can be created with its company, which is then the primary one; the guides
// write the record id as a number.
func TestContactWithItsCompany(t *testing.T) {
	t.Parallel()
	for first, want := range map[bool]int{false: 2, true: 1} {
		b := setup(t, hubspottest.Options{FirstCompanyNotPrimary: first})
		_, acme, _ := b.kinship()
		b.odd = true // the schema wants a string
		b.call("POST", contacts, `{"properties":{"email":"bob@example.org"},"associations":[{"to":{"id":`+acme+`},"types":[{"associationCategory":"HUBSPOT_DEFINED","associationTypeId":279}]}]}`).want(201)
		if got := b.portal.Associations("contacts", "companies"); len(got) != want {
			t.Fatalf("%v", got)
		}
		b.call("POST", contacts, `{"properties":{"email":"cyd@example.org"},"associations":[]}`).want(201)
	}
}
