package crmsync_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/memberpulse/hubspotplugin/hubspot/hubspottest"
	"github.com/memberpulse/hubspotplugin/integration"
)

func TestActivityBecomesOneNote(t *testing.T) {
	t.Parallel()
	noteHubSpots(t, func(t *testing.T, opts ...option) {
		b := startNoting(t, 2, noting(), opts...)
		a := activity(1, memberID(0))
		b.happen(a, activity(2, memberID(1)))
		b.happen(a) // told twice
		b.awaitSaid("activity", a.ID, integration.SyncSynced, "")
		b.settled(tenantA)
		n, ok := b.noteWith("Plan 1")
		if !ok || len(b.notes()) != 2 {
			t.Fatalf("notes = %v", b.notes())
		}
		if !slices.Equal(n.contacts, []string{b.contactID(0)}) || len(n.companies) != 0 || n.Properties["hs_timestamp"] != "2026-11-03T09:31:00Z" {
			t.Errorf("note = %+v", n)
		}
		if r := b.said("activity", a.ID); r.CRMEntityID != n.ID || r.LastSyncAt == nil {
			t.Errorf("record = %+v", r)
		}
		if strings.Contains(n.Properties["hs_note_body"], "First0") || strings.Contains(n.Properties["hs_note_body"], "Last0") {
			t.Error("the note names somebody")
		}
		if key := n.Properties["memberpulse_note_id"]; key != a.ID && !strings.Contains(n.Properties["hs_note_body"], "ref: "+a.ID) {
			t.Errorf("neither key nor reference: %v", n.Properties)
		}
		if b.calls("/search") != 0 {
			t.Error("search was asked")
		}
		if strings.Contains(b.log.String(), "Plan 1") {
			t.Error("a name is in the log")
		}
	})
}

func TestActivityOfNobodyIsCountedWithItsReason(t *testing.T) {
	t.Parallel()
	b := start(t)
	pending := member(1)
	pending.Status = integration.MemberPending
	b.host.Put(tenantA, member(0))
	b.host.Put(tenantA, pending)
	b.connectWith(noting())
	b.settled(tenantA)
	deleted := b.contactID(0)
	b.happen(activity(1, ""), activity(2, memberID(1)), activity(3, memberID(99)))
	b.awaitSaid("activity", activityID(1), integration.SyncExcluded, "not-a-member")
	b.awaitSaid("activity", activityID(2), integration.SyncExcluded, "member-pending")
	b.awaitSaid("activity", activityID(3), integration.SyncExcluded, "not-a-member")
	b.sim.Portal(portalA).ArchiveContact(deleted)
	b.save(tenantA, member(0))
	b.settled(tenantA)
	b.happen(activity(4, memberID(0)))
	r := b.awaitSaid("activity", activityID(4), integration.SyncExcluded, "deleted-in-hubspot")
	if r.Error == "" || r.Fix == "" {
		t.Errorf("record = %+v", r)
	}
	b.settled(tenantA)
	if len(b.notes()) != 0 {
		t.Errorf("notes = %v", b.notes())
	}
}

// An activity may be recorded before its member is: the joining itself is one.
func TestActivityWaitsForItsMembersContact(t *testing.T) {
	t.Parallel()
	noteHubSpots(t, func(t *testing.T, opts ...option) {
		b := startNoting(t, 0, noting(), opts...)
		m := member(7)
		b.host.Put(tenantA, m)
		b.record(integration.ActivityHappened(tenantA, activity(1, m.ID)), integration.MemberChanged(tenantA, m.ID))
		b.awaitSaid("activity", activityID(1), integration.SyncSynced, "")
		// And one whose change of the member nobody recorded.
		b.host.Put(tenantA, member(8))
		b.happen(activity(2, memberID(8)))
		b.awaitSaid("activity", activityID(2), integration.SyncSynced, "")
		b.settled(tenantA)
		n, _ := b.noteWith("Plan 2")
		if !slices.Equal(n.contacts, []string{b.contactID(8)}) || len(b.notes()) != 2 {
			t.Errorf("notes = %+v", b.notes())
		}
	})
}

func TestActivitiesOffAreDiscarded(t *testing.T) {
	t.Parallel()
	b := startNoting(t, 1, map[string]string{})
	b.happen(activity(1, memberID(0)))
	b.settled(tenantA)
	b.connectWith(noting())
	b.settled(tenantA)
	b.happen(activity(2, memberID(0)))
	b.awaitSaid("activity", activityID(2), integration.SyncSynced, "")
	_, err := b.syncer.Sync(t.Context(), tenantA) // a backfill replays nothing
	must(t, err)
	b.settled(tenantA)
	b.connectWith(map[string]string{"syncActivities": "true", "syncContacts": "false"})
	b.happen(activity(3, memberID(0)))
	b.settled(tenantA)
	if all := b.notes(); len(all) != 1 || !strings.Contains(all[0].Properties["hs_note_body"], "Plan 2") {
		t.Errorf("notes = %+v", all)
	}
}

