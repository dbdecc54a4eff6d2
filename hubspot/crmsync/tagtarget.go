package crmsync

import (
	"fmt"
	"slices"

	"github.com/memberpulse/hubspotplugin/hubspot"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/inspect"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/propertymap"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/schema"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/settings"
	"github.com/memberpulse/hubspotplugin/integration"
	"github.com/memberpulse/hubspotplugin/tagging"
)

// targets looks at the properties of the customer's that families of tags
// are to be written to. Options that they lack are added when the settings are
// saved; nothing else about them is changed.
func (in *portalCheck) targets(o settings.Options) {
	have, known := in.have[hubspot.Contacts]
	if !known {
		return // why is told already
	}
	for _, t := range tagTargets(o, have) {
		label := mappedTo(in.maps[hubspot.Contacts], t.Property.Name)
		if t.refused == "" && label != "" {
			t.refused = "The property " + t.Property.Name + " receives the field " + label + " by the property map, and one would overwrite the other."
			t.fix = "Choose another property here, leave the field empty, or map " + label + " to another property first."
		}
		if t.refused != "" {
			for _, f := range t.families {
				in.Add(integration.CheckItem{Name: settings.FamilyLabel(f) + " tags", State: inspect.Failed, Field: settings.KeyTagProperty(f), Detail: t.refused, Fix: t.fix})
			}
			continue
		}
		item := integration.CheckItem{Name: "Tags in " + t.Property.Name, State: inspect.OK, Detail: "The property has all options. Values of others there are kept."}
		if len(t.Add) > 0 {
			in.gaps = append(in.gaps, schema.Gap{Object: hubspot.Contacts, Options: []schema.OptionGap{t.OptionGap}})
			item.State = inspect.Missing
			item.Detail = fmt.Sprintf("%d options will be added to the property %s; its others stay as they are.", len(t.Add), t.Property.Name)
		}
		in.Add(item)
	}
}

// tagTarget is a property of the customer's that receives families of tags: the
// options that it lacks, or why it cannot receive any and what to do.
type tagTarget struct {
	schema.OptionGap
	families     []tagging.Family
	refused, fix string
}

// tagTargets compares the properties of the customer's that receive tags with
// those of the portal, in the order of the families. It is pure.
func tagTargets(o settings.Options, have []hubspot.Property) []*tagTarget {
	var out []*tagTarget
	for _, f := range tagging.Families() {
		name := o.TagTarget(f)
		if name == settings.PropTags {
			continue
		}
		i := slices.IndexFunc(out, func(t *tagTarget) bool { return t.Property.Name == name })
		if i < 0 {
			p, found := propertyNamed(have, name)
			t := &tagTarget{OptionGap: schema.OptionGap{Property: p}}
			t.refused, t.fix = refuseTarget(p, found)
			t.Property.Name = name
			out, i = append(out, t), len(out)
		}
		out[i].families = append(out[i].families, f)
		want := hubspot.Property{}
		for _, slug := range tagsOf(f) {
			t, _ := tagging.Find(slug)
			want.Options = append(want.Options, hubspot.Option{Value: t.Slug, Label: t.Label})
		}
		withAdded := out[i].Property
		withAdded.Options = append(slices.Clone(withAdded.Options), out[i].Add...)
		out[i].Add = append(out[i].Add, schema.MissingOptions(withAdded, want)...)
	}
	return out
}

// tagsOf are the tags of a family, in the catalog's order.
func tagsOf(f tagging.Family) []string {
	var out []string
	for _, t := range tagging.Catalog() {
		if t.Family == f {
			out = append(out, t.Slug)
		}
	}
	return out
}

// mappedTo is the label of the field that the map writes to a property, "" if
// there is none. mapper.go refuses the same from the other side.
func mappedTo(m propertymap.Map, name string) string {
	mapped := m.Fields()
	for _, f := range propertymap.Fields() {
		if f.Object == m.Object() && mapped[f.Key] == name {
			return f.Label
		}
	}
	return ""
}

func propertyNamed(have []hubspot.Property, name string) (hubspot.Property, bool) {
	for _, p := range have {
		if p.Name == name && !p.Archived {
			return p, true
		}
	}
	return hubspot.Property{}, false
}

// refuseTarget says why tags cannot be written to a property, and what to do;
// "" if they can.
func refuseTarget(p hubspot.Property, found bool) (detail, fix string) {
	switch {
	case !found:
		return "HubSpot has no contact property of this internal name.", "Copy the internal name from HubSpot under Settings > Properties, or leave the field empty."
	case p.ReadOnlyValue || p.Calculated:
		return "The property " + p.Name + " cannot be written.", "Choose another property, or leave the field empty."
	case p.Type != "enumeration" || p.FieldType != "checkbox":
		return "The property " + p.Name + " does not take several values: it has the type " + p.Type + " (" + p.FieldType + ").", "Choose a property of the type Multiple checkboxes, or leave the field empty."
	}
	return "", ""
}
