package crmsync_test

import (
	"context"
	"database/sql"
	"sync/atomic"
	"testing"

	"github.com/memberpulse/hubspotplugin/hubspot"
	"github.com/memberpulse/hubspotplugin/integration"
)

// Changes never end in a busy association: what the admin confirms is final
// once the full sync is done.
func TestTheGateDoesNotWaitForLiveChanges(t *testing.T) {
	t.Parallel()
	b := start(t)
	b.save(tenantA, tagged(1))
	b.connectWith(map[string]string{"syncTags": "true"})
	b.settled(tenantA)
	must(t, b.inTx(func(ctx context.Context, tx *sql.Tx) error { return b.syncer.SetPaused(ctx, tx, tenantA, true) }))
	b.save(tenantA, tagged(2))
	if st := b.status(tenantA); st.Pending != 1 || !b.board().Gate.Ready {
		t.Fatalf("%d changes wait, ready: %t", st.Pending, b.board().Gate.Ready)
	}
	b.confirmTags(false)
	must(t, b.inTx(func(ctx context.Context, tx *sql.Tx) error { return b.syncer.SetPaused(ctx, tx, tenantA, false) }))
	b.settled(tenantA)
	if b.tagsOf(memberID(1)) != "membership-active" || b.tagsOf(memberID(2)) != "membership-active" {
		t.Errorf("tags %q %q", b.tagsOf(memberID(1)), b.tagsOf(memberID(2)))
	}
}

// What the admin has confirmed waits for nobody's word any more, and the page
// says for what it does.
func TestConfirmedTagsAreOnTheirWay(t *testing.T) {
	t.Parallel()
	var on atomic.Bool
	b := start(t, withTransport(refusing(&on, "/contacts/batch/update", "membership-expired")))
	late := tagged(2)
	late.Memberships[0].Status = integration.MembershipExpired
	b.save(tenantA, tagged(1), late)
	b.connectWith(map[string]string{"syncTags": "true"})
	b.settled(tenantA)
	says := func(want string) {
		t.Helper()
		b.eventually("the page says: "+want, func() bool { return b.feature("Tags").Sentence == want })
	}
	says("2 tags wait for your confirmation on the page Tags.")
	on.Store(true)
	must(t, b.inTx(func(ctx context.Context, tx *sql.Tx) error { return b.syncer.SetPaused(ctx, tx, tenantA, true) }))
	b.confirmTags(false)
	says("2 of 2 are on their way.")
	must(t, b.inTx(func(ctx context.Context, tx *sql.Tx) error { return b.syncer.SetPaused(ctx, tx, tenantA, false) }))
	says("1 tag waits until its member's contact can be written.")
	on.Store(false)
	must(t, b.syncer.Retry(t.Context(), tenantA, b.logOf(tenantA, memberID(2)).ID))
	b.settled(tenantA)
	says("Everything is in HubSpot.")
}

// Who has nothing to confirm is not asked, also if the tags were off meanwhile.
func TestTheGateAsksNothingWithoutTags(t *testing.T) {
	t.Parallel()
	b := confirmed(t, 1, nil)
	b.connectWith(map[string]string{"syncTags": "true", "syncContacts": "false"})
	b.connectWith(map[string]string{"syncTags": "true"})
	b.settled(tenantA)
	b.eventually("everybody was looked at", func() bool { return b.board().Gate.Ready })
	if g := b.board().Gate; !g.Open || len(g.Gains) != 0 {
		t.Errorf("gate %+v", g)
	}
	// What is found later waits nevertheless: the gate itself was not opened.
	b.save(tenantA, tagged(2))
	b.settled(tenantA)
	if g := b.board().Gate; g.Open || g.Gains["membership-active"] != 1 || b.tagsOf(memberID(2)) != "" {
		t.Errorf("gate %+v, tags %q", g, b.tagsOf(memberID(2)))
	}
}

// Whatever lets many members in at once lets their tags wait for the admin; what
// HubSpot has already stays.
func TestManyAtOnceWaitForTheAdmin(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ before, after map[string]string }{
		"contacts off and on": {map[string]string{"syncTags": "true", "syncContacts": "false"}, map[string]string{"syncTags": "true", "syncContacts": "true"}},
		"another status":      {nil, map[string]string{"syncTags": "true", "includeStatuses": "active,inactive,pending"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := confirmed(t, 1, nil)
			if c.before != nil {
				b.connectWith(c.before)
			}
			late := tagged(2)
			if c.before == nil {
				late.Status = integration.MemberPending
			}
			b.save(tenantA, late)
			b.connectWith(c.after)
			b.settled(tenantA)
			if one, two := b.tagsOf(memberID(1)), b.tagsOf(memberID(2)); one != "membership-active" || two != "" {
				t.Errorf("before the confirmation: %q %q", one, two)
			}
			if g := b.board().Gate; g.Open || g.Gains["membership-active"] != 1 {
				t.Errorf("gate %+v", g)
			}
			b.confirmTags(false)
			b.settled(tenantA)
			if got := b.tagsOf(memberID(2)); got != "membership-active" {
				t.Errorf("after the confirmation: %q", got)
			}
		})
	}
}

// A family goes to another property: that is empty, so its tags are sent there on
// the admin's word. Until then everything stays where it is.
func TestAFamilyThatMovesWaitsForTheAdmin(t *testing.T) {
	t.Parallel()
	b := confirmed(t, 2, map[string]string{"listMembershipActive": "active"})
	full := func(n int) func() bool {
		return func() bool { return len(b.inList(activeName)) == n }
	}
	b.eventually("the list is full", full(2))
	b.define(hubspot.Contacts, segmentsProperty("vip"))
	moved := withTagLists(map[string]string{"listMembershipActive": "active", "tagPropertyMembership": "segments"})
	b.connectWith(moved)
	b.settled(tenantA)
	if g := b.board().Gate; g.Open || g.Reason != "refill" || g.Gains["membership-active"] != 2 {
		t.Errorf("gate %+v", g)
	}
	segments := func(n int) string { return first(b.contact(portalA, memberID(n))).Properties["segments"] }
	if segments(1) != "" || b.tagsOf(memberID(1)) != "membership-active" || !full(2)() {
		t.Errorf("before the confirmation: %q, %q, in the list %v", segments(1), b.tagsOf(memberID(1)), b.inList(activeName))
	}
	changes := len(b.tagLog())
	b.confirmTags(false)
	b.settled(tenantA)
	for n := 1; n <= 2; n++ {
		if segments(n) != "membership-active" || b.tagsOf(memberID(n)) != "" {
			t.Errorf("member %d: %q, %q", n, segments(n), b.tagsOf(memberID(n)))
		}
	}
	b.eventually("the list follows", full(2))
	if b.troubles() != nil || len(b.tagLog()) != changes {
		t.Errorf("troubles %v, %d changes more", b.troubles(), len(b.tagLog())-changes)
	}
	b.save(tenantA, expired(1))
	b.eventually("the list follows the new property", full(1))
}