func TestNoteThatHubSpotRefusesStopsNobody(t *testing.T) {
	t.Parallel()
	noteHubSpots(t, func(t *testing.T, opts ...option) {
		b := startNoting(t, 3, noting(), opts...)
		var all []integration.Activity
		for i := range 40 {
			all = append(all, activity(i, memberID(i%3)))
		}
		all[17].Name = strings.Repeat("&", 140)
		b.sim.Portal(portalA).SetValidationRule("notes", "hs_note_body", hubspottest.ValidationRule{MaxLength: 500})
		b.happen(all...)
		b.eventually("everybody else's notes", func() bool { return len(b.notes()) == 39 })
		r := b.awaitSaid("activity", activityID(17), integration.SyncFailed, "PROPERTY_VALIDATION_RULE_FAILED")
		if r.CorrelationID == "" || r.Fix == "" {
			t.Errorf("record = %+v", r)
		}
		b.sim.Portal(portalA).SetValidationRule("notes", "hs_note_body", hubspottest.ValidationRule{})
		must(t, b.syncer.Retry(t.Context(), tenantA, r.ID))
		b.awaitSaid("activity", activityID(17), integration.SyncSynced, "")
		b.settled(tenantA)
		if len(b.notes()) != 40 {
			t.Errorf("%d notes", len(b.notes()))
		}
	})
}

func TestContactMergedAwayKeepsItsNotes(t *testing.T) {
	t.Parallel()
	noteHubSpots(t, func(t *testing.T, opts ...option) {
		b := startNoting(t, 1, noting(), opts...)
		p := b.sim.Portal(portalA)
		b.happen(activity(1, memberID(0)))
		b.awaitSaid("activity", activityID(1), integration.SyncSynced, "")
		other := p.PutContact(map[string]string{"email": "stranger@example.org"})
		survivor := p.MergeContacts(b.contactID(0), other.ID)
		b.happen(activity(2, memberID(0))) // before the sync has learnt of the merge
		b.awaitSaid("activity", activityID(2), integration.SyncSynced, "")
		b.settled(tenantA)
		for _, n := range b.notes() {
			if !slices.Equal(n.contacts, []string{survivor}) {
				t.Errorf("note is on %v, want %s", n.contacts, survivor)
			}
		}
		if len(b.notes()) != 2 {
			t.Errorf("%d notes", len(b.notes()))
		}
	})
}

func TestContactDeletedMeanwhileIsSaid(t *testing.T) {
	t.Parallel()
	noteHubSpots(t, func(t *testing.T, opts ...option) {
		b := startNoting(t, 1, noting(), opts...)
		b.sim.Portal(portalA).ArchiveContact(b.contactID(0))
		b.happen(activity(1, memberID(0)))
		b.awaitSaid("activity", activityID(1), integration.SyncExcluded, "deleted-in-hubspot")
		b.settled(tenantA)
	})
}

func TestUnreadableActivityIsLoud(t *testing.T) {
	t.Parallel()
	b := startNoting(t, 1, noting())
	c := integration.ActivityHappened(tenantA, activity(1, memberID(0)))
	c.Fact = []byte(`{"v":99,"type":"x"}`)
	b.record(c)
	b.happen(activity(2, memberID(0)))
	b.awaitSaid("activity", activityID(1), integration.SyncFailed, "activity-unreadable")
	b.awaitSaid("activity", activityID(2), integration.SyncSynced, "")
	if st := b.status(tenantA); st.Health != integration.HealthDegraded && len(st.Incidents) == 0 {
		t.Errorf("status = %+v", st)
	}
	if !strings.Contains(b.log.String(), "level=ERROR") {
		t.Error("nothing in the log")
	}
}

func TestLostRepliesMakeNoNoteTwice(t *testing.T) {
	t.Parallel()
	for name, fault := range map[string]hubspottest.Fault{
		"reply lost":        {LoseReply: true, Times: 3},
		"504 after commit":  {Commit: true, Status: 504, Times: 3},
		"dropped before":    {DropBefore: true, Times: 2},
		"answered empty":    {EmptyOK: true, Times: 1},
		"half is forgotten": {Short: true, Times: 1},
		"reply cut":         {Truncate: true, Times: 2},
		"locked":            {Status: 423, Times: 1},
	} {
		for mode, keys := range map[string]hubspottest.NoteKeys{"keyed": hubspottest.NoteKeysAllowed, "not keyed": hubspottest.NoteKeysRefused} {
			t.Run(name+", "+mode, func(t *testing.T) {
				t.Parallel()
				b := startNoting(t, 4, noting(), withSim(hubspottest.Options{NoteKeys: keys}))
				for _, path := range []string{"/notes/batch/", "/associations/"} {
					f := fault
					f.PathContains = path
					b.sim.Inject(f)
				}
				const n = 12
				var all []integration.Activity
				for i := range n {
					all = append(all, activity(i, memberID(i%4)))
				}
				b.happen(all...)
				b.eventually("all told", func() bool { return b.count("activity", integration.SyncSynced) == n })
				if got := b.notes(); len(got) != n {
					t.Errorf("%d notes, want %d", len(got), n)
				}
				for _, one := range b.notes() {
					if len(one.contacts) != 1 {
						t.Errorf("note on %v", one.contacts)
					}
				}
			})
		}
	}
}
