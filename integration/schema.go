package integration

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strings"
)

// FieldType says how a setting is entered, stored and shown.
type FieldType string

// The field types.
const (
	TypeText   FieldType = "text"
	TypeSecret FieldType = "secret" // sealed at rest, write-only on pages
	TypeToggle FieldType = "toggle"
	TypeSelect FieldType = "select" // one of Options
	// TypeChoices is any number of Options, stored as their values in the
	// schema's order, joined by commas. A field without Options takes what the
	// plugin's OptionLister offers each tenant.
	TypeChoices FieldType = "choices"
)

// Schema declares a plugin's settings once; parsing, pages, JSON and redaction
// follow from it.
type Schema struct {
	Sections []Section
}

// Section is a titled group of fields.
type Section struct {
	Key    string
	Title  string
	Help   string
	Fields []Field
}

// Field is one setting.
type Field struct {
	Key      string // camelCase, unique in the schema
	Label    string
	Help     string // what it means, and where to find the value
	Type     FieldType
	Required bool
	Default  string   // text form; "true" or "false" for a toggle
	Options  []Option // of a select or choices
	MaxLen   int      // characters; 0 = 255
	// OnHelp and OffHelp say what a toggle's positions do, for the page.
	OnHelp, OffHelp string
	// Check refuses a value with a message for a person; it sees a trimmed
	// value that is not empty. It must not repeat a secret in its message.
	Check func(value string) error
}

// Option is one choice of a select or choices field.
type Option struct{ Value, Label string }

// OptionLister is a plugin that has fields of type choices whose options differ
// from tenant to tenant.
type OptionLister interface {
	// Options returns what a tenant may choose for the field, in the order of a
	// page. A value that is chosen and no longer offered stays chosen.
	Options(ctx context.Context, clientID, key string) ([]Option, error)
}

var fieldKey = regexp.MustCompile(`^[a-z][a-zA-Z0-9]{0,63}$`)

// Fields returns the fields of all sections in order.
func (s Schema) Fields() []Field {
	var out []Field
	for _, sec := range s.Sections {
		out = append(out, sec.Fields...)
	}
	return out
}

// Field returns the field with that key.
func (s Schema) Field(key string) (Field, bool) {
	for _, f := range s.Fields() {
		if f.Key == key {
			return f, true
		}
	}
	return Field{}, false
}

// Validate reports every mistake of the declaration itself.
func (s Schema) Validate() error {
	var errs []error
	seen := map[string]bool{}
	for _, f := range s.Fields() {
		bad := func(format string, args ...any) {
			errs = append(errs, fmt.Errorf("schema field %q: "+format, append([]any{f.Key}, args...)...))
		}
		if !fieldKey.MatchString(f.Key) {
			bad("want a camelCase key of letters and digits")
		}
		if seen[f.Key] {
			bad("declared twice")
		}
		seen[f.Key] = true
		if f.Label == "" {
			bad("has no label")
		}
		switch f.Type {
		case TypeText:
		case TypeSecret:
			if f.Default != "" {
				bad("a secret cannot have a default")
			}
		case TypeToggle:
			if f.Required || f.Check != nil {
				bad("a toggle is never required or checked")
			}
			if f.Default != "" && f.Default != "true" && f.Default != "false" {
				bad("default %q is neither true nor false", f.Default)
			}
		case TypeSelect:
			if len(f.Options) == 0 {
				bad("a select needs options")
			}
		case TypeChoices:
			for _, o := range f.Options {
				if strings.Contains(o.Value, ",") {
					bad("the option %q contains a comma", o.Value)
				}
			}
		default:
			bad("unknown type %q", string(f.Type))
		}
		if len(f.Options) > 0 && f.Type != TypeSelect && f.Type != TypeChoices {
			bad("only a select or choices have options")
		}
	}
	return errors.Join(errs...)
}
