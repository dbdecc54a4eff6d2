package crmsync_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/memberpulse/hubspotplugin/hubspot/hubspottest"
	"github.com/memberpulse/hubspotplugin/integration"
)

func TestAttendanceFollowsTheRegistration(t *testing.T) {
	t.Parallel()
	eventHubSpots(t, func(t *testing.T, opts ...option) {
		one := event(1)
		b := startEvents(t, []integration.Event{one}, []integration.Member{member(0), member(1)}, opts...)
		r := registration(one)
		r.Status = integration.RegistrationPending
		b.save(tenantA, registered(0, r), registered(1))
		b.settled(tenantA)
		if n := b.calls("/attendance/"); n != 0 {
			t.Errorf("%d calls for a registration that is pending", n)
		}
		r.Status = integration.RegistrationConfirmed
		b.save(tenantA, registered(0, r))
		b.awaitStanding(one.ID, 0, "REGISTERED")
		r.Status, r.Attendance, r.AttendanceAt = integration.RegistrationCheckedIn, integration.AttendanceAttended, one.Start
		b.save(tenantA, registered(0, r))
		b.awaitStanding(one.ID, 0, "ATTENDED")
		show, _ := b.show(one.ID)
		if at := show.Participants[0].At; !at.Equal(one.Start) {
			t.Errorf("attended at %s, the host says %s", at, one.Start)
		}
		r.Status, r.Attendance, r.AttendanceAt = integration.RegistrationConfirmed, integration.AttendanceOpen, time.Time{} // undone, without a time
		b.save(tenantA, registered(0, r))
		b.awaitStanding(one.ID, 0, "REGISTERED")
		r.Attendance, r.AttendanceAt = integration.AttendanceAttended, one.Start // with the same time as before
		b.save(tenantA, registered(0, r))
		b.awaitStanding(one.ID, 0, "ATTENDED")
		r.Attendance = integration.AttendanceNoShow
		b.save(tenantA, registered(0, r))
		b.awaitStanding(one.ID, 0, "REGISTERED")
		said := b.awaitSaid("attendance", memberID(0), integration.SyncSynced, "no-show-kept")
		if !strings.Contains(said.Error, "no-show") || said.CRMEntityID != b.contactID(0) || !strings.Contains(said.CRMEntityURL, "/0-1/") {
			t.Errorf("record = %+v", said)
		}
		r.Attendance, r.Status, r.CancelledAt = integration.AttendanceOpen, integration.RegistrationCancelled, noteDay.Add(time.Hour)
		b.save(tenantA, registered(0, r))
		b.awaitStanding(one.ID, 0, "CANCELLED")
		b.awaitSaid("attendance", memberID(0), integration.SyncSynced, "")
		b.settled(tenantA)
		b.sim.ResetRequests()
		b.save(tenantA, registered(0, r), registered(1))
		b.settled(tenantA)
		if n := b.calls("/marketing"); n != 0 {
			t.Errorf("%d calls though nothing has changed", n)
		}
		if got := b.said("attendance", memberID(1)); got.ID != "" {
			t.Errorf("somebody without registrations is in the log: %+v", got)
		}
	})
}

// HubSpot knows a contact once at an event, the host any number of tickets.
func TestTwoRegistrationsForOneEvent(t *testing.T) {
	t.Parallel()
	one := event(1)
	b := startEvents(t, []integration.Event{one}, []integration.Member{member(0)})
	first, second := registration(one), registration(one)
	second.ID = activityID(77)
	second.Status, second.CancelledAt = integration.RegistrationCancelled, noteDay.Add(time.Hour)
	b.save(tenantA, registered(0, first, second))
	b.awaitStanding(one.ID, 0, "REGISTERED")
	first.Attendance, first.AttendanceAt = integration.AttendanceAttended, one.Start
	b.save(tenantA, registered(0, second, first))
	b.awaitStanding(one.ID, 0, "ATTENDED")
	b.save(tenantA, registered(0)) // purged; that the member was there is not unsaid
	b.settled(tenantA)
	if got := b.standing(one.ID, 0); got != "ATTENDED" {
		t.Errorf("standing = %s", got)
	}
	// A registration that is moved to somebody else is withdrawn.
	b.save(tenantA, registered(1, registration(one)))
	b.awaitStanding(one.ID, 1, "REGISTERED")
	b.save(tenantA, registered(1))
	b.awaitStanding(one.ID, 1, "CANCELLED")
	b.save(tenantA, registered(1, registration(one)))
	b.awaitStanding(one.ID, 1, "REGISTERED")
	b.settled(tenantA)
}

