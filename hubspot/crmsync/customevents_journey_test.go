package crmsync_test

import (
	"errors"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/memberpulse/hubspotplugin/hubspot"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync"
	"github.com/memberpulse/hubspotplugin/hubspot/hubspottest"
	"github.com/memberpulse/hubspotplugin/integration"
)

// customs switches on custom events, and notes too if notes says so.
func customs(notes string) map[string]string {
	return map[string]string{"customEvents": "true", "syncActivities": notes}
}

// startCustoms connects tenant A to an Enterprise portal, with n members.
func startCustoms(t *testing.T, n int, set map[string]string, opts ...option) *bundle {
	t.Helper()
	return startNoting(t, n, set, append([]option{withPlan("enterprise")}, opts...)...)
}

// bothVersions runs on both versions of the API.
func bothVersions(t *testing.T, run func(t *testing.T, opts ...option)) {
	t.Helper()
	for _, v := range []hubspot.Version{hubspot.Version202603, hubspot.Version202609} {
		t.Run(string(v), func(t *testing.T) {
			t.Parallel()
			run(t, withVersion(v))
		})
	}
}

// occurrence is the one custom event of an activity.
func (b *bundle) occurrence(id string) (hubspottest.Event, bool) {
	b.t.Helper()
	var found []hubspottest.Event
	for _, e := range b.sim.Portal(portalA).Events() {
		if e.UUID == id {
			found = append(found, e)
		}
	}
	if len(found) > 1 {
		b.t.Errorf("%d custom events of one activity", len(found))
	}
	if len(found) == 0 {
		return hubspottest.Event{}, false
	}
	return found[0], true
}

func TestActivityBecomesACustomEvent(t *testing.T) {
	t.Parallel()
	bothVersions(t, func(t *testing.T, opts ...option) {
		opts = append(opts, withConfig(func(c *crmsync.Config) {
			c.LinkBuilder, c.LinkHosts = links{}, []string{"members.example.org"}
		}))
		b := startCustoms(t, 2, customs("true"), opts...)
		a := activity(1, memberID(0))
		a.Type, a.From, a.Name = integration.MembershipUpgraded, "Silver", strings.Repeat("ü", 200)
		a.About = integration.Ref{Kind: integration.KindMembership, Key: memberID(5)}
		a.On = integration.Date{Year: 2027, Month: 2, Day: 3}
		b.happen(a, activity(2, memberID(1)), activity(3, ""), activity(4, memberID(99)))
		b.happen(a) // told twice
		r := b.awaitSaid("custom-event", a.ID, integration.SyncSynced, "")
		b.awaitSaid("activity", a.ID, integration.SyncSynced, "")
		b.awaitSaid("custom-event", activityID(2), integration.SyncSynced, "")
		b.awaitSaid("custom-event", activityID(3), integration.SyncExcluded, "not-a-member")
		b.awaitSaid("custom-event", activityID(4), integration.SyncExcluded, "not-a-member")
		b.settled(tenantA)
		e, ok := b.occurrence(a.ID)
		if !ok || e.Name != "pe12345678_memberpulse_activity" || e.ObjectID != b.contactID(0) || !e.At.Equal(a.OccurredAt) || len(e.Properties) != 5 {
			t.Fatalf("custom event = %+v", e)
		}
		for name, want := range map[string]string{"type": "membership-upgraded", "name": strings.Repeat("ü", 140), "from": "Silver", "on": "2027-02-03",
			"link": "https://members.example.org/membership/" + memberID(5)} {
			if e.Properties[name] != want {
				t.Errorf("%s = %q, want %q", name, e.Properties[name], want)
			}
		}
		if plain, _ := b.occurrence(activityID(2)); len(plain.Properties) != 2 {
			t.Errorf("custom event = %+v", plain)
		}
		if len(b.sim.Portal(portalA).Events()) != 2 || len(b.notes()) != 2 {
			t.Errorf("%d custom events, %d notes", len(b.sim.Portal(portalA).Events()), len(b.notes()))
		}
		if r.CRMEntityID != b.contactID(0) {
			t.Errorf("record = %+v", r)
		}
		if f := b.feature("Custom events"); f.Done != 2 || f.NotIncluded != 2 || f.State != "ok" {
			t.Errorf("feature = %+v", f)
		}
		for _, q := range b.sim.Requests() {
			if strings.Contains(q.Path, "/events/") && !strings.HasPrefix(q.Path, "/events/2026-03/") {
				t.Errorf("custom events went to %s", q.Path)
			}
		}
	})
}

