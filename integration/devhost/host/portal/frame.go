package portal

import (
	"bytes"
	"html/template"
	"io"
	"net/http"
	"strings"

	"github.com/memberpulse/hubspotplugin/integration"
	"github.com/memberpulse/hubspotplugin/integration/devhost/host/signin"
)

// Content is what stands in the frame.
type Content struct {
	Title string
	Head  template.HTML // links to further styles and scripts
	Body  template.HTML
}

type frameView struct {
	Content
	Who      signin.Visitor
	SignedIn bool
	Role     string
	Menu     []menuItem
	Settings []menuItem
}

type menuItem struct {
	Label, Href string
	Here        bool
}

// Frame writes the whole document around a page: name of the association, menu
// and sign-out.
func (p *Portal) Frame(w io.Writer, r *http.Request, c Content) error {
	v := frameView{Content: c}
	v.Who, v.SignedIn = signin.From(r.Context())
	v.Role = roleName(v.Who.Role)
	item := func(label, href string) menuItem {
		return menuItem{label, href, r.URL.Path == href || strings.HasPrefix(r.URL.Path, href+"/")}
	}
	switch v.Who.Role {
	case integration.RolePlatformAdmin:
		v.Menu = []menuItem{item("Associations", "/associations")}
	case integration.RoleClientAdmin, integration.RoleClientUser:
		v.Menu = []menuItem{
			item("Members", "/members"), item("Organizations", "/organizations"), item("Events", "/events"),
			item("Courses", "/courses"), item("Support tickets", "/tickets"),
		}
		if p.CRM != nil {
			v.Menu = append(v.Menu, item("What HubSpot has", "/what-hubspot-has"))
		}
		v.Settings = []menuItem{item("HubSpot", p.Settings)}
	}
	return p.pages.ExecuteTemplate(w, "frame", v)
}

// render sends a page of the portal's own, complete or not at all.
func (p *Portal) render(w http.ResponseWriter, r *http.Request, status int, name, title string, data any) {
	var body, doc bytes.Buffer
	err := p.pages.ExecuteTemplate(&body, name, data)
	if err == nil {
		err = p.Frame(&doc, r, Content{Title: title, Body: template.HTML(body.String())})
	}
	if err != nil {
		p.Logger.ErrorContext(r.Context(), "page not rendered", "page", name, "error", err)
		http.Error(w, "The page cannot be shown. The reason is in the host's log.", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	_, _ = doc.WriteTo(w) // the client has gone if this fails
}

// fragment sends a piece of a page for the script.
func (p *Portal) fragment(w http.ResponseWriter, name string, data any) error {
	var body bytes.Buffer
	if err := p.pages.ExecuteTemplate(&body, name, data); err != nil {
		return err
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_, _ = body.WriteTo(w)
	return nil
}

func roleName(r integration.Role) string {
	switch r {
	case integration.RolePlatformAdmin:
		return "Platform admin"
	case integration.RoleClientAdmin:
		return "Admin"
	case integration.RoleClientUser:
		return "Staff, read only"
	case integration.RoleMember:
		return "Member"
	}
	return "Sponsor"
}
