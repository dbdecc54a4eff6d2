package portal

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/memberpulse/hubspotplugin/integration/devhost/host/check"
	"github.com/memberpulse/hubspotplugin/integration/devhost/host/members"
	"github.com/memberpulse/hubspotplugin/integration/devhost/host/problem"
	"github.com/memberpulse/hubspotplugin/integration/devhost/host/signin"
	"github.com/memberpulse/hubspotplugin/integration/devhost/host/store"
)

// sheet is a form; the template "fields" renders it.
type sheet struct {
	Prefix  string // of the ids of inputs, where a page has several sheets
	Fields  []fieldView
	MayEdit bool
}

type fieldView struct {
	Name, Label, Value string
	Kind               string // "" = one line, "lines", "list", "choice", or the type of an input
	Required           bool
	Options            []string
	Choices            []choice
	Hint               string
	Errors             []string
}

// choice is an option whose value is not its label.
type choice struct{ Value, Label string }

// with is the sheet with what was typed and why it was refused.
func (s sheet) with(r *http.Request, pr *problem.Problem) sheet {
	s.Fields = slices.Clone(s.Fields)
	for i, f := range s.Fields {
		if r.PostForm.Has(f.Name) {
			s.Fields[i].Value, s.Fields[i].Errors = r.PostFormValue(f.Name), pr.Errors[f.Name]
		}
	}
	return s
}

// typed are the values that a form sent under these names.
func typed(r *http.Request, names ...string) check.Values {
	v := check.Values{}
	for _, name := range names {
		if r.PostForm.Has(name) {
			v[name] = r.PostFormValue(name)
		}
	}
	return v
}

// names are the names of the sheet's fields.
func (s sheet) names() []string {
	var out []string
	for _, f := range s.Fields {
		out = append(out, f.Name)
	}
	return out
}

// refusal is err as something to correct in a form, or nil.
func refusal(err error) *problem.Problem {
	var pr *problem.Problem
	if errors.As(err, &pr) && len(pr.Errors) > 0 {
		return pr
	}
	return nil
}

// findMember finds the one member whom somebody has named, by address, name or
// id.
func (p *Portal) findMember(r *http.Request, who signin.Visitor, field, named string) (string, error) {
	page, err := p.Members.List(r.Context(), who.ClientID, members.Query{Search: named, ItemsPerPage: 2})
	if err != nil {
		return "", err
	}
	var why string
	switch {
	case named == "":
		why = "Say who: an email address, a name or an id."
	case page.Total == 0:
		why = "No member has this address, name or id."
	case page.Total > 1:
		why = strconv.Itoa(page.Total) + " members match. Type the whole email address."
	default:
		return page.Members[0].ID, nil
	}
	return "", problem.Invalid(map[string][]string{field: {why}})
}

// pageOf reads the page and the search of an address.
func pageOf(r *http.Request) store.Query {
	q := listQuery(r)
	return store.Query{Search: q.Search, Page: q.Page}
}

// clock shows moments as the client's people read them.
type clock struct{ zone *time.Location }

func (p *Portal) clockOf(r *http.Request, who signin.Visitor) (clock, error) {
	c, err := p.Clients.Get(r.Context(), who.ClientID)
	if err != nil {
		return clock{}, err
	}
	zone, err := time.LoadLocation(c.TimeZone)
	if err != nil {
		return clock{}, fmt.Errorf("portal: time zone of client %s: %w", c.ID, err)
	}
	return clock{zone}, nil
}

func (c clock) show(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.In(c.zone).Format("2 Jan 2006, 15:04")
}

func (c clock) input(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.In(c.zone).Format("2006-01-02T15:04")
}