func TestCustomEventsWithoutNotes(t *testing.T) {
	t.Parallel()
	b := startCustoms(t, 1, customs("false"))
	b.happen(activity(1, memberID(0)))
	b.awaitSaid("custom-event", activityID(1), integration.SyncSynced, "")
	b.settled(tenantA)
	if r := b.said("activity", activityID(1)); len(b.notes()) != 0 || r.ID != "" {
		t.Errorf("notes %v, record %+v", b.notes(), r)
	}
	b.connectWith(map[string]string{"customEvents": "false"})
	b.happen(activity(2, memberID(0)))
	b.settled(tenantA)
	b.connectWith(customs("false"))
	b.happen(activity(3, memberID(0)))
	b.awaitSaid("custom-event", activityID(3), integration.SyncSynced, "")
	b.settled(tenantA)
	if n := len(b.sim.Portal(portalA).Events()); n != 2 {
		t.Errorf("%d custom events; what happened while they were off is not sent", n)
	}
}

// A note that fails and its custom event know nothing of each other, and the
// other way round.
func TestNotesAndCustomEventsAreIndependent(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ path, failed, fine string }{
		"the note fails":         {"/notes/batch/", "activity", "custom-event"},
		"the custom event fails": {"/events/2026-03/send", "custom-event", "activity"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var on atomic.Bool
			b := startCustoms(t, 1, customs("true"), withTransport(refusing(&on, c.path, "Plan")))
			on.Store(true)
			b.happen(activity(1, memberID(0)))
			r := b.awaitSaid(c.failed, activityID(1), integration.SyncFailed, "refused")
			b.awaitSaid(c.fine, activityID(1), integration.SyncSynced, "")
			on.Store(false)
			must(t, b.syncer.Retry(t.Context(), tenantA, r.ID))
			b.awaitSaid(c.failed, activityID(1), integration.SyncSynced, "")
			b.settled(tenantA)
			if notes, events := len(b.notes()), len(b.sim.Portal(portalA).Events()); notes != 1 || events != 1 {
				t.Errorf("%d notes, %d custom events", notes, events)
			}
		})
	}
}

func TestCustomEventWaitsForItsMembersContact(t *testing.T) {
	t.Parallel()
	b := startCustoms(t, 1, customs("false"))
	b.host.Put(tenantA, member(7))
	b.happen(activity(1, memberID(7)))
	b.awaitSaid("custom-event", activityID(1), integration.SyncSynced, "")
	// A contact that is merged away takes its events along; one that is deleted
	// would lose them without a word.
	p := b.sim.Portal(portalA)
	survivor := p.MergeContacts(b.contactID(7), p.PutContact(map[string]string{"email": "stranger@example.org"}).ID)
	b.happen(activity(2, memberID(7)))
	b.awaitSaid("custom-event", activityID(2), integration.SyncSynced, "")
	if e, _ := b.occurrence(activityID(2)); e.ObjectID != survivor {
		t.Errorf("custom event of %q, want %s", e.ObjectID, survivor)
	}
	p.ArchiveContact(b.contactID(0))
	b.happen(activity(3, memberID(0)))
	b.awaitSaid("custom-event", activityID(3), integration.SyncExcluded, "deleted-in-hubspot")
	b.settled(tenantA)
	if _, sent := b.occurrence(activityID(3)); sent {
		t.Error("a custom event of nobody was sent")
	}
}

func TestLostRepliesMakeNoCustomEventTwice(t *testing.T) {
	t.Parallel()
	for name, fault := range map[string]hubspottest.Fault{
		"reply lost":       {LoseReply: true, Times: 3},
		"504 after commit": {Commit: true, Status: 504, Times: 2},
		"dropped before":   {DropBefore: true, Times: 2},
		"unavailable":      {Status: 503, Times: 2},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := startCustoms(t, 3, customs("false"))
			fault.PathContains = "/send"
			b.sim.Inject(fault)
			const n = 12
			var all []integration.Activity
			for i := range n {
				all = append(all, activity(i, memberID(i%3)))
			}
			b.happen(all...)
			b.eventually("all sent", func() bool { return b.count("custom-event", integration.SyncSynced) == n })
			b.settled(tenantA)
			for _, a := range all {
				if _, ok := b.occurrence(a.ID); !ok {
					t.Errorf("no custom event of %s", a.ID)
				}
			}
		})
	}
}

