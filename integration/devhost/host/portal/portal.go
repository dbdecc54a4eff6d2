// Package portal is the reference host's Client Portal: server-rendered pages
// for signing in, for the members of an association with what they belong to and
// take part in, and, beside a simulated HubSpot, for what has arrived there. The
// integration's own pages come from the console; [Portal.Frame] puts them into
// the same frame.
package portal

import (
	"embed"
	"fmt"
	"html/template"
	"log/slog"
	"net/http"
	"time"

	"github.com/uptrace/bun"

	"github.com/memberpulse/hubspotplugin/integration"
	"github.com/memberpulse/hubspotplugin/integration/devhost/host/clients"
	"github.com/memberpulse/hubspotplugin/integration/devhost/host/courses"
	"github.com/memberpulse/hubspotplugin/integration/devhost/host/events"
	"github.com/memberpulse/hubspotplugin/integration/devhost/host/members"
	"github.com/memberpulse/hubspotplugin/integration/devhost/host/organizations"
	"github.com/memberpulse/hubspotplugin/integration/devhost/host/problem"
	"github.com/memberpulse/hubspotplugin/integration/devhost/host/signin"
	"github.com/memberpulse/hubspotplugin/integration/devhost/host/store"
	"github.com/memberpulse/hubspotplugin/integration/devhost/host/tickets"
)

//go:embed templates/*.html
var templateFiles embed.FS

//go:embed assets
var assetFiles embed.FS

// Contact is a contact as it stands in a client's HubSpot account.
type Contact struct {
	ID         string
	Properties map[string]string
	UpdatedAt  time.Time
	Companies  []string // names
	Notes      []Note   // newest first
}

// Note is a note on a contact, in HubSpot's HTML.
type Note struct {
	ID   string
	Body string
	At   time.Time
}

// CRM shows what a simulated HubSpot has. The real one has pages of its own.
type CRM interface {
	// Contacts returns the contacts of the account that waits for a client.
	Contacts(clientID string) []Contact
	// Portal returns that account and its key, which opens nothing else.
	Portal(clientID string) (portalID, apiKey string, ok bool)
}

// Config is what a [Portal] needs. CRM may be nil.
type Config struct {
	Clients       *clients.Module
	Members       *members.Module
	Organizations *organizations.Module
	Events        *events.Module
	Courses       *courses.Module
	Tickets       *tickets.Module
	DB            *bun.DB // for what has happened to a member
	Gate          *signin.Gate
	CRM           CRM
	// Settings is the address of the integration's page.
	Settings string
	Logger   *slog.Logger
	Now      func() time.Time
}

// Portal serves the pages. It is safe for concurrent use.
type Portal struct {
	Config
	pages *template.Template
	guard *http.CrossOriginProtection
	mux   *http.ServeMux
}

// New returns the portal. An error is a mistake in a template.
func New(cfg Config) (*Portal, error) {
	p := &Portal{Config: cfg, guard: http.NewCrossOriginProtection(), mux: http.NewServeMux()}
	var err error
	p.pages, err = template.New("").Funcs(template.FuncMap{"plus": func(a, b int) int { return a + b }}).ParseFS(templateFiles, "templates/*.html")
	if err != nil {
		return nil, fmt.Errorf("portal: templates: %w", err)
	}
	p.mux.Handle("GET /assets/", cached(http.FileServerFS(assetFiles)))
	p.page("GET /signin", p.showSignIn)
	p.page("POST /signin", p.signIn)
	p.page("POST /signout", p.signOut)
	p.page("GET /{$}", p.home)
	p.page("GET /associations", p.associations)
	p.page("POST /associations/{id}/act", p.impersonate)
	p.page("GET /members", p.listMembers)
	p.page("GET /members/new", p.newMember)
	p.page("POST /members/new", p.addMember)
	p.page("GET /members/{id}", p.showMember)
	p.page("POST /members/{id}", p.saveMember)
	p.page("POST /members/{id}/membership", p.saveMembership)
	p.page("GET /members/{id}/delete", p.askDelete)
	p.page("POST /members/{id}/delete", p.deleteMember)
	p.page("POST /members/{id}/organization", p.moveMember)
	p.page("POST /members/{id}/operation", p.operate)
	p.pagesOfOrganizations()
	p.pagesOfEvents()
	p.pagesOfCourses()
	p.pagesOfTickets()
	if cfg.CRM != nil {
		p.page("GET /members/{id}/contact", p.liveContact)
		p.page("GET /what-hubspot-has", p.compare)
		p.page("GET /what-hubspot-has/rows", p.compareRows)
	}
	p.page("/", func(http.ResponseWriter, *http.Request) error {
		return &problem.Problem{Status: http.StatusNotFound, Title: "There is no such page.", Fix: "Go back, or choose from the menu."}
	})
	return p, nil
}

