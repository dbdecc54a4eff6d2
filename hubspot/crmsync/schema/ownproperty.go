package schema

import "github.com/memberpulse/hubspotplugin/hubspot"

// The properties that the plugin makes are built from these forms. None shows
// on HubSpot's forms: a visitor must not be able to type a member id.

// TextProperty is a line of text.
func TextProperty(name, label, description string) hubspot.Property {
	return hubspot.Property{Name: name, Label: label, Description: description, GroupName: groupName, Type: "string", FieldType: "text"}
}

// MomentProperty is a date with a time.
func MomentProperty(name, label, description string) hubspot.Property {
	return hubspot.Property{Name: name, Label: label, Description: description, GroupName: groupName, Type: "datetime", FieldType: "date"}
}

// ChoiceProperty has options as pairs of value and label.
func ChoiceProperty(name, label, description string, values ...[2]string) hubspot.Property {
	p := hubspot.Property{Name: name, Label: label, Description: description, GroupName: groupName, Type: "enumeration", FieldType: "select"}
	for i, v := range values {
		p.Options = append(p.Options, hubspot.Option{Value: v[0], Label: v[1], DisplayOrder: i})
	}
	return p
}
