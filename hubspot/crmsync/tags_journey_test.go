package crmsync_test

import (
	"context"
	"database/sql"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/memberpulse/hubspotplugin/hubspot"
	"github.com/memberpulse/hubspotplugin/integration"
)

// tagged is a member whose membership is active since long ago.
func tagged(n int) integration.Member {
	m := member(n)
	m.Memberships[0].StatusSince = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	return m
}

// tagsOf returns a contact's tags by our property.
func (b *bundle) tagsOf(memberID string) string {
	b.t.Helper()
	c, ok := b.contact(portalA, memberID)
	if !ok {
		b.t.Fatalf("member %s has no contact", memberID)
	}
	return c.Properties["memberpulse_tags"]
}

func (b *bundle) board() integration.TagBoard {
	b.t.Helper()
	board, err := b.syncer.TagBoard(context.Background(), tenantA)
	must(b.t, err)
	return board
}

func (b *bundle) confirmTags(history bool) {
	b.t.Helper()
	b.eventually("the counts are final", func() bool { return b.board().Gate.Ready })
	must(b.t, b.inTx(func(ctx context.Context, tx *sql.Tx) error { return b.syncer.ConfirmTags(ctx, tx, tenantA, history) }))
}

func (b *bundle) tagLog() []integration.SyncRecord {
	b.t.Helper()
	page, err := b.syncer.SyncLog(context.Background(), tenantA, integration.SyncQuery{EntityType: "tag", ItemsPerPage: 100})
	must(b.t, err)
	return page.Records
}

func TestTagsWaitForTheAdmin(t *testing.T) {
	t.Parallel()
	for _, version := range []hubspot.Version{hubspot.Version202603, hubspot.Version202609} {
		t.Run(string(version), func(t *testing.T) {
			t.Parallel()
			b := start(t, withVersion(version))
			past := tagged(3)
			past.Registrations = []integration.Registration{{ID: memberID(900), EventID: memberID(901), EventName: "Old dinner", Status: integration.RegistrationCheckedIn,
				RegisteredAt: time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC), EventStart: time.Date(2025, 2, 1, 18, 0, 0, 0, time.UTC),
				Attendance: integration.AttendanceAttended, AttendanceAt: time.Date(2025, 2, 1, 19, 0, 0, 0, time.UTC)}}
			b.save(tenantA, tagged(1), tagged(2), past)
			b.connectWith(map[string]string{"syncTags": "true"})
			b.settled(tenantA)
			if got := b.tagsOf(memberID(1)); got != "" {
				t.Fatalf("tags before the confirmation: %q", got)
			}
			board := b.board()
			if board.Gate.Open || board.Gate.Gains["membership-active"] != 3 || board.Gate.History["event-attended"] != 1 || board.Gate.Members != 3 {
				t.Errorf("board before the confirmation: %+v", board.Gate)
			}

			// A transition goes out meanwhile, with its facts in the same write.
			m := tagged(2)
			m.Memberships[0].Status, m.Memberships[0].StatusSince = integration.MembershipExpiring, time.Now()
			b.save(tenantA, m)
			b.eventually("the transition", func() bool { return b.tagsOf(memberID(2)) == "membership-expiring" })
			c, _ := b.contact(portalA, memberID(2))
			if c.Properties["memberpulse_membership_expiring_since"] == "" || c.Properties["memberpulse_membership_expiring_last_at"] == "" ||
				c.Properties["memberpulse_membership_status"] != "expiring" {
				t.Errorf("facts: %v", c.Properties)
			}
			b.settled(tenantA)
			if b.tagsOf(memberID(1)) != "" || b.tagsOf(memberID(3)) != "" {
				t.Error("somebody else was tagged")
			}

			b.confirmTags(false)
			b.settled(tenantA)
			for n, want := range map[int]string{1: "membership-active", 2: "membership-expiring", 3: "membership-active"} {
				if got := b.tagsOf(memberID(n)); got != want {
					t.Errorf("member %d has %q, want %q", n, got, want)
				}
			}
			b.confirmTags(true)
			b.settled(tenantA)
			if got := b.tagsOf(memberID(3)); got != "membership-active;event-attended" {
				t.Errorf("with history: %q", got)
			}
			c, _ = b.contact(portalA, memberID(3))
			if c.Properties["memberpulse_event_attended_name"] != "Old dinner" || !strings.HasPrefix(c.Properties["memberpulse_event_attended_date"], "2025-02-01T18:00") {
				t.Errorf("facts of the event: %v", c.Properties)
			}
			records := b.tagLog()
			if len(records) != 4 {
				t.Fatalf("%d tag records: %+v", len(records), records)
			}
			for _, r := range records {
				if r.Tag == "" || r.Applied == nil || !*r.Applied || r.Cause == "" || r.OccurredAt == nil || r.Status != integration.SyncSynced || r.CRMEntityID == "" {
					t.Errorf("tag record: %+v", r)
				}
			}
		})
	}
}