// ServeHTTP implements http.Handler.
func (p *Portal) ServeHTTP(w http.ResponseWriter, r *http.Request) { p.mux.ServeHTTP(w, r) }

// maxForm is the largest form in bytes.
const maxForm = 64 << 10

func (p *Portal) page(pattern string, do func(http.ResponseWriter, *http.Request) error) {
	p.mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "same-origin")
		h.Set("Cache-Control", "no-store")
		if err := p.guarded(w, r, do); err != nil {
			p.fail(w, r, err)
		}
	})
}

func (p *Portal) guarded(w http.ResponseWriter, r *http.Request, do func(http.ResponseWriter, *http.Request) error) error {
	if p.guard.Check(r) != nil {
		return &problem.Problem{Status: http.StatusForbidden, Title: "The request comes from another site.", Detail: "Nothing was changed."}
	}
	if r.Method == http.MethodPost {
		r.Body = http.MaxBytesReader(w, r.Body, maxForm)
		if err := r.ParseForm(); err != nil {
			return &problem.Problem{Status: http.StatusRequestEntityTooLarge, Title: "The form cannot be read.", Detail: "It is larger than 64 kB or cut off. Nothing was changed."}
		}
	}
	return do(w, r)
}

func (p *Portal) fail(w http.ResponseWriter, r *http.Request, err error) {
	pr := problem.Of(err, store.Down)
	if pr.Status >= 500 {
		p.Logger.WarnContext(r.Context(), "page not answered", "path", r.URL.Path, "status", pr.Status, "error", err)
	}
	if pr.Status == http.StatusUnauthorized && r.Method == http.MethodGet {
		http.Redirect(w, r, "/signin", http.StatusSeeOther)
		return
	}
	p.render(w, r, pr.Status, "problem", pr.Title, pr)
}

// tenant returns the visitor if he belongs to a client and may see its members;
// edit asks for the right to change them.
func (p *Portal) tenant(r *http.Request, edit bool) (signin.Visitor, error) {
	who, ok := signin.From(r.Context())
	switch {
	case !ok:
		return who, &problem.Problem{Status: http.StatusUnauthorized, Title: "You are not signed in.", Fix: "Sign in and try again."}
	case who.Role == integration.RoleClientAdmin, who.Role == integration.RoleClientUser && !edit:
		return who, nil
	case who.Role == integration.RoleClientUser:
		return who, forbidden("You can see the members, but only an admin of your association can change them.")
	case who.Role == integration.RolePlatformAdmin:
		return who, forbidden("Members belong to an association. Choose one and act as its admin.")
	}
	return who, forbidden("These pages are for the people who run the association.")
}

func forbidden(why string) *problem.Problem {
	return &problem.Problem{Status: http.StatusForbidden, Title: "You cannot open this.", Detail: why}
}

func cached(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Cache-Control", "max-age=300")
		w.Header().Set("X-Content-Type-Options", "nosniff")
		next.ServeHTTP(w, r)
	})
}
