package demoapi

import (
	"net/http"
	"strconv"

	"github.com/memberpulse/hubspotplugin/integration"
	"github.com/memberpulse/hubspotplugin/integration/devhost/host/members"
	"github.com/memberpulse/hubspotplugin/integration/devhost/host/problem"
	"github.com/memberpulse/hubspotplugin/integration/devhost/host/signin"
)

func (a *API) listMembers(_ http.ResponseWriter, r *http.Request, who signin.Visitor) (int, any, error) {
	q, err := query(r)
	if err != nil {
		return 0, nil, err
	}
	page, err := a.members.List(r.Context(), who.ClientID, q)
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
	var q members.Query
	errs := map[string][]string{}
	number := func(name, text string, most int) int {
		n, err := strconv.Atoi(text)
		if err != nil || n < 1 || n > most {
			errs[name] = []string{"This must be a whole number from 1 to " + strconv.Itoa(most) + "."}
		}
		return n
	}
	for name, values := range r.URL.Query() {
		v := values[0]
		switch name {
		case "page":
			q.Page = number(name, v, 1_000_000)
		case "itemsPerPage":
			q.ItemsPerPage = number(name, v, 100)
		case "search":
			q.Search = v
		case "status":
			q.Status = integration.MemberStatus(v)
			if v != "" && (integration.Member{Status: q.Status}).Validate() != nil {
				errs[name] = []string{"This is not one of active, inactive, suspended, pending."}
			}
		default:
			errs[name] = []string{"There is no parameter of this name. Use page, itemsPerPage, search or status."}
		}
	}
	if len(errs) > 0 {
		return q, problem.Invalid(errs)
	}
	return q, nil
}

func (a *API) getMember(_ http.ResponseWriter, r *http.Request, who signin.Visitor) (int, any, error) {
	m, err := a.members.Get(r.Context(), who.ClientID, r.PathValue("id"))
	return http.StatusOK, docOf(m), err
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
	m, err := a.members.Create(r.Context(), who.ClientID, patch, first)
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
	m, err := a.members.Update(r.Context(), who.ClientID, r.PathValue("id"), patch)
	return http.StatusOK, docOf(m), err
}

func (a *API) deleteMember(_ http.ResponseWriter, r *http.Request, who signin.Visitor) (int, any, error) {
	return http.StatusNoContent, nil, a.members.Delete(r.Context(), who.ClientID, r.PathValue("id"))
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
	m, err := a.members.SetMembership(r.Context(), who.ClientID, r.PathValue("id"), patch)
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
	done, err := a.members.ChangeMany(r.Context(), who.ClientID, change)
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
		if v, ok := b.text(f.Name); ok {
			p[f.Name] = v
		}
	}
	return p
}

func (b *body) membershipPatch() members.MembershipPatch {
	var p members.MembershipPatch
	p.Plan, _ = b.text("plan")
	p.Status, _ = b.text("status")
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
		b.errs["membership"] = []string{"This must be an object with plan, status and endDate."}
		return nil, nil
	}
	inner := &body{values: values, errs: map[string][]string{}}
	p := inner.membershipPatch()
	return &p, inner.done()
}
