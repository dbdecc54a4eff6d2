package crmsync_test

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/memberpulse/hubspotplugin/hubspot"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync"
	"github.com/memberpulse/hubspotplugin/hubspot/hubspottest"
	"github.com/memberpulse/hubspotplugin/integration"
)

// A process that dies between a call and its settlement leaves nothing behind
// but what it had stored before the call. Here it hangs there, and another one
// takes over.
func TestDeathBetweenCallAndSettlementMakesNoNoteTwice(t *testing.T) {
	t.Parallel()
	for mode, keys := range map[string]hubspottest.NoteKeys{"keyed": hubspottest.NoteKeysAllowed, "not keyed": hubspottest.NoteKeysForbidden} {
		for name, path := range map[string]string{"making": "/notes/batch/", "associating": "/associations/"} {
			if path == "/associations/" && keys != hubspottest.NoteKeysAllowed {
				continue // one call does both
			}
			t.Run(mode+", "+name, func(t *testing.T) {
				t.Parallel()
				armed, hung := &atomic.Bool{}, make(chan struct{}, 1)
				one := startNoting(t, 3, noting(), withSim(hubspottest.Options{NoteKeys: keys}), withTransport(carrier(func(r *http.Request) (*http.Response, error) {
					resp, err := http.DefaultTransport.RoundTrip(r)
					if err != nil || !strings.Contains(r.URL.Path, path) || !armed.CompareAndSwap(true, false) {
						return resp, err
					}
					_ = resp.Body.Close()
					hung <- struct{}{}
					<-r.Context().Done()
					return nil, r.Context().Err()
				})))
				one.happen(activity(1, memberID(0)))
				one.awaitSaid("activity", activityID(1), integration.SyncSynced, "")
				armed.Store(true)
				one.happen(activity(2, memberID(0)), activity(3, memberID(1)), activity(4, memberID(2)))
				<-hung
				_, err := one.db.NewRaw(`update hubspot_outbox_tenant set leased_until = now() - interval '1 second' where tenant = ?`, tenantA).Exec(context.Background())
				must(t, err)
				two := start(t, beside(one))
				two.eventually("all told", func() bool { return two.count("activity", integration.SyncSynced) == 4 })
				if got := two.notes(); len(got) != 4 {
					t.Errorf("%d notes, want 4", len(got))
				}
				for _, n := range two.notes() {
					if len(n.contacts) != 1 {
						t.Errorf("note on %v", n.contacts)
					}
				}
			})
		}
	}
}

// A ticket that changes hands while HubSpot commits and loses the replies is
// with its last member alone in the end.
func TestTicketThatMovesUnderLostReplies(t *testing.T) {
	t.Parallel()
	noteHubSpots(t, func(t *testing.T, opts ...option) {
		b := startNoting(t, 3, noting(), opts...)
		b.sim.Inject(hubspottest.Fault{PathContains: "/notes/batch/", LoseReply: true, Times: 1})
		b.sim.Inject(hubspottest.Fault{PathContains: "/associations/", Commit: true, Status: 504, Times: 1})
		one := ticket(1, memberID(0))
		b.saveTickets(one)
		b.eventually("the first note", func() bool { return len(b.notes()) > 0 })
		one.MemberID = memberID(1)
		b.saveTickets(one)
		b.sim.Inject(hubspottest.Fault{PathContains: "/associations/", LoseReply: true, Times: 2})
		b.awaitSaid("note", one.ID, integration.SyncSynced, "")
		one.MemberID = memberID(2)
		b.saveTickets(one)
		b.eventually("the last member", func() bool {
			all := b.notes()
			return len(all) == 1 && slices.Equal(all[0].contacts, []string{b.contactID(2)})
		})
		b.settled(tenantA)
	})
}

