package portal

import (
	"net/http"
	"net/url"
	"strconv"

	"github.com/memberpulse/hubspotplugin/integration"
	"github.com/memberpulse/hubspotplugin/integration/devhost/host/members"
	"github.com/memberpulse/hubspotplugin/integration/devhost/host/store"
)

// pager leads through the pages of a list.
type pager struct {
	Total, From, To int
	Previous, Next  string // "" = none
	Search, Status  string
}

func newPager(r *http.Request, q members.Query, page members.Page) pager {
	return pagerOf(r, q.Search, string(q.Status), store.Page[members.Profile]{
		Items: page.Members, Total: page.Total, Page: page.Page, ItemsPerPage: page.ItemsPerPage,
	})
}

func pagerOf[T any](r *http.Request, search, status string, page store.Page[T]) pager {
	out := pager{Total: page.Total, Search: search, Status: status}
	if n := len(page.Items); n > 0 {
		out.From = (page.Page-1)*page.ItemsPerPage + 1
		out.To = out.From + n - 1
	}
	link := func(number int) string {
		v := url.Values{}
		if search != "" {
			v.Set("search", search)
		}
		if status != "" {
			v.Set("status", status)
		}
		v.Set("page", strconv.Itoa(number))
		return r.URL.Path + "?" + v.Encode()
	}
	if page.Page > 1 {
		out.Previous = link(page.Page - 1)
	}
	if page.Page*page.ItemsPerPage < page.Total {
		out.Next = link(page.Page + 1)
	}
	return out
}

// listQuery is forgiving, as an address in a browser should be: what it does not
// understand it leaves out.
func listQuery(r *http.Request) members.Query {
	v := r.URL.Query()
	q := members.Query{Search: v.Get("search"), Status: integration.MemberStatus(v.Get("status"))}
	if q.Status != "" && (integration.Member{Status: q.Status}).Validate() != nil {
		q.Status = ""
	}
	if n, err := strconv.Atoi(v.Get("page")); err == nil && n > 0 && n <= 1_000_000 {
		q.Page = n
	}
	return q
}

type listView struct {
	Pager    pager
	Rows     []listRow
	Statuses []string
	MayEdit  bool
	Done     string
}

type listRow struct {
	ID, Name, Email, Status, Plan, Membership, End string
}

func rowOf(m members.Profile) listRow {
	out := listRow{ID: m.ID, Name: m.FirstName + " " + m.LastName, Email: m.Email, Status: string(m.Status)}
	if ms, ok := current(m.Memberships); ok {
		out.Plan, out.Membership, out.End = ms.PlanName, string(ms.Status), ms.EndDate.String()
	}
	return out
}

// current is the membership that a page shows: one that runs before one that
// has ended, then the one that ends last.
func current(all []integration.Membership) (best integration.Membership, ok bool) {
	runs := func(ms integration.Membership) bool {
		return ms.Status == integration.MembershipActive || ms.Status == integration.MembershipExpiring
	}
	for _, ms := range all {
		if !ok || runs(ms) && !runs(best) || runs(ms) == runs(best) && best.EndDate.Before(ms.EndDate) {
			best, ok = ms, true
		}
	}
	return best, ok
}

func (p *Portal) listMembers(w http.ResponseWriter, r *http.Request) error {
	who, err := p.tenant(r, false)
	if err != nil {
		return err
	}
	q := listQuery(r)
	page, err := p.Members.List(r.Context(), who.ClientID, q)
	if err != nil {
		return err
	}
	v := listView{Pager: newPager(r, q, page), MayEdit: who.Role == integration.RoleClientAdmin, Done: done(r)}
	for _, m := range page.Members {
		v.Rows = append(v.Rows, rowOf(m))
	}
	for _, f := range members.Fields() {
		if f.Name == "status" {
			v.Statuses = f.Options
		}
	}
	p.render(w, r, http.StatusOK, "members", "Members", v)
	return nil
}

// done is what a redirect after a change says. The words are ours: nothing of
// the address is shown.
func done(r *http.Request) string {
	switch r.URL.Query().Get("done") {
	case "added":
		return "The member was added."
	case "new":
		return "Added. It is on its way to HubSpot if HubSpot is connected and takes it."
	case "saved":
		return "Saved. The change is on its way to HubSpot if it is connected."
	case "deleted":
		return "The member was deleted."
	case "gone":
		return "Deleted."
	}
	return ""
}
