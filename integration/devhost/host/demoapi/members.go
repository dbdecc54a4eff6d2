package demoapi

import (
	"net/http"

	"github.com/memberpulse/hubspotplugin/integration"
	"github.com/memberpulse/hubspotplugin/integration/devhost/host/members"
	"github.com/memberpulse/hubspotplugin/integration/devhost/host/signin"
)

func (a *API) listMembers(_ http.ResponseWriter, r *http.Request, who signin.Visitor) (int, any, error) {
	q, err := query(r)
	if err != nil {
		return 0, nil, err
	}
	page, err := a.Members.List(r.Context(), who.ClientID, q)
	if err != nil {
		return 0, nil, err
	}
	docs := make([]memberDoc, len(page.Members))
	for i, m := range page.Members {
		docs[i] = docOf(m)
	}
	return http.StatusOK, map[string]any{
		"members": docs, "total": page.Total, "page": page.Page, "itemsPerPage": page.ItemsPerPage,
	}, nil
}

// query reads page, itemsPerPage, search and status; what it does not know it
// names.
func query(r *http.Request) (members.Query, error) {
	q, status, err := pageQuery(r, members.MemberStatuses())
	return members.Query{Search: q.Search, Status: integration.MemberStatus(status), Page: q.Page, ItemsPerPage: q.ItemsPerPage}, err
}

func (a *API) getMember(_ http.ResponseWriter, r *http.Request, who signin.Visitor) (int, any, error) {
	m, err := a.Members.Get(r.Context(), who.ClientID, r.PathValue("id"))
	if err != nil {
		return 0, nil, err
	}
	out := wholeMemberDoc{memberDoc: docOf(m)}
	places, err := a.Events.OfMember(r.Context(), who.ClientID, m.ID)
	if err != nil {
		return 0, nil, err
	}
	lessons, err := a.Courses.OfMember(r.Context(), who.ClientID, m.ID)
	if err != nil {
		return 0, nil, err
	}
	out.Registrations, out.Enrollments = all(places, registrationOf), all(lessons, enrollmentOf)
	return http.StatusOK, out, nil
}

func (a *API) addMember(w http.ResponseWriter, r *http.Request, who signin.Visitor) (int, any, error) {
	b, err := readBody(w, r)
	if err != nil {
		return 0, nil, err
	}
	first, err := b.membership()
	if err != nil {
		return 0, nil, err
	}
	patch := b.patch()
	if err := b.done(); err != nil {
		return 0, nil, err
	}
	m, err := a.Members.Create(r.Context(), who.ClientID, patch, first)
	if err != nil {
		return 0, nil, err
	}
	w.Header().Set("Location", "/demo/members/"+m.ID)
	return http.StatusCreated, docOf(m), nil
}

func (a *API) changeMember(w http.ResponseWriter, r *http.Request, who signin.Visitor) (int, any, error) {
	b, err := readBody(w, r)
	if err != nil {
		return 0, nil, err
	}
	patch := b.patch()
	if err := b.done(); err != nil {
		return 0, nil, err
	}
	m, err := a.Members.Update(r.Context(), who.ClientID, r.PathValue("id"), patch)
	return http.StatusOK, docOf(m), err
}

func (a *API) deleteMember(_ http.ResponseWriter, r *http.Request, who signin.Visitor) (int, any, error) {
	return http.StatusNoContent, nil, a.Members.Delete(r.Context(), who.ClientID, r.PathValue("id"))
}

func (a *API) setMembership(w http.ResponseWriter, r *http.Request, who signin.Visitor) (int, any, error) {
	b, err := readBody(w, r)
	if err != nil {
		return 0, nil, err
	}
	patch := b.membershipPatch()
	if err := b.done(); err != nil {
		return 0, nil, err
	}
	m, err := a.Members.SetMembership(r.Context(), who.ClientID, r.PathValue("id"), patch)
	return http.StatusOK, docOf(m), err
}

func (a *API) operate(w http.ResponseWriter, r *http.Request, who signin.Visitor) (int, any, error) {
	b, err := readBody(w, r)
	if err != nil {
		return 0, nil, err
	}
	var op members.Operation
	action, _ := b.text("action")
	op.Action = members.Action(action)
	op.MembershipID, _ = b.text("membershipId")
	op.Plan, _ = b.text("plan")
	op.EndDate, _ = b.text("endDate")
	op.On, _ = b.text("on")
	if err := b.done(); err != nil {
		return 0, nil, err
	}
	m, err := a.Members.Operate(r.Context(), who.ClientID, r.PathValue("id"), op)
	return http.StatusOK, docOf(m), err
}

func (a *API) moveMember(w http.ResponseWriter, r *http.Request, who signin.Visitor) (int, any, error) {
	b, err := readBody(w, r)
	if err != nil {
		return 0, nil, err
	}
	to, said := b.text("organizationId")
	if !said {
		b.errs["organizationId"] = []string{"Say the id of an organization, or null for none."}
	}
	if err := b.done(); err != nil {
		return 0, nil, err
	}
	if err := a.Organizations.Move(r.Context(), who.ClientID, r.PathValue("id"), to); err != nil {
		return 0, nil, err
	}
	m, err := a.Members.Get(r.Context(), who.ClientID, r.PathValue("id"))
	return http.StatusOK, docOf(m), err
}

func (a *API) bulk(w http.ResponseWriter, r *http.Request, who signin.Visitor) (int, any, error) {
	b, err := readBody(w, r)
	if err != nil {
		return 0, nil, err
	}
	change := members.Bulk{Members: b.number("members", 0), PerTransaction: b.number("perTransaction", 0)}
	change.Field, _ = b.text("field")
	change.Value, _ = b.text("value")
	if err := b.done(); err != nil {
		return 0, nil, err
	}
	done, err := a.Members.ChangeMany(r.Context(), who.ClientID, change)
	if err != nil {
		return 0, nil, err
	}
	return http.StatusOK, map[string]any{
		"changed": done.Changed, "transactions": done.Transactions, "milliseconds": done.Took.Milliseconds(),
	}, nil
}

// patch takes every field of a member that is there.
func (b *body) patch() members.Patch {
	p := members.Patch{}
	for _, f := range members.Fields() {
		read := b.text
		if f.Kind == members.List {
			read = b.list
		}
		if v, ok := read(f.Name); ok {
			p[f.Name] = v
		}
	}
	return p
}

func (b *body) membershipPatch() members.MembershipPatch {
	var p members.MembershipPatch
	p.Plan, _ = b.text("plan")
	p.Status, _ = b.text("status")
	p.PriceType, _ = b.text("priceType")
	if end, ok := b.text("endDate"); ok {
		p.EndDate = &end
	}
	return p
}

// membership takes the membership of a new member, nil for none.
func (b *body) membership() (*members.MembershipPatch, error) {
	raw, ok := b.take("membership")
	if !ok || string(raw) == "null" {
		return nil, nil
	}
	values, err := object(raw)
	if err != nil {
		b.errs["membership"] = []string{"This must be an object with plan, status, endDate and priceType."}
		return nil, nil
	}
	inner := &body{values: values, errs: map[string][]string{}}
	p := inner.membershipPatch()
	return &p, inner.done()
}