func TestAFlapEmitsNothing(t *testing.T) {
	t.Parallel()
	b := start(t)
	b.save(tenantA, tagged(1))
	b.connectWith(map[string]string{"syncTags": "true"})
	b.settled(tenantA)
	b.confirmTags(false)
	b.settled(tenantA)
	writes := b.calls("/batch/update")
	// Off and on again before anything is sent: one row each, one delivery.
	b.host.OnLoad(nil)
	off := tagged(1)
	off.Memberships[0].Status, off.Memberships[0].StatusSince = integration.MembershipExpired, time.Now()
	b.host.Put(tenantA, off)
	b.save(tenantA, tagged(1))
	b.settled(tenantA)
	if n := b.calls("/batch/update"); n != writes {
		t.Errorf("%d writes for a flap", n-writes)
	}
	if n := len(b.tagLog()); n != 1 {
		t.Errorf("%d tag records", n)
	}
}

func TestTagsByHandWinWhileTheyAreNewest(t *testing.T) {
	t.Parallel()
	b := start(t)
	b.save(tenantA, tagged(1))
	b.connectWith(map[string]string{"syncTags": "true"})
	b.settled(tenantA)
	set := func(tag string, applied bool) error {
		return b.inTx(func(ctx context.Context, tx *sql.Tx) error {
			return b.syncer.SetTag(ctx, tx, tenantA, integration.TagChange{MemberID: memberID(1), Tag: tag, Applied: applied, Cause: "asked by phone", By: "user-1", OccurredAt: time.Now()})
		})
	}
	must(t, set("course-completed", true))
	b.eventually("the tag", func() bool { return b.tagsOf(memberID(1)) == "course-completed" })
	tags, err := b.syncer.MemberTags(context.Background(), tenantA, memberID(1))
	must(t, err)
	i := slices.IndexFunc(tags, func(m integration.MemberTag) bool { return m.Tag == "course-completed" })
	if i < 0 || !tags[i].ByHand {
		t.Errorf("tags of the member: %+v", tags)
	}
	must(t, set("course-completed", false))
	b.eventually("its end", func() bool { return b.tagsOf(memberID(1)) == "" })
	if err := set("vip", true); err == nil {
		t.Error("a free tag was taken")
	}
	b.settled(tenantA)
	if records := b.tagLog(); len(records) != 2 || records[0].Cause != "by-hand" {
		t.Errorf("records: %+v", records)
	}
}

func TestALeftMemberLosesItsTags(t *testing.T) {
	t.Parallel()
	b := start(t)
	b.save(tenantA, tagged(1), tagged(2))
	b.connectWith(map[string]string{"syncTags": "true"})
	b.settled(tenantA)
	b.confirmTags(false)
	b.settled(tenantA)
	b.host.Delete(tenantA, memberID(1))
	b.record(integration.MemberChanged(tenantA, memberID(1)))
	b.settled(tenantA)
	c, _ := b.contact(portalA, memberID(1))
	if c.Properties["memberpulse_tags"] != "" || c.Properties["memberpulse_membership_active_since"] != "" || c.Properties["memberpulse_member_status"] != "deleted" {
		t.Errorf("contact of a member who left: %v", c.Properties)
	}
	if c.Properties["memberpulse_membership_active_last_at"] == "" {
		t.Error("the last occurrence was cleared")
	}
}

// Who leaves and comes back has the tag by the same occurrence as before, and
// three things have changed. What HubSpot loses and gets back is no change.
func TestEveryChangeOfATagLeavesItsRecord(t *testing.T) {
	t.Parallel()
	b := confirmed(t, 2, nil)
	applied := func() string {
		var out []string
		for _, r := range b.tagLog() {
			if r.Tag == "membership-active" {
				out = append(out, strconv.FormatBool(*r.Applied))
			}
		}
		slices.Sort(out)
		return strings.Join(out, " ")
	}
	b.host.Delete(tenantA, memberID(1))
	b.record(integration.MemberChanged(tenantA, memberID(1)))
	b.settled(tenantA)
	b.save(tenantA, tagged(1))
	b.settled(tenantA)
	if got := applied(); got != "false true true true" {
		t.Errorf("after one of two has left and come back: %s", got)
	}
	b.sim.Portal(portalA).ArchiveProperty("contacts", "memberpulse_tags")
	m := tagged(1)
	m.City = "Perth"
	b.save(tenantA, m)
	b.settled(tenantA)
	ended := tagged(2) // while the tags wait for the admin
	ended.Memberships[0].Status, ended.Memberships[0].StatusSince = integration.MembershipCancelled, time.Now()
	b.save(tenantA, ended)
	b.settled(tenantA)
	b.confirmTags(false)
	b.settled(tenantA)
	if b.tagsOf(memberID(1)) != "membership-active" || b.tagsOf(memberID(2)) != "" {
		t.Fatalf("tags after the refill: %q %q", b.tagsOf(memberID(1)), b.tagsOf(memberID(2)))
	}
	if got := applied(); got != "false false true true true" {
		t.Errorf("after a refill, in which one tag ended: %s", got)
	}
}

