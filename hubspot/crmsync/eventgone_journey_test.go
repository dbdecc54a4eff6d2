package crmsync_test

import (
	"testing"

	"github.com/memberpulse/hubspotplugin/hubspot/hubspottest"
	"github.com/memberpulse/hubspotplugin/integration"
)

// dropShow deletes an event in HubSpot, as a person does, and returns it as it was.
func (b *bundle) dropShow(id string) hubspottest.MarketingEvent {
	b.t.Helper()
	show, ok := b.show(id)
	if !ok {
		b.t.Fatalf("no marketing event %s", id)
	}
	b.sim.Portal(portalA).DeleteMarketingEvent(show.ID)
	return show
}

// Somebody deletes the event in HubSpot: a change of the event makes it anew,
// and with it everybody who takes part.
func TestEventDeletedInHubSpotComesBackWithItsChange(t *testing.T) {
	t.Parallel()
	eventHubSpots(t, func(t *testing.T, opts ...option) {
		one, two := event(1), event(2)
		two.Name = one.Name // HubSpot's reply cannot tell them apart
		attended := registration(two)
		attended.Attendance, attended.AttendanceAt = integration.AttendanceAttended, two.Start
		b := startEvents(t, []integration.Event{one, two}, []integration.Member{registered(0, registration(one), registration(two)), registered(1, attended)}, opts...)
		b.awaitStanding(two.ID, 1, "ATTENDED")
		b.settled(tenantA)
		before, other := b.dropShow(one.ID), b.dropShow(two.ID)
		b.sim.ResetRequests()
		one.Description, two.Description = "Bring two friends", "Bring nobody"
		b.saveEvents(one, two)
		b.awaitStanding(one.ID, 0, "REGISTERED")
		b.awaitStanding(two.ID, 0, "REGISTERED")
		b.awaitStanding(two.ID, 1, "ATTENDED")
		b.settled(tenantA)
		if n := b.calls("/events/upsert"); n > 2 {
			t.Errorf("%d calls for two events", n)
		}
		for _, old := range []hubspottest.MarketingEvent{before, other} {
			if after, _ := b.show(old.ExternalEventID); after.ID == old.ID || after.Name != one.Name {
				t.Errorf("marketing event = %+v", after)
			}
		}
		b.sim.ResetRequests()
		one.Description = "Bring three"
		b.saveEvents(one)
		b.settled(tenantA)
		if n := b.calls("/attendance/"); n != 0 {
			t.Errorf("%d calls of attendance for an event that was there", n)
		}
	})
}

// The reply that would have told of the new record is lost.
func TestEventMadeAnewWithoutReply(t *testing.T) {
	t.Parallel()
	one := event(1)
	b := startEvents(t, []integration.Event{one}, []integration.Member{registered(0, registration(one))})
	b.awaitStanding(one.ID, 0, "REGISTERED")
	b.settled(tenantA)
	b.dropShow(one.ID)
	b.sim.Inject(hubspottest.Fault{PathContains: "/events/upsert", LoseReply: true, Times: 3})
	one.Description = "Bring two friends"
	b.saveEvents(one)
	b.awaitStanding(one.ID, 0, "REGISTERED")
	b.settled(tenantA)
}

// An event that is deleted on both sides is not there to be cancelled. If it is
// restored here, everybody is told again.
func TestEventDeletedOnBothSidesComesBackWhole(t *testing.T) {
	t.Parallel()
	one := event(1)
	b := startEvents(t, []integration.Event{one}, []integration.Member{registered(0, registration(one))})
	b.awaitStanding(one.ID, 0, "REGISTERED")
	b.settled(tenantA)
	b.dropShow(one.ID)
	b.host.DeleteEntity(tenantA, one.Ref())
	b.record(integration.EventChanged(tenantA, one.ID))
	b.awaitSaid("event", one.ID, integration.SyncExcluded, "event-gone")
	b.settled(tenantA)
	if show, ok := b.show(one.ID); ok {
		t.Errorf("marketing event = %+v", show)
	}
	b.saveEvents(one)
	b.awaitStanding(one.ID, 0, "REGISTERED")
	b.settled(tenantA)
}

// What HubSpot has without an organizer can be marked as cancelled all the same,
// and what a person has said of it stays.
func TestDeletedEventWithoutOrganizerIsMarked(t *testing.T) {
	t.Parallel()
	one := event(1)
	b := startEvents(t, []integration.Event{one}, nil)
	show, _ := b.show(one.ID)
	b.sim.Portal(portalA).EditMarketingEvent(show.ID, func(e *hubspottest.MarketingEvent) {
		e.Organizer, e.Name, e.Completed = " ", "As a person called it", true
	})
	b.host.DeleteEntity(tenantA, one.Ref())
	b.record(integration.EventChanged(tenantA, one.ID))
	b.awaitSaid("event", one.ID, integration.SyncSynced, "event-gone")
	b.settled(tenantA)
	if show, _ = b.show(one.ID); !show.Cancelled || show.Organizer != "MemberPulse" || show.Name != "As a person called it" || !show.Completed {
		t.Errorf("marketing event = %+v", show)
	}
}

// That a person has completed an event is not taken back by a change of it.
func TestEventThatAPersonCompletedStaysCompleted(t *testing.T) {
	t.Parallel()
	eventHubSpots(t, func(t *testing.T, opts ...option) {
		one := event(1)
		b := startEvents(t, []integration.Event{one}, nil, opts...)
		show, _ := b.show(one.ID)
		b.sim.Portal(portalA).EditMarketingEvent(show.ID, func(e *hubspottest.MarketingEvent) { e.Completed = true })
		one.Description = "It was good"
		b.saveEvents(one)
		b.eventually("the change", func() bool { show, _ = b.show(one.ID); return show.Description == one.Description })
		b.settled(tenantA)
		if !show.Completed {
			t.Errorf("marketing event = %+v", show)
		}
	})
}
