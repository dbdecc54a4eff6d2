package hubspottest_test

import (
	"testing"

	"github.com/memberpulse/hubspotplugin/hubspot/hubspottest"
)

func TestValidationRulesHoldOnAllVersions(t *testing.T) {
	t.Parallel()
	b := setup(t, hubspottest.Options{}).withTypes()
	low, high := 1.0, 9.0
	b.portal.SetValidationRule("contacts", "zip", hubspottest.ValidationRule{Pattern: `\d{4}`})
	b.portal.SetValidationRule("contacts", "city", hubspottest.ValidationRule{MinLength: 2, MaxLength: 4})
	b.portal.SetValidationRule("contacts", "a_number", hubspottest.ValidationRule{Min: &low, Max: &high})
	id := b.portal.PutContact(map[string]string{"email": "a@example.org"}).ID
	for _, root := range []string{"/crm/v3/objects/contacts/", "/crm/objects/2026-03/contacts/", "/crm/objects/2026-09/contacts/"} {
		for _, good := range []input{{"zip": "3000"}, {"city": "Bern"}, {"a_number": "5"}, {"zip": ""}} {
			b.call("PATCH", root+id, input{"properties": good}).want(200)
		}
		for _, bad := range []input{{"zip": "30000"}, {"city": "B"}, {"city": "Basel"}, {"a_number": "0"}, {"a_number": "10"}} {
			b.call("PATCH", root+id, input{"properties": bad}).want(400).wantText("PROPERTY_VALIDATION_RULE_FAILED", "errors", 0, "code")
		}
	}
	b.portal.SetValidationRule("contacts", "zip", hubspottest.ValidationRule{})
	b.call("PATCH", contacts+"/"+id, input{"properties": input{"zip": "any"}}).want(200)
}

func TestRequiredPropertiesHoldOn202609Alone(t *testing.T) {
	t.Parallel()
	b := setup(t, hubspottest.Options{})
	b.portal.RequireProperty("contacts", "phone")
	b.portal.RequirePropertyWhen("contacts", "company", "lifecyclestage", "customer", "evangelist")
	for root, old := range map[string]bool{"/crm/v3/objects/contacts": true, "/crm/objects/2026-03/contacts": true, "/crm/objects/2026-09/contacts": false} {
		create := func(props input) answer { return b.call("POST", root, input{"properties": props}) }
		a := create(input{"firstname": "A"})
		if old {
			a.want(201)
		} else {
			a.want(400).wantText("MISSING_REQUIRED_PROPERTY", "errors", 0, "code").wantText("phone", "errors", 0, "context", "propertyName", 0)
		}
		id := create(input{"firstname": "A", "phone": "1"}).want(201).text("id")
		a = b.call("PATCH", root+"/"+id, input{"properties": input{"lifecyclestage": "customer"}})
		if old {
			a.want(200)
		} else {
			a.want(400).wantText("MISSING_CONDITIONAL_REQUIRED_PROPERTY", "errors", 0, "code").wantText("company", "errors", 0, "context", "propertyName", 0)
		}
		b.call("PATCH", root+"/"+id, input{"properties": input{"lifecyclestage": "customer", "company": "C"}}).want(200)
		b.call("PATCH", root+"/"+id, input{"properties": input{"city": "Bern", "phone": ""}}).want(200) // not a create
		if a = b.call("PATCH", root+"/"+id, input{"properties": input{"company": ""}}); (a.status == 200) != old {
			t.Fatalf("%s: %d %s", root, a.status, a.raw)
		}
	}
	b.portal.ClearRequirements("contacts")
	b.call("POST", "/crm/objects/2026-09/contacts", input{"properties": input{"firstname": "A"}}).want(201)
}
