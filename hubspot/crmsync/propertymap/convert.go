package propertymap

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/memberpulse/hubspotplugin/integration"
)

// maxValue is HubSpot's limit of a text property, in characters
// (https://developers.hubspot.com/docs/api-reference/latest/crm/properties/guide).
const maxValue = 65536

// wire returns a value in the form in which HubSpot takes it for this property;
// "" for a blank. A value that it cannot take leaves a reason; of a list, what it
// can take is returned all the same. Dates are days of the tenant's calendar, at
// midnight UTC where HubSpot wants a moment.
// https://developers.hubspot.com/docs/api-reference/latest/crm/properties/guide
func (l line) wire(v value, loc *time.Location) (string, Reason) {
	if v.blank() {
		return "", ""
	}
	if !l.field.kind.fits(l.form) {
		return "", ReasonType
	}
	switch l.field.kind {
	case kindNumber:
		return strconv.Itoa(v.number), ""
	case kindDate:
		return l.date(v.day)
	case kindDatetime:
		switch l.form {
		case formDate:
			return l.date(integration.DateOf(v.at.In(loc)))
		case formDatetime:
			return instant(v.at), ""
		}
		return v.at.In(loc).Format(time.RFC3339), ""
	case kindChoices:
		if l.form == formMany {
			return l.options(v.list)
		}
		return truncate(strings.Join(v.list, "; "), maxValue), ""
	}
	if l.form == formOne || l.form == formMany {
		return l.options([]string{v.text})
	}
	return truncate(v.text, maxValue), ""
}

func (l line) date(d integration.Date) (string, Reason) {
	midnight := time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, time.UTC)
	if integration.DateOf(midnight) != d || d.Year < 1 || d.Year > 9999 {
		return "", ReasonDate
	}
	if l.form == formDatetime {
		return instant(midnight), ""
	}
	return d.String(), ""
}

// options returns the values of the property's options that texts stand for, in
// the property's order.
func (l line) options(texts []string) (string, Reason) {
	if l.property.ExternalOptions {
		return external(texts)
	}
	var found []int
	var why Reason
	for _, t := range texts {
		i, ok := l.choices.find(t)
		if !ok {
			why = ReasonOption
			continue
		}
		found = append(found, i)
	}
	slices.Sort(found)
	var values []string
	for _, i := range slices.Compact(found) {
		values = append(values, l.choices.values[i])
	}
	return strings.Join(values, ";"), why
}

// external passes on ids, such as an owner's: HubSpot does not list the options
// with the property, and refuses the whole record for what is none.
func external(texts []string) (string, Reason) {
	for _, t := range texts {
		if strings.ContainsFunc(t, func(r rune) bool { return r < '0' || r > '9' }) {
			return "", ReasonOption
		}
	}
	return strings.Join(texts, ";"), ""
}

// instant is HubSpot's ISO 8601 form in UTC, with milliseconds.
func instant(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }

// truncate keeps the first so many characters.
func truncate(s string, runes int) string {
	if len(s) <= runes {
		return s
	}
	n := 0
	for i := range s {
		if n == runes {
			return s[:i]
		}
		n++
	}
	return s
}
