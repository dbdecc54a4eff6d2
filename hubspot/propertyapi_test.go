package hubspot_test

import (
	"cmp"
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"testing"

	"github.com/memberpulse/hubspotplugin/hubspot"
	"github.com/memberpulse/hubspotplugin/hubspot/hubspottest"
)

func plan() hubspot.Property {
	return hubspot.Property{
		Name: "memberpulse_plan", Label: "Plan", Description: "The plan", Type: "enumeration", FieldType: "select", GroupName: "memberpulse",
		Options: []hubspot.Option{{Label: "Gold", Value: "gold"}, {Label: "Silver", Value: "silver", DisplayOrder: 1}},
	}
}

func TestPropertiesAndGroups(t *testing.T) {
	t.Parallel()
	bothVersions(t, func(t *testing.T, version func(*hubspot.Config)) {
		b := setup(t, hubspottest.Options{}, version)
		ctx, c := t.Context(), b.client
		group, err := c.CreatePropertyGroup(ctx, hubspot.Contacts, hubspot.PropertyGroup{Name: "memberpulse", Label: "MemberPulse"})
		if err != nil || group.Name != "memberpulse" || group.Label != "MemberPulse" {
			t.Fatalf("%+v, error %v", group, err)
		}
		if _, err = c.CreatePropertyGroup(ctx, hubspot.Contacts, group); !hubspot.IsConflict(err) {
			t.Errorf("the group again: %v", err)
		}
		groups, err := c.PropertyGroups(ctx, hubspot.Contacts)
		if err != nil || !slices.ContainsFunc(groups, func(g hubspot.PropertyGroup) bool { return g.Name == "memberpulse" }) {
			t.Errorf("%+v, error %v", groups, err)
		}

		made, err := c.CreateProperty(ctx, hubspot.Contacts, plan())
		if err != nil || made.Name != "memberpulse_plan" || made.GroupName != "memberpulse" || len(made.Options) != 2 || made.HubSpotDefined {
			t.Fatalf("%+v, error %v", made, err)
		}
		if _, err = c.CreateProperty(ctx, hubspot.Contacts, plan()); !hubspot.IsConflict(err) || hubspot.IsValidation(err) {
			t.Errorf("the property again: %v", err)
		}

		// A patch without options leaves them; one with options replaces all.
		patched, err := c.UpdateProperty(ctx, hubspot.Contacts, made.Name, hubspot.PropertyPatch{Label: "Member plan"})
		if err != nil || patched.Label != "Member plan" || patched.Description != "The plan" || len(patched.Options) != 2 {
			t.Errorf("%+v, error %v", patched, err)
		}
		patched, err = c.UpdateProperty(ctx, hubspot.Contacts, made.Name, hubspot.PropertyPatch{
			Options: append(patched.Options, hubspot.Option{Label: "Bronze", Value: "bronze", DisplayOrder: 2, Hidden: true})})
		if err != nil || len(patched.Options) != 3 || !patched.Options[2].Hidden {
			t.Errorf("%+v, error %v", patched, err)
		}

		read, err := c.Property(ctx, hubspot.Contacts, made.Name)
		if err != nil || read.Label != "Member plan" || read.Type != "enumeration" || read.FieldType != "select" {
			t.Errorf("%+v, error %v", read, err)
		}
		if _, err = c.Property(ctx, hubspot.Contacts, "no_such_property"); !hubspot.IsNotFound(err) {
			t.Errorf("unknown property: %v", err)
		}
		if _, err = c.UpdateProperty(ctx, hubspot.Contacts, "no_such_property", hubspot.PropertyPatch{Label: "x"}); !hubspot.IsNotFound(err) {
			t.Errorf("unknown property: %v", err)
		}

		all, err := c.Properties(ctx, hubspot.Contacts)
		if err != nil {
			t.Fatal(err)
		}
		byName := map[string]hubspot.Property{}
		for _, p := range all {
			byName[p.Name] = p
		}
		if byName["hs_object_id"].ReadOnlyValue != true || byName["firstname"].ReadOnlyValue || !byName["firstname"].HubSpotDefined || byName[made.Name].Label != "Member plan" {
			t.Errorf("flags: %+v", byName["hs_object_id"])
		}
		if !slices.IsSortedFunc(all, func(a, b hubspot.Property) int { return cmp.Compare(a.Name, b.Name) }) {
			t.Error("not sorted")
		}
	})
}

