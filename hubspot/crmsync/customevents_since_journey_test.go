package crmsync_test

import (
	"sync/atomic"
	"testing"

	"github.com/memberpulse/hubspotplugin/integration"
)

// startLate connects tenant A with a member whose contact HubSpot refuses until
// on is false, and an activity that waits for it.
func startLate(t *testing.T, set map[string]string, waits string) (*bundle, *atomic.Bool) {
	t.Helper()
	on := &atomic.Bool{}
	on.Store(true)
	late := member(7)
	b := startCustoms(t, 1, set, withTransport(refusing(on, "/contacts/batch/", late.Email)))
	b.save(tenantA, late)
	b.awaitSaid("contact", late.ID, integration.SyncFailed, "refused")
	b.happen(activity(1, late.ID))
	b.awaitSaid(waits, activityID(1), integration.SyncPending, "awaits-contact")
	return b, on
}

// arrive switches custom events on, and lets the member's contact in after
// another activity.
func (b *bundle) arrive(set map[string]string, on *atomic.Bool) {
	b.t.Helper()
	b.connectWith(set)
	b.happen(activity(2, memberID(7)))
	b.awaitSaid("custom-event", activityID(2), integration.SyncPending, "awaits-contact")
	b.connectWith(set) // saved again: they stay on
	on.Store(false)
	b.save(tenantA, member(7))
	b.awaitSaid("custom-event", activityID(2), integration.SyncSynced, "")
	b.settled(tenantA)
	if _, sent := b.occurrence(activityID(1)); sent {
		b.t.Error("an activity of before custom events were switched on became one")
	}
	if _, sent := b.occurrence(activityID(2)); !sent {
		b.t.Error("an activity of after custom events were switched on became none")
	}
}

// Nothing from before custom events are switched on is sent, also not what still
// waited to become a note.
func TestCustomEventsAreOfWhatHappensFromThenOn(t *testing.T) {
	t.Parallel()
	b, on := startLate(t, map[string]string{"syncActivities": "true"}, "activity")
	b.arrive(customs("true"), on)
	b.awaitSaid("activity", activityID(1), integration.SyncSynced, "")
	if r := b.said("custom-event", activityID(1)); r.ID != "" {
		t.Errorf("record = %+v", r)
	}
}

// Nor is what waited to be one when they were switched off.
func TestCustomEventsThatWaitedWhenTheyWereSwitchedOff(t *testing.T) {
	t.Parallel()
	b, on := startLate(t, customs("false"), "custom-event")
	b.connectWith(map[string]string{"customEvents": "false"})
	b.awaitSaid("custom-event", activityID(1), integration.SyncExcluded, "switched-off")
	b.arrive(customs("false"), on)
	b.awaitSaid("custom-event", activityID(1), integration.SyncExcluded, "switched-off")
}
