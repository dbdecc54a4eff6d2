package crmsync_test

import (
	"context"
	"database/sql"
	"testing"

	"github.com/memberpulse/hubspotplugin/hubspot/hubspottest"
	"github.com/memberpulse/hubspotplugin/integration"
)

// An event that somebody has deleted in HubSpot comes back with its next change,
// and everybody who is registered with it.
func TestEventMadeAnewByAChangeHasItsRegistrations(t *testing.T) {
	t.Parallel()
	eventHubSpots(t, func(t *testing.T, opts ...option) {
		one := event(1)
		b := startEvents(t, []integration.Event{one}, []integration.Member{registered(0, registration(one)), registered(1, registration(one))}, opts...)
		b.awaitStanding(one.ID, 0, "REGISTERED")
		b.awaitStanding(one.ID, 1, "REGISTERED")
		b.settled(tenantA)
		before, _ := b.show(one.ID)
		b.sim.Portal(portalA).DeleteMarketingEvent(before.ID)
		one.Name = "Renamed"
		b.saveEvents(one)
		b.awaitStanding(one.ID, 0, "REGISTERED")
		b.awaitStanding(one.ID, 1, "REGISTERED")
		b.settled(tenantA)
		if after, _ := b.show(one.ID); after.ID == before.ID || after.Name != "Renamed" {
			t.Errorf("marketing event = %+v", after)
		}
		// Deleted here and there: restored here, it has its registrations too.
		after, _ := b.show(one.ID)
		b.sim.Portal(portalA).DeleteMarketingEvent(after.ID)
		b.host.DeleteEntity(tenantA, one.Ref())
		b.record(integration.EventChanged(tenantA, one.ID))
		b.awaitSaid("event", one.ID, integration.SyncExcluded, "event-gone")
		b.saveEvents(one)
		b.awaitStanding(one.ID, 0, "REGISTERED")
		b.settled(tenantA)
	})
}

// An event that is deleted here while nobody listens is marked as cancelled by
// the next full sync. What people did to it in HubSpot stays.
func TestEventDeletedWhileNobodyListenedIsFound(t *testing.T) {
	t.Parallel()
	for name, away := range map[string]func(*bundle){
		"switched off": func(b *bundle) { b.connectWith(map[string]string{"marketingEvents": "false"}) },
		"disconnected": func(b *bundle) {
			must(b.t, b.inTx(func(ctx context.Context, tx *sql.Tx) error { return b.syncer.Disconnect(ctx, tx, tenantA) }))
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			all := []integration.Event{event(1), event(2), event(3), event(4), event(5), event(6)}
			b := startEvents(t, all, nil)
			// Of the second one the reply was lost: HubSpot has it, and has never confirmed it.
			_, err := b.db.ExecContext(t.Context(), `update hubspot_marketing_event set sent = false, hubspot_id = '', fingerprint = null where key = ?`, event(2).ID)
			must(t, err)
			away(b)
			b.host.DeleteEntity(tenantA, event(2).Ref())
			b.record(integration.EventChanged(tenantA, event(2).ID))
			show, _ := b.show(event(2).ID)
			b.sim.Portal(portalA).EditMarketingEvent(show.ID, func(e *hubspottest.MarketingEvent) { e.Organizer, e.Completed = "", true })
			b.connectWith(eventing())
			b.awaitSaid("event", event(2).ID, integration.SyncSynced, "event-gone")
			b.settled(tenantA)
			for _, e := range all {
				if show, _ := b.show(e.ID); show.Cancelled != (e.ID == event(2).ID) {
					t.Errorf("marketing event %s: %+v", e.ID, show)
				}
			}
			b.sim.ResetRequests()
			_, err = b.syncer.Sync(t.Context(), tenantA)
			must(t, err)
			b.settled(tenantA)
			if n := b.calls("/events/" + event(2).ID); n != 0 {
				t.Errorf("%d calls for an event that is known to be gone", n)
			}
			// HubSpot wants an organizer, and is not told that it is not completed.
			if show, _ := b.show(event(2).ID); show.Organizer != "MemberPulse" || !show.Completed {
				t.Errorf("marketing event = %+v", show)
			}
		})
	}
}

// A person who completes an event in HubSpot is not overruled by its next change.
func TestEventCompletedInHubSpotStaysSo(t *testing.T) {
	t.Parallel()
	one := event(1)
	b := startEvents(t, []integration.Event{one}, nil)
	show, _ := b.show(one.ID)
	b.sim.Portal(portalA).EditMarketingEvent(show.ID, func(e *hubspottest.MarketingEvent) { e.Completed = true })
	one.Name = "Renamed"
	b.saveEvents(one)
	b.settled(tenantA)
	if show, _ := b.show(one.ID); show.Name != "Renamed" || !show.Completed {
		t.Errorf("marketing event = %+v", show)
	}
}

// What happened before custom events were switched on becomes none, also if it
// has waited since.
func TestWhatWaitedFromBeforeBecomesNoCustomEvent(t *testing.T) {
	t.Parallel()
	b := startCustoms(t, 1, map[string]string{"syncActivities": "true"})
	bad := member(7)
	bad.Email = "nobody@invalid"
	b.save(tenantA, bad)
	b.happen(activity(1, memberID(7)))
	b.awaitSaid("activity", activityID(1), integration.SyncPending, "awaits-contact")
	b.connectWith(customs("true"))
	b.happen(activity(2, memberID(7)))
	b.save(tenantA, member(7))
	b.awaitSaid("activity", activityID(1), integration.SyncSynced, "")
	b.awaitSaid("custom-event", activityID(2), integration.SyncSynced, "")
	b.settled(tenantA)
	if _, sent := b.occurrence(activityID(1)); sent {
		t.Error("an activity of before became a custom event")
	}
	if _, sent := b.occurrence(activityID(2)); !sent {
		t.Error("an activity of after became none")
	}
}
