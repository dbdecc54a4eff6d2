package propertymap

import (
	"strings"

	"github.com/memberpulse/hubspotplugin/hubspot"
)

// form is the way in which a property takes values. HubSpot's types and field
// types: https://developers.hubspot.com/docs/api-reference/latest/crm/properties/guide
type form int

const (
	formNone form = iota // nothing of ours can be written there
	formText
	formPhone
	formNumber
	formDate
	formDatetime
	formOne  // one of the property's options
	formMany // any number of them
)

func formOf(p hubspot.Property) form {
	switch p.Type {
	case "string":
		if p.FieldType == "file" || p.FieldType == "html" {
			return formNone
		}
		return formText
	case "phone_number":
		return formPhone
	case "number":
		return formNumber
	case "date":
		return formDate
	case "datetime":
		return formDatetime
	case "enumeration":
		if p.FieldType == "checkbox" {
			return formMany
		}
		return formOne
	}
	return formNone
}

// natural is the form of a property of which nothing is known but the field
// that it receives.
func (k kind) natural() form {
	switch k {
	case kindNumber:
		return formNumber
	case kindDate:
		return formDate
	case kindDatetime:
		return formDatetime
	}
	return formText
}

// fits reports whether values of the kind can be written in the form. Whether
// the options of an enumeration suit is another question. Text never becomes a
// number: a postcode would lose its zeros.
func (k kind) fits(f form) bool {
	switch f {
	case formText:
		return true
	case formPhone:
		return k == kindText
	case formNumber:
		return k == kindNumber
	case formDate, formDatetime:
		return k == kindDate || k == kindDatetime
	case formOne:
		return k == kindText || k == kindChoice
	case formMany:
		return k == kindText || k == kindChoice || k == kindChoices
	}
	return false
}

// choices finds the option that a text stands for.
type choices struct {
	exact  map[string]int // position by value
	folded map[string]int // by value or label in lower case
	values []string
}

func choicesOf(p hubspot.Property) choices {
	c := choices{exact: make(map[string]int, len(p.Options)), folded: make(map[string]int, 2*len(p.Options))}
	add := func(in map[string]int, key string, i int) {
		if _, taken := in[key]; !taken {
			in[key] = i
		}
	}
	for i, o := range p.Options {
		c.values = append(c.values, o.Value)
		add(c.exact, o.Value, i)
		add(c.folded, fold(o.Value), i)
	}
	for i, o := range p.Options {
		add(c.folded, fold(o.Label), i)
	}
	return c
}

// find returns the position of the option whose value or label is s.
func (c choices) find(s string) (int, bool) {
	if i, ok := c.exact[s]; ok {
		return i, true
	}
	i, ok := c.folded[fold(s)]
	return i, ok
}

func fold(s string) string { return strings.ToLower(strings.TrimSpace(s)) }
