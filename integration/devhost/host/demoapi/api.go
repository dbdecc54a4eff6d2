// Package demoapi is the JSON API that drives the reference host in
// demonstrations and tests: it lists and makes clients, and changes members,
// organizations, events, courses and tickets as a person in the portal does.
package demoapi

import (
	"context"
	"log/slog"
	"net/http"
	"time"

	"github.com/memberpulse/hubspotplugin/integration"
	"github.com/memberpulse/hubspotplugin/integration/devhost/host/clients"
	"github.com/memberpulse/hubspotplugin/integration/devhost/host/courses"
	"github.com/memberpulse/hubspotplugin/integration/devhost/host/events"
	"github.com/memberpulse/hubspotplugin/integration/devhost/host/members"
	"github.com/memberpulse/hubspotplugin/integration/devhost/host/organizations"
	"github.com/memberpulse/hubspotplugin/integration/devhost/host/problem"
	"github.com/memberpulse/hubspotplugin/integration/devhost/host/seed"
	"github.com/memberpulse/hubspotplugin/integration/devhost/host/signin"
	"github.com/memberpulse/hubspotplugin/integration/devhost/host/store"
	"github.com/memberpulse/hubspotplugin/integration/devhost/host/tickets"
)

// Portals is the simulated HubSpot of this host: which account, with which key,
// waits for a client. A host that talks to another HubSpot has none.
type Portals interface {
	Portal(clientID string) (portalID, apiKey string, ok bool)
}

// Config is what the API drives. Portals may be nil. Loopback says that the host
// listens on loopback only: /demo/clients asks for no identity and is off
// otherwise.
type Config struct {
	Clients       *clients.Module
	Members       *members.Module
	Organizations *organizations.Module
	Events        *events.Module
	Courses       *courses.Module
	Tickets       *tickets.Module
	Seeder        *seed.Seeder
	Portals       Portals
	Loopback      bool
	Logger        *slog.Logger
}

// API serves /demo/.
type API struct {
	Config
	mux *http.ServeMux
}

// New returns the API.
func New(cfg Config) *API {
	a := &API{Config: cfg, mux: http.NewServeMux()}
	a.handle("/demo/clients", route{"GET": a.listClients, "POST": a.addClient})
	a.handle("/demo/members", route{"GET": a.listMembers, "POST": a.addMember})
	a.handle("/demo/members/{id}", route{"GET": a.getMember, "PATCH": a.changeMember, "DELETE": a.deleteMember})
	a.handle("/demo/members/{id}/membership", route{"PUT": a.setMembership, "POST": a.operate})
	a.handle("/demo/members/{id}/organization", route{"PUT": a.moveMember})
	a.handle("/demo/bulk", route{"POST": a.bulk})
	a.handle("/demo/organizations", route{"GET": a.listOrganizations, "POST": a.addOrganization})
	a.handle("/demo/organizations/{id}", route{"GET": a.getOrganization, "PATCH": a.changeOrganization, "DELETE": a.deleteOrganization})
	a.handle("/demo/events", route{"GET": a.listEvents, "POST": a.addEvent})
	a.handle("/demo/events/{id}", route{"GET": a.getEvent, "PATCH": a.changeEvent})
	a.handle("/demo/events/{id}/registrations", route{"GET": a.listRegistrations, "POST": a.register})
	a.handle("/demo/registrations/{id}", route{"PATCH": a.changeRegistration})
	a.handle("/demo/courses", route{"GET": a.listCourses, "POST": a.addCourse})
	a.handle("/demo/courses/{id}", route{"GET": a.getCourse})
	a.handle("/demo/courses/{id}/enrollments", route{"GET": a.listEnrollments, "POST": a.enroll})
	a.handle("/demo/enrollments/{id}", route{"PATCH": a.changeEnrollment})
	a.handle("/demo/tickets", route{"GET": a.listTickets, "POST": a.openTicket})
	a.handle("/demo/tickets/{id}", route{"GET": a.getTicket, "PATCH": a.changeTicket})
	a.mux.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) {
		problem.Write(w, &problem.Problem{Status: http.StatusNotFound, Title: "There is nothing at this address.", Fix: "Start the host with -h: it lists the addresses."})
	})
	return a
}

