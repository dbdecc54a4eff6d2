package hubspot_test

import (
	"strings"
	"testing"

	"github.com/memberpulse/hubspotplugin/hubspot"
)

func TestFilterMatches(t *testing.T) {
	t.Parallel()
	filter := func(op string) string {
		return `{"filterType":"PROPERTY","property":"groups","operation":` + op + `}`
	}
	and := func(filters ...string) string {
		return `{"filterBranchType":"AND","filterBranchOperator":"AND","filterBranches":[],"filters":[` + strings.Join(filters, ",") + `]}`
	}
	or := func(branches ...string) string {
		return `{"filterBranchType":"OR","filterBranchOperator":"OR","filters":[],"filterBranches":[` + strings.Join(branches, ",") + `]}`
	}
	anyOf := func(values string) string {
		return `{"operationType":"ENUMERATION","operator":"IS_ANY_OF","values":[` + values + `],"includeObjectsWithNoValueSet":false}`
	}
	wanted := hubspot.AnyOf{Property: "groups", Values: []string{"a", "b"}}
	for _, tc := range []struct {
		name, filter string
		want         bool
	}{
		{"as sent", or(and(filter(anyOf(`"a","b"`)))), true},
		{"other order", or(and(filter(anyOf(`"b","a"`)))), true},
		{"a value twice", or(and(filter(anyOf(`"b","a","b"`)))), true},
		{"spread", or(and(filter(anyOf(`"a"`))), and(filter(anyOf(`"b"`)))), true},
		{"ids and defaults", or(`{"filterBranchType":"AND","filterBranchId":7,"filterBranches":[],"filters":[{"id":"3","filterType":"PROPERTY","property":"groups",
			"coalescingRefineBy":null,"operation":{"propertyType":"enumeration","operator":"IS_ANY_OF","operationType":"ENUMERATION","values":["a","b"],"defaultValue":""}}]}`), true},
		{"fewer values", or(and(filter(anyOf(`"a"`)))), false},
		{"more values", or(and(filter(anyOf(`"a","b","c"`)))), false},
		{"other case", or(and(filter(anyOf(`"A","b"`)))), false},
		{"a condition more", or(and(filter(anyOf(`"a","b"`)), filter(`{"operationType":"ALL_PROPERTY","operator":"IS_KNOWN"}`))), false},
		{"both conditions", or(and(filter(anyOf(`"a"`)), filter(anyOf(`"b"`)))), false},
		{"an empty AND", or(and(filter(anyOf(`"a","b"`))), and()), false},
		{"refined", or(and(`{"filterType":"PROPERTY","property":"groups","pruningRefineBy":{"type":"SET"},"operation":` + anyOf(`"a","b"`) + `}`)), false},
		{"other property", or(and(strings.Replace(filter(anyOf(`"a","b"`)), `"groups"`, `"others"`, 1))), false},
		{"other operator", or(and(filter(strings.Replace(anyOf(`"a","b"`), "IS_ANY_OF", "IS_NONE_OF", 1)))), false},
		{"those without a value", or(and(filter(strings.Replace(anyOf(`"a","b"`), "false", "true", 1)))), false},
		{"other filter", or(and(`{"filterType":"IN_LIST","listId":"4","operator":"IN_LIST"}`)), false},
		{"negated branch", or(strings.Replace(and(filter(anyOf(`"a","b"`))), `"AND"`, `"NOT_ALL"`, 1)), false},
		{"no filter", "", false},
		{"nobody", or(), false},
		{"not JSON", "{", false},
	} {
		if got := wanted.Matches([]byte(tc.filter)); got != tc.want {
			t.Errorf("%s: %t, want %t", tc.name, got, tc.want)
		}
	}
	if (hubspot.AnyOf{Property: "groups"}).Matches(nil) {
		t.Error("no values match no filter")
	}
}
