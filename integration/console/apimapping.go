package console

import (
	"encoding/json"
	"strconv"

	"github.com/memberpulse/hubspotplugin/integration"
)

func (c *Console) apiMapping(k *call) (reply, error) {
	m, err := c.mapping(k)
	if m.Rules == nil {
		m.Rules = []integration.MappingRule{}
	}
	if m.Fields == nil {
		m.Fields = []integration.MappingField{}
	}
	return reply{body: m, etag: etag(m.Version)}, err
}

// mapDoc is the map that is in use after a change.
type mapDoc struct {
	Version int64                     `json:"version"`
	Rules   []integration.MappingRule `json:"rules"`
}

// apiSetMapping reads {"version": 3, "rules": [...]}; the version may be in
// If-Match instead. The rules are the whole map: what they leave out is no
// longer sent.
func (c *Console) apiSetMapping(k *call) (reply, error) {
	version, rules, err := c.readRules(k)
	if err != nil {
		return reply{}, err
	}
	old, err := c.mapping(k)
	if err != nil {
		return reply{}, err
	}
	if err := c.setMapping(k, old, version, rules); err != nil {
		return reply{}, err
	}
	return reply{body: mapDoc{version + 1, rules}, etag: etag(version + 1)}, nil
}

func (c *Console) readRules(k *call) (int64, []integration.MappingRule, error) {
	header, err := ifMatch(k.r)
	if err != nil {
		return 0, nil, err
	}
	members, err := c.readMembers(k)
	if err != nil {
		return 0, nil, err
	}
	errs := integration.FieldErrors{}
	version := header
	if raw, ok := members["version"]; ok {
		if version, err = versionOf(raw, header, errs); err != nil {
			return 0, nil, err
		}
	}
	if version == nil && len(errs) == 0 {
		errs.Add("version", "Say which version of the map this is based on.")
	}
	onlyMembers(members, errs, "", "version", "rules")
	rules, err := rulesOf(members["rules"], errs)
	if err != nil {
		return 0, nil, err
	}
	if len(errs) > 0 {
		return 0, nil, refusedRules(errs)
	}
	return *version, rules, nil
}

// rulesOf reads the array of rules. A rule that sends nothing may leave out its
// policies.
func rulesOf(raw json.RawMessage, errs integration.FieldErrors) ([]integration.MappingRule, error) {
	list, ok, err := objects(raw)
	if err != nil {
		return nil, err
	}
	if !ok {
		errs.Add("rules", "This is an array of objects: the whole map.")
		return nil, nil
	}
	rules := make([]integration.MappingRule, len(list))
	for i, members := range list {
		at := "rules[" + strconv.Itoa(i) + "]."
		onlyMembers(members, errs, at, "object", "field", "property", "policy", "adoptedPolicy")
		text := func(key string) string {
			if _, ok := members[key]; !ok {
				return ""
			}
			return said(members, key, at, errs)
		}
		r := integration.MappingRule{Object: text("object"), Field: text("field"), Property: text("property"),
			Policy: integration.Policy(text("policy")), AdoptedPolicy: integration.Policy(text("adoptedPolicy"))}
		for key, name := range map[string]string{"object": r.Object, "field": r.Field} {
			if !mapName.MatchString(name) {
				errs.Add(at+key, "This is not the name of an object or a field.")
			}
		}
		if r.Property == "" {
			r.Policy, r.AdoptedPolicy = orElse(r.Policy, integration.PolicyOurs), orElse(r.AdoptedPolicy, integration.PolicyIfEmpty)
		}
		rules[i] = r
	}
	return rules, nil
}

func orElse(p, fallback integration.Policy) integration.Policy {
	if p == "" {
		return fallback
	}
	return p
}
