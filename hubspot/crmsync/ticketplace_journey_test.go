package crmsync_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/memberpulse/hubspotplugin/hubspot/hubspottest"
	"github.com/memberpulse/hubspotplugin/integration"
)

// unsendable is a member who would have a contact, but for another one's
// address.
func unsendable(n, of int) integration.Member {
	m := member(n)
	m.Email = member(of).Email
	return m
}

// A ticket changes hands before it is known whether its note was made: the note
// leaves the former member all the same, and says in the end what is so now.
func TestTicketLeavesAFormerMemberWhoMayHaveIt(t *testing.T) {
	t.Parallel()
	noteHubSpots(t, func(t *testing.T, opts ...option) {
		b := startNoting(t, 1, noting(), opts...)
		b.host.Put(tenantA, unsendable(1, 0))
		b.record(integration.MemberChanged(tenantA, memberID(1)))
		b.eventually("member 1 is refused", func() bool { return b.status(tenantA).Members.NeedsAttention == 1 })
		b.sim.Inject(hubspottest.Fault{PathContains: "/notes/batch/", LoseReply: true, Times: 1})
		one := ticket(1, memberID(0))
		b.saveTickets(one)
		b.eventually("the note", func() bool { return len(b.notes()) == 1 })
		one.MemberID, one.Status = memberID(1), "handed over"
		b.saveTickets(one)
		b.awaitSaid("note", one.ID, integration.SyncPending, "awaits-contact")
		for _, n := range b.notes() {
			if len(n.contacts) != 0 {
				t.Errorf("the note of member 1 is on %v", n.contacts)
			}
		}
		b.save(tenantA, member(1))
		b.awaitSaid("note", one.ID, integration.SyncSynced, "")
		b.eventually("one note with its member", func() bool {
			var on []shown
			for _, n := range b.notes() {
				if len(n.contacts) > 0 {
					on = append(on, n)
				}
			}
			return len(on) == 1 && slices.Equal(on[0].contacts, []string{b.contactID(1)}) && strings.Contains(on[0].Properties["hs_note_body"], "handed over")
		})
		b.settled(tenantA)
	})
}
