package schema

import "github.com/memberpulse/hubspotplugin/hubspot"

// Gap is what a portal's properties of one object lack for us.
type Gap struct {
	Object  hubspot.ObjectType
	Missing []hubspot.Property // to be created
	Options []OptionGap        // to be added to ours
	// Retyped are ours by name, but of another type: only a person can mend that.
	Retyped []string
	NoSlot  bool // no unique property is free for the member id
}

// OptionGap is a property that lacks options of ours.
type OptionGap struct {
	Property hubspot.Property // as the portal has it
	Add      []hubspot.Option
}

// Complete reports whether nothing is missing.
func (g Gap) Complete() bool {
	return len(g.Missing) == 0 && len(g.Options) == 0 && len(g.Retyped) == 0 && !g.NoSlot
}

// Compare finds what a portal lacks of the properties wanted on an
// object. It is pure.
func Compare(object hubspot.ObjectType, wanted, have []hubspot.Property) Gap {
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
	gap := Gap{Object: object}
	for _, want := range wanted {
		got, ok := byName[want.Name]
		switch {
		case !ok:
			gap.Missing = append(gap.Missing, want)
			gap.NoSlot = gap.NoSlot || want.HasUniqueValue && unique >= UniqueSlots
		case got.Type != want.Type || got.HasUniqueValue != want.HasUniqueValue:
			gap.Retyped = append(gap.Retyped, want.Name)
		default:
			if add := MissingOptions(got, want); len(add) > 0 {
				gap.Options = append(gap.Options, OptionGap{got, add})
			}
		}
	}
	return gap
}

// MissingOptions are the options that a property lacks, placed behind its own.
func MissingOptions(got, want hubspot.Property) []hubspot.Option {
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
