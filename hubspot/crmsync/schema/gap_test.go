package schema_test

import (
	"slices"
	"testing"

	"github.com/memberpulse/hubspotplugin/hubspot"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/schema"
)

func property(name, kind string, options ...string) hubspot.Property {
	p := hubspot.Property{Name: name, Type: kind}
	for i, o := range options {
		p.Options = append(p.Options, hubspot.Option{Label: o, Value: o, DisplayOrder: i})
	}
	return p
}

func TestCompare(t *testing.T) {
	t.Parallel()
	archived, unique := property("plan", "string"), property("id", "string")
	archived.Archived, unique.HasUniqueValue = true, true
	var full []hubspot.Property
	for i := range schema.UniqueSlots {
		p := unique
		p.Name = "theirs" + string(rune('a'+i%26)) + string(rune('a'+i/26))
		full = append(full, p)
	}
	for name, c := range map[string]struct {
		want hubspot.Property
		have []hubspot.Property

		missing, retyped, noSlot bool
		add                      []string
	}{
		"it is there":                          {want: property("plan", "string"), have: []hubspot.Property{property("plan", "string")}},
		"there is nothing of the name":         {want: property("plan", "string"), have: []hubspot.Property{property("other", "string")}, missing: true},
		"somebody has archived it":             {want: property("plan", "string"), have: []hubspot.Property{archived}, missing: true},
		"another type":                         {want: property("plan", "string"), have: []hubspot.Property{property("plan", "number")}, retyped: true},
		"no longer unique":                     {want: unique, have: []hubspot.Property{property("id", "string")}, retyped: true},
		"no unique property is free":           {want: unique, have: full, missing: true, noSlot: true},
		"ours stands among all unique ones":    {want: unique, have: append(slices.Clone(full[1:]), unique)},
		"an option of ours is gone":            {want: property("tags", "enumeration", "a", "b", "c"), have: []hubspot.Property{property("tags", "enumeration", "theirs", "b")}, add: []string{"a", "c"}},
		"somebody has added an option to ours": {want: property("tags", "enumeration", "a"), have: []hubspot.Property{property("tags", "enumeration", "a", "theirs")}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			gap := schema.Compare(hubspot.Contacts, []hubspot.Property{c.want}, c.have)
			if (len(gap.Missing) == 1) != c.missing || (len(gap.Retyped) == 1) != c.retyped || gap.NoSlot != c.noSlot {
				t.Errorf("gap = %+v", gap)
			}
			if whole := !c.missing && !c.retyped && len(c.add) == 0; gap.Complete() != whole {
				t.Errorf("complete = %v", gap.Complete())
			}
			var add []string
			for _, o := range gap.Options {
				for i, more := range o.Add {
					add = append(add, more.Value)
					if want := len(o.Property.Options) + i; more.DisplayOrder != want {
						t.Errorf("%s stands at %d, want %d: behind theirs", more.Value, more.DisplayOrder, want)
					}
				}
			}
			if !slices.Equal(add, c.add) {
				t.Errorf("options to add = %v, want %v", add, c.add)
			}
		})
	}
}
