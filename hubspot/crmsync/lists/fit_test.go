package lists_test

import (
	"encoding/json"
	"errors"
	"testing"

	"github.com/memberpulse/hubspotplugin/hubspot"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/lists"
)

// filterShown is a filter as HubSpot shows it.
func filterShown(property, operator string, values ...string) json.RawMessage {
	raw, err := json.Marshal(map[string]any{"filterBranchType": "OR", "filters": []any{}, "filterBranches": []any{map[string]any{
		"filterBranchType": "AND", "filterBranches": []any{}, "filters": []any{map[string]any{"filterType": "PROPERTY", "property": property,
			"operation": map[string]any{"operationType": "ENUMERATION", "operator": operator, "values": values, "includeObjectsWithNoValueSet": false}}}}}})
	if err != nil {
		panic(err)
	}
	return raw
}

func TestCompareList(t *testing.T) {
	t.Parallel()
	const tags, any = "memberpulse_tags", "IS_ANY_OF"
	dynamic := func(filter json.RawMessage) hubspot.List {
		return hubspot.List{ObjectTypeID: "0-1", Type: hubspot.DynamicList, Filter: filter}
	}
	for name, c := range map[string]struct {
		mode, was string
		list      hubspot.List
		want      string
	}{
		"active":                {"active", "", dynamic(filterShown(tags, any, "event-registered")), "fits"},
		"one value more":        {"active", "", dynamic(filterShown(tags, any, "event-registered", "event-attended")), "misfit"},
		"none of":               {"active", "", dynamic(filterShown(tags, "IS_NONE_OF", "event-registered")), "misfit"},
		"another property":      {"active", "", dynamic(filterShown("segments", any, "event-registered")), "misfit"},
		"the property before":   {"active", "segments", dynamic(filterShown("segments", any, "event-registered")), "outdated"},
		"not quite that before": {"active", "segments", dynamic(filterShown("segments", any, "vip")), "misfit"},
		"without a filter":      {"active", tags, dynamic(nil), "misfit"},
		"active, but by hand":   {"active", tags, hubspot.List{ObjectTypeID: "0-1", Type: hubspot.ManualList}, "misfit"},
		"static":                {"static", "", hubspot.List{ObjectTypeID: "0-1", Type: hubspot.ManualList}, "fits"},
		"static by filter":      {"static", "", dynamic(filterShown(tags, any, "event-registered")), "misfit"},
		"static, a snapshot":    {"static", "", hubspot.List{ObjectTypeID: "0-1", Type: hubspot.SnapshotList}, "misfit"},
		"of companies":          {"static", "", hubspot.List{ObjectTypeID: "0-2", Type: hubspot.ManualList}, "misfit"},
	} {
		if got := lists.CompareList("event-registered", c.mode, tags, c.list, c.was); got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
}

func TestListTrouble(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		err  error
		want string
		ours bool
	}{
		"limit":           {&hubspot.Error{Op: "list create", Status: 400, SubCategory: "ILS.LIST_LIMIT_EXCEEDED"}, "limit", true},
		"limit, restored": {&hubspot.Error{Op: "list restore", Status: 403, SubCategory: "ILS.LIST_LIMIT_EXCEEDED"}, "limit", true},
		"scopes":          {&hubspot.Error{Op: "list create", Status: 403, Category: hubspot.CategoryMissingScopes}, "scope", true},
		"plan":            {&hubspot.Error{Op: "list create", Status: 403}, "refused", true},
		"name":            {&hubspot.Error{Op: "list create", Status: 400, SubCategory: "ILS.DUPLICATE_LIST_NAMES"}, "name-taken", true},
		"gone":            {&hubspot.Error{Op: "list members", Status: 404}, "deleted", true},
		"refused":         {&hubspot.Error{Op: "list create", Status: 400, Code: "PROPERTY_DOESNT_EXIST"}, "refused", true},
		"key":             {&hubspot.Error{Op: "list", Status: 401}, "", false},
		"outage":          {&hubspot.Error{Op: "list", Status: 502}, "", false},
		"locked":          {&hubspot.Error{Op: "list members", Status: 423}, "", false},
		"busy":            {&hubspot.Error{Op: "list", Status: 429, Category: hubspot.CategoryRateLimits}, "", false},
		"spent today":     {&hubspot.Error{Op: "list", Code: hubspot.CodeDailyLimit}, "", false},
		"ours":            {errors.New("lease lost"), "", false},
	} {
		if got, ours := lists.ListTrouble(c.err); got != c.want || ours != c.ours {
			t.Errorf("%s: %q %v, want %q %v", name, got, ours, c.want, c.ours)
		}
	}
}
