package crmsync_test

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/memberpulse/hubspotplugin/hubspot/crmsync"
	"github.com/memberpulse/hubspotplugin/integration"
)

func TestTicketIsOneNoteThatFollowsIt(t *testing.T) {
	t.Parallel()
	noteHubSpots(t, func(t *testing.T, opts ...option) {
		b := startNoting(t, 1, noting(), opts...)
		one := ticket(1, memberID(0))
		b.saveTickets(one)
		b.awaitSaid("note", one.ID, integration.SyncSynced, "")
		made, ok := b.noteWith("T-1")
		if !ok || !slices.Equal(made.contacts, []string{b.contactID(0)}) || made.Properties["hs_timestamp"] != "2026-11-03T09:30:00Z" {
			t.Fatalf("note = %+v", made)
		}
		if body := made.Properties["hs_note_body"]; !strings.Contains(body, "Status: open") || strings.Contains(body, "card") {
			t.Errorf("text = %s", body)
		}
		one.Status, one.UpdatedAt = "in Bearbeitung <1>", noteDay.Add(time.Hour)
		one.History = append(one.History, integration.TicketStatusChange{Status: one.Status, At: one.UpdatedAt})
		one.Replies = []integration.TicketReply{{Text: "a difficult one", At: noteDay}, {Public: true, Text: "We are on it", At: noteDay}}
		b.saveTickets(one)
		b.eventually("the change", func() bool {
			n, _ := b.noteWith("T-1")
			return strings.Contains(n.Properties["hs_note_body"], "Status: in Bearbeitung &lt;1&gt;")
		})
		b.settled(tenantA)
		n, _ := b.noteWith("T-1")
		body := n.Properties["hs_note_body"]
		if n.ID != made.ID || n.Properties["hs_timestamp"] != "2026-11-03T09:30:00Z" || strings.Contains(body, "on it") || strings.Contains(body, "difficult") {
			t.Errorf("note = %+v", n)
		}
		b.sim.ResetRequests()
		b.saveTickets(one) // nothing has changed
		b.settled(tenantA)
		if n := b.calls("/notes/"); n != 0 {
			t.Errorf("%d calls for a ticket that did not change", n)
		}
	})
}

func TestTicketWordsLeaveOnRequestOnly(t *testing.T) {
	t.Parallel()
	b := startNoting(t, 1, noting("ticketSubject", "ticketReplies"))
	one := ticket(1, memberID(0))
	one.Replies = []integration.TicketReply{{Text: "a difficult one", At: noteDay}, {Public: true, Text: "We are on it", At: noteDay}}
	b.saveTickets(one)
	b.awaitSaid("note", one.ID, integration.SyncSynced, "")
	n, _ := b.noteWith("T-1")
	if body := n.Properties["hs_note_body"]; !strings.Contains(body, "my card?") || !strings.Contains(body, "We are on it") || strings.Contains(body, "difficult") {
		t.Errorf("text = %s", body)
	}
	b.connectWith(map[string]string{"ticketSubject": "false", "ticketReplies": "false"})
	b.eventually("the words gone", func() bool {
		n, _ := b.noteWith("T-1")
		return !strings.Contains(n.Properties["hs_note_body"], "card") && !strings.Contains(n.Properties["hs_note_body"], "on it")
	})
	b.settled(tenantA)
}

