package main

import (
	"maps"
	"testing"
)

// The map that a tenant reads is one that it can send back, in full and with a
// line changed, and what HubSpot shows follows it.
func TestPropertyMapGoesRound(t *testing.T) {
	t.Parallel()
	j := newJourney(t, "2026-03", 3)
	j.connect(t, j.one)
	j.synced(t, j.one)
	const path = hubspotAPI + "property-mapping"
	read := func() (version float64, rules []any) {
		got := j.admin(t, j.one, 200, "GET", path, nil)
		version, _ = got["version"].(float64)
		rules, _ = got["rules"].([]any)
		return version, rules
	}
	version, rules := read()
	if len(rules) < 50 {
		t.Fatalf("%d lines", len(rules))
	}
	j.admin(t, j.one, 200, "PUT", path, map[string]any{"version": version, "rules": rules})
	version, again := read()
	if len(again) != len(rules) {
		t.Fatalf("%d lines, were %d", len(again), len(rules))
	}
	for i, r := range again {
		line, before := r.(map[string]any), rules[i].(map[string]any)
		if !maps.Equal(line, before) {
			t.Errorf("line %d is %v, was %v", i, line, before)
		}
		if line["object"] == "contact" && line["field"] == "membership.plan" {
			line["property"] = "jobtitle"
		}
		if line["field"] == "position" {
			line["property"] = ""
		}
	}
	j.admin(t, j.one, 200, "PUT", path, map[string]any{"version": version, "rules": again})
	member := j.someMember(t, j.one)
	eventually(t, "the plan in another property", func() bool { return j.contact(j.one, member)["jobtitle"] != "" })
	if status, _ := j.call(t, j.one, "ROLE_CLIENT_ADMIN", "PUT", path, map[string]any{"version": version, "rules": again}); status != 412 {
		t.Errorf("an outdated map: %d", status)
	}
}
