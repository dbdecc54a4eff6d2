package crmsync

import "github.com/memberpulse/hubspotplugin/hubspot"

// schemaGap is what a portal's properties of one object lack for us.
type schemaGap struct {
	object  hubspot.ObjectType
	missing []hubspot.Property // to be created
	options []optionGap        // to be added to ours
	// retyped are ours by name, but of another type: only a person can mend that.
	retyped []string
	noSlot  bool // no unique property is free for the member id
}

type optionGap struct {
	property hubspot.Property // as the portal has it
	add      []hubspot.Option
}

func (g schemaGap) complete() bool {
	return len(g.missing) == 0 && len(g.options) == 0 && len(g.retyped) == 0 && !g.noSlot
}

// compareSchema finds what a portal lacks of the properties wanted on an
// object. It is pure.
func compareSchema(object hubspot.ObjectType, wanted, have []hubspot.Property) schemaGap {
	byName := make(map[string]hubspot.Property, len(have))
	unique := 0
	for _, p := range have {
		if p.Archived {
			continue
		}
		byName[p.Name] = p
		if p.HasUniqueValue && !p.HubSpotDefined {
			unique++
		}
	}
	gap := schemaGap{object: object}
	for _, want := range wanted {
		got, ok := byName[want.Name]
		switch {
		case !ok:
			gap.missing = append(gap.missing, want)
			gap.noSlot = gap.noSlot || want.HasUniqueValue && unique >= uniqueSlots
		case got.Type != want.Type || got.HasUniqueValue != want.HasUniqueValue:
			gap.retyped = append(gap.retyped, want.Name)
		default:
			if add := missingOptions(got, want); len(add) > 0 {
				gap.options = append(gap.options, optionGap{got, add})
			}
		}
	}
	return gap
}

func missingOptions(got, want hubspot.Property) []hubspot.Option {
	have := map[string]bool{}
	order := -1
	for _, o := range got.Options {
		have[o.Value] = true
		order = max(order, o.DisplayOrder)
	}
	var add []hubspot.Option
	for _, o := range want.Options {
		if !have[o.Value] {
			order++
			o.DisplayOrder = order
			add = append(add, o)
		}
	}
	return add
}
