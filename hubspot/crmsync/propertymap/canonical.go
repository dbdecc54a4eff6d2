package propertymap

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/memberpulse/hubspotplugin/hubspot"
)

// canonical is a value in a form that is the same for what we sent and for what
// HubSpot answers about it: it stores moments without zero milliseconds, lists in
// an order of its own and phone numbers in a format of its own.
func canonical(p hubspot.Property, v string) string {
	v = strings.TrimSpace(v)
	if v == "" {
		return ""
	}
	switch f := formOf(p); {
	case f == formPhone, p.FieldType == "phonenumber":
		if digits := strings.Map(digit, v); digits != "" {
			return digits
		}
	case f == formNumber:
		if n, err := strconv.ParseFloat(v, 64); err == nil {
			return strconv.FormatFloat(n, 'f', -1, 64)
		}
	case f == formDate, f == formDatetime:
		if at, ok := parseInstant(v); ok {
			return at.UTC().Format(time.RFC3339Nano)
		}
	case f == formMany:
		values := strings.Split(v, ";")
		slices.Sort(values)
		return strings.Join(slices.Compact(values), ";")
	}
	return strings.ReplaceAll(v, "\r\n", "\n")
}

func digit(r rune) rune {
	if r >= '0' && r <= '9' {
		return r
	}
	return -1
}

// parseInstant reads a date or a moment in any form in which HubSpot has them.
func parseInstant(v string) (time.Time, bool) {
	if ms, err := strconv.ParseInt(v, 10, 64); err == nil {
		return time.UnixMilli(ms), true
	}
	for _, layout := range []string{time.RFC3339Nano, time.DateOnly} {
		if at, err := time.Parse(layout, v); err == nil {
			return at, true
		}
	}
	return time.Time{}, false
}
