package propertymap_test

import (
	"slices"
	"testing"

	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/propertymap"
)

func TestFieldsAreToldOnceEach(t *testing.T) {
	t.Parallel()
	types := []string{"text", "number", "date", "datetime", "choice", "choices"}
	seen := map[string]bool{}
	var sensitive, fixed []string
	for _, f := range propertymap.Fields() {
		at := f.Object + "." + f.Key
		if seen[at] || f.Label == "" || !slices.Contains(types, f.Type) {
			t.Errorf("%s: seen %v, label %q, type %q", at, seen[at], f.Label, f.Type)
		}
		seen[at] = true
		if f.Sensitive {
			sensitive = append(sensitive, at)
		}
		if f.Fixed {
			fixed = append(fixed, at)
		}
	}
	if want := []string{"contact.dateOfBirth", "contact.gender", "contact.bio"}; !slices.Equal(sensitive, want) {
		t.Errorf("sensitive: %v", sensitive)
	}
	if want := []string{"contact.id", "contact.user.email", "company.id"}; !slices.Equal(fixed, want) {
		t.Errorf("fixed: %v", fixed)
	}
}
