package notes

import (
	"context"
	"strings"
	"time"

	"github.com/uptrace/bun"

	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/carry"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/kinds"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/ledger"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/notetext"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/values"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/verdict"
	"github.com/memberpulse/hubspotplugin/integration"
	"github.com/memberpulse/hubspotplugin/outbox"
)

// Tickets keeps one note for each support ticket on the contact of the
// member who asked.
func (s *Carrier) Tickets(ctx context.Context, b outbox.Batch, portal *carry.Portal) (carry.Result, error) {
	return s.carryNotes(ctx, b, portal, gatherTickets)
}

// gatherTickets reads the tickets from the host.
func gatherTickets(ctx context.Context, n *noting) error {
	loaded, err := n.s.Load(ctx, n.Batch)
	if err != nil {
		n.s.Log.Warn("the host could not be read", "client_id", n.Batch.Tenant, "kind", kinds.Ticket, "error", err)
		loaded = nil // no answer: everything is tried again
	}
	for _, d := range n.Batch.Deliveries {
		j := &jot{d: d}
		n.jots = append(n.jots, j)
		answer, answered := loaded[d.Key]
		t, _ := answer.Entity.(integration.Ticket)
		opened := openedAt(t)
		switch {
		case answer.Gone:
			j.ended = true
		case !answered, carry.Silent(answer), !strings.EqualFold(t.ID, d.Key):
			j.Put(verdict.Host, 0)
		case opened.IsZero():
			j.Fail(verdict.Failure{Code: verdict.UnknownValue, Hold: true, Detail: "integration: ticket without a time"})
		}
		j.who = t.MemberID
		j.props = map[string]string{propNoteTime: values.Datetime(opened)}
		link := n.s.Pages.Link(n.Batch.Tenant, integration.Ref{Kind: integration.KindTicket, Key: d.Key})
		j.write = func(ref string) string {
			return notetext.Ticket(t, notetext.Options{Zone: n.zone, Link: link, Ref: ref,
				Subject: n.Portal.Options.TicketSubject, Replies: n.Portal.Options.TicketReplies})
		}
	}
	return nil
}

// openedAt is when the ticket was opened: where its note stays, whatever
// happens to the ticket.
func openedAt(t integration.Ticket) time.Time {
	at := t.CreatedAt
	if !at.IsZero() {
		return at
	}
	for _, c := range t.History {
		if at.IsZero() || c.At.Before(at) {
			at = c.At
		}
	}
	return at
}

// Arrival is a member who has a contact now.
type Arrival struct {
	Member, Contact string // ids, here and there
	Lane            outbox.Lane
}

// Place sends, within tx, the tickets of members that have a contact now and
// whose notes are not there, in the lanes in which the members came.
func (s *Carrier) Place(ctx context.Context, tx bun.Tx, at ledger.Place, arrivals []Arrival) error {
	contacts, lanes := map[string]string{}, map[string]outbox.Lane{}
	for _, a := range arrivals {
		contacts[a.Member], lanes[a.Member] = a.Contact, a.Lane
	}
	found, err := s.Ledger.unplaced(ctx, tx, at, contacts)
	if err != nil {
		return err
	}
	var entries []outbox.Entry
	for _, f := range found {
		entries = append(entries, outbox.Entry{Tenant: at.ClientID, Lane: lanes[f.MemberID], Kind: kinds.Ticket, Key: f.Key})
	}
	return s.Outbox.Append(ctx, tx, entries...)
}

// place sends tickets again that were left without a place, and whose members
// got a contact while the batch was under way.
func (n *noting) place(ctx context.Context, tx bun.Tx, homeless []*jot) error {
	members := make([]string, len(homeless))
	for i, j := range homeless {
		members[i] = j.who
	}
	links, err := n.s.Links.LoadIn(ctx, tx, n.Portal.Place, kinds.Member, values.Union(members, nil))
	if err != nil {
		return err
	}
	var arrivals []Arrival
	for _, j := range homeless {
		if contact := links[j.who].Live(); contact != "" {
			arrivals = append(arrivals, Arrival{j.who, contact, j.d.Lane})
		}
	}
	return n.s.Place(ctx, tx, n.Portal.Place, arrivals)
}