func TestTicketMovesWithItsMember(t *testing.T) {
	t.Parallel()
	noteHubSpots(t, func(t *testing.T, opts ...option) {
		b := startNoting(t, 2, noting(), opts...)
		one := ticket(1, memberID(0))
		b.saveTickets(one)
		b.awaitSaid("note", one.ID, integration.SyncSynced, "")
		made, _ := b.noteWith("T-1")
		person := b.sim.Portal(portalA).PutContact(map[string]string{"email": "boss@example.org"})
		b.sim.Portal(portalA).PutAssociation("notes", made.ID, "contacts", person.ID) // by hand, and not ours to take away
		on := func(ids ...string) bool {
			n, _ := b.noteWith("T-1")
			got := slices.Sorted(slices.Values(n.contacts))
			want := slices.Sorted(slices.Values(append(ids, person.ID)))
			return n.ID == made.ID && slices.Equal(got, want)
		}
		one.MemberID = memberID(1)
		b.saveTickets(one)
		b.eventually("the note with the other member", func() bool { return on(b.contactID(1)) })
		b.settled(tenantA)
		one.MemberID = ""
		b.saveTickets(one)
		b.awaitSaid("note", one.ID, integration.SyncExcluded, "not-a-member")
		if !on() {
			n, _ := b.noteWith("T-1")
			t.Errorf("the note of nobody is on %v", n.contacts)
		}
		one.MemberID = memberID(0)
		b.saveTickets(one)
		b.awaitSaid("note", one.ID, integration.SyncSynced, "")
		if !on(b.contactID(0)) {
			t.Error("the note did not come back")
		}
		b.settled(tenantA)
		if len(b.notes()) != 1 {
			t.Errorf("%d notes", len(b.notes()))
		}
	})
}

func TestNoteDeletedInHubSpotStaysDeleted(t *testing.T) {
	t.Parallel()
	noteHubSpots(t, func(t *testing.T, opts ...option) {
		b := startNoting(t, 1, noting(), opts...)
		p := b.sim.Portal(portalA)
		one := ticket(1, memberID(0))
		b.saveTickets(one)
		b.awaitSaid("note", one.ID, integration.SyncSynced, "")
		made, _ := b.noteWith("T-1")
		p.ArchiveRecord("notes", made.ID)
		for _, status := range []string{"waiting", "resolved"} {
			one.Status = status
			b.saveTickets(one)
			b.awaitSaid("note", one.ID, integration.SyncExcluded, "note-deleted")
			b.settled(tenantA)
			if len(b.notes()) != 0 {
				t.Fatal("the note was made again")
			}
		}
		// Somebody takes it out of the recycle bin.
		p.RestoreRecord("notes", made.ID)
		must(t, b.syncer.Retry(context.Background(), tenantA, b.said("note", one.ID).ID))
		b.awaitSaid("note", one.ID, integration.SyncSynced, "")
		if n, _ := b.noteWith("Status: resolved"); n.ID != made.ID {
			t.Errorf("note = %+v", n)
		}
		b.settled(tenantA)
	})
}

func TestTicketsWithoutAPlace(t *testing.T) {
	t.Parallel()
	b := startNoting(t, 1, noting())
	gone, nobodys, timeless := ticket(1, memberID(0)), ticket(2, ""), ticket(3, memberID(0))
	timeless.CreatedAt, timeless.History = time.Time{}, nil
	b.saveTickets(gone, nobodys, timeless)
	b.awaitSaid("note", nobodys.ID, integration.SyncExcluded, "not-a-member")
	b.awaitSaid("note", timeless.ID, integration.SyncFailed, "unknown-value")
	b.awaitSaid("note", gone.ID, integration.SyncSynced, "")
	b.host.DeleteEntity(tenantA, gone.Ref())
	b.record(integration.TicketChanged(tenantA, gone.ID, memberID(0)), integration.TicketChanged(tenantA, ticketID(9), memberID(0)))
	b.awaitSaid("note", gone.ID, integration.SyncSynced, "ticket-deleted")
	b.awaitSaid("note", ticketID(9), integration.SyncExcluded, "ticket-deleted")
	if _, ok := b.noteWith("T-1"); !ok || len(b.notes()) != 1 {
		t.Errorf("notes = %+v", b.notes())
	}
}

// Turning ticket notes on, or looking at everything again, sends all tickets.
func TestTicketsAreWalkedOver(t *testing.T) {
	t.Parallel()
	b := startNoting(t, 1, map[string]string{})
	for i := range 5 {
		b.host.PutEntity(tenantA, ticket(i, memberID(0)))
	}
	b.connectWith(map[string]string{"ticketNotes": "true"})
	b.eventually("all tickets", func() bool { return len(b.notes()) == 5 })
	b.settled(tenantA)
	n, _ := b.noteWith("T-3")
	b.sim.Portal(portalA).EditRecord("notes", n.ID, map[string]string{"hs_note_body": "T-3: my own words"})
	_, err := b.syncer.Sync(context.Background(), tenantA)
	must(t, err)
	b.eventually("the text again", func() bool {
		n, _ := b.noteWith("T-3")
		return strings.Contains(n.Properties["hs_note_body"], "Status: open")
	})
	b.settled(tenantA)
	if len(b.notes()) != 5 {
		t.Errorf("%d notes", len(b.notes()))
	}
}

