package crmsync_test

import (
	"context"
	"database/sql"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/memberpulse/hubspotplugin/hubspot/crmsync"
	"github.com/memberpulse/hubspotplugin/hubspot/hubspottest"
	"github.com/memberpulse/hubspotplugin/integration"
)

func TestEventIsOneMarketingEventThatFollowsIt(t *testing.T) {
	t.Parallel()
	eventHubSpots(t, func(t *testing.T, opts ...option) {
		opts = append(opts, withConfig(func(c *crmsync.Config) {
			c.LinkBuilder, c.LinkHosts = links{}, []string{"members.example.org"}
		}))
		one, two := event(1), event(2)
		two.Name = one.Name // HubSpot's reply cannot tell them apart
		b := startEvents(t, []integration.Event{one, two}, nil, opts...)
		show, ok := b.show(one.ID)
		if !ok || show.ExternalAccountID != tenantA || show.Name != "Event 1" || show.Type != "WEBINAR" || show.Organizer != "The Club" ||
			show.Description != "Bring a friend" || show.Start != one.Start.Format(time.RFC3339) || show.End != one.End.Format(time.RFC3339) ||
			show.Cancelled || show.Completed || show.URL != "https://members.example.org/event/"+one.ID {
			t.Fatalf("marketing event = %+v", show)
		}
		r := b.awaitSaid("event", one.ID, integration.SyncSynced, "")
		other := b.awaitSaid("event", two.ID, integration.SyncSynced, "")
		if r.CRMEntityID == other.CRMEntityID || !strings.HasSuffix(r.CRMEntityURL, "/record/0-54/"+show.ID) {
			t.Errorf("record = %+v", r)
		}
		if n := b.calls("/events/" + one.ID); n != 0 {
			t.Errorf("%d calls ask for the record of an event", n)
		}
		b.sim.ResetRequests()
		b.saveEvents(one, two) // nothing has changed
		b.settled(tenantA)
		if n := b.calls("/marketing"); n != 0 {
			t.Errorf("%d calls for events that did not change", n)
		}
		one.Name, one.Start = "Event 1, moved", one.Start.Add(time.Hour)
		two.Cancelled = true
		b.saveEvents(one, two)
		b.eventually("both changes", func() bool {
			moved, _ := b.show(one.ID)
			ended, _ := b.show(two.ID)
			return moved.Name == one.Name && moved.Start == one.Start.Format(time.RFC3339) && ended.Cancelled
		})
		two.Cancelled = false
		b.saveEvents(two)
		b.eventually("no longer cancelled", func() bool { again, _ := b.show(two.ID); return !again.Cancelled })
		b.settled(tenantA)
		if n := len(b.sim.Portal(portalA).MarketingEvents()); n != 2 {
			t.Errorf("%d marketing events", n)
		}
	})
}

type links struct{}

func (links) Link(_ string, ref integration.Ref) string {
	return "https://members.example.org/" + string(ref.Kind) + "/" + ref.Key
}

func TestDeletedEventIsMarkedAndKept(t *testing.T) {
	t.Parallel()
	eventHubSpots(t, func(t *testing.T, opts ...option) {
		one, never := event(1), event(2)
		b := startEvents(t, []integration.Event{one}, []integration.Member{registered(0, registration(one))}, opts...)
		b.host.DeleteEntity(tenantA, one.Ref())
		b.record(integration.EventChanged(tenantA, one.ID), integration.EventChanged(tenantA, never.ID))
		b.awaitSaid("event", one.ID, integration.SyncSynced, "event-gone")
		b.awaitSaid("event", never.ID, integration.SyncExcluded, "event-gone")
		show, ok := b.show(one.ID)
		if !ok || !show.Cancelled || show.Name != "Event 1" || show.Organizer != "The Club" || len(show.Participants) != 1 {
			t.Errorf("marketing event = %+v", show)
		}
		b.sim.ResetRequests()
		b.record(integration.EventChanged(tenantA, one.ID))
		b.settled(tenantA)
		if n := b.calls("/marketing"); n != 0 {
			t.Errorf("%d calls for an event that is gone already", n)
		}
		b.saveEvents(one) // restored
		b.eventually("restored", func() bool { show, _ := b.show(one.ID); return !show.Cancelled })
		b.settled(tenantA)
	})
}

func TestEventsThatAreNotSentAreCounted(t *testing.T) {
	t.Parallel()
	over, nameless, dateless := event(1), event(2), event(3)
	over.Start, over.End = time.Now().Add(-48*time.Hour), time.Now().Add(-47*time.Hour)
	nameless.Name = " "
	dateless.Start, dateless.End = time.Time{}, time.Time{}
	b := startEvents(t, []integration.Event{over, nameless, dateless}, []integration.Member{
		registered(0, registration(over)), registered(1, registration(nameless)), registered(2, registration(dateless))})
	b.awaitSaid("event", over.ID, integration.SyncExcluded, "event-over")
	b.awaitSaid("event", nameless.ID, integration.SyncExcluded, "no-name")
	b.awaitStanding(dateless.ID, 2, "REGISTERED")
	b.awaitSaid("attendance", memberID(1), integration.SyncExcluded, "event-left-out")
	if r := b.said("attendance", memberID(0)); r.ID != "" {
		t.Errorf("attendance of an event that was over: %+v", r)
	}
	if f := b.feature("Marketing events"); f.Done != 1 || f.NotIncluded != 2 || f.Total != 3 || len(f.Reasons) != 2 {
		t.Errorf("feature = %+v", f)
	}
	if n := len(b.sim.Portal(portalA).MarketingEvents()); n != 1 {
		t.Errorf("%d marketing events", n)
	}
}

