package portal

import (
	"net/http"
	"slices"

	"github.com/memberpulse/hubspotplugin/integration"
	"github.com/memberpulse/hubspotplugin/integration/devhost/host/problem"
	"github.com/memberpulse/hubspotplugin/integration/devhost/host/signin"
	"github.com/memberpulse/hubspotplugin/integration/devhost/host/tickets"
)

func (p *Portal) pagesOfTickets() {
	p.page("GET /tickets", p.listTickets)
	p.page("GET /tickets/new", p.newTicket)
	p.page("POST /tickets/new", p.openTicket)
	p.page("GET /tickets/{id}", p.showTicket)
	p.page("POST /tickets/{id}", p.saveTicket)
}

type ticketList struct {
	Pager    pager
	Rows     []tickets.Ticket
	Statuses []string
	MayEdit  bool
}

func (p *Portal) listTickets(w http.ResponseWriter, r *http.Request) error {
	who, err := p.tenant(r, false)
	if err != nil {
		return err
	}
	q := tickets.Query{Query: pageOf(r), Status: r.URL.Query().Get("status")}
	if !slices.Contains(tickets.Statuses(), q.Status) {
		q.Status = ""
	}
	page, err := p.Tickets.List(r.Context(), who.ClientID, q)
	if err != nil {
		return err
	}
	v := ticketList{Pager: pagerOf(r, q.Search, q.Status, page), Rows: page.Items, Statuses: tickets.Statuses(), MayEdit: who.Role == integration.RoleClientAdmin}
	p.render(w, r, http.StatusOK, "tickets", "Support tickets", v)
	return nil
}

type ticketView struct {
	sheet
	tickets.Ticket
	Opened  string
	Steps   []stepView
	Done    string
	Problem *problem.Problem
}

// stepView is a line of a ticket's story.
type stepView struct {
	When   string
	Status string // of a change
	Text   string // of a reply
	Public bool
}

func ticketSheet(edit bool) sheet {
	return sheet{MayEdit: edit, Fields: []fieldView{
		{Name: "subject", Label: "Subject", Required: true},
		{Name: "member", Label: "Member", Hint: "email, name or id"},
		{Name: "name", Label: "or somebody's name"},
		{Name: "email", Label: "and email"},
		{Name: "description", Label: "Description", Kind: "lines"},
	}}
}

func (p *Portal) newTicket(w http.ResponseWriter, r *http.Request) error {
	if _, err := p.tenant(r, true); err != nil {
		return err
	}
	p.render(w, r, http.StatusOK, "ticket", "Open a ticket", ticketView{sheet: ticketSheet(true)})
	return nil
}

func (p *Portal) openTicket(w http.ResponseWriter, r *http.Request) error {
	who, err := p.tenant(r, true)
	if err != nil {
		return err
	}
	values := typed(r, "subject", "description", "name", "email")
	if named := r.PostFormValue("member"); named != "" {
		values["memberId"], err = p.findMember(r, who, "member", named)
	}
	var k tickets.Ticket
	if err == nil {
		k, err = p.Tickets.Open(r.Context(), who.ClientID, values)
	}
	if err != nil {
		pr := refusal(err)
		if pr == nil {
			return err
		}
		p.render(w, r, pr.Status, "ticket", "Open a ticket", ticketView{sheet: ticketSheet(true).with(r, pr), Problem: pr})
		return nil
	}
	http.Redirect(w, r, "/tickets/"+k.ID+"?done=new", http.StatusSeeOther)
	return nil
}

func (p *Portal) ticketView(r *http.Request, who signin.Visitor) (ticketView, error) {
	k, err := p.Tickets.Get(r.Context(), who.ClientID, r.PathValue("id"))
	if err != nil {
		return ticketView{}, err
	}
	c, err := p.clockOf(r, who)
	if err != nil {
		return ticketView{}, err
	}
	v := ticketView{Ticket: k, Opened: c.show(k.CreatedAt), Done: done(r)}
	v.sheet = sheet{MayEdit: who.Role == integration.RoleClientAdmin, Fields: []fieldView{
		{Name: "status", Label: "Status", Value: k.Status, Required: true, Options: tickets.Statuses()},
		{Name: "subject", Label: "Subject", Value: k.Subject, Required: true},
		{Name: "member", Label: "Member", Value: k.MemberID, Hint: "email, name or id"},
		{Name: "reply", Label: "Reply", Kind: "lines"},
		{Name: "public", Label: "The reply is", Kind: "choice", Required: true, Choices: []choice{{"", "internal"}, {"true", "public"}}},
	}}
	type moment struct {
		step stepView
		at   int64
	}
	var all []moment
	for _, h := range k.History {
		all = append(all, moment{stepView{When: c.show(h.At), Status: h.Status}, h.At.UnixMicro()})
	}
	for _, one := range k.Replies {
		all = append(all, moment{stepView{When: c.show(one.At), Text: one.Text, Public: one.Public}, one.At.UnixMicro()})
	}
	slices.SortStableFunc(all, func(a, b moment) int { return int(a.at - b.at) })
	for _, m := range all {
		v.Steps = append(v.Steps, m.step)
	}
	return v, nil
}

func (p *Portal) showTicket(w http.ResponseWriter, r *http.Request) error {
	who, err := p.tenant(r, false)
	if err != nil {
		return err
	}
	v, err := p.ticketView(r, who)
	if err != nil {
		return err
	}
	p.render(w, r, http.StatusOK, "ticket", v.Number, v)
	return nil
}

func (p *Portal) saveTicket(w http.ResponseWriter, r *http.Request) error {
	who, err := p.tenant(r, true)
	if err != nil {
		return err
	}
	v, err := p.ticketView(r, who)
	if err != nil {
		return err
	}
	values := typed(r, "status", "subject")
	if r.PostForm.Has("member") {
		values["memberId"] = ""
		if named := r.PostFormValue("member"); named == v.MemberID {
			values["memberId"] = named // also of one who has been deleted
		} else if named != "" {
			values["memberId"], err = p.findMember(r, who, "member", named)
		}
	}
	var reply *tickets.Reply
	if text := r.PostFormValue("reply"); text != "" {
		reply = &tickets.Reply{Text: text, Public: r.PostFormValue("public") == "true"}
	}
	if err == nil {
		_, err = p.Tickets.Change(r.Context(), who.ClientID, v.ID, values, reply)
	}
	if err != nil {
		pr := refusal(err)
		if pr == nil {
			return err
		}
		v.Problem, v.sheet = pr, v.with(r, pr)
		p.render(w, r, pr.Status, "ticket", v.Number, v)
		return nil
	}
	http.Redirect(w, r, "/tickets/"+v.ID+"?done=saved", http.StatusSeeOther)
	return nil
}