// crmBook is a host's CRM IDs, and its calendar and links.
type crmBook struct {
	mu   sync.Mutex
	ids  map[integration.Ref]string
	fail bool
}

func (k *crmBook) WriteCRMIDs(ctx context.Context, tx *sql.Tx, clientID string, ids []integration.CRMID) error {
	if _, err := tx.ExecContext(ctx, "select 1"); err != nil || clientID != tenantA {
		return errors.New("not within the settlement")
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.fail && ids[0].Ref.Kind == integration.KindTicket {
		k.fail = false
		return errors.New("the host's table is locked")
	}
	for _, id := range ids {
		k.ids[id.Ref] = id.ID
	}
	return nil
}

func (k *crmBook) of(ref integration.Ref) string {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.ids[ref]
}

func (*crmBook) Link(_ string, ref integration.Ref) string {
	hosts := map[integration.Kind]string{integration.KindTicket: "https://CLUB.example:8443", integration.KindEvent: "https://evil.example", integration.KindMembership: "http://club.example"}
	return hosts[ref.Kind] + "/" + string(ref.Kind) + "/" + ref.Key
}

func (*crmBook) TimeZone(context.Context, string) (*time.Location, error) {
	return time.FixedZone("CEST", 2*3600), nil
}

func TestTicketIsKnownToTheHostByItsNote(t *testing.T) {
	t.Parallel()
	book := &crmBook{ids: map[integration.Ref]string{}, fail: true}
	b := startNoting(t, 1, noting(), withConfig(func(c *crmsync.Config) {
		c.CRMIDs, c.LinkBuilder, c.Calendar, c.LinkHosts = book, book, book, []string{"club.example"}
	}))
	one := ticket(1, memberID(0))
	b.saveTickets(one)
	b.awaitSaid("note", one.ID, integration.SyncSynced, "")
	n, _ := b.noteWith("T-1")
	// The host's table was locked at first: what is sent does not wait for it.
	b.eventually("the CRM ID", func() bool { return book.of(one.Ref()) == n.ID })
	body := n.Properties["hs_note_body"]
	if !strings.Contains(body, `<a href="https://CLUB.example:8443/ticket/`+one.ID+`">`) || !strings.Contains(body, "11:30 CEST") {
		t.Errorf("text = %s", body)
	}
	for i, about := range []integration.Kind{integration.KindEvent, integration.KindMembership} {
		a := activity(i, memberID(0))
		a.About = integration.Ref{Kind: about, Key: ticketID(7)}
		b.happen(a)
		b.awaitSaid("activity", a.ID, integration.SyncSynced, "")
	}
	for _, n := range b.notes() {
		if body := n.Properties["hs_note_body"]; strings.Contains(body, "evil") || strings.Contains(body, "http://") {
			t.Errorf("a link that may not leave: %s", body)
		}
	}
	b.sim.Portal(portalA).ArchiveRecord("notes", n.ID)
	one.Status = "closed"
	b.saveTickets(one)
	b.awaitSaid("note", one.ID, integration.SyncExcluded, "note-deleted")
	if got := book.of(one.Ref()); got != "" {
		t.Errorf("CRM ID %q of a note that was deleted", got)
	}
}

func TestSettingsOfNotes(t *testing.T) {
	t.Parallel()
	set, err := crmsync.Spec().Schema.Parse(map[string]string{"portalId": "12345678", "apiKey": tokenA}, integration.Settings{})
	must(t, err)
	for _, key := range []string{"syncActivities", "activityOnCompany", "ticketNotes", "ticketSubject", "ticketReplies"} {
		if f, ok := crmsync.Spec().Schema.Field(key); !ok || f.Help == "" || f.OnHelp == "" || f.OffHelp == "" || set.On(key) {
			t.Errorf("%s: %+v, on: %v", key, f, set.On(key))
		}
	}
}
