package demoapi

import (
	"encoding/json"
	"net/http"
	"time"

	"github.com/memberpulse/hubspotplugin/integration"
	"github.com/memberpulse/hubspotplugin/integration/devhost/host/signin"
	"github.com/memberpulse/hubspotplugin/integration/devhost/host/tickets"
)

type ticketDoc struct {
	ID          string      `json:"id"`
	CRMID       string      `json:"crmId"`
	Number      string      `json:"number"`
	Subject     string      `json:"subject"`
	Description string      `json:"description"`
	Status      string      `json:"status"`
	MemberID    *string     `json:"memberId"` // null = no member
	Name        string      `json:"name"`     // of whoever asks
	Email       string      `json:"email"`
	CreatedAt   time.Time   `json:"createdAt"`
	UpdatedAt   time.Time   `json:"updatedAt"`
	History     []statusDoc `json:"history"`
	Replies     []replyDoc  `json:"replies"`
}

type statusDoc struct {
	Status string    `json:"status"`
	At     time.Time `json:"at"`
}

type replyDoc struct {
	Text   string    `json:"text"`
	Public bool      `json:"public"`
	At     time.Time `json:"at"`
}

func ticketOf(k tickets.Ticket) ticketDoc {
	return ticketDoc{
		ID: k.ID, CRMID: k.CRMID, Number: k.Number, Subject: k.Subject, Description: k.Description, Status: k.Status,
		MemberID: id(k.MemberID), Name: k.Name, Email: k.Email, CreatedAt: k.CreatedAt.UTC(), UpdatedAt: k.UpdatedAt.UTC(),
		History: all(k.History, func(h integration.TicketStatusChange) statusDoc { return statusDoc{h.Status, h.At.UTC()} }),
		Replies: all(k.Replies, func(r integration.TicketReply) replyDoc { return replyDoc{r.Text, r.Public, r.At.UTC()} }),
	}
}

func (a *API) listTickets(_ http.ResponseWriter, r *http.Request, who signin.Visitor) (int, any, error) {
	q, status, err := pageQuery(r, tickets.Statuses())
	if err != nil {
		return 0, nil, err
	}
	page, err := a.Tickets.List(r.Context(), who.ClientID, tickets.Query{Query: q, Status: status})
	return http.StatusOK, paged("tickets", page, ticketOf), err
}

func (a *API) getTicket(_ http.ResponseWriter, r *http.Request, who signin.Visitor) (int, any, error) {
	k, err := a.Tickets.Get(r.Context(), who.ClientID, r.PathValue("id"))
	return http.StatusOK, ticketOf(k), err
}

func (a *API) openTicket(w http.ResponseWriter, r *http.Request, who signin.Visitor) (int, any, error) {
	b, err := readBody(w, r)
	if err != nil {
		return 0, nil, err
	}
	v := b.read(map[string]kind{"subject": text, "description": text, "status": text, "memberId": text, "name": text, "email": text})
	if err := b.done(); err != nil {
		return 0, nil, err
	}
	k, err := a.Tickets.Open(r.Context(), who.ClientID, v)
	if err != nil {
		return 0, nil, err
	}
	return created(w, "/demo/tickets/"+k.ID, ticketOf(k))
}

func (a *API) changeTicket(w http.ResponseWriter, r *http.Request, who signin.Visitor) (int, any, error) {
	b, err := readBody(w, r)
	if err != nil {
		return 0, nil, err
	}
	v := b.read(map[string]kind{"subject": text, "status": text, "memberId": text})
	reply := b.reply()
	if err := b.done(); err != nil {
		return 0, nil, err
	}
	k, err := a.Tickets.Change(r.Context(), who.ClientID, r.PathValue("id"), v, reply)
	return http.StatusOK, ticketOf(k), err
}

// reply takes the reply of a ticket, nil for none. One that does not say that it
// is public is internal.
func (b *body) reply() *tickets.Reply {
	raw, ok := b.take("reply")
	if !ok || string(raw) == "null" {
		return nil
	}
	values, err := object(raw)
	bad := err != nil
	inner := &body{values: values, errs: map[string][]string{}}
	r := &tickets.Reply{}
	r.Text, _ = inner.text("text")
	if public, sent := inner.take("public"); sent && json.Unmarshal(public, &r.Public) != nil {
		bad = true
	}
	if bad || inner.done() != nil {
		b.errs["reply"] = []string{"This must be an object with text, and public: true or false."}
	}
	return r
}
