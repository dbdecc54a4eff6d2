package propertymap_test

import (
	"slices"
	"testing"

	"github.com/memberpulse/hubspotplugin/hubspot"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/propertymap"
	"github.com/memberpulse/hubspotplugin/integration"
)

func TestPropertiesOfAPage(t *testing.T) {
	t.Parallel()
	have := append(schema(), hubspot.Property{Name: "memberpulse_tags", Label: "Tags", Type: "enumeration", FieldType: "checkbox"})
	have = slices.DeleteFunc(have, named("memberpulse_interested_in"))
	page := propertymap.Properties(propertymap.Contact, have)
	if len(page) != len(have)+1 {
		t.Errorf("%d lines for %d properties and one of ours that is not there yet", len(page), len(have))
	}
	by := map[string]integration.MappingProperty{}
	for i, p := range page {
		by[p.Name] = p
		if p.Object != propertymap.Contact || p.Type == "" || i > 0 && page[i-1].Label > p.Label {
			t.Errorf("%+v", p)
		}
	}
	// The page offers exactly what the check of some field accepts.
	for name, p := range by {
		accepted := false
		for _, f := range propertymap.Fields() {
			for _, policy := range []integration.Policy{integration.PolicyOurs, integration.PolicyOnCreate} {
				r := to(f.Key, name, policy)
				if err := propertymap.Check([]integration.MappingRule{r}, map[string][]hubspot.Property{propertymap.Contact: have}); f.Object == propertymap.Contact && !f.Fixed && err == nil {
					accepted = true
				}
			}
		}
		if accepted != (p.Refused == "") {
			t.Errorf("%s: accepted %v, refused %q", name, accepted, p.Refused)
		}
	}
	if propertymap.Properties(propertymap.Contact, nil) != nil {
		t.Error("an unknown schema has properties")
	}
	if got := propertymap.Properties(propertymap.Company, []hubspot.Property{}); len(got) != len(propertymap.OwnProperties(propertymap.Company)) {
		t.Errorf("an empty one: %v", got)
	}
}
