package propertymap

import (
	"cmp"
	"slices"

	"github.com/memberpulse/hubspotplugin/hubspot"
	"github.com/memberpulse/hubspotplugin/integration"
)

// Properties returns a portal's properties of an object as a page offers them,
// by label, with the reason where nothing may be mapped to one. Our own that the
// portal does not have yet are among them, for they are made when they are
// needed; each takes its own field only, which Check says. It is nil if the
// schema is.
func Properties(object string, schema []hubspot.Property) []integration.MappingProperty {
	if schema == nil {
		return nil
	}
	out := make([]integration.MappingProperty, 0, len(schema))
	have := map[string]bool{}
	for _, p := range slices.Concat(schema, OwnProperties(object)) {
		if have[p.Name] {
			continue
		}
		have[p.Name] = true
		out = append(out, integration.MappingProperty{
			Object: object, Name: p.Name, Label: p.Label, Group: p.GroupName, Type: p.Type, Refused: refused(object, p),
		})
	}
	slices.SortFunc(out, func(a, b integration.MappingProperty) int {
		return cmp.Or(cmp.Compare(fold(a.Label), fold(b.Label)), cmp.Compare(a.Name, b.Name))
	})
	return out
}

// refused says why nothing may be mapped to a property, "" if something may.
func refused(object string, p hubspot.Property) string {
	if why := refusedName(p.Name); why != "" {
		return why
	}
	if f, ours := owner(object, p.Name); ours && f == nil {
		return "MemberPulse keeps it itself. Choose another property."
	}
	if why := unwritable(p); why != "" {
		return why
	}
	if !slices.ContainsFunc(fieldsOf(object), func(f field) bool { return !f.fixed && f.kind.fits(formOf(p)) }) {
		return "It takes " + formOf(p).words() + ", and no " + object + " field of MemberPulse can be written so."
	}
	return ""
}
