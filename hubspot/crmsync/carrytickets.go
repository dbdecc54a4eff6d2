package crmsync

import (
	"context"
	"strings"
	"time"

	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/notetext"
	"github.com/memberpulse/hubspotplugin/integration"
	"github.com/memberpulse/hubspotplugin/outbox"
)

// carryTickets keeps one note for each support ticket on the contact of the
// member who asked.
func (s *noteCarrier) carryTickets(ctx context.Context, b outbox.Batch, portal *Portal) (result, error) {
	return s.carryNotes(ctx, b, portal, gatherTickets)
}

// gatherTickets reads the tickets from the host.
func gatherTickets(ctx context.Context, n *noting) error {
	loaded, err := n.s.load(ctx, n.batch)
	if err != nil {
		n.s.log.Warn("the host could not be read", "client_id", n.batch.Tenant, "kind", kindTicket, "error", err)
		loaded = nil // no answer: everything is tried again
	}
	for _, d := range n.batch.Deliveries {
		j := &jot{d: d}
		n.jots = append(n.jots, j)
		answer, answered := loaded[d.Key]
		t, _ := answer.Entity.(integration.Ticket)
		opened := openedAt(t)
		switch {
		case answer.Gone:
			j.ended = true
		case !answered, silent(answer), !strings.EqualFold(t.ID, d.Key):
			j.put(codeHost, 0)
		case opened.IsZero():
			j.fail(failure{code: codeUnknownValue, hold: true, detail: "integration: ticket without a time"})
		}
		j.who = t.MemberID
		j.props = map[string]string{propNoteTime: datetime(opened)}
		link := n.s.pages.link(n.batch.Tenant, integration.Ref{Kind: integration.KindTicket, Key: d.Key})
		j.write = func(ref string) string {
			return notetext.Ticket(t, notetext.Options{Zone: n.zone, Link: link, Ref: ref,
				Subject: n.portal.options.ticketSubject, Replies: n.portal.options.ticketReplies})
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
