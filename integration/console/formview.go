package console

import (
	"github.com/memberpulse/hubspotplugin/integration"
)

// formView is the settings form, from the schema.
type formView struct {
	Version  int64
	Sections []sectionView
	ReadOnly bool
}

type sectionView struct {
	integration.Section
	Fields []fieldView
	// Folded help is for those who set up anew: a long text, while every
	// required secret of the section is stored.
	Folded bool
	Wrong  int // fields to correct
}

// fieldView is one field with its value, never a secret's, and its errors.
type fieldView struct {
	integration.Field
	Name      string // of the form field
	Value     string
	On        bool
	Choices   []choiceView
	Unread    bool // the choices cannot be read just now
	Secret    secretDoc
	SetAt     moment
	Errors    []string
	Described string // ids for aria-describedby
	ReadOnly  bool
}

// newFormView shows the stored settings or, after a refused post, what was
// entered; a secret is never shown again, whichever it was.
func (c *Console) newFormView(k *call, s integration.StoredSettings, st pageState, readOnly bool) *formView {
	v := &formView{Version: s.Version, ReadOnly: readOnly}
	for _, sec := range k.spec.Schema.Sections {
		sv := sectionView{Section: sec, Folded: len(sec.Help) > 200}
		for _, field := range sec.Fields {
			fv := c.newFieldView(k, field, s, st)
			fv.ReadOnly = readOnly
			if field.Type == integration.TypeSecret {
				sv.Folded = sv.Folded && (fv.Secret.Set || !field.Required) && len(fv.Errors) == 0
			}
			if len(fv.Errors) > 0 {
				sv.Wrong++
			}
			sv.Fields = append(sv.Fields, fv)
		}
		sv.Folded = sv.Folded && s.Version > 0
		v.Sections = append(v.Sections, sv)
	}
	return v
}

func (c *Console) newFieldView(k *call, field integration.Field, s integration.StoredSettings, st pageState) fieldView {
	fv := fieldView{Field: field, Name: settingPrefix + field.Key, Described: "error-" + field.Key}
	if st.problem != nil {
		fv.Errors = st.problem.Errors[field.Key]
	}
	if field.Type == integration.TypeSecret {
		fv.Secret = secretOf(s, field.Key)
		fv.SetAt = c.face(k).atPointer(fv.Secret.SetAt)
	} else {
		fv.Value = plainOf(s.Settings, field)
		if entered, ok := st.entered[field.Key]; ok {
			fv.Value = entered
		}
		fv.On = fv.Value == "true"
	}
	if field.Type == integration.TypeChoices {
		fv.Choices, fv.Unread = c.choicesOf(k, field, split(fv.Value))
	}
	if field.Help != "" || field.OnHelp != "" || field.OffHelp != "" || fv.Secret.Set {
		fv.Described += " help-" + field.Key
	}
	return fv
}

// Kind returns the type as plain text, for comparisons in a template.
func (f fieldView) Kind() string { return string(f.Field.Type) }
