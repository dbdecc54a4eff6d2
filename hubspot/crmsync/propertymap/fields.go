package propertymap

import (
	"slices"
	"strings"
	"time"

	"github.com/memberpulse/hubspotplugin/integration"
)

// The objects of a map.
const (
	Contact = "contact"
	Company = "company"
)

// kind is a field's type, in the words of [integration.MappingField].
type kind string

const (
	kindText     kind = "text"
	kindNumber   kind = "number"
	kindDate     kind = "date"     // a day of the tenant's calendar
	kindDatetime kind = "datetime" // a moment
	kindChoice   kind = "choice"   // one of the field's options
	kindChoices  kind = "choices"  // any number of the tenant's categories
)

// field is a value of an entity that can be mapped.
type field struct {
	key, label string
	kind       kind
	sensitive  bool
	fixed      bool
	options    []string // of a choice: all values that the host can answer
	property   string   // by default; "" = not sent
	read       func(*source) value
}

// source is the entity that fields are read from.
type source struct {
	member       integration.Member
	membership   integration.Membership // the current one
	organization integration.Organization
}

// value is what a field holds: what its kind says, and nothing else.
type value struct {
	text   string
	list   []string
	day    integration.Date
	at     time.Time
	number int
	known  bool // of a number: 0 is a value too
}

func (v value) blank() bool {
	return v.text == "" && len(v.list) == 0 && v.day.IsZero() && v.at.IsZero() && !v.known
}

func text(get func(*source) string) func(*source) value {
	return func(s *source) value { return value{text: clean(get(s))} }
}

func list(get func(*source) []string) func(*source) value {
	return func(s *source) value {
		var v value
		for _, one := range get(s) {
			if one = clean(one); one != "" {
				v.list = append(v.list, one)
			}
		}
		slices.Sort(v.list) // the host's order says nothing, and must not look like a change
		v.list = slices.Compact(v.list)
		return v
	}
}

func day(get func(*source) integration.Date) func(*source) value {
	return func(s *source) value { return value{day: get(s)} }
}

func moment(get func(*source) time.Time) func(*source) value {
	return func(s *source) value { return value{at: get(s)} }
}

func number(get func(*source) (n int, known bool)) func(*source) value {
	return func(s *source) value {
		n, known := get(s)
		return value{number: n, known: known}
	}
}

// clean takes away what no text property should hold: bytes that are no UTF-8,
// and space around.
func clean(s string) string { return strings.TrimSpace(strings.ToValidUTF8(s, "")) }

// fieldsOf returns an object's fields in the order of a page; nil for an
// unknown object. The result must not be changed.
func fieldsOf(object string) []field {
	switch object {
	case Contact:
		return contactFields
	case Company:
		return companyFields
	}
	return nil
}

// fieldOf returns the field of a key, nil if there is none.
func fieldOf(object, key string) *field {
	fields := fieldsOf(object)
	for i := range fields {
		if fields[i].key == key {
			return &fields[i]
		}
	}
	return nil
}

// Fields returns all fields that can be mapped, contacts first, in the order
// of a page.
func Fields() []integration.MappingField {
	var out []integration.MappingField
	for _, object := range objects() {
		for _, f := range fieldsOf(object) {
			out = append(out, integration.MappingField{
				Object: object, Key: f.key, Label: f.label, Type: string(f.kind), Sensitive: f.sensitive, Fixed: f.fixed,
			})
		}
	}
	return out
}

func objects() []string { return []string{Contact, Company} }
