package hubspot

import (
	"time"
)

// Property is the definition of a property of an object type.
type Property struct {
	Name        string
	Label       string
	Description string
	GroupName   string
	// Type is bool, date, datetime, enumeration, number, phone_number or string.
	Type string
	// FieldType is booleancheckbox, checkbox, date, number, radio, select, text,
	// textarea and others.
	FieldType    string
	Options      []Option
	DisplayOrder int
	// HasUniqueValue is fixed at creation. HubSpot's own unique properties, such
	// as a contact's email, do not always say so.
	HasUniqueValue bool
	Hidden         bool
	FormField      bool
	// The fields below are HubSpot's to set, and ignored by CreateProperty.
	Calculated bool
	// ExternalOptions: the allowed values live outside the definition, as those
	// of an owner do.
	ExternalOptions bool
	// Sensitive: it holds what HubSpot calls sensitive data, which takes scopes of
	// its own. HubSpot lists such properties only on demand.
	// See https://developers.hubspot.com/docs/api-reference/latest/crm/properties/sensitive-data
	Sensitive          bool
	HubSpotDefined     bool
	Archived           bool
	ReadOnlyValue      bool
	ReadOnlyDefinition bool
	CreatedAt          time.Time
	UpdatedAt          time.Time
}

// Option is one allowed value of an enumeration.
type Option struct {
	Label        string
	Value        string
	Description  string
	DisplayOrder int
	Hidden       bool
}

// PropertyPatch changes a definition. Empty fields are left as they are.
type PropertyPatch struct {
	Label       string
	Description string
	GroupName   string
	// Options replaces the WHOLE list when it is not nil: an option left out is
	// removed from the portal. Read, merge, then write.
	Options []Option
}

// PropertyGroup is a heading under which HubSpot shows properties.
type PropertyGroup struct {
	Name         string
	Label        string
	DisplayOrder int
	Archived     bool
}

// PropertyLimits is how many custom properties exist, and how many the
// portal's plan allows, in all and by object type.
type PropertyLimits struct {
	Usage, Limit int
	ByObjectType []ObjectTypeLimit
}

// Left returns how many more custom properties t may have, never below 0; known
// is false if HubSpot did not say. The limit of t and that of all together bound
// it.
func (l PropertyLimits) Left(t ObjectType) (left int, known bool) {
	for _, o := range l.ByObjectType {
		if o.ObjectTypeID != t.id() {
			continue
		}
		left = o.Limit - o.Usage
		if l.Limit > 0 {
			left = min(left, l.Limit-l.Usage)
		}
		return max(left, 0), true
	}
	return 0, false
}

// ObjectTypeLimit is the part of one object type.
type ObjectTypeLimit struct {
	ObjectTypeID string // such as "0-1"
	Label        string // plural, as HubSpot shows it
	Usage, Limit int
}
