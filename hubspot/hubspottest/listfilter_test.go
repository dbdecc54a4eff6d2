package hubspottest_test

import (
	"slices"
	"testing"

	"github.com/memberpulse/hubspotplugin/hubspot/hubspottest"
)

func on(property, kind, operator string, more ...any) input {
	op := input{"operationType": kind, "operator": operator, "includeObjectsWithNoValueSet": false}
	for i := 0; i+1 < len(more); i += 2 {
		op[more[i].(string)] = more[i+1]
	}
	return input{"filterType": "PROPERTY", "property": property, "operation": op}
}

func TestListFilters(t *testing.T) {
	t.Parallel()
	b := setup(t, hubspottest.Options{SearchLag: -1}).withTypes()
	ada := b.putContact("ada@example.org", "a_list", "x;y", "a_number", "5", "a_bool", "true", "city", "New York")
	bea := b.putContact("bea@example.org", "a_list", "y", "a_number", "12", "a_bool", "false", "city", "York")
	cyd := b.putContact("cyd@example.org")
	for i, tc := range []struct {
		filter input
		want   []string
	}{
		{on("a_list", "ENUMERATION", "IS_ANY_OF", "values", []string{"x", "z"}), []string{ada}},
		{on("a_list", "ENUMERATION", "IS_NONE_OF", "values", []string{"x", "z"}), []string{bea}},
		{on("a_list", "ENUMERATION", "IS_NONE_OF", "values", []string{"x"}, "includeObjectsWithNoValueSet", true), []string{bea, cyd}},
		{on("a_list", "ENUMERATION", "CONTAINS_ALL", "values", []string{"x", "y"}), []string{ada}},
		{on("a_list", "ENUMERATION", "DOES_NOT_CONTAIN_ALL", "values", []string{"x", "y"}), []string{bea}},
		{on("a_list", "ENUMERATION", "IS_EXACTLY", "values", []string{"y"}), []string{bea}},
		{on("a_list", "ENUMERATION", "IS_NOT_EXACTLY", "values", []string{"y"}), []string{ada}},
		{on("a_list", "ALL_PROPERTY", "IS_KNOWN"), []string{ada, bea}},
		{on("a_list", "ALL_PROPERTY", "IS_UNKNOWN"), []string{cyd}},
		{on("a_bool", "BOOL", "IS_EQUAL_TO", "value", true), []string{ada}},
		{on("a_bool", "BOOL", "IS_NOT_EQUAL_TO", "value", true), []string{bea}},
		{on("a_number", "NUMBER", "IS_EQUAL_TO", "value", 5), []string{ada}},
		{on("a_number", "NUMBER", "IS_GREATER_THAN", "value", 5), []string{bea}},
		{on("a_number", "NUMBER", "IS_GREATER_THAN_OR_EQUAL_TO", "value", 5), []string{ada, bea}},
		{on("a_number", "NUMBER", "IS_LESS_THAN", "value", 12), []string{ada}},
		{on("a_number", "NUMBER", "IS_LESS_THAN_OR_EQUAL_TO", "value", 12.0), []string{ada, bea}},
		{on("city", "STRING", "IS_EQUAL_TO", "value", "york"), []string{bea}},
		{on("city", "STRING", "CONTAINS", "value", "york"), []string{ada, bea}},
		{on("city", "STRING", "STARTS_WITH", "value", "new"), []string{ada}},
		{on("city", "MULTISTRING", "ENDS_WITH", "values", []string{"ork", "x"}), []string{ada, bea}},
		{on("city", "MULTISTRING", "DOES_NOT_CONTAIN", "values", []string{"new"}), []string{bea}},
	} {
		l := b.portal.PutList(hubspottest.List{Name: string(rune('A' + i)), Type: "DYNAMIC", Filter: asJSON(t, orOf(tc.filter))})
		if !slices.Equal(l.Members, tc.want) {
			t.Errorf("%v: %v, want %v", tc.filter, l.Members, tc.want)
		}
	}
	both := orOf(on("a_list", "ENUMERATION", "IS_ANY_OF", "values", []string{"y"}), on("a_number", "NUMBER", "IS_GREATER_THAN", "value", 5))
	if l := b.portal.PutList(hubspottest.List{Name: "both", Type: "DYNAMIC", Filter: asJSON(t, both)}); !slices.Equal(l.Members, []string{bea}) {
		t.Errorf("AND: %v", l.Members)
	}
	either := orOf(on("a_bool", "BOOL", "IS_EQUAL_TO", "value", true))
	either["filterBranches"] = append(either["filterBranches"].([]input), orOf(on("city", "STRING", "IS_EQUAL_TO", "value", "York"))["filterBranches"].([]input)...)
	if l := b.portal.PutList(hubspottest.List{Name: "either", Type: "DYNAMIC", Filter: asJSON(t, either)}); !slices.Equal(l.Members, []string{ada, bea}) {
		t.Errorf("OR: %v", l.Members)
	}
}

func TestListFiltersThatAreRefused(t *testing.T) {
	t.Parallel()
	b := setup(t, hubspottest.Options{}).withTypes()
	good := on("a_list", "ENUMERATION", "IS_ANY_OF", "values", []string{"x"})
	for name, filter := range map[string]input{
		"root AND":          orOf(good)["filterBranches"].([]input)[0],
		"unknown property":  orOf(on("nope", "ALL_PROPERTY", "IS_KNOWN")),
		"wrong type":        orOf(on("city", "ENUMERATION", "IS_ANY_OF", "values", []string{"x"})),
		"no values":         orOf(on("a_list", "ENUMERATION", "IS_ANY_OF")),
		"no value":          orOf(on("a_number", "NUMBER", "IS_EQUAL_TO")),
		"unknown operator":  orOf(on("a_list", "ENUMERATION", "IS_LIKE", "values", []string{"x"})),
		"OR below the root": {"filterBranchType": "OR", "filterBranches": []input{orOf(good)}},
		"other filter":      orOf(input{"filterType": "FORM_SUBMISSION"}),
	} {
		b.odd = true
		a := b.call("POST", lists, newList(name, "DYNAMIC", filter))
		if a.status != 400 || a.text("category") != "VALIDATION_ERROR" {
			t.Errorf("%s: %d %s", name, a.status, a.raw)
		}
	}
	b.call("POST", lists, newList("none", "DYNAMIC", nil)).want(400)
	b.call("POST", lists, newList("manual", "MANUAL", orOf(good))).want(400)
	if n := len(b.portal.Lists()); n != 0 {
		t.Fatalf("%d lists", n)
	}
	// The reply holds the filter with HubSpot's defaults, and only if asked for.
	short := orOf(input{"filterType": "PROPERTY", "property": "a_list", "operation": input{"operationType": "ENUMERATION", "operator": "IS_ANY_OF", "values": []string{"x"}}})
	id := b.call("POST", lists, newList("short", "DYNAMIC", short)).want(200).text("list", "listId")
	a := b.call("GET", lists+"/"+id+"?includeFilters=true", nil).want(200)
	if a.at("list", "filterBranch", "filterBranches", 0, "filters", 0, "operation", "includeObjectsWithNoValueSet") != false {
		t.Fatalf("%s", a.raw)
	}
	if a = b.call("GET", lists+"/"+id, nil).want(200); a.at("list", "filterBranch") != nil {
		t.Fatalf("%s", a.raw)
	}
}