// ServeHTTP implements http.Handler.
func (a *API) ServeHTTP(w http.ResponseWriter, r *http.Request) { a.mux.ServeHTTP(w, r) }

// handler answers with a status and a body, or with an error.
type handler func(w http.ResponseWriter, r *http.Request, who signin.Visitor) (int, any, error)

// route is the handlers of one path by method.
type route map[string]handler

// requestTime bounds a request; a bulk change has more.
const (
	requestTime = 10 * time.Second
	bulkTime    = 10 * time.Minute
)

func (a *API) handle(pattern string, byMethod route) {
	guard := http.NewCrossOriginProtection()
	limit := requestTime
	if pattern == "/demo/bulk" {
		limit = bulkTime
	}
	a.mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
		ctx, cancel := context.WithTimeout(r.Context(), limit)
		defer cancel()
		status, out, err := a.serve(w, r.WithContext(ctx), byMethod, guard, pattern == "/demo/clients")
		if err != nil {
			p := problem.Of(err, store.Down)
			if p.Status >= 500 {
				a.Logger.WarnContext(ctx, "demo request not answered", "method", r.Method, "path", pattern, "status", p.Status, "error", err)
			}
			problem.Write(w, p)
			return
		}
		writeJSON(w, status, out)
	})
}

func (a *API) serve(w http.ResponseWriter, r *http.Request, byMethod route, guard *http.CrossOriginProtection, open bool) (int, any, error) {
	who, known := signin.From(r.Context())
	if open && !known {
		if !a.Loopback {
			return 0, nil, nobody()
		}
		who.Role = integration.RolePlatformAdmin // who may choose any identity may list them
	} else if !known {
		return 0, nil, nobody()
	}
	do, ok := byMethod[r.Method]
	if !ok {
		w.Header().Set("Allow", allowed(byMethod))
		return 0, nil, &problem.Problem{Status: http.StatusMethodNotAllowed, Title: "This address does not know the method.", Fix: "Use " + allowed(byMethod) + "."}
	}
	if err := permit(who, r.Method, open); err != nil {
		return 0, nil, err
	}
	if guard.Check(r) != nil {
		return 0, nil, &problem.Problem{Status: http.StatusForbidden, Title: "The request comes from another site.", Detail: "Nothing was changed."}
	}
	return do(w, r, who)
}

// permit says who may: members are read by a client's admins and users and
// changed by its admins; clients are made by the platform.
func permit(who signin.Visitor, method string, aboutClients bool) error {
	admin, user, platform := integration.RoleClientAdmin, integration.RoleClientUser, integration.RolePlatformAdmin
	var ok bool
	switch {
	case aboutClients && method == http.MethodGet:
		ok = who.Role == platform || who.Role == admin || who.Role == user
	case aboutClients:
		ok = who.Role == platform
	case method == http.MethodGet:
		ok = who.Role == admin || who.Role == user
	default:
		ok = who.Role == admin
	}
	if ok {
		return nil
	}
	fix := "Ask an admin of your association."
	if aboutClients {
		fix = "Ask a platform admin."
	}
	return &problem.Problem{Status: http.StatusForbidden, Title: "Your role does not allow this.", Detail: "Nothing was changed.", Fix: fix}
}

func nobody() *problem.Problem {
	return &problem.Problem{
		Status: http.StatusUnauthorized, Title: "Nobody is signed in.", Detail: "The request was not carried out.",
		Fix: "Send the headers X-Client-Id and X-Role, for example ROLE_CLIENT_ADMIN. GET /demo/clients lists the clients.",
	}
}
