// Package check collects why values that a person has sent cannot be accepted.
package check

import (
	"maps"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/memberpulse/hubspotplugin/integration"
	"github.com/memberpulse/hubspotplugin/integration/devhost/host/problem"
)

// Values are what was sent, by field, in text form. A field that is not there
// keeps its value, "" clears it. Reading takes a value out, so what is left at
// the end is unknown.
type Values map[string]string

// Check reads values and collects refusals. The zero value is not ready; use Of.
type Check struct {
	values Values
	errs   map[string][]string
}

// Of returns a check of a copy of values.
func Of(values Values) *Check {
	return &Check{values: maps.Clone(values), errs: map[string][]string{}}
}

// Add refuses a field.
func (c *Check) Add(field, why string) { c.errs[field] = append(c.errs[field], why) }

// Take returns a value without space around it; ok is false if it was not sent.
func (c *Check) Take(field string) (value string, ok bool) {
	v, ok := c.values[field]
	delete(c.values, field)
	return strings.TrimSpace(v), ok
}

// Required says that a field must not be empty.
func (c *Check) Required(field, value, label string) {
	if value == "" && len(c.errs[field]) == 0 {
		c.Add(field, label+" is required.")
	}
}

// Line reads one line of text into at.
func (c *Check) Line(field string, at *string, most int) { c.text(field, at, most, false) }

// Lines reads text of several lines into at.
func (c *Check) Lines(field string, at *string, most int) { c.text(field, at, most, true) }

// text reports whether it has read a value into at.
func (c *Check) text(field string, at *string, most int, lines bool) bool {
	v, ok := c.Take(field)
	if !ok {
		return false
	}
	v = strings.ReplaceAll(v, "\r\n", "\n")
	switch {
	case !utf8.ValidString(v) || strings.ContainsFunc(v, func(r rune) bool { return unicode.IsControl(r) && (!lines || r != '\n') }):
		c.Add(field, "This contains characters that cannot be typed.")
	case utf8.RuneCountInString(v) > most:
		c.Add(field, "This is too long: at most "+strconv.Itoa(most)+" characters.")
	default:
		*at = v
		return true
	}
	return false
}

// Choice reads one of options into at.
func (c *Check) Choice(field string, at *string, options ...string) {
	v, ok := c.Take(field)
	if !ok {
		return
	}
	if !slices.Contains(options, v) {
		c.Add(field, "This is not one of "+strings.Join(options, ", ")+".")
		return
	}
	*at = v
}

// Number reads a whole number between least and most into at, "" as least.
func (c *Check) Number(field string, at *int, least, most int) {
	v, ok := c.Take(field)
	if !ok {
		return
	}
	if v == "" {
		*at = least
		return
	}
	n, err := strconv.Atoi(v)
	if err != nil || n < least || n > most {
		c.Add(field, "This must be a whole number from "+strconv.Itoa(least)+" to "+strconv.Itoa(most)+".")
		return
	}
	*at = n
}

// Day reads a day into at, "" as none.
func (c *Check) Day(field string, at *integration.Date) {
	v, ok := c.Take(field)
	if !ok {
		return
	}
	d, err := integration.ParseDate(v)
	if v != "" && err != nil {
		c.Add(field, "This is not a date. It has the form 2026-12-31.")
		return
	}
	*at = d
}

// Moment reads a time with its offset, or, as forms send it, one of the zone.
func (c *Check) Moment(field string, at *time.Time, zone *time.Location) {
	v, ok := c.Take(field)
	if !ok {
		return
	}
	for _, form := range []string{time.RFC3339, "2006-01-02T15:04", "2006-01-02T15:04:05"} {
		if t, err := time.ParseInLocation(form, v, zone); err == nil {
			*at = t.UTC().Truncate(time.Microsecond)
			return
		}
	}
	c.Add(field, "This is not a time. It has the form 2026-12-31T18:30:00+11:00.")
}

// Web reads a web address into at.
func (c *Check) Web(field string, at *string) {
	v := *at
	if !c.text(field, &v, 500, false) {
		return
	}
	u, err := url.Parse(v)
	if v != "" && (err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "") {
		c.Add(field, "This is not a web address. It starts with https://.")
		return
	}
	*at = v
}

// Email reads an address into at. It is as lax as the host is with members.
func (c *Check) Email(field string, at *string) {
	v := *at
	if !c.text(field, &v, 254, false) {
		return
	}
	local, domain, ok := strings.Cut(v, "@")
	if v != "" && (!ok || local == "" || domain == "" || strings.Contains(domain, "@") || strings.ContainsFunc(v, unicode.IsSpace)) {
		c.Add(field, "This is not an email address. It has the form name@example.org.")
		return
	}
	*at = v
}

var domainForm = regexp.MustCompile(`^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$`)

// Domain reads the name of a domain into at.
func (c *Check) Domain(field string, at *string) {
	v := *at
	if !c.text(field, &v, 253, false) {
		return
	}
	if v = strings.ToLower(v); v != "" && !domainForm.MatchString(v) {
		c.Add(field, "This is not a domain. It has the form example.org.")
		return
	}
	*at = v
}

// ID reads the id of something into at, "" as none.
func (c *Check) ID(field string, at *string, what string) {
	v, ok := c.Take(field)
	if !ok {
		return
	}
	if v != "" && !integration.ValidUUID(v) {
		c.Add(field, "There is no "+what+" with this id.")
		return
	}
	*at = v
}

// Err is what was refused, fields that nobody knows included, or nil.
func (c *Check) Err() error {
	for field := range c.values {
		if field == "crmId" {
			c.Add(field, problem.LockedID)
		} else {
			c.Add(field, "There is no field of this name.")
		}
	}
	c.values = nil
	if len(c.errs) > 0 {
		return problem.Invalid(c.errs)
	}
	return nil
}
