package propertymap

import (
	"slices"

	"github.com/memberpulse/hubspotplugin/hubspot"
	"github.com/memberpulse/hubspotplugin/integration"
)

// Map is a tenant's map of one object, held against a portal's schema. It is
// immutable and may be used by any number of goroutines.
type Map struct {
	object string
	lines  []line
	schema bool // the portal's schema is known
}

// line is one field on its way to its property.
type line struct {
	field    *field
	rule     integration.MappingRule
	property hubspot.Property
	found    bool // property is what the portal has
	form     form
	choices  choices
}

// New returns the map of an object ("contact" or "company"). It takes rules as
// they are stored and does not check them: a rule of another object, of an
// unknown field or without a property is left out, and of two rules for one
// field or property the first counts. The fields that decide identity are
// always mapped. Properties are the portal's, of this object; nil if they are
// not known, then each is taken to be of the type that its field needs.
func New(object string, rules []integration.MappingRule, properties []hubspot.Property) Map {
	m := Map{object: object, schema: properties != nil}
	byName := make(map[string]hubspot.Property, len(properties))
	for _, p := range properties {
		byName[p.Name] = p
	}
	taken := map[string]bool{}
	for _, r := range Whole(rules) {
		if r.Object != object || r.Property == "" || taken[r.Property] {
			continue
		}
		taken[r.Property] = true
		l := line{field: fieldOf(object, r.Field), rule: r}
		l.property, l.found = byName[r.Property]
		if !l.found {
			l.property, _ = ownProperty(object, r.Property)
		}
		l.form = formOf(l.property)
		if l.property.Name == "" {
			l.property.Name, l.form = r.Property, l.field.kind.natural()
		}
		if l.form == formOne || l.form == formMany {
			l.choices = choicesOf(l.property)
		}
		m.lines = append(m.lines, l)
	}
	return m
}

// Object returns the map's object.
func (m Map) Object() string { return m.object }

// Fields returns which property receives which field, as a sync record shows
// it: the map without values.
func (m Map) Fields() map[string]string {
	out := make(map[string]string, len(m.lines))
	for _, l := range m.lines {
		out[l.field.key] = l.rule.Property
	}
	return out
}

// OwnProperties returns the definitions of those properties of ours that the
// map needs in the portal: the key, the status that outlives the entity, and
// what fields are mapped to.
func (m Map) OwnProperties() []hubspot.Property {
	needed := map[string]bool{MemberStatus: true, OrganizationStatus: true}
	for _, l := range m.lines {
		needed[l.rule.Property] = true
	}
	return slices.DeleteFunc(OwnProperties(m.object), func(p hubspot.Property) bool { return !needed[p.Name] })
}

// Without returns the map without the lines of these properties: their fields
// are parked, and everything else goes on. The keys stay, for without them
// nothing can be sent.
func (m Map) Without(properties ...string) Map {
	if len(properties) == 0 {
		return m
	}
	out := m
	out.lines = slices.DeleteFunc(slices.Clone(m.lines), func(l line) bool {
		return !l.field.fixed && slices.Contains(properties, l.rule.Property)
	})
	return out
}

// Gap is a mapped field whose property can no longer take it.
type Gap struct {
	Field, Property string
	Why             string // in words for a person, with what to do
}

// Gaps returns what the portal's schema no longer allows, in the order of the
// fields: properties that vanished, were archived, or changed their nature. They
// park their fields, see Without, until the schema allows them again. It is
// empty if the schema is not known; the keys are never among it.
func (m Map) Gaps() []Gap {
	if !m.schema {
		return nil
	}
	var out []Gap
	for _, l := range m.lines {
		var why string
		switch {
		case l.field.fixed:
		case !l.found:
			why = "HubSpot has no " + m.object + " property of the name " + quote(l.rule.Property) + " any more. " +
				"Restore it there, or choose another property for this field."
		default:
			if why = unwritable(l.property); why == "" {
				why = misfit(l.field, l.property)
			}
		}
		if why != "" {
			out = append(out, Gap{Field: l.field.key, Property: l.rule.Property, Why: why})
		}
	}
	return out
}
