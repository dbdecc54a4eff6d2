package crmsync_test

import (
	"context"
	"slices"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/memberpulse/hubspotplugin/integration"
	"github.com/memberpulse/hubspotplugin/outbox"
)

// contactless is a way for a member to be without a contact, and how they get
// one later.
type contactless struct {
	code          string
	without, with func(b *bundle, m integration.Member)
}

func contactlessWays() map[string]contactless {
	send := func(b *bundle, m integration.Member) { b.save(tenantA, m) }
	including := func(statuses string) map[string]string {
		return map[string]string{"ticketNotes": "true", "includeStatuses": statuses}
	}
	return map[string]contactless{
		"pending, then approved": {"member-pending", func(b *bundle, m integration.Member) {
			m.Status = integration.MemberPending
			send(b, m)
		}, send},
		"without an address": {"no-email", func(b *bundle, m integration.Member) {
			m.Email = ""
			send(b, m)
		}, send},
		"unknown, then joins": {"not-a-member", func(*bundle, integration.Member) {}, send},
		"left out by the settings": {"status-left-out", func(b *bundle, m integration.Member) {
			b.connectWith(including("inactive"))
			send(b, m)
		}, func(b *bundle, _ integration.Member) { b.connectWith(including("inactive,active")) }},
		"archived with its member, then back": {"not-a-member", func(b *bundle, m integration.Member) {
			set := noting()
			set["whenGone"] = "archive"
			b.connectWith(set)
			send(b, m)
			b.settled(tenantA)
			b.host.Delete(tenantA, m.ID)
			b.record(integration.MemberChanged(tenantA, m.ID))
		}, send},
		"deleted in HubSpot, then restored": {"deleted-in-hubspot", func(b *bundle, m integration.Member) {
			send(b, m)
			b.settled(tenantA)
			c, _ := b.contact(portalA, m.ID)
			b.sim.Portal(portalA).ArchiveContact(c.ID)
			m.FirstName = "Somebody"
			send(b, m)
			b.settled(tenantA)
		}, func(b *bundle, m integration.Member) {
			b.sim.Portal(portalA).RestoreRecord("contacts", b.logOf(tenantA, m.ID).CRMEntityID)
			must(b.t, b.syncer.Retry(context.Background(), tenantA, b.logOf(tenantA, m.ID).ID))
		}},
	}
}

// A ticket of a member who has no contact is sent by itself when there is one,
// once, whatever the reason was; also one whose note was with somebody else before.
func TestTicketsFollowAMemberWhoGetsAContact(t *testing.T) {
	t.Parallel()
	for name, way := range contactlessWays() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := startNoting(t, 1, noting())
			one, given := ticket(1, memberID(7)), ticket(2, memberID(0))
			b.saveTickets(given)
			b.awaitSaid("note", given.ID, integration.SyncSynced, "")
			before, _ := b.noteWith("T-2")
			way.without(b, member(7))
			b.settled(tenantA)
			given.MemberID = memberID(7)
			b.saveTickets(one, given)
			b.awaitSaid("note", one.ID, integration.SyncExcluded, way.code)
			b.awaitSaid("note", given.ID, integration.SyncExcluded, way.code)
			b.settled(tenantA)
			b.sim.ResetRequests()
			way.with(b, member(7))
			b.awaitSaid("note", one.ID, integration.SyncSynced, "")
			b.awaitSaid("note", given.ID, integration.SyncSynced, "")
			b.settled(tenantA)
			for _, word := range []string{"T-1", "T-2"} {
				if n, _ := b.noteWith(word); !slices.Equal(n.contacts, []string{b.contactID(7)}) || word == "T-2" && n.ID != before.ID {
					t.Errorf("note %s = %+v", word, n)
				}
			}
			if len(b.notes()) != 2 || b.calls("/notes/batch/upsert") != 1 {
				t.Errorf("%d notes by %d calls", len(b.notes()), b.calls("/notes/batch/upsert"))
			}
			// Nothing waits for a contact any more, so one that is lost and found asks for nothing.
			b.sim.ResetRequests()
			b.save(tenantA, member(8), member(7))
			b.settled(tenantA)
			if n := b.calls("notes"); n != 0 {
				t.Errorf("%d calls about notes though none waited", n)
			}
		})
	}
}

