package members

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/memberpulse/hubspotplugin/integration"
)

// Field is one value of a member that a person may change, in text form. The
// JSON API and the edit form are made from this list.
type Field struct {
	Name     string // as in JSON
	Label    string
	Kind     FieldKind
	Required bool
	Options  []string // the only values; nil = any text
	MaxLen   int      // characters
	check    func(string) string
	get      func(*integration.Member) string
	set      func(*integration.Member, string)
}

// FieldKind says how a value is entered.
type FieldKind int

// The kinds. A list is texts separated by commas, a day has the form 2006-01-02.
const (
	Line FieldKind = iota
	Lines
	List
	Day
)

// Fields returns the fields in the order of the form.
func Fields() []Field {
	type m = integration.Member
	line := func(name, label string, most int, at func(*m) *string) Field {
		return Field{Name: name, Label: label, MaxLen: most,
			get: func(x *m) string { return *at(x) }, set: func(x *m, v string) { *at(x) = v }}
	}
	list := func(name, label string, at func(*m) *[]string) Field {
		return Field{Name: name, Label: label, Kind: List, MaxLen: 1000, check: checkList,
			get: func(x *m) string { return strings.Join(*at(x), ", ") }, set: func(x *m, v string) { *at(x) = split(v) }}
	}
	required := func(f Field) Field { f.Required = true; return f }
	checked := func(f Field, check func(string) string) Field { f.check = check; return f }
	return []Field{
		required(line("firstName", "First name", 100, func(x *m) *string { return &x.FirstName })),
		required(line("lastName", "Last name", 100, func(x *m) *string { return &x.LastName })),
		checked(line("email", "Email", 254, func(x *m) *string { return &x.Email }), checkEmail),
		{Name: "status", Label: "Status", Required: true, Options: MemberStatuses(),
			get: func(x *m) string { return string(x.Status) }, set: func(x *m, v string) { x.Status = integration.MemberStatus(v) }},
		line("contactNumber", "Contact number", 50, func(x *m) *string { return &x.ContactNumber }),
		line("mobile", "Mobile", 50, func(x *m) *string { return &x.Mobile }),
		line("company", "Company", 200, func(x *m) *string { return &x.Company }),
		line("companyPhone", "Company phone", 50, func(x *m) *string { return &x.CompanyPhone }),
		line("companyAddress", "Company address", 300, func(x *m) *string { return &x.CompanyAddress }),
		line("position", "Position", 200, func(x *m) *string { return &x.Position }),
		line("address", "Address", 300, func(x *m) *string { return &x.Address }),
		line("city", "City", 100, func(x *m) *string { return &x.City }),
		line("postcode", "Postcode", 20, func(x *m) *string { return &x.Postcode }),
		line("state", "State", 100, func(x *m) *string { return &x.State }),
		line("country", "Country", 100, func(x *m) *string { return &x.Country }),
		checked(line("websiteUrl", "Website", 500, func(x *m) *string { return &x.WebsiteURL }), checkURL),
		checked(line("linkedinUrl", "LinkedIn", 500, func(x *m) *string { return &x.LinkedInURL }), checkURL),
		{Name: "dateOfBirth", Label: "Date of birth", Kind: Day, MaxLen: 10, check: checkDay,
			get: func(x *m) string { return x.DateOfBirth.String() },
			set: func(x *m, v string) { x.DateOfBirth, _ = integration.ParseDate(v) }}, // "" and what check has read
		func() Field {
			f := line("gender", "Gender", 20, func(x *m) *string { return &x.Gender })
			f.Options = []string{"Male", "Female", "Other", "Not Specified"}
			return f
		}(),
		list("interestedIn", "Interested in", func(x *m) *[]string { return &x.InterestedIn }),
		list("eventInterests", "Events interested in", func(x *m) *[]string { return &x.EventInterests }),
		func() Field {
			f := line("bio", "Bio", 2000, func(x *m) *string { return &x.Bio })
			f.Kind = Lines
			return f
		}(),
	}
}

// Value returns the value that m has.
func (f Field) Value(m integration.Member) string { return f.get(&m) }

// refuse returns why v cannot be accepted, "" if it can.
func (f Field) refuse(v string) string {
	switch {
	case v == "" && f.Required:
		return f.Label + " is required."
	case v == "":
		return ""
	case f.Options != nil:
		return notOneOf(v, f.Options)
	case !utf8.ValidString(v) || strings.ContainsFunc(v, f.untypable):
		return f.Label + " contains characters that cannot be typed."
	case utf8.RuneCountInString(v) > f.MaxLen:
		return f.Label + " is too long."
	case f.check != nil:
		return f.check(v)
	}
	return ""
}

func (f Field) untypable(r rune) bool {
	return unicode.IsControl(r) && (f.Kind != Lines || r != '\n')
}

// tidy is v as it is kept: without space around it, lines ended as Unix does.
func (f Field) tidy(v string) string {
	v = strings.TrimSpace(v)
	if f.Kind == Lines {
		v = strings.ReplaceAll(v, "\r\n", "\n")
	}
	return v
}

// split reads a list; empty entries are left out.
func split(v string) []string {
	var out []string
	for one := range strings.SplitSeq(v, ",") {
		if one = strings.TrimSpace(one); one != "" {
			out = append(out, one)
		}
	}
	return out
}
