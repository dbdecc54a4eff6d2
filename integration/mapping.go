package integration

import (
	"context"
	"database/sql"
)

// Policy says when a field's value is written to its property.
type Policy string

// The policies. None clears a value that the plugin did not write.
const (
	// PolicyOurs writes the value at every change.
	PolicyOurs Policy = "ours"
	// PolicyIfEmpty writes the value if the property is empty, or still holds
	// what the plugin wrote there. That is read first and written afterwards: a
	// change in the moment between is overwritten.
	PolicyIfEmpty Policy = "if-empty"
	// PolicyOnCreate writes the value only in the call that creates the record.
	PolicyOnCreate Policy = "on-create"
)

// MappingRule is one line of a property map: a field of an entity and the
// property of the vendor's that receives it.
type MappingRule struct {
	Object   string `json:"object"`   // "contact" or "company"
	Field    string `json:"field"`    // "firstName", see MappingField
	Property string `json:"property"` // the vendor's internal name; "" = not sent
	// Policy holds for records that the plugin has created, AdoptedPolicy for
	// those that were there before.
	Policy        Policy `json:"policy"`
	AdoptedPolicy Policy `json:"adoptedPolicy"`
}

// MappingField is a field that can be mapped.
type MappingField struct {
	Object string `json:"object"`
	Key    string `json:"key"`
	Label  string `json:"label"`
	Type   string `json:"type"` // "text", "number", "date", "datetime", "choice", "choices"
	// Sensitive fields are off until an admin maps them.
	Sensitive bool `json:"sensitive,omitempty"`
	// Fixed fields decide whose record it is, and cannot be mapped otherwise.
	Fixed bool `json:"fixed,omitempty"`
}

// MappingProperty is a property of the vendor's account.
type MappingProperty struct {
	Object string `json:"object"`
	Name   string `json:"name"`
	Label  string `json:"label"`
	Group  string `json:"group,omitempty"`
	Type   string `json:"type"` // the vendor's own word
	// Refused says why nothing may be mapped to it, "" if it may.
	Refused string `json:"refused,omitempty"`
}

// PropertyMapping is a tenant's map with what a page needs to change it.
type PropertyMapping struct {
	Version int64          `json:"version"` // rises by 1 at each change
	Rules   []MappingRule  `json:"rules"`
	Fields  []MappingField `json:"fields"`
	// Properties is what the account has; nil if it could not be asked, and
	// then Notice says why in words for a person.
	Properties []MappingProperty `json:"properties"`
	Notice     string            `json:"notice,omitempty"`
}

// PropertyMapper is a plugin whose map each tenant may change.
type PropertyMapper interface {
	// PropertyMapping returns the map in use. It asks the vendor for the
	// account's properties, and answers without them if it cannot.
	PropertyMapping(ctx context.Context, clientID string) (PropertyMapping, error)
	// CheckMapping holds rules, a whole map, against the account's live schema
	// and changes nothing. Mistakes come back as [FieldErrors] with keys of the
	// form "contact.firstName".
	CheckMapping(ctx context.Context, clientID string, rules []MappingRule) error
	// SetMapping makes rules, checked before, the tenant's map within tx. What
	// they change is sent from then on. ErrStale if version is no longer the
	// stored one.
	SetMapping(ctx context.Context, tx *sql.Tx, clientID string, version int64, rules []MappingRule) error
}
