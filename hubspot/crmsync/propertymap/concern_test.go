package propertymap_test

import (
	"slices"
	"testing"

	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/propertymap"
	"github.com/memberpulse/hubspotplugin/integration"
)

func TestWhomAChangeOfRulesConcerns(t *testing.T) {
	t.Parallel()
	ours, ifEmpty, onCreate := integration.PolicyOurs, integration.PolicyIfEmpty, integration.PolicyOnCreate
	company := integration.MappingRule{Object: propertymap.Company, Field: "name", Property: "name", Policy: ours, AdoptedPolicy: ours}
	type rules = []integration.MappingRule
	for _, c := range []struct {
		name       string
		old, fresh rules
		want       []string
	}{
		{"nothing", rules{to("city", "city"), company}, rules{company, to("city", "city")}, nil},
		{"another property", rules{to("city", "city")}, rules{to("city", "town")}, []string{"contact"}},
		{"a field more", nil, rules{to("city", "city", ifEmpty)}, []string{"contact"}},
		{"a field more, for new records alone", nil, rules{to("city", "city", onCreate)}, nil},
		{"a field more, for adopted ones alone", nil, rules{to("city", "city", onCreate, ifEmpty)}, []string{"contact"}},
		{"a field less", rules{to("city", "city")}, nil, nil},
		{"stronger", rules{to("city", "city", ifEmpty)}, rules{to("city", "city", ours, ifEmpty)}, []string{"contact"}},
		{"stronger for adopted ones", rules{to("city", "city", ours, ifEmpty)}, rules{to("city", "city", ours)}, []string{"contact"}},
		{"weaker", rules{to("city", "city", ours)}, rules{to("city", "city", ifEmpty, onCreate)}, nil},
		{"never more than with a new record", nil, rules{to("city", "lifecyclestage", ours)}, nil},
		{"the other object", rules{to("city", "city")}, rules{to("city", "city"), company}, []string{"company"}},
		{"both", nil, rules{to("city", "city"), company}, []string{"contact", "company"}},
		{"two fields change places", rules{to("city", "a"), to("state", "b")}, rules{to("city", "b"), to("state", "a")}, []string{"contact"}},
	} {
		if got := propertymap.Concerned(c.old, c.fresh); !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
	if got := propertymap.Concerned(propertymap.Defaults(), propertymap.Defaults()); got != nil {
		t.Errorf("the defaults against themselves: %v", got)
	}
}
