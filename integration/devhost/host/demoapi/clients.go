package demoapi

import (
	"net/http"
	"strings"

	"github.com/memberpulse/hubspotplugin/integration"
	"github.com/memberpulse/hubspotplugin/integration/devhost/host/clients"
	"github.com/memberpulse/hubspotplugin/integration/devhost/host/members"
	"github.com/memberpulse/hubspotplugin/integration/devhost/host/signin"
)

type clientDoc struct {
	ID       string     `json:"id"`
	Name     string     `json:"name"`
	TimeZone string     `json:"timeZone"`
	Members  int        `json:"members"`
	Portal   *portalDoc `json:"portal,omitempty"` // the simulated account that waits for it
}

type portalDoc struct {
	PortalID string `json:"portalId"`
	APIKey   string `json:"apiKey"` // opens the simulator alone
}

func (a *API) listClients(_ http.ResponseWriter, r *http.Request, who signin.Visitor) (int, any, error) {
	all, err := a.Clients.List(r.Context())
	if err != nil {
		return 0, nil, err
	}
	out := []clientDoc{}
	for _, c := range all {
		if who.Role != integration.RolePlatformAdmin && c.ID != who.ClientID {
			continue
		}
		doc, err := a.client(r, c, who)
		if err != nil {
			return 0, nil, err
		}
		out = append(out, doc)
	}
	return http.StatusOK, map[string]any{"clients": out}, nil
}

func (a *API) addClient(w http.ResponseWriter, r *http.Request, who signin.Visitor) (int, any, error) {
	b, err := readBody(w, r)
	if err != nil {
		return 0, nil, err
	}
	name, _ := b.text("name")
	size := b.number("members", 0)
	if err := b.done(); err != nil {
		return 0, nil, err
	}
	c, err := a.Seeder.Add(r.Context(), strings.TrimSpace(name), size)
	if err != nil {
		return 0, nil, err
	}
	doc, err := a.client(r, c, who)
	return http.StatusCreated, doc, err
}

func (a *API) client(r *http.Request, c clients.Client, who signin.Visitor) (clientDoc, error) {
	page, err := a.Members.List(r.Context(), c.ID, members.Query{ItemsPerPage: 1})
	if err != nil {
		return clientDoc{}, err
	}
	doc := clientDoc{ID: c.ID, Name: c.Name, TimeZone: c.TimeZone, Members: page.Total}
	if a.Portals != nil && who.Role != integration.RoleClientUser {
		if id, key, ok := a.Portals.Portal(c.ID); ok {
			doc.Portal = &portalDoc{PortalID: id, APIKey: key}
		}
	}
	return doc, nil
}
