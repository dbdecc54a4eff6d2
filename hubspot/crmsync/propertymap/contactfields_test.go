package propertymap_test

import (
	"reflect"
	"testing"

	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/propertymap"
	"github.com/memberpulse/hubspotplugin/integration"
	"github.com/memberpulse/hubspotplugin/tagging"
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

func TestCurrentMembership(t *testing.T) {
	t.Parallel()
	end := func(y int) integration.Date { return integration.Date{Year: y, Month: 6, Day: 30} }
	all := []integration.Membership{
		{ID: "0", PlanName: "unknown", Status: "lapsed", EndDate: end(2031)},
		{ID: "1", PlanName: "cancelled", Status: integration.MembershipCancelled, EndDate: end(2030)},
		{ID: "2", PlanName: "suspended", Status: integration.MembershipSuspended, EndDate: end(2030)},
		{ID: "3", PlanName: "expired", Status: integration.MembershipExpired, EndDate: end(2029)},
		{ID: "4", PlanName: "expiring", Status: integration.MembershipExpiring, EndDate: end(2026)},
		{ID: "8", PlanName: "active early", Status: integration.MembershipActive, EndDate: end(2026)},
		{ID: "6", PlanName: "active late", Status: integration.MembershipActive, EndDate: end(2027)},
		{ID: "7", PlanName: "active late too", Status: integration.MembershipActive, EndDate: end(2027)},
	}
	for n := 1; n <= len(all); n++ {
		for turn := range n {
			// The order in which the host lists them must not matter.
			list := append(append([]integration.Membership{}, all[turn:n]...), all[:turn]...)
			if got := propertymap.CurrentMembership(integration.Member{Memberships: list}).PlanName; got != all[n-1].PlanName {
				t.Errorf("of %d memberships from the %d. on: %q, want %q", n, turn, got, all[n-1].PlanName)
			}
			// The plan beside a tag must be the one that the tag is about.
			if got := tagging.Current(integration.Member{Memberships: list}).PlanName; got != all[n-1].PlanName {
				t.Errorf("of %d memberships from the %d. on tags speak of %q, want %q", n, turn, got, all[n-1].PlanName)
			}
		}
	}
	if got := propertymap.CurrentMembership(integration.Member{}); got != (integration.Membership{}) {
		t.Errorf("without memberships: %+v", got)
	}
}
