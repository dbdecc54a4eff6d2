package members

import (
	"github.com/memberpulse/hubspotplugin/integration"
	"github.com/memberpulse/hubspotplugin/integration/devhost/host/problem"
)

// Patch is new values by field name, in text form; a field that is not there
// keeps its value, "" clears it.
type Patch map[string]string

// apply returns m with the patch, or every mistake at once, by field. No value
// that was sent appears in a message.
func (p Patch) apply(m integration.Member) (integration.Member, error) {
	errs := map[string][]string{}
	known := map[string]bool{}
	for _, f := range Fields() {
		known[f.Name] = true
		v, sent := p[f.Name]
		if !sent {
			v = f.Value(m)
		}
		v = f.tidy(v)
		if msg := f.refuse(v); msg != "" {
			errs[f.Name] = append(errs[f.Name], msg)
			continue
		}
		f.set(&m, v)
	}
	for name := range p {
		switch {
		case known[name]:
		case name == "crmId":
			errs[name] = append(errs[name], problem.LockedID)
		default:
			errs[name] = append(errs[name], "There is no field of this name.")
		}
	}
	if len(errs) > 0 {
		return integration.Member{}, problem.Invalid(errs)
	}
	return m, nil
}

// same reports whether the fields that a person may change are equal.
func same(a, b integration.Member) bool {
	for _, f := range Fields() {
		if f.Value(a) != f.Value(b) {
			return false
		}
	}
	return true
}