func TestTagsInAPropertyOfTheCustomers(t *testing.T) {
	t.Parallel()
	b := start(t)
	segments := hubspot.Property{Name: "segments", Label: "Segments", GroupName: "contactinformation", Type: "enumeration", FieldType: "checkbox"}
	for i, v := range []string{"vip", "press", "board"} {
		segments.Options = append(segments.Options, hubspot.Option{Value: v, Label: v, DisplayOrder: i})
	}
	b.define(hubspot.Contacts, segments)
	b.save(tenantA, tagged(1))
	b.connectWith(map[string]string{"syncTags": "true", "tagPropertyMembership": "segments"})
	b.settled(tenantA)
	c, _ := b.contact(portalA, memberID(1))
	b.sim.Portal(portalA).EditContact(c.ID, map[string]string{"segments": "vip;press"})
	b.confirmTags(false)
	b.settled(tenantA)
	values := func() string {
		c, _ := b.contact(portalA, memberID(1))
		v := strings.Split(c.Properties["segments"], ";")
		slices.Sort(v)
		return strings.Join(v, ";")
	}
	if got := values(); got != "membership-active;press;vip" {
		t.Fatalf("after the confirmation: %q", got)
	}
	expired := tagged(1)
	expired.Memberships[0].Status, expired.Memberships[0].StatusSince = integration.MembershipExpired, time.Now()
	b.save(tenantA, expired)
	b.settled(tenantA)
	if got := values(); got != "membership-expired;press;vip" {
		t.Errorf("after the membership expired: %q", got)
	}
	none := tagged(1)
	none.Memberships[0].Status, none.Memberships[0].StatusSince = integration.MembershipCancelled, time.Now()
	b.save(tenantA, none)
	b.settled(tenantA)
	if got := values(); got != "press;vip" {
		t.Errorf("after the membership was cancelled: %q", got)
	}
}

func TestARefusedAddressKeepsTheOldOne(t *testing.T) {
	t.Parallel()
	for _, version := range []hubspot.Version{hubspot.Version202603, hubspot.Version202609} {
		t.Run(string(version), func(t *testing.T) {
			t.Parallel()
			b := start(t, withVersion(version))
			for n := range 10 {
				b.save(tenantA, member(n))
			}
			b.connect(tenantA, portalA, tokenA)
			b.settled(tenantA)
			m := member(3)
			m.Email, m.City = "not an address", "Perth"
			b.save(tenantA, m)
			unlinked := member(50)
			unlinked.Email = "nor this"
			b.save(tenantA, unlinked)
			b.settled(tenantA)
			c, _ := b.contact(portalA, memberID(3))
			if c.Properties["email"] != "member3@example.org" || c.Properties["city"] != "Perth" {
				t.Errorf("contact: %v", c.Properties)
			}
			if _, ok := b.contact(portalA, memberID(50)); ok {
				t.Error("a member with an invalid address has a contact")
			}
			st := b.status(tenantA)
			if st.Members.NeedsAttention != 2 || len(st.Incidents) != 1 || st.Incidents[0].Code != "INVALID_EMAIL" || st.Incidents[0].Count != 2 {
				t.Errorf("status: %+v", st)
			}
			m.Email = "member3@example.net"
			b.save(tenantA, m)
			b.settled(tenantA)
			if r := b.logOf(tenantA, memberID(3)); r.Status != integration.SyncSynced {
				t.Errorf("record after the correction: %+v", r)
			}
		})
	}
}

// Somebody who is coming is no history because of a newer registration for an
// event that is over.
func TestAComingEventIsNoHistory(t *testing.T) {
	t.Parallel()
	b := start(t)
	m := tagged(1)
	over, coming := event(1), event(2)
	over.Start, over.End = time.Now().Add(-48*time.Hour), time.Now().Add(-46*time.Hour)
	first, second := registration(coming), registration(over)
	second.ID, second.RegisteredAt = activityID(2), first.RegisteredAt.Add(time.Hour)
	m.Registrations = []integration.Registration{first, second}
	b.save(tenantA, m)
	b.connectWith(map[string]string{"syncTags": "true"})
	b.settled(tenantA)
	if g := b.board().Gate; g.Gains["event-registered"] != 1 || g.History["event-registered"] != 0 {
		t.Errorf("gate %+v", g)
	}
	b.confirmTags(false)
	b.settled(tenantA)
	if got := b.tagsOf(memberID(1)); got != "membership-active;event-registered" {
		t.Errorf("has %q", got)
	}
}
