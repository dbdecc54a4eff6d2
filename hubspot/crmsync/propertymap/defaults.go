package propertymap

import (
	"strings"

	"github.com/memberpulse/hubspotplugin/integration"
)

// Defaults returns the map of a tenant that has changed nothing: a line for
// every field, contacts first. Standard properties of records that were there
// before are filled only if empty; our own are always ours. Date of birth,
// gender and bio are not sent, nor is anything that HubSpot's sales work moves
// on by itself (lifecycle stage, lead status, owner).
// Standard properties: https://knowledge.hubspot.com/properties/hubspots-default-contact-properties
func Defaults() []integration.MappingRule {
	var out []integration.MappingRule
	for _, object := range objects() {
		for _, f := range fieldsOf(object) {
			out = append(out, f.rule(object))
		}
	}
	return out
}

// rule is the field's line of the default map.
func (f field) rule(object string) integration.MappingRule {
	r := integration.MappingRule{Object: object, Field: f.key, Property: f.property,
		Policy: integration.PolicyOurs, AdoptedPolicy: integration.PolicyIfEmpty}
	if f.fixed || strings.HasPrefix(f.property, ownPrefix) {
		r.AdoptedPolicy = integration.PolicyOurs
	}
	return r
}

// Whole returns rules as they are to be stored: a line for every field, in the
// order of Defaults, fixed ones as they must be. A field that rules leave out is
// not sent. It checks nothing, see [Check].
func Whole(rules []integration.MappingRule) []integration.MappingRule {
	return complete(rules, func(r integration.MappingRule, _ map[string]bool) integration.MappingRule {
		r.Property = ""
		return r
	})
}

// Upgraded returns a stored map with the fields that came with a later release:
// they get their default, unless the tenant has given its property to another
// field. Fields that are no more are left out.
func Upgraded(rules []integration.MappingRule) []integration.MappingRule {
	return complete(rules, func(r integration.MappingRule, taken map[string]bool) integration.MappingRule {
		if taken[lineKey(r.Object, r.Property)] {
			r.Property = ""
		}
		return r
	})
}

// complete puts rules in order; absent completes the default line of a field
// that rules do not mention.
func complete(rules []integration.MappingRule, absent func(integration.MappingRule, map[string]bool) integration.MappingRule) []integration.MappingRule {
	given, taken := map[string]integration.MappingRule{}, map[string]bool{}
	for _, r := range rules {
		r.Property = strings.TrimSpace(r.Property)
		if _, twice := given[lineKey(r.Object, r.Field)]; twice {
			continue
		}
		given[lineKey(r.Object, r.Field)] = r
		taken[lineKey(r.Object, r.Property)] = true
	}
	out := Defaults()
	for i, r := range out {
		stored, ok := given[lineKey(r.Object, r.Field)]
		switch {
		case fieldOf(r.Object, r.Field).fixed:
		case ok:
			out[i] = stored
			if stored.Property == "" && (!valid(stored.Policy) || !valid(stored.AdoptedPolicy)) {
				out[i].Policy, out[i].AdoptedPolicy = r.Policy, r.AdoptedPolicy
			}
		default:
			out[i] = absent(r, taken)
		}
	}
	return out
}

// lineKey names a field or a property of an object, as field errors do.
func lineKey(object, name string) string { return object + "." + name }

func valid(p integration.Policy) bool {
	return p == integration.PolicyOurs || p == integration.PolicyIfEmpty || p == integration.PolicyOnCreate
}