func TestUniquePropertyIsCreatedUnique(t *testing.T) {
	t.Parallel()
	b := setup(t, hubspottest.Options{})
	b.defineKey(t)
	p, err := b.client.Property(t.Context(), hubspot.Contacts, memberID)
	if err != nil || !p.HasUniqueValue {
		t.Errorf("%+v, error %v", p, err)
	}
}

func TestArchivedPropertyComesBackWithItsOldDefinition(t *testing.T) {
	t.Parallel()
	b := setup(t, hubspottest.Options{})
	p := plan()
	p.GroupName = "contactinformation"
	if _, err := b.client.CreateProperty(t.Context(), hubspot.Contacts, p); err != nil {
		t.Fatal(err)
	}
	b.portal.ArchiveProperty("contacts", p.Name)
	if _, err := b.client.Property(t.Context(), hubspot.Contacts, p.Name); !hubspot.IsNotFound(err) {
		t.Errorf("archived: %v", err)
	}
	p.Label = "Another label"
	archived, err := b.client.ArchivedProperties(t.Context(), hubspot.Contacts)
	if err != nil || len(archived) != 1 || archived[0].Name != p.Name || !archived[0].Archived {
		t.Errorf("archived: %+v, error %v", archived, err)
	}
	got, err := b.client.CreateProperty(t.Context(), hubspot.Contacts, p)
	if err != nil || got.Label != "Plan" {
		t.Errorf("the caller must see that the old definition is back: %+v, error %v", got, err)
	}
}