// A ticket that becomes nobody's before it is known whether its note was made
// leaves no note with its former member.
func TestTicketThatIsNobodysBeforeItsNoteIsKnown(t *testing.T) {
	t.Parallel()
	noteHubSpots(t, func(t *testing.T, opts ...option) {
		b := startNoting(t, 1, noting(), opts...)
		b.sim.Inject(hubspottest.Fault{PathContains: "/notes/batch/", LoseReply: true, Times: 1})
		one := ticket(1, memberID(0))
		b.saveTickets(one)
		b.eventually("the note", func() bool { return len(b.notes()) == 1 })
		one.MemberID = ""
		b.saveTickets(one)
		b.awaitSaid("note", one.ID, integration.SyncExcluded, "not-a-member")
		b.settled(tenantA)
		for _, n := range b.notes() {
			if len(n.contacts) != 0 {
				t.Errorf("the note of nobody is on %v", n.contacts)
			}
		}
	})
}

// What HubSpot may still be at work on is not looked for too early.
func TestNoteIsLookedForAfterARest(t *testing.T) {
	t.Parallel()
	const rest = 6 * time.Second
	b := startNoting(t, 1, noting(), withSim(hubspottest.Options{NoteKeys: hubspottest.NoteKeysRefused}),
		withConfig(func(c *crmsync.Config) { c.NoteRest = rest }))
	b.sim.Inject(hubspottest.Fault{PathContains: "/notes/batch/create", LoseReply: true, Times: 1})
	b.happen(activity(1, memberID(0)))
	b.awaitSaid("activity", activityID(1), integration.SyncPending, "note-unconfirmed")
	b.awaitSaid("activity", activityID(1), integration.SyncSynced, "")
	if len(b.notes()) != 1 {
		t.Errorf("%d notes", len(b.notes()))
	}
	var lost, sought time.Time
	for _, r := range b.sim.Requests() {
		switch {
		case strings.HasSuffix(r.Path, "/notes/batch/create"):
			lost = r.Time
		case strings.Contains(r.Path, "/contacts/notes/batch/read"):
			sought = r.Time
		}
	}
	if took := sought.Sub(lost); took < rest {
		t.Errorf("looked for after %s, want at least %s", took, rest)
	}
}

// Somebody removes the property by which notes are found. It comes back, or
// notes go on without it; none is made twice.
func TestNoteKeyThatIsRemoved(t *testing.T) {
	t.Parallel()
	b := startNoting(t, 1, noting())
	b.happen(activity(1, memberID(0)))
	b.awaitSaid("activity", activityID(1), integration.SyncSynced, "")
	b.sim.Portal(portalA).ArchiveProperty("notes", "memberpulse_note_id")
	b.happen(activity(2, memberID(0)), activity(3, memberID(0)))
	b.eventually("all told", func() bool { return b.count("activity", integration.SyncSynced) == 3 })
	b.happen(activity(1, memberID(0)))
	b.settled(tenantA)
	if len(b.notes()) != 3 {
		t.Errorf("%d notes", len(b.notes()))
	}
	if st := b.status(tenantA); st.Health != integration.HealthOK {
		t.Errorf("status = %+v", st)
	}
}

func TestNewNotePropertyThatIsNotThereAtOnce(t *testing.T) {
	t.Parallel()
	b := startNoting(t, 0, map[string]string{}, withSim(hubspottest.Options{PropertyLag: 700 * time.Millisecond}))
	client, err := hubspot.NewClient(hubspot.Config{BaseURL: b.sim.URL, Token: func() string { return tokenA }})
	must(t, err)
	b.eventually("the contact properties", func() bool {
		all, err := client.Properties(context.Background(), hubspot.Contacts)
		return err == nil && slices.ContainsFunc(all, func(p hubspot.Property) bool { return p.Name == "memberpulse_membership_renewed_at" })
	})
	b.save(tenantA, member(0))
	b.settled(tenantA)
	b.connectWith(noting())
	b.happen(activity(1, memberID(0)))
	b.awaitSaid("activity", activityID(1), integration.SyncSynced, "")
	b.settled(tenantA)
	if len(b.notes()) != 1 {
		t.Errorf("%d notes", len(b.notes()))
	}
}
