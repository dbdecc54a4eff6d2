package portal

import (
	"net/http"

	"github.com/memberpulse/hubspotplugin/integration"
	"github.com/memberpulse/hubspotplugin/integration/devhost/host/clients"
	"github.com/memberpulse/hubspotplugin/integration/devhost/host/signin"
)

type signInGroup struct {
	Client string
	Users  []signInUser
}

type signInUser struct {
	ID, Name, Role, Hint string
}

func (p *Portal) showSignIn(w http.ResponseWriter, r *http.Request) error {
	users, err := p.Gate.Users(r.Context())
	if err != nil {
		return err
	}
	all, err := p.Clients.List(r.Context())
	if err != nil {
		return err
	}
	names := map[string]string{"": "MemberPulse"}
	for _, c := range all {
		names[c.ID] = c.Name
	}
	var groups []signInGroup
	last := "none"
	for _, u := range users {
		if u.ClientID != last {
			groups = append(groups, signInGroup{Client: names[u.ClientID]})
			last = u.ClientID
		}
		g := &groups[len(groups)-1]
		g.Users = append(g.Users, signInUser{ID: u.ID, Name: u.Name, Role: roleName(u.Role), Hint: hint(u.Role)})
	}
	p.render(w, r, http.StatusOK, "signin", "Sign in", groups)
	return nil
}

func hint(r integration.Role) string {
	switch r {
	case integration.RolePlatformAdmin:
		return "diagnoses every association"
	case integration.RoleClientAdmin:
		return "changes members, connects HubSpot"
	case integration.RoleClientUser:
		return "sees members and status"
	}
	return "has no access here, to see the refusal"
}

func (p *Portal) signIn(w http.ResponseWriter, r *http.Request) error {
	user, err := p.Gate.SignIn(r.Context(), w, r.PostFormValue("user"))
	if err != nil {
		return err
	}
	http.Redirect(w, r, homeOf(user), http.StatusSeeOther)
	return nil
}

func homeOf(u clients.User) string {
	if u.Role == integration.RolePlatformAdmin {
		return "/associations"
	}
	return "/members"
}

func (p *Portal) signOut(w http.ResponseWriter, r *http.Request) error {
	p.Gate.SignOut(w)
	http.Redirect(w, r, "/signin", http.StatusSeeOther)
	return nil
}

func (p *Portal) home(w http.ResponseWriter, r *http.Request) error {
	to := "/signin"
	if who, ok := signin.From(r.Context()); ok {
		to = homeOf(clients.User{Role: who.Role})
	}
	http.Redirect(w, r, to, http.StatusSeeOther)
	return nil
}

// associations is the platform admin's page: each client with its diagnostics.
func (p *Portal) associations(w http.ResponseWriter, r *http.Request) error {
	who, ok := signin.From(r.Context())
	if !ok {
		_, err := p.tenant(r, false)
		return err
	}
	if who.Role != integration.RolePlatformAdmin {
		return forbidden("This page is for platform admins.")
	}
	all, err := p.Clients.List(r.Context())
	if err != nil {
		return err
	}
	p.render(w, r, http.StatusOK, "associations", "Associations", all)
	return nil
}

func (p *Portal) impersonate(w http.ResponseWriter, r *http.Request) error {
	who, _ := signin.From(r.Context())
	if _, err := p.Gate.Impersonate(r.Context(), w, who, r.PathValue("id")); err != nil {
		return err
	}
	p.Logger.InfoContext(r.Context(), "impersonation begins", "admin", who.UserID, "client", r.PathValue("id"))
	http.Redirect(w, r, "/members", http.StatusSeeOther)
	return nil
}
