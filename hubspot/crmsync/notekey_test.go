package crmsync_test

import (
	"context"
	"strconv"
	"strings"
	"testing"

	"github.com/memberpulse/hubspotplugin/hubspot"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync"
	"github.com/memberpulse/hubspotplugin/hubspot/hubspottest"
	"github.com/memberpulse/hubspotplugin/integration"
)

// check is what a check says of notes with activities on.
func (b *bundle) checkOfNotes() integration.CheckItem {
	b.t.Helper()
	raw := map[string]string{"portalId": strconv.FormatInt(portalA, 10), "apiKey": tokenA, "syncContacts": "true", "syncActivities": "true", "ticketNotes": "true"}
	set, err := crmsync.Spec().Schema.Parse(raw, integration.Settings{})
	must(b.t, err)
	report, err := b.syncer.Check(context.Background(), tenantA, set)
	must(b.t, err)
	var found []integration.CheckItem
	for _, it := range report.Items {
		if it.Name == "Notes" {
			found = append(found, it)
		}
	}
	if len(found) != 1 || !report.OK {
		b.t.Fatalf("report = %+v", report)
	}
	return found[0]
}

func TestCheckSaysHowNotesAreToldApart(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		keys          hubspottest.NoteKeys
		before, after string
	}{
		{hubspottest.NoteKeysAllowed, "missing", "property of their own"},
		{hubspottest.NoteKeysRefused, "missing", "will be created"}, // a check changes nothing, so it cannot know
	} {
		b := start(t, withSim(hubspottest.Options{NoteKeys: c.keys}))
		if got := b.checkOfNotes(); got.State != c.before {
			t.Errorf("before: %+v", got)
		}
		b.connectWith(noting())
		if got := b.checkOfNotes(); !strings.Contains(got.Detail, c.after) {
			t.Errorf("after: %+v", got)
		}
	}
}

// A property of the name that is not unique cannot tell notes apart: they go
// on without a key.
func TestNotePropertyThatIsNotUnique(t *testing.T) {
	t.Parallel()
	b := start(t)
	b.define(hubspot.Notes, hubspot.Property{Name: "memberpulse_note_id", Label: "Mine", GroupName: "note", Type: "string", FieldType: "text"})
	b.host.Put(tenantA, member(0))
	b.connectWith(noting())
	b.settled(tenantA)
	b.happen(activity(1, memberID(0)))
	b.awaitSaid("activity", activityID(1), integration.SyncSynced, "")
	if n, ok := b.noteWith("ref: " + activityID(1)); !ok || n.Properties["memberpulse_note_id"] != "" {
		t.Errorf("note = %+v", n)
	}
	if got := b.checkOfNotes(); got.State != "ok" || !strings.Contains(got.Detail, "reference") {
		t.Errorf("check = %+v", got)
	}
}
