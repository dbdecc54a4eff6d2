package crmsync_test

import (
	"testing"

	"github.com/memberpulse/hubspotplugin/integration"
)

// A member who opens a ticket while it is pending is approved later: the note
// follows by itself, once.
func TestTicketsOfAMemberWhoIsIncludedLater(t *testing.T) {
	t.Parallel()
	noteHubSpots(t, func(t *testing.T, opts ...option) {
		b := start(t, opts...)
		m := member(0)
		m.Status = integration.MemberPending
		b.host.Put(tenantA, m)
		b.host.Put(tenantA, member(1))
		b.connectWith(noting())
		b.settled(tenantA)
		one, two := ticket(1, memberID(0)), ticket(2, memberID(0))
		b.saveTickets(one, two)
		b.awaitSaid("note", one.ID, integration.SyncExcluded, "member-pending")
		b.awaitSaid("note", two.ID, integration.SyncExcluded, "member-pending")
		b.settled(tenantA)
		b.host.DeleteEntity(tenantA, two.Ref())
		b.record(integration.TicketChanged(tenantA, two.ID, memberID(0)))
		b.awaitSaid("note", two.ID, integration.SyncExcluded, "ticket-deleted")
		m.Status = integration.MemberActive
		b.save(tenantA, m)
		b.awaitSaid("note", one.ID, integration.SyncSynced, "")
		b.settled(tenantA)
		if n, ok := b.noteWith("T-1"); !ok || len(n.contacts) != 1 || n.contacts[0] != b.contactID(0) || len(b.notes()) != 1 {
			t.Errorf("notes %+v", b.notes())
		}
		// Nothing waits any more: another member's contact costs no call for tickets.
		b.sim.ResetRequests()
		b.save(tenantA, member(2), m)
		b.settled(tenantA)
		if n := b.calls("/notes/"); n != 0 {
			t.Errorf("%d calls for notes", n)
		}
	})
}

// A ticket is given to a member without a contact: its note leaves the former
// member's at once, and comes to the new one's with the contact.
func TestTicketGivenToAMemberWithoutAContact(t *testing.T) {
	t.Parallel()
	noteHubSpots(t, func(t *testing.T, opts ...option) {
		b := startNoting(t, 1, noting(), opts...)
		one := ticket(1, memberID(0))
		b.saveTickets(one)
		b.awaitSaid("note", one.ID, integration.SyncSynced, "")
		made, _ := b.noteWith("T-1")
		b.connectWith(map[string]string{"syncContacts": "true", "syncActivities": "true", "ticketNotes": "true"})
		// The new member is in the host, and its contact on hold: an address that HubSpot refuses.
		bad := member(5)
		bad.Email = "nobody@invalid"
		b.save(tenantA, bad)
		b.settled(tenantA)
		one.MemberID = memberID(5)
		b.saveTickets(one)
		b.awaitSaid("note", one.ID, integration.SyncPending, "awaits-contact")
		if n, ok := b.noteWith("T-1"); !ok || n.ID != made.ID || len(n.contacts) != 0 {
			t.Errorf("the note is still on the former member's contact: %+v", n)
		}
		b.save(tenantA, member(5))
		b.awaitSaid("note", one.ID, integration.SyncSynced, "")
		if n, ok := b.noteWith("T-1"); !ok || n.ID != made.ID || len(n.contacts) != 1 || n.contacts[0] != b.contactID(5) {
			t.Errorf("note %+v", n)
		}
	})
}