// A ticket that was deleted, or given away, while it waited is not sent to the
// member who had it.
func TestTicketsThatEndedWhileTheyWaited(t *testing.T) {
	t.Parallel()
	b := startNoting(t, 1, noting())
	m := member(7)
	m.Status = integration.MemberPending
	b.save(tenantA, m)
	gone, given, nobodys := ticket(1, m.ID), ticket(2, m.ID), ticket(3, m.ID)
	b.saveTickets(gone, given, nobodys)
	for _, one := range []integration.Ticket{gone, given, nobodys} {
		b.awaitSaid("note", one.ID, integration.SyncExcluded, "member-pending")
	}
	b.host.DeleteEntity(tenantA, gone.Ref())
	b.record(integration.TicketChanged(tenantA, gone.ID, m.ID))
	given.MemberID, nobodys.MemberID = memberID(0), ""
	b.saveTickets(given, nobodys)
	b.awaitSaid("note", given.ID, integration.SyncSynced, "")
	b.awaitSaid("note", gone.ID, integration.SyncExcluded, "ticket-deleted")
	b.awaitSaid("note", nobodys.ID, integration.SyncExcluded, "not-a-member")
	b.settled(tenantA)
	b.sim.ResetRequests()
	b.save(tenantA, member(7))
	b.settled(tenantA)
	if n, _ := b.noteWith("T-2"); len(b.notes()) != 1 || !slices.Equal(n.contacts, []string{b.contactID(0)}) || b.calls("notes") != 0 {
		t.Errorf("%d calls, notes = %+v", b.calls("notes"), b.notes())
	}
}

// slowHost answers about one entity late, with what was true when it was asked.
type slowHost struct {
	integration.Source
	about integration.Ref
	armed *atomic.Bool
	asked chan struct{}
	goOn  chan struct{}
}

func (h slowHost) Load(ctx context.Context, clientID string, refs []integration.Ref) ([]integration.Loaded, error) {
	out, err := h.Source.Load(ctx, clientID, refs)
	if len(refs) == 1 && refs[0] == h.about && h.armed.CompareAndSwap(true, false) {
		h.asked <- struct{}{}
		<-h.goOn
	}
	return out, err
}

// The member gets the contact after the ticket's batch has found none, and
// before that is stored: neither settlement misses the other.
func TestTicketsDoNotMissAContactThatComesMeanwhile(t *testing.T) {
	t.Parallel()
	for name, former := range map[string]string{"a ticket without a note": "", "one that another member had": memberID(0)} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := slowHost{about: member(7).Ref(), armed: &atomic.Bool{}, asked: make(chan struct{}), goOn: make(chan struct{})}
			release := sync.OnceFunc(func() { close(h.goOn) })
			b := startNoting(t, 1, noting(), withSource(func(s integration.Source) integration.Source {
				h.Source = s
				return h
			}))
			t.Cleanup(release)
			m := member(7)
			m.Status = integration.MemberPending
			b.save(tenantA, m)
			one := ticket(1, former)
			if former != "" {
				b.saveTickets(one)
				b.awaitSaid("note", one.ID, integration.SyncSynced, "")
			}
			b.settled(tenantA)
			h.armed.Store(true)
			one.MemberID = m.ID
			b.host.PutEntity(tenantA, one)
			// Recorded as somebody else's, so that the changes of member 7 do not queue up behind it.
			b.record(integration.TicketChanged(tenantA, one.ID, memberID(0)))
			<-h.asked
			b.save(tenantA, member(7))
			b.eventually("the contact", func() bool { return b.logOf(tenantA, m.ID).Status == integration.SyncSynced })
			release()
			b.awaitSaid("note", one.ID, integration.SyncSynced, "")
			b.settled(tenantA)
			if n, _ := b.noteWith("T-1"); len(b.notes()) != 1 || !slices.Equal(n.contacts, []string{b.contactID(7)}) {
				t.Errorf("notes = %+v", b.notes())
			}
		})
	}
}

// What a full sync finds to be sent is no live change: it must not hold up those
// of others.
func TestTicketsThatAFullSyncFindsAreNoLiveChanges(t *testing.T) {
	t.Parallel()
	h := slowHost{armed: &atomic.Bool{}, asked: make(chan struct{}), goOn: make(chan struct{})}
	release := sync.OnceFunc(func() { close(h.goOn) })
	one := ticket(1, memberID(7))
	h.about = one.Ref()
	b := startNoting(t, 1, noting(), withSource(func(s integration.Source) integration.Source {
		h.Source = s
		return h
	}))
	t.Cleanup(release)
	m := member(7)
	m.Status = integration.MemberPending
	b.save(tenantA, m)
	b.saveTickets(one)
	b.awaitSaid("note", one.ID, integration.SyncExcluded, "member-pending")
	b.settled(tenantA)
	b.host.Put(tenantA, member(7)) // recorded by nobody
	h.armed.Store(true)
	_, err := b.syncer.Sync(t.Context(), tenantA)
	must(t, err)
	<-h.asked
	var lanes []int
	must(t, b.db.NewRaw(`select distinct lane from hubspot_outbox where tenant = ? and kind = 'ticket'`, tenantA).Scan(t.Context(), &lanes))
	release()
	b.awaitSaid("note", one.ID, integration.SyncSynced, "")
	b.settled(tenantA)
	if !slices.Equal(lanes, []int{int(outbox.LaneBackfill)}) {
		t.Errorf("the ticket waits in the lanes %v, want that of a full sync alone", lanes)
	}
}
