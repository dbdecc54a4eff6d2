package members

import (
	"net/url"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/memberpulse/hubspotplugin/integration"
)

// Field is one value of a member that a person may change. The JSON API and the
// edit form are made from this list.
type Field struct {
	Name     string // as in JSON
	Label    string
	Required bool
	Options  []string // the only values; nil = text
	MaxLen   int      // characters
	check    func(string) string
	value    func(*integration.Member) *string // nil for the status
}

// Fields returns the fields in the order of the form.
func Fields() []Field {
	type m = integration.Member
	return []Field{
		{Name: "firstName", Label: "First name", Required: true, MaxLen: 100, value: func(x *m) *string { return &x.FirstName }},
		{Name: "lastName", Label: "Last name", Required: true, MaxLen: 100, value: func(x *m) *string { return &x.LastName }},
		{Name: "email", Label: "Email", MaxLen: 254, check: checkEmail, value: func(x *m) *string { return &x.Email }},
		{Name: "status", Label: "Status", Required: true, Options: memberStatuses()},
		{Name: "contactNumber", Label: "Contact number", MaxLen: 50, value: func(x *m) *string { return &x.ContactNumber }},
		{Name: "mobile", Label: "Mobile", MaxLen: 50, value: func(x *m) *string { return &x.Mobile }},
		{Name: "company", Label: "Company", MaxLen: 200, value: func(x *m) *string { return &x.Company }},
		{Name: "position", Label: "Position", MaxLen: 200, value: func(x *m) *string { return &x.Position }},
		{Name: "address", Label: "Address", MaxLen: 300, value: func(x *m) *string { return &x.Address }},
		{Name: "city", Label: "City", MaxLen: 100, value: func(x *m) *string { return &x.City }},
		{Name: "postcode", Label: "Postcode", MaxLen: 20, value: func(x *m) *string { return &x.Postcode }},
		{Name: "state", Label: "State", MaxLen: 100, value: func(x *m) *string { return &x.State }},
		{Name: "country", Label: "Country", MaxLen: 100, value: func(x *m) *string { return &x.Country }},
		{Name: "websiteUrl", Label: "Website", MaxLen: 500, check: checkURL, value: func(x *m) *string { return &x.WebsiteURL }},
		{Name: "linkedinUrl", Label: "LinkedIn", MaxLen: 500, check: checkURL, value: func(x *m) *string { return &x.LinkedInURL }},
	}
}

// Value returns the value that m has.
func (f Field) Value(m integration.Member) string {
	if f.value == nil {
		return string(m.Status)
	}
	return *f.value(&m)
}

func (f Field) set(m *integration.Member, v string) {
	if f.value == nil {
		m.Status = integration.MemberStatus(v)
		return
	}
	*f.value(m) = v
}

// refuse returns why v cannot be accepted, "" if it can.
func (f Field) refuse(v string) string {
	switch {
	case v == "" && f.Required:
		return f.Label + " is required."
	case v == "":
		return ""
	case f.Options != nil:
		return notOneOf(v, f.Options)
	case !utf8.ValidString(v) || strings.ContainsFunc(v, unicode.IsControl):
		return f.Label + " contains characters that cannot be typed."
	case utf8.RuneCountInString(v) > f.MaxLen:
		return f.Label + " is too long."
	case f.check != nil:
		return f.check(v)
	}
	return ""
}

// checkEmail is deliberately lax: whether a CRM takes an address is the CRM's to
// say, and the host would rather keep a strange one than lose a member.
func checkEmail(v string) string {
	local, domain, ok := strings.Cut(v, "@")
	if !ok || local == "" || domain == "" || strings.Contains(domain, "@") || strings.ContainsFunc(v, unicode.IsSpace) {
		return "This is not an email address. It has the form name@example.org."
	}
	return ""
}

func checkURL(v string) string {
	u, err := url.Parse(v)
	if err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Host == "" {
		return "This is not a web address. It starts with https://."
	}
	return ""
}

func memberStatuses() []string {
	return []string{
		string(integration.MemberActive), string(integration.MemberInactive),
		string(integration.MemberSuspended), string(integration.MemberPending),
	}
}

// MembershipStatuses returns the statuses that a membership can have.
func MembershipStatuses() []string {
	return []string{
		string(integration.MembershipActive), string(integration.MembershipExpiring), string(integration.MembershipExpired),
		string(integration.MembershipSuspended), string(integration.MembershipCancelled),
	}
}

func notOneOf(v string, options []string) string {
	for _, o := range options {
		if v == o {
			return ""
		}
	}
	return "This is not one of " + strings.Join(options, ", ") + "."
}