// A registration can be recorded before its event, and nobody may have recorded
// the event at all.
func TestAttendanceWaitsForItsEvent(t *testing.T) {
	t.Parallel()
	eventHubSpots(t, func(t *testing.T, opts ...option) {
		one, two := event(1), event(2)
		b := startEvents(t, nil, nil, opts...)
		b.host.PutEntity(tenantA, one)
		b.host.PutEntity(tenantA, two)
		b.save(tenantA, registered(0, registration(one), registration(two)))
		b.awaitStanding(one.ID, 0, "REGISTERED")
		b.awaitStanding(two.ID, 0, "REGISTERED")
		b.awaitSaid("attendance", memberID(0), integration.SyncSynced, "")
		b.settled(tenantA)
	})
}

func TestAttendanceOfThoseWhoAreNotIncluded(t *testing.T) {
	t.Parallel()
	one := event(1)
	pending, fine := registered(0, registration(one)), registered(1, registration(one))
	pending.Status = integration.MemberPending
	b := startEvents(t, []integration.Event{one}, []integration.Member{pending, fine})
	b.awaitSaid("attendance", memberID(0), integration.SyncExcluded, "member-pending")
	b.awaitStanding(one.ID, 1, "REGISTERED")
	if f := b.feature("Event attendance"); f.Done != 1 || f.NotIncluded != 1 || len(f.Reasons) != 1 || f.Reasons[0].Code != "member-pending" {
		t.Errorf("feature = %+v", f)
	}
	pending.Status = integration.MemberActive
	b.save(tenantA, pending)
	b.awaitStanding(one.ID, 0, "REGISTERED")
	b.awaitSaid("attendance", memberID(0), integration.SyncSynced, "")
	b.sim.Portal(portalA).ArchiveContact(b.contactID(1))
	r := registration(one)
	r.Attendance, r.AttendanceAt = integration.AttendanceAttended, one.Start
	fine.Registrations = []integration.Registration{r}
	b.save(tenantA, fine)
	b.awaitSaid("attendance", memberID(1), integration.SyncExcluded, "deleted-in-hubspot")
	b.host.Delete(tenantA, memberID(0))
	b.record(integration.MemberChanged(tenantA, memberID(0)))
	b.awaitSaid("attendance", memberID(0), integration.SyncSynced, "member-deleted")
	b.settled(tenantA)
	if b.standing(one.ID, 0) != "REGISTERED" {
		t.Error("what a contact did went with its member")
	}
}

func TestAttendanceMovesWithMergedContacts(t *testing.T) {
	t.Parallel()
	eventHubSpots(t, func(t *testing.T, opts ...option) {
		one := event(1)
		b := startEvents(t, []integration.Event{one}, []integration.Member{member(0)}, opts...)
		p := b.sim.Portal(portalA)
		other := p.PutContact(map[string]string{"email": "stranger@example.org"})
		p.MergeContacts(b.contactID(0), other.ID)
		b.save(tenantA, registered(0, registration(one)))
		b.awaitStanding(one.ID, 0, "REGISTERED")
		b.settled(tenantA)
	})
}

// Somebody deletes the event in HubSpot: it is made again with the next
// registration, and with it everybody who is registered.
func TestEventDeletedInHubSpotComesBack(t *testing.T) {
	t.Parallel()
	eventHubSpots(t, func(t *testing.T, opts ...option) {
		one := event(1)
		b := startEvents(t, []integration.Event{one}, []integration.Member{registered(0, registration(one)), member(1)}, opts...)
		b.awaitStanding(one.ID, 0, "REGISTERED")
		b.settled(tenantA)
		before, _ := b.show(one.ID)
		b.sim.Portal(portalA).DeleteMarketingEvent(before.ID)
		b.save(tenantA, registered(1, registration(one)))
		b.awaitStanding(one.ID, 1, "REGISTERED")
		b.awaitStanding(one.ID, 0, "REGISTERED")
		b.settled(tenantA)
		if after, _ := b.show(one.ID); after.ID == before.ID || after.Name != one.Name {
			t.Errorf("marketing event = %+v", after)
		}
	})
}

