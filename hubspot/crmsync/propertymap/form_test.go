package propertymap_test

import (
	"testing"

	"github.com/memberpulse/hubspotplugin/hubspot"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/propertymap"
)

func TestOptionsAreFoundByValueThenByLabel(t *testing.T) {
	t.Parallel()
	p := hubspot.Property{Name: "c", Type: "enumeration", FieldType: "select", Options: []hubspot.Option{
		{Value: "AU", Label: "Australia"}, {Value: "AT", Label: "Österreich"}, {Value: "at", Label: "lower"},
		{Value: "x1", Label: "AU"}, {Value: "dup", Label: "Twice"}, {Value: "dup2", Label: "twice"}, {Value: "hidden", Label: "Old", Hidden: true},
	}}
	m := only(to("country", "c"), []hubspot.Property{p})
	for in, want := range map[string]string{
		"AU": "AU", "au": "AU", "Australia": "AU", " AUSTRALIA ": "AU", "österreich": "AT", "ÖSTERREICH": "AT",
		"AT": "AT", "at": "at", "At": "AT", "lower": "at", "twice": "dup", "old": "hidden",
	} {
		e := member()
		e.Country = in
		if got, why, ok := valueOf(t, m, e, nil, "c"); got != want || why != "" || !ok {
			t.Errorf("%q is %q (%s), want %q", in, got, why, want)
		}
	}
	e := member()
	e.Country = "Atlantis"
	if got, why, ok := valueOf(t, m, e, nil, "c"); ok || why != propertymap.ReasonOption {
		t.Errorf("no option: %q, %q, %v", got, why, ok)
	}
	e.Country = ""
	if got, why, ok := valueOf(t, m, e, nil, "c"); !ok || got != "" || why != "" {
		t.Errorf("a blank: %q, %q, %v", got, why, ok)
	}
}