func TestCustomPropertyLimits(t *testing.T) {
	t.Parallel()
	bothVersions(t, func(t *testing.T, version func(*hubspot.Config)) {
		b := setup(t, hubspottest.Options{}, version)
		b.defineKey(t)
		limits, err := b.client.CustomPropertyLimits(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		i := slices.IndexFunc(limits.ByObjectType, func(o hubspot.ObjectTypeLimit) bool { return o.ObjectTypeID == "0-1" })
		if i < 0 || limits.ByObjectType[i].Usage != 1 || limits.ByObjectType[i].Limit != 1000 {
			t.Errorf("%+v", limits)
		}
	})
}

func TestCustomPropertiesLeft(t *testing.T) {
	t.Parallel()
	all := hubspot.PropertyLimits{Usage: 90, Limit: 100, ByObjectType: []hubspot.ObjectTypeLimit{
		{ObjectTypeID: "0-1", Usage: 40, Limit: 44}, {ObjectTypeID: "0-2", Usage: 3, Limit: 50}, {ObjectTypeID: "0-46", Usage: 12, Limit: 10}}}
	unbound := all
	unbound.Limit = 0
	for _, c := range []struct {
		limits hubspot.PropertyLimits
		object hubspot.ObjectType
		left   int
		known  bool
	}{
		{all, hubspot.Contacts, 4, true}, {all, hubspot.Companies, 10, true}, {unbound, hubspot.Companies, 47, true}, {all, hubspot.Notes, 0, true},
		{all, hubspot.Tickets, 0, false}, {hubspot.PropertyLimits{}, hubspot.Contacts, 0, false},
	} {
		if left, known := c.limits.Left(c.object); left != c.left || known != c.known {
			t.Errorf("%s of %+v: %d %v", c.object, c.limits, left, known)
		}
	}
}

func TestWhatACreationSends(t *testing.T) {
	t.Parallel()
	var sent map[string]any
	cl := against(t, func(w http.ResponseWriter, r *http.Request) {
		_ = json.NewDecoder(r.Body).Decode(&sent)
		w.WriteHeader(http.StatusCreated)
		_, _ = w.Write([]byte(`{"name":"memberpulse_plan"}`))
	})
	p := plan()
	p.ReadOnlyValue, p.HubSpotDefined, p.Archived = true, true, true // HubSpot's to set
	if _, err := cl.CreateProperty(t.Context(), hubspot.Contacts, p); err != nil {
		t.Fatal(err)
	}
	var keys []string
	for k := range sent {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	if want := []string{"description", "fieldType", "groupName", "label", "name", "options", "type"}; !slices.Equal(keys, want) {
		t.Errorf("%v, want %v", keys, want)
	}
	option := sent["options"].([]any)[0].(map[string]any)
	for _, k := range []string{"label", "value", "displayOrder", "hidden"} {
		if _, has := option[k]; !has {
			t.Errorf("an option without %s", k)
		}
	}
}

func TestSensitivePropertiesSaySo(t *testing.T) {
	t.Parallel()
	cl := answering(t, 200, "application/json", `{"results":[{"name":"a"},{"name":"b","dataSensitivity":"non_sensitive"},
		{"name":"c","dataSensitivity":"sensitive"},{"name":"d","dataSensitivity":"highly_sensitive"}]}`)
	all, err := cl.Properties(t.Context(), hubspot.Contacts)
	if err != nil || len(all) != 4 {
		t.Fatalf("%+v, error %v", all, err)
	}
	for i, want := range []bool{false, false, true, true} {
		if all[i].Sensitive != want {
			t.Errorf("%s: sensitive %v", all[i].Name, all[i].Sensitive)
		}
	}
}

func TestPropertyRepliesThatSayNothing(t *testing.T) {
	t.Parallel()
	cl := answering(t, 200, "application/json", `{}`)
	ctx := t.Context()
	for name, call := range map[string]func() error{
		"list":   func() error { _, err := cl.Properties(ctx, hubspot.Contacts); return err },
		"one":    func() error { _, err := cl.Property(ctx, hubspot.Contacts, "a"); return err },
		"create": func() error { _, err := cl.CreateProperty(ctx, hubspot.Contacts, plan()); return err },
		"update": func() error {
			_, err := cl.UpdateProperty(ctx, hubspot.Contacts, "a", hubspot.PropertyPatch{Label: "x"})
			return err
		},
		"groups": func() error { _, err := cl.PropertyGroups(ctx, hubspot.Contacts); return err },
		"group": func() error {
			_, err := cl.CreatePropertyGroup(ctx, hubspot.Contacts, hubspot.PropertyGroup{Name: "g"})
			return err
		},
		"limits": func() error { _, err := cl.CustomPropertyLimits(ctx); return err },
	} {
		err := call()
		if e := wantError(t, err); e.Code != hubspot.CodeUnreadable {
			t.Errorf("%s: %+v", name, e)
		} else if write := name == "create" || name == "update" || name == "group"; hubspot.OutcomeUnknown(e) != write {
			t.Errorf("%s: outcome %v", name, e.Outcome)
		}
	}
}

func TestPropertyNamesAndTypesAreChecked(t *testing.T) {
	t.Parallel()
	b := setup(t, hubspottest.Options{})
	ctx, c := t.Context(), b.client
	for name, call := range map[string]func() error{
		"list":   func() error { _, err := c.Properties(ctx, ""); return err },
		"one":    func() error { _, err := c.Property(ctx, hubspot.Contacts, ".."); return err },
		"create": func() error { _, err := c.CreateProperty(ctx, hubspot.Contacts, hubspot.Property{}); return err },
		"update": func() error { _, err := c.UpdateProperty(ctx, "a/b", "x", hubspot.PropertyPatch{}); return err },
		"groups": func() error { _, err := c.PropertyGroups(ctx, "?"); return err },
		"group": func() error {
			_, err := c.CreatePropertyGroup(ctx, hubspot.Contacts, hubspot.PropertyGroup{})
			return err
		},
	} {
		if err := call(); !errors.Is(err, hubspot.ErrInvalidInput) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if len(b.sim.Requests()) != 0 {
		t.Error("something was sent")
	}
}