// A full sync tells all of it again, and nothing else.
func TestFullSyncTellsAttendanceAgain(t *testing.T) {
	t.Parallel()
	one, two := event(1), event(2)
	b := startEvents(t, []integration.Event{one, two}, []integration.Member{registered(0, registration(one), registration(two)), member(1)})
	b.awaitStanding(two.ID, 0, "REGISTERED")
	b.settled(tenantA)
	b.sim.ResetRequests()
	_, err := b.syncer.Sync(t.Context(), tenantA)
	must(t, err)
	b.settled(tenantA)
	if events, told := b.calls("/events/upsert"), b.calls("/attendance/"); events == 0 || told != 2 {
		t.Errorf("%d calls of events, %d of attendance", events, told)
	}
}

// One contact that HubSpot does not have does not keep the others.
func TestAttendanceOfAContactThatIsGone(t *testing.T) {
	t.Parallel()
	eventHubSpots(t, func(t *testing.T, opts ...option) {
		one := event(1)
		var before, after []integration.Member
		for n := range 12 {
			before, after = append(before, member(n)), append(after, registered(n, registration(one)))
		}
		b := startEvents(t, []integration.Event{one}, before, opts...)
		// The contact goes between the member's own call and that of the attendance.
		b.sim.Portal(portalA).ArchiveContact(b.contactID(5))
		b.save(tenantA, after...)
		for n := range 12 {
			if n != 5 {
				b.awaitStanding(one.ID, n, "REGISTERED")
			}
		}
		b.awaitSaid("attendance", memberID(5), integration.SyncExcluded, "deleted-in-hubspot")
		b.settled(tenantA)
	})
}

// What HubSpot was told last may not have reached it: that the registration is
// gone from the host by then must not leave the state before it standing.
func TestLastWordOfARegistrationThatIsPurged(t *testing.T) {
	t.Parallel()
	one := event(1)
	attended, cancelled := registration(one), registration(one)
	attended.Attendance, attended.AttendanceAt = integration.AttendanceAttended, one.Start
	cancelled.Status, cancelled.CancelledAt = integration.RegistrationCancelled, noteDay.Add(time.Hour)
	for want, last := range map[string]integration.Registration{"ATTENDED": attended, "CANCELLED": cancelled} {
		t.Run(want, func(t *testing.T) {
			t.Parallel()
			b := startEvents(t, []integration.Event{one}, nil)
			b.save(tenantA, registered(0, registration(one)))
			b.awaitStanding(one.ID, 0, "REGISTERED")
			b.settled(tenantA)
			b.sim.Inject(hubspottest.Fault{PathContains: "/attendance/", DropBefore: true, Times: 1000})
			b.save(tenantA, registered(0, last))
			b.eventually("sending is stopped", func() bool { return b.status(tenantA).ResumesAt != nil })
			b.save(tenantA, registered(0))
			b.sim.ClearFaults()
			b.goOn()
			b.settled(tenantA)
			if got := b.standing(one.ID, 0); got != want {
				t.Errorf("standing = %s", got)
			}
		})
	}
}

// The registration is gone before its event is in HubSpot: nothing waits for it.
func TestAttendanceThatCameToNothingWaitsNoLonger(t *testing.T) {
	t.Parallel()
	b := startEvents(t, nil, []integration.Member{member(0)})
	one := event(1)
	b.sim.Inject(hubspottest.Fault{PathContains: "/events/upsert", Status: http.StatusLocked, Times: 1000})
	b.saveEvents(one)
	b.save(tenantA, registered(0, registration(one)))
	b.awaitSaid("attendance", memberID(0), integration.SyncPending, "awaits-event")
	b.save(tenantA, registered(0))
	b.sim.ClearFaults()
	b.goOn()
	b.eventually("the event", func() bool { _, ok := b.show(one.ID); return ok })
	b.settled(tenantA)
	if got := b.said("attendance", memberID(0)); got.Status != integration.SyncExcluded || got.Code != "nothing-to-tell" || got.Error == "" {
		t.Errorf("record = %+v", got)
	}
}
