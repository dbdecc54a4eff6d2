package portal

import (
	"net/http"
	"strconv"

	"github.com/memberpulse/hubspotplugin/integration"
	"github.com/memberpulse/hubspotplugin/integration/devhost/host/organizations"
	"github.com/memberpulse/hubspotplugin/integration/devhost/host/problem"
	"github.com/memberpulse/hubspotplugin/integration/devhost/host/signin"
)

func (p *Portal) pagesOfOrganizations() {
	p.page("GET /organizations", p.listOrganizations)
	p.page("GET /organizations/new", p.newOrganization)
	p.page("POST /organizations/new", p.addOrganization)
	p.page("GET /organizations/{id}", p.showOrganization)
	p.page("POST /organizations/{id}", p.saveOrganization)
	p.page("POST /organizations/{id}/delete", p.deleteOrganization)
}

type organizationList struct {
	Pager   pager
	Rows    []organizations.Organization
	MayEdit bool
	Done    string
}

func (p *Portal) listOrganizations(w http.ResponseWriter, r *http.Request) error {
	who, err := p.tenant(r, false)
	if err != nil {
		return err
	}
	q := pageOf(r)
	page, err := p.Organizations.List(r.Context(), who.ClientID, q)
	if err != nil {
		return err
	}
	v := organizationList{Pager: pagerOf(r, q.Search, "", page), Rows: page.Items, MayEdit: who.Role == integration.RoleClientAdmin, Done: done(r)}
	p.render(w, r, http.StatusOK, "organizations", "Organizations", v)
	return nil
}

type organizationView struct {
	sheet
	ID, Name string
	Taken    int
	Done     string
	Problem  *problem.Problem
}

func (p *Portal) organizationView(r *http.Request, who signin.Visitor, o organizations.Organization) (organizationView, error) {
	plans, err := p.Members.Plans(r.Context(), who.ClientID)
	if err != nil {
		return organizationView{}, err
	}
	var names []string
	for _, plan := range plans {
		names = append(names, plan.Name)
	}
	seats := ""
	if o.Seats > 0 {
		seats = strconv.Itoa(o.Seats)
	}
	return organizationView{
		ID: o.ID, Name: o.Name, Taken: o.SeatsTaken, Done: done(r),
		sheet: sheet{MayEdit: who.Role == integration.RoleClientAdmin, Fields: []fieldView{
			{Name: "name", Label: "Name", Value: o.Name, Required: true},
			{Name: "domain", Label: "Domain", Value: o.Domain, Hint: "example.org"},
			{Name: "websiteUrl", Label: "Website", Value: o.WebsiteURL},
			{Name: "phone", Label: "Phone", Value: o.Phone},
			{Name: "address", Label: "Address", Value: o.Address},
			{Name: "city", Label: "City", Value: o.City},
			{Name: "postcode", Label: "Postcode", Value: o.Postcode},
			{Name: "state", Label: "State", Value: o.State},
			{Name: "country", Label: "Country", Value: o.Country},
			{Name: "groupId", Label: "Group ID", Value: o.GroupID},
			{Name: "plan", Label: "Plan", Value: o.PlanName, Options: names},
			{Name: "startDate", Label: "Starts on", Kind: "date", Value: o.StartDate.String()},
			{Name: "endDate", Label: "Ends on", Kind: "date", Value: o.EndDate.String()},
			{Name: "seats", Label: "Seats", Kind: "number", Value: seats},
			{Name: "description", Label: "Description", Kind: "lines", Value: o.Description},
		}},
	}, nil
}

func (p *Portal) newOrganization(w http.ResponseWriter, r *http.Request) error {
	who, err := p.tenant(r, true)
	if err != nil {
		return err
	}
	v, err := p.organizationView(r, who, organizations.Organization{})
	if err != nil {
		return err
	}
	p.render(w, r, http.StatusOK, "organization", "Add an organization", v)
	return nil
}

func (p *Portal) showOrganization(w http.ResponseWriter, r *http.Request) error {
	who, err := p.tenant(r, false)
	if err != nil {
		return err
	}
	o, err := p.Organizations.Get(r.Context(), who.ClientID, r.PathValue("id"))
	if err != nil {
		return err
	}
	v, err := p.organizationView(r, who, o)
	if err != nil {
		return err
	}
	p.render(w, r, http.StatusOK, "organization", o.Name, v)
	return nil
}

func (p *Portal) addOrganization(w http.ResponseWriter, r *http.Request) error {
	who, err := p.tenant(r, true)
	if err != nil {
		return err
	}
	v, err := p.organizationView(r, who, organizations.Organization{})
	if err != nil {
		return err
	}
	o, err := p.Organizations.Create(r.Context(), who.ClientID, typed(r, v.names()...))
	if err != nil {
		return p.organizationAgain(w, r, v, err)
	}
	http.Redirect(w, r, "/organizations/"+o.ID+"?done=new", http.StatusSeeOther)
	return nil
}

func (p *Portal) saveOrganization(w http.ResponseWriter, r *http.Request) error {
	who, err := p.tenant(r, true)
	if err != nil {
		return err
	}
	o, err := p.Organizations.Get(r.Context(), who.ClientID, r.PathValue("id"))
	if err != nil {
		return err
	}
	v, err := p.organizationView(r, who, o)
	if err != nil {
		return err
	}
	if _, err := p.Organizations.Update(r.Context(), who.ClientID, o.ID, typed(r, v.names()...)); err != nil {
		return p.organizationAgain(w, r, v, err)
	}
	http.Redirect(w, r, "/organizations/"+o.ID+"?done=saved", http.StatusSeeOther)
	return nil
}

func (p *Portal) organizationAgain(w http.ResponseWriter, r *http.Request, v organizationView, err error) error {
	pr := refusal(err)
	if pr == nil {
		return err
	}
	v.Problem, v.sheet = pr, v.with(r, pr)
	p.render(w, r, pr.Status, "organization", "Organization", v)
	return nil
}

func (p *Portal) deleteOrganization(w http.ResponseWriter, r *http.Request) error {
	who, err := p.tenant(r, true)
	if err != nil {
		return err
	}
	if err := p.Organizations.Delete(r.Context(), who.ClientID, r.PathValue("id")); err != nil {
		return err
	}
	http.Redirect(w, r, "/organizations?done=gone", http.StatusSeeOther)
	return nil
}
