package hubspottest_test

import (
	"testing"

	"github.com/memberpulse/hubspotplugin/hubspot/hubspottest"
)

func TestObjectTypesAreNamedInAllForms(t *testing.T) {
	t.Parallel()
	b := setup(t, hubspottest.Options{})
	b.portal.PutContact(map[string]string{"email": "a@example.org"})
	for _, name := range []string{"contacts", "contact", "CONTACT", "Contacts", "0-1"} {
		if n := b.call("GET", "/crm/objects/2026-03/"+name, nil).want(200).count("results"); n != 1 {
			t.Errorf("%s: %d results", name, n)
		}
	}
	for _, name := range []string{"companies", "COMPANY", "0-2"} {
		if n := b.call("GET", "/crm/objects/2026-03/"+name, nil).want(200).count("results"); n != 0 {
			t.Errorf("%s: %d results", name, n)
		}
	}
}
