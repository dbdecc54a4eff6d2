package propertymap_test

import (
	"slices"
	"testing"

	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/propertymap"
	"github.com/memberpulse/hubspotplugin/integration"
)

func TestVersionChangesWithWhatTheMapDoes(t *testing.T) {
	t.Parallel()
	rules := propertymap.Defaults()
	version := func(object string, change func([]integration.MappingRule)) string {
		rs := slices.Clone(rules)
		change(rs)
		return propertymap.New(object, rs, nil).Version()
	}
	at := func(object, field string) int {
		return slices.IndexFunc(rules, func(r integration.MappingRule) bool { return r.Object == object && r.Field == field })
	}
	city, bio, name := at("contact", "city"), at("contact", "bio"), at("company", "name")
	none := func([]integration.MappingRule) {}
	contact, company := version("contact", none), version("company", none)
	if contact == company || len(contact) != 16 {
		t.Errorf("%s, %s", contact, company)
	}
	for what, change := range map[string]func([]integration.MappingRule){
		"order":                  slices.Reverse[[]integration.MappingRule],
		"policy of an unsent":    func(rs []integration.MappingRule) { rs[bio].Policy = integration.PolicyIfEmpty },
		"the other object":       func(rs []integration.MappingRule) { rs[name].Property = "c_name" },
		"what cannot be changed": func(rs []integration.MappingRule) { rs[0].Property = "c_id" },
	} {
		if version("contact", change) != contact {
			t.Errorf("the version changes with: %s", what)
		}
	}
	seen := map[string]string{contact: "default"}
	for what, change := range map[string]func([]integration.MappingRule){
		"property":       func(rs []integration.MappingRule) { rs[city].Property = "town" },
		"policy":         func(rs []integration.MappingRule) { rs[city].Policy = integration.PolicyIfEmpty },
		"adopted policy": func(rs []integration.MappingRule) { rs[city].AdoptedPolicy = integration.PolicyOurs },
		"unsent":         func(rs []integration.MappingRule) { rs[city].Property = "" },
		"more":           func(rs []integration.MappingRule) { rs[bio].Property = "about" },
	} {
		v := version("contact", change)
		if seen[v] != "" {
			t.Errorf("%s has the version of %s", what, seen[v])
		}
		seen[v] = what
	}
}