func TestMarketingEventsOffAndOnAgain(t *testing.T) {
	t.Parallel()
	one := event(1)
	b := start(t)
	b.host.PutEntity(tenantA, one)
	b.host.Put(tenantA, registered(0, registration(one)))
	b.connectWith(nil)
	b.saveEvents(one)
	b.settled(tenantA)
	if b.calls("/marketing") != 0 {
		t.Error("marketing events were sent while they are off")
	}
	b.connectWith(eventing())
	b.awaitStanding(one.ID, 0, "REGISTERED")
	b.settled(tenantA)
	b.connectWith(map[string]string{"marketingEvents": "false"})
	one.Name = "Renamed meanwhile"
	b.saveEvents(one)
	gone := registration(one)
	gone.Status, gone.CancelledAt = integration.RegistrationCancelled, noteDay.Add(time.Hour)
	b.save(tenantA, registered(0, gone))
	b.settled(tenantA)
	if show, _ := b.show(one.ID); show.Name == one.Name || b.standing(one.ID, 0) != "REGISTERED" {
		t.Errorf("marketing event = %+v", show)
	}
	b.connectWith(eventing())
	b.awaitStanding(one.ID, 0, "CANCELLED")
	b.eventually("the name", func() bool { show, _ := b.show(one.ID); return show.Name == one.Name })
	b.settled(tenantA)
}

func TestManyEventsGoneAtOnceStopTheTenant(t *testing.T) {
	t.Parallel()
	var all []integration.Event
	for n := range 30 {
		all = append(all, event(n))
	}
	b := startEvents(t, all, nil)
	var changes []integration.Change
	for _, e := range all {
		b.host.DeleteEntity(tenantA, e.Ref())
		changes = append(changes, integration.EventChanged(tenantA, e.ID))
	}
	b.record(changes...)
	b.eventually("the stop", func() bool { return b.status(tenantA).Health == integration.HealthFailing })
	for _, e := range b.sim.Portal(portalA).MarketingEvents() {
		if e.Cancelled {
			t.Fatal("an event was cancelled")
		}
	}
	must(t, b.inTx(func(ctx context.Context, tx *sql.Tx) error { return b.syncer.Recheck(ctx, tx, tenantA) }))
	b.settled(tenantA)
	for _, e := range b.sim.Portal(portalA).MarketingEvents() {
		if !e.Cancelled {
			t.Error("an event is not marked as cancelled")
		}
	}
}

// One event that HubSpot refuses does not keep the others.
func TestEventThatHubSpotRefusesStopsNobody(t *testing.T) {
	t.Parallel()
	var on atomic.Bool
	on.Store(true)
	b := startEvents(t, nil, nil, withTransport(refusing(&on, "/events/upsert", `"Event 3"`)))
	var all []integration.Event
	for n := range 8 {
		all = append(all, event(n))
	}
	b.saveEvents(all...)
	r := b.awaitSaid("event", eventID(3), integration.SyncFailed, "refused")
	if r.Fix == "" || r.CorrelationID == "" {
		t.Errorf("record = %+v", r)
	}
	b.eventually("the others", func() bool { return len(b.sim.Portal(portalA).MarketingEvents()) == 7 })
	on.Store(false)
	must(t, b.syncer.Retry(t.Context(), tenantA, r.ID))
	b.awaitSaid("event", eventID(3), integration.SyncSynced, "")
	b.settled(tenantA)
}

func TestLostRepliesOfMarketingEvents(t *testing.T) {
	t.Parallel()
	for name, fault := range map[string]hubspottest.Fault{
		"reply lost":        {LoseReply: true, Times: 3},
		"504 after commit":  {Commit: true, Status: 504, Times: 2},
		"dropped before":    {DropBefore: true, Times: 2},
		"answered empty":    {EmptyOK: true, Times: 2},
		"half is forgotten": {Short: true, Times: 2},
		"reply cut":         {Truncate: true, Times: 2},
		"locked":            {Status: 423, Times: 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var events []integration.Event
			var members []integration.Member
			for n := range 4 {
				events = append(events, event(n))
				members = append(members, registered(n, registration(event(n)), registration(event((n+1)%4))))
			}
			b := startEvents(t, nil, nil)
			for _, path := range []string{"/events/upsert", "/attendance/"} {
				f := fault
				f.PathContains = path
				b.sim.Inject(f)
			}
			b.saveEvents(events...)
			b.save(tenantA, members...)
			for n := range 4 {
				b.awaitStanding(eventID(n), n, "REGISTERED")
				b.awaitStanding(eventID((n+1)%4), n, "REGISTERED")
			}
			b.eventually("all is said", func() bool {
				return b.count("event", integration.SyncSynced) == 4 && b.count("attendance", integration.SyncSynced) == 4
			})
			b.settled(tenantA)
			if n := len(b.sim.Portal(portalA).MarketingEvents()); n != 4 {
				t.Errorf("%d marketing events", n)
			}
		})
	}
}

// A change whose reply is lost, and that is taken back, is sent all the same.
func TestEventChangedThereAndBackWithoutReply(t *testing.T) {
	t.Parallel()
	one := event(1)
	b := startEvents(t, []integration.Event{one}, nil)
	changed := one
	changed.Name = "Another name"
	b.sim.Inject(hubspottest.Fault{PathContains: "/events/upsert", LoseReply: true})
	b.saveEvents(changed)
	b.eventually("the other name", func() bool { show, _ := b.show(one.ID); return show.Name == changed.Name })
	b.host.PutEntity(tenantA, one)
	b.sim.ClearFaults()
	b.saveEvents(one)
	b.eventually("the first name", func() bool { show, _ := b.show(one.ID); return show.Name == one.Name })
	b.settled(tenantA)
}
