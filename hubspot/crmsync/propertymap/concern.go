package propertymap

import (
	"github.com/memberpulse/hubspotplugin/integration"
)

// Concerned returns the objects of which every record has to be looked at once
// more when rules replace old ones: those where a field goes to another property
// than before, or is written in more cases. A field that is not sent any more
// concerns nobody: what was written stays in HubSpot, and a blank no longer
// clears it.
func Concerned(old, rules []integration.MappingRule) []string {
	var out []string
	for _, object := range objects() {
		before := map[string]line{}
		for _, l := range New(object, old, nil).lines {
			before[l.field.key] = l
		}
		for _, l := range New(object, rules, nil).lines {
			was, ok := before[l.field.key]
			if !ok || was.rule.Property != l.rule.Property {
				was = line{field: l.field, rule: integration.MappingRule{Property: l.rule.Property,
					Policy: integration.PolicyOnCreate, AdoptedPolicy: integration.PolicyOnCreate}}
			}
			if reach(l.policy(CreatedBefore)) > reach(was.policy(CreatedBefore)) || reach(l.policy(Adopted)) > reach(was.policy(Adopted)) {
				out = append(out, object)
				break
			}
		}
	}
	return out
}

// reach is higher the more records a policy writes to after they were created.
func reach(p integration.Policy) int {
	switch p {
	case integration.PolicyOurs:
		return 2
	case integration.PolicyIfEmpty:
		return 1
	}
	return 0
}
