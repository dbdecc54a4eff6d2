package hubspottest

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"unicode/utf8"
)

// ValidationRule is a rule that an admin put on the values of a property. It applies
// to writes of every API version. Zero fields set no rule.
// https://developers.hubspot.com/docs/api-reference/crm-property-validations-v3/guide
type ValidationRule struct {
	Pattern              string // a regular expression for the whole value
	MinLength, MaxLength int    // in characters
	Min, Max             *float64
}

type compiledRule struct {
	ValidationRule
	pattern *regexp.Regexp
}

// check answers what is wrong with a value, nil if nothing is. A nil rule allows all.
func (r *compiledRule) check(name, value string) *propertyError {
	if r == nil {
		return nil
	}
	bad := func(what string) *propertyError {
		return &propertyError{name: name, code: "PROPERTY_VALIDATION_RULE_FAILED", message: "The value of property " + name + " breaks a validation rule: " + what}
	}
	n := utf8.RuneCountInString(value)
	switch {
	case r.pattern != nil && !r.pattern.MatchString(value):
		return bad("it must match the pattern " + r.Pattern)
	case r.MinLength > 0 && n < r.MinLength:
		return bad(fmt.Sprintf("it must have at least %d characters", r.MinLength))
	case r.MaxLength > 0 && n > r.MaxLength:
		return bad(fmt.Sprintf("it must have at most %d characters", r.MaxLength))
	}
	if r.Min == nil && r.Max == nil {
		return nil
	}
	f, err := strconv.ParseFloat(value, 64)
	switch {
	case err != nil:
		return bad("it must be a number")
	case r.Min != nil && f < *r.Min:
		return bad(fmt.Sprintf("it must be at least %g", *r.Min))
	case r.Max != nil && f > *r.Max:
		return bad(fmt.Sprintf("it must be at most %g", *r.Max))
	}
	return nil
}

// requirement is a rule that a property must have a value; the 2026-09 paths alone
// enforce it. https://developers.hubspot.com/changelog/crm-api-write-validation-enforcement
type requirement struct {
	name   string
	when   string // empty: on every create
	values []string
}

// missing finds the required properties that a write leaves empty. A rule of the form
// "create record" looks at creates; a conditional one at writes that set its condition
// or the property itself.
func (s *schema) missing(r *record, in map[string]string, create bool, v version) []propertyError {
	if v != v2609 {
		return nil
	}
	var out []propertyError
	for _, q := range s.required {
		if r.props[q.name] != "" {
			continue
		}
		_, sets := in[q.when]
		_, clears := in[q.name]
		switch {
		case q.when == "" && create:
			out = append(out, propertyError{name: q.name, code: "MISSING_REQUIRED_PROPERTY", message: "Property " + q.name + " is required to create a record"})
		case q.when != "" && slices.Contains(q.values, r.props[q.when]) && (sets || clears):
			out = append(out, propertyError{name: q.name, code: "MISSING_CONDITIONAL_REQUIRED_PROPERTY", message: "Property " + q.name + " is required by the value of " + q.when})
		}
	}
	return out
}

// SetValidationRule puts a rule on a property; a zero rule takes it away.
func (p *PortalState) SetValidationRule(objectType, name string, rule ValidationRule) {
	defer p.sim.touch()
	p.mu.Lock()
	defer p.mu.Unlock()
	s := p.mustObjects(objectType).schema
	old := s.live[name]
	if old == nil {
		panic("hubspottest: no property " + name)
	}
	def := *old
	def.rule = nil
	if rule != (ValidationRule{}) {
		def.rule = &compiledRule{ValidationRule: rule}
		if rule.Pattern != "" {
			def.rule.pattern = regexp.MustCompile(`^(?:` + rule.Pattern + `)$`)
		}
	}
	s.live[name] = &def
}

// RequireProperty makes a property required in the form "create record".
func (p *PortalState) RequireProperty(objectType, name string) {
	p.require(objectType, requirement{name: name})
}

// RequirePropertyWhen makes a property required while another has one of the values.
func (p *PortalState) RequirePropertyWhen(objectType, name, when string, values ...string) {
	p.require(objectType, requirement{name: name, when: when, values: values})
}

func (p *PortalState) require(objectType string, q requirement) {
	defer p.sim.touch()
	p.mu.Lock()
	defer p.mu.Unlock()
	s := p.mustObjects(objectType).schema
	if s.live[q.name] == nil || q.when != "" && s.live[q.when] == nil {
		panic("hubspottest: no such property")
	}
	s.required = append(s.required, q)
}

// ClearRequirements drops every required-property rule of an object type.
func (p *PortalState) ClearRequirements(objectType string) {
	defer p.sim.touch()
	p.mu.Lock()
	defer p.mu.Unlock()
	p.mustObjects(objectType).schema.required = nil
}
