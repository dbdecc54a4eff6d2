package portal

import (
	"errors"
	"net/http"

	"github.com/memberpulse/hubspotplugin/integration"
	"github.com/memberpulse/hubspotplugin/integration/devhost/host/members"
	"github.com/memberpulse/hubspotplugin/integration/devhost/host/problem"
	"github.com/memberpulse/hubspotplugin/integration/devhost/host/signin"
)

type formView struct {
	ID, Name string // "" for a new member
	sheet
	Membership membershipView
	World      *memberWorld // nil for a new member
	Past       []listRow
	Done       string
	Problem    *problem.Problem
	Live       *contactView // nil without a simulated HubSpot
}

type membershipView struct {
	Plans, Statuses   []string
	Plan, Status, End string
	Errors            map[string][]string
}

func (p *Portal) newMember(w http.ResponseWriter, r *http.Request) error {
	who, err := p.tenant(r, true)
	if err != nil {
		return err
	}
	v, err := p.form(r, who, members.Profile{Member: integration.Member{Status: integration.MemberActive}})
	if err != nil {
		return err
	}
	p.render(w, r, http.StatusOK, "member", "Add a member", v)
	return nil
}

func (p *Portal) addMember(w http.ResponseWriter, r *http.Request) error {
	who, err := p.tenant(r, true)
	if err != nil {
		return err
	}
	var first *members.MembershipPatch
	if r.PostFormValue("plan") != "" {
		first = membershipPatch(r)
	}
	m, err := p.Members.Create(r.Context(), who.ClientID, patch(r), first)
	if err != nil {
		return p.again(w, r, who, members.Profile{}, err)
	}
	http.Redirect(w, r, "/members/"+m.ID+"?done=added", http.StatusSeeOther)
	return nil
}

func (p *Portal) showMember(w http.ResponseWriter, r *http.Request) error {
	who, err := p.tenant(r, false)
	if err != nil {
		return err
	}
	m, err := p.Members.Get(r.Context(), who.ClientID, r.PathValue("id"))
	if err != nil {
		return err
	}
	v, err := p.form(r, who, m)
	if err != nil {
		return err
	}
	p.render(w, r, http.StatusOK, "member", v.Name, v)
	return nil
}

func (p *Portal) saveMember(w http.ResponseWriter, r *http.Request) error {
	return p.change(w, r, func(who signin.Visitor, id string) error {
		_, err := p.Members.Update(r.Context(), who.ClientID, id, patch(r))
		return err
	})
}

func (p *Portal) saveMembership(w http.ResponseWriter, r *http.Request) error {
	return p.change(w, r, func(who signin.Visitor, id string) error {
		_, err := p.Members.SetMembership(r.Context(), who.ClientID, id, *membershipPatch(r))
		return err
	})
}

func (p *Portal) change(w http.ResponseWriter, r *http.Request, do func(signin.Visitor, string) error) error {
	who, err := p.tenant(r, true)
	if err != nil {
		return err
	}
	id := r.PathValue("id")
	if err := do(who, id); err != nil {
		m, missing := p.Members.Get(r.Context(), who.ClientID, id)
		if missing != nil {
			return missing
		}
		return p.again(w, r, who, m, err)
	}
	http.Redirect(w, r, "/members/"+id+"?done=saved", http.StatusSeeOther)
	return nil
}

// again shows the form with what was typed and why it was refused.
func (p *Portal) again(w http.ResponseWriter, r *http.Request, who signin.Visitor, m members.Profile, err error) error {
	var pr *problem.Problem
	if !errors.As(err, &pr) || len(pr.Errors) == 0 {
		return err
	}
	v, err := p.form(r, who, m)
	if err != nil {
		return err
	}
	v.Problem = pr
	v.sheet = v.with(r, pr)
	if r.PostForm.Has("plan") {
		v.Membership.Plan, v.Membership.End = r.PostFormValue("plan"), r.PostFormValue("endDate")
		v.Membership.Status = r.PostFormValue("membershipStatus")
		v.Membership.Errors = map[string][]string{"plan": pr.Errors["plan"], "endDate": pr.Errors["endDate"]}
	}
	if v.World != nil {
		v.World.Operation = v.World.Operation.with(r, pr)
		v.World.Organization = v.World.Organization.with(r, pr)
	}
	p.render(w, r, pr.Status, "member", "Member", v)
	return nil
}

func (p *Portal) askDelete(w http.ResponseWriter, r *http.Request) error {
	who, err := p.tenant(r, true)
	if err != nil {
		return err
	}
	m, err := p.Members.Get(r.Context(), who.ClientID, r.PathValue("id"))
	if err != nil {
		return err
	}
	p.render(w, r, http.StatusOK, "delete", "Delete a member", rowOf(m))
	return nil
}

func (p *Portal) deleteMember(w http.ResponseWriter, r *http.Request) error {
	who, err := p.tenant(r, true)
	if err != nil {
		return err
	}
	if err := p.Members.Delete(r.Context(), who.ClientID, r.PathValue("id")); err != nil {
		return err
	}
	http.Redirect(w, r, "/members?done=deleted", http.StatusSeeOther)
	return nil
}

func (p *Portal) form(r *http.Request, who signin.Visitor, m members.Profile) (formView, error) {
	v := formView{ID: m.ID, sheet: sheet{MayEdit: who.Role == integration.RoleClientAdmin}, Done: done(r)}
	if m.ID != "" {
		v.Name = m.FirstName + " " + m.LastName
	}
	for _, f := range members.Fields() {
		v.Fields = append(v.Fields, fieldView{
			Name: f.Name, Label: f.Label, Value: f.Value(m.Member), Required: f.Required, Options: f.Options,
			Kind: map[members.FieldKind]string{members.Lines: "lines", members.Day: "date", members.List: "list"}[f.Kind],
		})
	}
	plans, err := p.Members.Plans(r.Context(), who.ClientID)
	if err != nil {
		return v, err
	}
	for _, plan := range plans {
		v.Membership.Plans = append(v.Membership.Plans, plan.Name)
	}
	v.Membership.Statuses = members.MembershipStatuses()
	if ms, ok := current(m.Memberships); ok {
		v.Membership.Plan, v.Membership.Status, v.Membership.End = ms.PlanName, string(ms.Status), ms.EndDate.String()
		for _, other := range m.Memberships {
			if other.ID != ms.ID {
				v.Past = append(v.Past, listRow{Plan: other.PlanName, Membership: string(other.Status), End: other.EndDate.String()})
			}
		}
	}
	if m.ID != "" {
		if v.World, err = p.worldOf(r, who, m, v.Membership.Plans); err != nil {
			return v, err
		}
	}
	if p.CRM != nil && m.ID != "" {
		live := p.contactOf(who.ClientID, m)
		v.Live = &live
	}
	return v, nil
}

// patch takes the fields that the form sent.
func patch(r *http.Request) members.Patch {
	out := members.Patch{}
	for _, f := range members.Fields() {
		if values, ok := r.PostForm[f.Name]; ok {
			out[f.Name] = values[0]
		}
	}
	return out
}

func membershipPatch(r *http.Request) *members.MembershipPatch {
	end := r.PostFormValue("endDate")
	return &members.MembershipPatch{Plan: r.PostFormValue("plan"), Status: r.PostFormValue("membershipStatus"), EndDate: &end}
}