func TestCustomEventThatHubSpotRefusesStopsNobody(t *testing.T) {
	t.Parallel()
	var on atomic.Bool
	on.Store(true)
	b := startCustoms(t, 2, customs("false"), withTransport(refusing(&on, "/send", `"Plan 17"`)))
	var all []integration.Activity
	for i := range 40 {
		all = append(all, activity(i, memberID(i%2)))
	}
	b.happen(all...)
	b.awaitSaid("custom-event", activityID(17), integration.SyncFailed, "refused")
	b.eventually("the others", func() bool { return len(b.sim.Portal(portalA).Events()) == 39 })
	b.settled(tenantA)
}

func TestUnreadableCustomEventIsLoud(t *testing.T) {
	t.Parallel()
	b := startCustoms(t, 1, customs("false"))
	c := integration.ActivityHappened(tenantA, activity(1, memberID(0)))
	c.Fact = []byte(`{"v":99,"type":"x"}`)
	b.record(c)
	b.happen(activity(2, memberID(0)))
	b.awaitSaid("custom-event", activityID(1), integration.SyncFailed, "activity-unreadable")
	b.awaitSaid("custom-event", activityID(2), integration.SyncSynced, "")
}

func TestDefinitionOfCustomEvents(t *testing.T) {
	t.Parallel()
	b := startCustoms(t, 1, map[string]string{})
	check := func() integration.CheckItem {
		t.Helper()
		set := b.settingsWith(customs("false"))
		report, err := b.syncer.Check(t.Context(), tenantA, set)
		must(t, err)
		for _, it := range report.Items {
			if it.Name == "Custom events" {
				return it
			}
		}
		t.Fatalf("report = %+v", report)
		return integration.CheckItem{}
	}
	if it := check(); it.State != "missing" {
		t.Errorf("item = %+v", it)
	}
	b.connectWith(customs("false"))
	if it := check(); it.State != "ok" {
		t.Errorf("item = %+v", it)
	}
	b.connectWith(customs("false")) // and once more
	b.happen(activity(1, memberID(0)))
	b.awaitSaid("custom-event", activityID(1), integration.SyncSynced, "")
	// Somebody deletes it: only custom events stop, and the way out is said.
	b.sim.Portal(portalA).DeleteEventDefinition("memberpulse_activity")
	b.happen(activity(2, memberID(0)))
	r := b.awaitSaid("custom-event", activityID(2), integration.SyncFailed, "definition-gone")
	if !strings.Contains(r.Error, "never") || !strings.Contains(r.Fix, "Switch Custom events off") {
		t.Errorf("record = %+v", r)
	}
	b.save(tenantA, member(3))
	b.eventually("contacts go on", func() bool { _, ok := b.contact(portalA, memberID(3)); return ok })
	var fields integration.FieldErrors
	err := b.tryConnectWith(tenantA, map[string]string{"portalId": "12345678", "apiKey": tokenA, "syncContacts": "true", "customEvents": "true"})
	if !errors.As(err, &fields) || !strings.Contains(strings.Join(fields["customEvents"], " "), "never") {
		t.Errorf("error %v", err)
	}
	b.connectWith(map[string]string{"customEvents": "false"})
	b.awaitSaid("custom-event", activityID(2), integration.SyncExcluded, "switched-off")
	b.settled(tenantA)
}

func TestForeignDefinitionIsLeftAlone(t *testing.T) {
	t.Parallel()
	b := startCustoms(t, 0, map[string]string{})
	client, err := hubspot.NewClient(hubspot.Config{BaseURL: b.sim.URL, Token: func() string { return tokenA }})
	must(t, err)
	_, err = client.DefineEvent(t.Context(), hubspot.EventDefinition{Name: "memberpulse_activity", Label: "Mine", ObjectType: hubspot.Companies})
	must(t, err)
	var fields integration.FieldErrors
	err = b.tryConnectWith(tenantA, map[string]string{"portalId": "12345678", "apiKey": tokenA, "syncContacts": "true", "customEvents": "true"})
	if !errors.As(err, &fields) || len(fields["customEvents"]) == 0 {
		t.Errorf("error %v", err)
	}
}
