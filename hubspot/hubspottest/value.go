package hubspottest

import (
	"fmt"
	"net/mail"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// maxValue is the number of characters that a value may have.
// https://developers.hubspot.com/docs/api-reference/crm-properties-v3/guide
const maxValue = 65_536

// propertyError is one rejected value, in the terms of the reply. HubSpot repeats the
// value itself, so the text of an error may hold personal data.
type propertyError struct {
	name, code, message string
	value               string
}

// warning tells that a value was accepted in another form than sent (2026-09).
// https://developers.hubspot.com/changelog/crm-api-write-validation-enforcement
type warning struct {
	Category string            `json:"category"`
	Message  string            `json:"message"`
	Context  map[string]string `json:"context"`
}

// valueParser turns values from the wire into stored ones.
type valueParser struct {
	number *regexp.Regexp
	domain *regexp.Regexp
}

func newValueParser() *valueParser {
	return &valueParser{
		number: regexp.MustCompile(`^-?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$`),
		domain: regexp.MustCompile(`^([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+([a-z]{2,24}|xn--[a-z0-9-]{1,59})$`),
	}
}

// parse answers the stored form of a value that is not empty. current is the value
// that the record has, for the option lists that append. lenient is 2026-09's
// handling of dates.
func (v *valueParser) parse(p *property, raw, current string, lenient bool) (string, *propertyError, *warning) {
	reject := func(code, format string, args ...any) (string, *propertyError, *warning) {
		return "", &propertyError{name: p.Name, code: code, message: fmt.Sprintf(format, args...)}, nil
	}
	if len(raw) > maxValue && utf8.RuneCountInString(raw) > maxValue {
		return reject("PROPERTY_VALUE_TOO_LONG", "The value of property %q is longer than %d characters", p.Name, maxValue)
	}
	if p.Type == "bool" || p.Type == "number" || p.Type == "date" || p.Type == "datetime" {
		raw = strings.TrimSpace(raw) // still taken: the stricter rule was announced and cancelled
	}
	switch p.Type {
	case "bool":
		if b := strings.ToLower(raw); b == "true" || b == "false" {
			return b, nil, nil
		}
		return reject("INVALID_BOOLEAN", "%s was not a valid boolean.", raw)
	case "number":
		if v.number.MatchString(raw) {
			return raw, nil, nil
		}
		return reject("INVALID_INTEGER", "%s was not a valid number.", raw)
	case "date":
		return v.date(p, raw, lenient)
	case "datetime":
		if at, ok := parseInstant(raw); ok {
			return stamp(at).String(), nil, nil
		}
		return reject("INVALID_LONG", "%s was not a valid long.", raw)
	case "enumeration":
		return v.options(p, raw, current)
	}
	if p.Name == "email" && p.HubspotDefined {
		email := foldEmail(raw)
		if !v.email(email) {
			return reject("INVALID_EMAIL", "Email address %s is invalid", raw)
		}
		return email, nil, nil
	}
	return raw, nil, nil
}

func (v *valueParser) email(s string) bool {
	local, domain, ok := strings.Cut(s, "@")
	if !ok || local == "" || !v.domain.MatchString(domain) || strings.Contains(s, "..") || len(s) > 254 {
		return false
	}
	a, err := mail.ParseAddress(s)
	return err == nil && a.Address == s
}

// date takes YYYY-MM-DD or milliseconds of a midnight in UTC.
func (v *valueParser) date(p *property, raw string, lenient bool) (string, *propertyError, *warning) {
	if d, err := time.Parse(time.DateOnly, raw); err == nil {
		return d.Format(time.DateOnly), nil, nil
	}
	at, ok := parseInstant(raw)
	if !ok {
		return "", &propertyError{name: p.Name, code: "INVALID_DATE", message: raw + " was not a valid date."}, nil
	}
	day := at.UTC().Format(time.DateOnly)
	_, numeric := strconv.ParseInt(raw, 10, 64)
	if at.Equal(at.Truncate(24*time.Hour)) && (numeric == nil || lenient) {
		return day, nil, nil
	}
	if !lenient {
		return "", &propertyError{name: p.Name, code: "INVALID_DATE", message: fmt.Sprintf("%s is at %s UTC, not midnight!", raw, at.UTC().Format("15:04:05.000"))}, nil
	}
	return day, nil, &warning{
		Category: "PROPERTY_VALUE_NORMALIZED", Message: "The value of property " + p.Name + " was normalized",
		Context: map[string]string{"propertyName": p.Name, "rawValue": raw, "normalizedValue": day},
	}
}

func parseInstant(raw string) (time.Time, bool) {
	if ms, err := strconv.ParseInt(raw, 10, 64); err == nil {
		return time.UnixMilli(ms).UTC(), true
	}
	for _, layout := range []string{time.RFC3339Nano, "2006-01-02T15:04:05.999999999", "2006-01-02T15:04Z", time.DateOnly} {
		if at, err := time.Parse(layout, raw); err == nil {
			return at.UTC(), true
		}
	}
	return time.Time{}, false
}

// options checks the values of an enumeration. A list that starts with a semicolon
// is added to the current one.
func (v *valueParser) options(p *property, raw, current string) (string, *propertyError, *warning) {
	if p.ExternalOptions {
		return raw, nil, nil
	}
	values := []string{raw}
	if p.multi() {
		values = slices.DeleteFunc(strings.Split(raw, ";"), func(s string) bool { return s == "" })
	}
	for _, one := range values {
		if !p.hasOption(one) {
			allowed := make([]string, 0, len(p.Options))
			for _, o := range p.Options {
				allowed = append(allowed, fmt.Sprintf("label: %q\nvalue: %q\ndisplay_order: %d\nhidden: %t\nread_only: false\n", o.Label, o.Value, o.DisplayOrder, o.Hidden))
			}
			return "", &propertyError{name: p.Name, code: "INVALID_OPTION",
				message: fmt.Sprintf("%s was not one of the allowed options: [%s]", one, strings.Join(allowed, ", "))}, nil
		}
	}
	if p.multi() && strings.HasPrefix(raw, ";") && current != "" {
		values = append(strings.Split(current, ";"), values...)
	}
	var out []string
	for _, one := range values {
		if !slices.Contains(out, one) {
			out = append(out, one)
		}
	}
	return strings.Join(out, ";"), nil, nil
}
