package propertymap_test

import (
	"reflect"
	"testing"

	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/propertymap"
	"github.com/memberpulse/hubspotplugin/integration"
)

// Every field that the contract has reaches HubSpot: a value is changed by
// reflection, and some property has to change.
func TestEveryFieldOfTheContractCanBeMapped(t *testing.T) {
	t.Parallel()
	covers(t, propertymap.Contact, member(), func(m integration.Member) any { return &m }, "Memberships", "Registrations", "Enrollments")
	covers(t, propertymap.Contact, member().Memberships[0], func(ms integration.Membership) any { return &ms }, "ID")
	covers(t, propertymap.Company, organization(), func(o integration.Organization) any { return &o })
}

func covers[E any](t *testing.T, object string, e E, pointer func(E) any, except ...string) {
	t.Helper()
	var rules []integration.MappingRule
	for _, f := range propertymap.Fields() {
		if f.Object == object {
			rules = append(rules, integration.MappingRule{Object: object, Field: f.Key, Property: "to_" + f.Key})
		}
	}
	m := propertymap.New(object, rules, nil)
	values := func(e any) map[string]string {
		switch e := e.(type) {
		case *integration.Member:
			return m.Values(*e, nil).Of
		case *integration.Membership:
			return m.Values(integration.Member{Memberships: []integration.Membership{*e}}, nil).Of
		case *integration.Organization:
			return m.Values(*e, nil).Of
		}
		return nil
	}
	before := values(pointer(e))
	skip := map[string]bool{}
	for _, name := range except {
		skip[name] = true
	}
	for i := range reflect.TypeFor[E]().NumField() {
		name := reflect.TypeFor[E]().Field(i).Name
		changed := pointer(e)
		reflect.ValueOf(changed).Elem().Field(i).SetZero()
		if !skip[name] && reflect.DeepEqual(before, values(changed)) {
			t.Errorf("%T.%s is in no field", e, name)
		}
	}
}
