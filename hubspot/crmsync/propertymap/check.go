package propertymap

import (
	"strings"

	"github.com/memberpulse/hubspotplugin/hubspot"
	"github.com/memberpulse/hubspotplugin/integration"
)

// Check holds a whole map against the live schema of a portal, by object, and
// returns every mistake as [integration.FieldErrors] with keys of the form
// "contact.firstName"; nil if there is none. Of an object whose schema is nil
// only what needs no schema is checked. A property of the plugin's own need not
// be there yet: it is made when it is needed.
func Check(rules []integration.MappingRule, schemas map[string][]hubspot.Property) error {
	errs := integration.FieldErrors{}
	seen := map[string]bool{}
	users := map[string][]integration.MappingRule{} // by property
	for _, r := range rules {
		r.Property = strings.TrimSpace(r.Property)
		at, f := lineKey(r.Object, r.Field), fieldOf(r.Object, r.Field)
		switch {
		case fieldsOf(r.Object) == nil:
			errs.Add(at, "There is no object "+quote(r.Object)+". Fields belong to contact or company.")
		case f == nil:
			errs.Add(at, "MemberPulse has no "+r.Object+" field of the name "+quote(r.Field)+". Remove it from the map.")
		case seen[at]:
			errs.Add(at, f.label+" is in the map twice, and can go to one property only. Remove one of the two.")
		default:
			seen[at] = true
			if r.Property == "" && !f.fixed {
				continue
			}
			if msg := checkRule(f, r, schemas[r.Object]); msg != "" {
				errs.Add(at, msg)
			}
			name := lineKey(r.Object, strings.ToLower(r.Property))
			users[name] = append(users[name], r)
		}
	}
	for _, sharing := range users {
		for i, r := range sharing {
			if len(sharing) == 1 || fieldOf(r.Object, r.Field).fixed {
				continue
			}
			other := fieldOf(r.Object, sharing[(i+1)%len(sharing)].Field)
			errs.Add(lineKey(r.Object, r.Field), "The property "+quote(r.Property)+" already receives "+other.label+
				", and one would overwrite the other. Choose another property for one of them.")
		}
	}
	if len(errs) > 0 {
		return errs
	}
	return nil
}

// checkRule says what is wrong with one mapped rule, "" if nothing is.
func checkRule(f *field, r integration.MappingRule, schema []hubspot.Property) string {
	if f.fixed {
		if want := f.rule(r.Object); r != want {
			return f.label + " decides whose record it is, and goes to " + quote(want.Property) + " at every change. Leave it as it is."
		}
		return ""
	}
	if why := refusedName(r.Property); why != "" {
		return "Nothing may be mapped to the property " + quote(r.Property) + ". " + why
	}
	if mine, ours := owner(r.Object, r.Property); ours && mine != f {
		if mine == nil {
			return "MemberPulse keeps the property " + quote(r.Property) + " itself, or it is none of its properties. Choose another property."
		}
		return "MemberPulse keeps the property " + quote(r.Property) + " for its field " + mine.label + ". Choose another property."
	}
	if why := checkPolicies(r); why != "" {
		return why
	}
	if schema == nil {
		return ""
	}
	for _, p := range schema {
		if p.Name != r.Property {
			continue
		}
		if why := unwritable(p); why != "" {
			return why
		}
		return misfit(f, p)
	}
	if _, ours := ownProperty(r.Object, r.Property); ours {
		return ""
	}
	return missing(f, r, schema)
}

func checkPolicies(r integration.MappingRule) string {
	switch {
	case !valid(r.Policy), !valid(r.AdoptedPolicy):
		return "There is no such rule for when to write. It is one of " + string(integration.PolicyOurs) + ", " +
			string(integration.PolicyIfEmpty) + " and " + string(integration.PolicyOnCreate) + "."
	case onlyOnCreate(r.Property) && (r.Policy != integration.PolicyOnCreate || r.AdoptedPolicy != integration.PolicyOnCreate):
		return "People and workflows in HubSpot move the property " + quote(r.Property) + " on, and MemberPulse would move it back. " +
			"Choose \"" + string(integration.PolicyOnCreate) + "\" for it, for all records."
	}
	return ""
}

// missing tells that a property is not there, and which one may be meant.
func missing(f *field, r integration.MappingRule, schema []hubspot.Property) string {
	msg := "HubSpot has no " + r.Object + " property of the name " + quote(r.Property) + ". "
	if p, ok := closest(f, r.Property, schema); ok {
		return msg + "Did you mean " + quote(p.Name) + " (" + p.Label + ")? Otherwise create it in HubSpot first, or choose one from the list."
	}
	return msg + "Create it in HubSpot first, or choose one from the list."
}
