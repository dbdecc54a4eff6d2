package propertymap_test

import (
	"regexp"
	"slices"
	"testing"

	"github.com/memberpulse/hubspotplugin/hubspot"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/propertymap"
)

func TestOwnProperties(t *testing.T) {
	t.Parallel()
	name := regexp.MustCompile(`^memberpulse_[a-z][a-z0-9_]*$`)
	for object, key := range map[string]string{propertymap.Contact: propertymap.MemberID, propertymap.Company: propertymap.OrganizationID} {
		all := propertymap.OwnProperties(object)
		if all[0].Name != key {
			t.Errorf("%s: the key does not come first", object)
		}
		used := propertymap.New(object, propertymap.Defaults(), nil).OwnProperties()
		if len(used) != len(all) {
			t.Errorf("%s: the default map needs %d of %d", object, len(used), len(all))
		}
		for i, p := range all {
			if !name.MatchString(p.Name) || p.FormField || p.GroupName != "memberpulse" || p.Label == "" || p.HasUniqueValue != (p.Name == key) ||
				(p.Type == "enumeration") != (len(p.Options) > 0) {
				t.Errorf("%s: %+v", object, p)
			}
			if slices.IndexFunc(all, named(p.Name)) != i {
				t.Errorf("%s: %s twice", object, p.Name)
			}
		}
	}
	if propertymap.OwnProperties("deal") != nil {
		t.Error("properties of another object")
	}
}

// Portals have these since the first release; HubSpot lets nobody retype them.
func TestReleasedDefinitions(t *testing.T) {
	t.Parallel()
	for _, want := range []struct {
		name, kind, widget string
		options            []string
	}{
		{"memberpulse_member_id", "string", "text", nil},
		{"memberpulse_member_status", "enumeration", "select", []string{"active", "inactive", "suspended", "pending", "deleted"}},
		{"memberpulse_registered_at", "datetime", "date", nil},
		{"memberpulse_membership_plan", "string", "text", nil},
		{"memberpulse_membership_status", "enumeration", "select", []string{"active", "expiring", "expired", "suspended", "cancelled"}},
		{"memberpulse_membership_start", "date", "date", nil},
		{"memberpulse_membership_end", "date", "date", nil},
		{"memberpulse_membership_renewed_at", "datetime", "date", nil},
	} {
		all := propertymap.OwnProperties(propertymap.Contact)
		i := slices.IndexFunc(all, named(want.name))
		if i < 0 || all[i].Type != want.kind || all[i].FieldType != want.widget ||
			!slices.EqualFunc(all[i].Options, want.options, func(o hubspot.Option, v string) bool { return o.Value == v }) {
			t.Errorf("%s is not what it was", want.name)
		}
	}
}
