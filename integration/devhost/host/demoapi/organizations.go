package demoapi

import (
	"net/http"
	"time"

	"github.com/memberpulse/hubspotplugin/integration/devhost/host/check"
	"github.com/memberpulse/hubspotplugin/integration/devhost/host/organizations"
	"github.com/memberpulse/hubspotplugin/integration/devhost/host/signin"
)

type organizationDoc struct {
	ID          string    `json:"id"`
	Name        string    `json:"name"`
	Description string    `json:"description"`
	Domain      string    `json:"domain"`
	WebsiteURL  string    `json:"websiteUrl"`
	Phone       string    `json:"phone"`
	Address     string    `json:"address"`
	City        string    `json:"city"`
	Postcode    string    `json:"postcode"`
	State       string    `json:"state"`
	Country     string    `json:"country"`
	GroupID     string    `json:"groupId"`
	Plan        string    `json:"plan"`
	StartDate   string    `json:"startDate,omitempty"`
	EndDate     string    `json:"endDate,omitempty"`
	Seats       int       `json:"seats"` // 0 = not known
	SeatsTaken  int       `json:"seatsTaken"`
	UpdatedAt   time.Time `json:"updatedAt"`
}

func organizationOf(o organizations.Organization) organizationDoc {
	return organizationDoc{
		ID: o.ID, Name: o.Name, Description: o.Description, Domain: o.Domain, WebsiteURL: o.WebsiteURL, Phone: o.Phone,
		Address: o.Address, City: o.City, Postcode: o.Postcode, State: o.State, Country: o.Country, GroupID: o.GroupID,
		Plan: o.PlanName, StartDate: o.StartDate.String(), EndDate: o.EndDate.String(), Seats: o.Seats, SeatsTaken: o.SeatsTaken,
		UpdatedAt: o.UpdatedAt.UTC(),
	}
}

func (b *body) organization() (check.Values, error) {
	v := b.read(map[string]kind{
		"name": text, "description": text, "domain": text, "websiteUrl": text, "phone": text, "address": text, "city": text,
		"postcode": text, "state": text, "country": text, "groupId": text, "plan": text, "startDate": text, "endDate": text, "seats": number,
	})
	return v, b.done()
}

func (a *API) listOrganizations(_ http.ResponseWriter, r *http.Request, who signin.Visitor) (int, any, error) {
	q, _, err := pageQuery(r, nil)
	if err != nil {
		return 0, nil, err
	}
	page, err := a.Organizations.List(r.Context(), who.ClientID, q)
	return http.StatusOK, paged("organizations", page, organizationOf), err
}

func (a *API) getOrganization(_ http.ResponseWriter, r *http.Request, who signin.Visitor) (int, any, error) {
	o, err := a.Organizations.Get(r.Context(), who.ClientID, r.PathValue("id"))
	return http.StatusOK, organizationOf(o), err
}

func (a *API) addOrganization(w http.ResponseWriter, r *http.Request, who signin.Visitor) (int, any, error) {
	b, err := readBody(w, r)
	if err != nil {
		return 0, nil, err
	}
	v, err := b.organization()
	if err != nil {
		return 0, nil, err
	}
	o, err := a.Organizations.Create(r.Context(), who.ClientID, v)
	if err != nil {
		return 0, nil, err
	}
	return created(w, "/demo/organizations/"+o.ID, organizationOf(o))
}

func (a *API) changeOrganization(w http.ResponseWriter, r *http.Request, who signin.Visitor) (int, any, error) {
	b, err := readBody(w, r)
	if err != nil {
		return 0, nil, err
	}
	v, err := b.organization()
	if err != nil {
		return 0, nil, err
	}
	o, err := a.Organizations.Update(r.Context(), who.ClientID, r.PathValue("id"), v)
	return http.StatusOK, organizationOf(o), err
}

func (a *API) deleteOrganization(_ http.ResponseWriter, r *http.Request, who signin.Visitor) (int, any, error) {
	return http.StatusNoContent, nil, a.Organizations.Delete(r.Context(), who.ClientID, r.PathValue("id"))
}
