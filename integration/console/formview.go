package console

import (
	"cmp"

	"github.com/memberpulse/hubspotplugin/integration"
)

// formView is the settings form, from the schema.
type formView struct {
	Version  int64
	Sections []sectionView
	ReadOnly bool
	// FirstSecret is the key of the field that an incident about credentials
	// leads to.
	FirstSecret string
}

type sectionView struct {
	integration.Section
	Fields []fieldView
	// Folded help is for those who set up anew: a long text, while every
	// required secret of the section is stored.
	Folded bool
}

// fieldView is one field with its value, never a secret's, and its errors.
type fieldView struct {
	integration.Field
	Name      string // of the form field
	Value     string
	On        bool
	Secret    secretDoc
	SetAt     moment
	Errors    []string
	Described string // ids for aria-describedby
	ReadOnly  bool
}

// newFormView shows the stored settings or, after a refused post, what was
// entered; a secret is never shown again, whichever it was.
func newFormView(schema integration.Schema, s integration.StoredSettings, f clockface, st pageState, readOnly bool) *formView {
	v := &formView{Version: s.Version, ReadOnly: readOnly}
	for _, sec := range schema.Sections {
		sv := sectionView{Section: sec, Folded: len(sec.Help) > 200}
		for _, field := range sec.Fields {
			fv := fieldView{Field: field, Name: settingPrefix + field.Key, ReadOnly: readOnly}
			if st.problem != nil {
				fv.Errors = st.problem.Errors[field.Key]
			}
			if field.Type == integration.TypeSecret {
				fv.Secret = secretOf(s, field.Key)
				v.FirstSecret = cmp.Or(v.FirstSecret, field.Key)
				fv.SetAt = f.atPointer(fv.Secret.SetAt)
				sv.Folded = sv.Folded && (fv.Secret.Set || !field.Required) && len(fv.Errors) == 0
			} else {
				fv.Value = plainOf(s.Settings, field)
				if entered, ok := st.entered[field.Key]; ok {
					fv.Value = entered
				}
				fv.On = fv.Value == "true"
			}
			fv.Described = "error-" + field.Key
			if field.Help != "" || field.OnHelp != "" || field.OffHelp != "" || fv.Secret.Set {
				fv.Described += " help-" + field.Key
			}
			sv.Fields = append(sv.Fields, fv)
		}
		sv.Folded = sv.Folded && s.Version > 0
		v.Sections = append(v.Sections, sv)
	}
	return v
}

// Kind returns the type as plain text, for comparisons in a template.
func (f fieldView) Kind() string { return string(f.Field.Type) }
