package console

import (
	"database/sql"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/memberpulse/hubspotplugin/integration"
)

// mapping returns the tenant's property map with what it can be changed to.
// Looking asks the vendor, so it is paced as a test of the connection is.
func (c *Console) mapping(k *call) (integration.PropertyMapping, error) {
	if err := c.pace.take(k.tenant(), k.spec.ID); err != nil {
		return integration.PropertyMapping{}, err
	}
	m, err := k.plugin.(integration.PropertyMapper).PropertyMapping(k.ctx(), k.tenant())
	m.Notice = k.clean(m.Notice)
	return m, inStore(err)
}

// setMapping makes rules the tenant's whole map, if old is still the one that
// they are based on. The vendor is asked with no transaction open; the version
// guards against everything that happened meanwhile.
func (c *Console) setMapping(k *call, old integration.PropertyMapping, version int64, rules []integration.MappingRule) error {
	if version != old.Version {
		return stale()
	}
	if errs := checkRules(rules); len(errs) > 0 {
		return refusedRules(errs)
	}
	mapper := k.plugin.(integration.PropertyMapper)
	if err := mapper.CheckMapping(k.ctx(), k.tenant(), rules); err != nil {
		return refusedRules(atVendor(err))
	}
	record := c.audit(k, "update", mappingChanges(old.Rules, rules))
	return c.inTx(k.ctx(), record, func(tx *sql.Tx) error {
		return mapper.SetMapping(k.ctx(), tx, k.tenant(), version, rules)
	})
}

func refusedRules(err error) error {
	return refusedFields(err, "Some lines of the map cannot be accepted.", "Correct the lines that are named and save again.")
}

// ruleKey names a line of the map in errors, forms and audit records.
func ruleKey(object, field string) string { return object + "." + field }

var mapName = regexp.MustCompile(`^[a-z][a-zA-Z0-9_.]{0,63}$`)

// checkRules refuses what no plugin could mean. Whether fields and properties
// exist is for the plugin to say.
func checkRules(rules []integration.MappingRule) integration.FieldErrors {
	errs, seen := integration.FieldErrors{}, map[string]bool{}
	for _, r := range rules {
		key := ruleKey(r.Object, r.Field)
		if seen[key] {
			errs.Add(key, "This field is there twice.")
		}
		seen[key] = true
		if !typed(r.Property, 255) {
			errs.Add(key, "The property is longer than 255 characters or contains some that cannot be typed.")
		}
		if !slices.Contains(policies, r.Policy) || !slices.Contains(policies, r.AdoptedPolicy) {
			errs.Add(key, "A rule is one of ours, if-empty and on-create.")
		}
	}
	return errs
}

var policies = []integration.Policy{integration.PolicyOurs, integration.PolicyIfEmpty, integration.PolicyOnCreate}

// typed reports whether text can have been typed into one line.
func typed(text string, limit int) bool {
	return utf8.ValidString(text) && utf8.RuneCountInString(text) <= limit &&
		!strings.ContainsFunc(text, func(r rune) bool { return r < ' ' || r >= 0x7f && r < 0xa0 })
}

// mappingChanges lists the lines that differ.
func mappingChanges(old, now []integration.MappingRule) map[string]integration.AuditChange {
	text := func(r integration.MappingRule) string {
		if r.Property == "" {
			return "not sent"
		}
		return r.Property + ", " + string(r.Policy) + ", " + string(r.AdoptedPolicy)
	}
	out := map[string]integration.AuditChange{}
	for _, r := range now {
		out[ruleKey(r.Object, r.Field)] = integration.AuditChange{Old: "not sent", New: text(r)}
	}
	for _, r := range old {
		key := ruleKey(r.Object, r.Field)
		change, kept := out[key]
		if !kept {
			change.New = "not sent"
		}
		change.Old = text(r)
		out[key] = change
	}
	for key, change := range out {
		if change.Old == change.New {
			delete(out, key)
		}
	}
	return out
}
