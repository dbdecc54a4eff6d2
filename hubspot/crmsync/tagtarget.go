package crmsync

import (
	"fmt"

	"github.com/memberpulse/hubspotplugin/hubspot"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/inspect"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/propertymap"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/schema"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/settings"
	"github.com/memberpulse/hubspotplugin/integration"
	"github.com/memberpulse/hubspotplugin/tagging"
)

// tagTargets looks at the properties of the customer's that families of tags
// are to be written to. Options that they lack are added when the settings are
// saved; nothing else about them is changed.
func (in *portalCheck) tagTargets(o settings.Options) {
	have, known := in.have[hubspot.Contacts]
	if !known {
		return // why is told already
	}
	gaps := map[string]*schema.OptionGap{}
	var order []string
	for _, f := range tagging.Families() {
		name := o.TagTarget(f)
		if name == settings.PropTags {
			continue
		}
		p, found := propertyNamed(have, name)
		detail, fix := refuseTarget(p, found)
		if label := mappedTo(in.maps[hubspot.Contacts], name); detail == "" && label != "" {
			detail = "The property " + name + " receives the field " + label + " by the property map, and one would overwrite the other."
			fix = "Choose another property here, leave the field empty, or map " + label + " to another property first."
		}
		if detail != "" {
			in.Add(integration.CheckItem{Name: settings.FamilyLabel(f) + " tags", State: inspect.Failed, Field: settings.KeyTagProperty(f), Detail: detail, Fix: fix})
			continue
		}
		gap := gaps[name]
		if gap == nil {
			gap = &schema.OptionGap{Property: p}
			gaps[name], order = gap, append(order, name)
		}
		want := hubspot.Property{}
		for _, t := range tagging.Catalog() {
			if t.Family == f {
				want.Options = append(want.Options, hubspot.Option{Value: t.Slug, Label: t.Label})
			}
		}
		withAdded := p
		withAdded.Options = append(append([]hubspot.Option{}, p.Options...), gap.Add...)
		gap.Add = append(gap.Add, schema.MissingOptions(withAdded, want)...)
	}
	for _, name := range order {
		gap := gaps[name]
		item := integration.CheckItem{Name: "Tags in " + name, State: inspect.OK, Detail: "The property has all options. Values of others there are kept."}
		if len(gap.Add) > 0 {
			in.gaps = append(in.gaps, schema.Gap{Object: hubspot.Contacts, Options: []schema.OptionGap{*gap}})
			item.State = inspect.Missing
			item.Detail = fmt.Sprintf("%d options will be added to the property %s; its others stay as they are.", len(gap.Add), name)
		}
		in.Add(item)
	}
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
