package crmsync_test

import (
	"context"
	"net/http"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

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

// A key that was made a moment ago rests for the whole portal: whatever comes
// meanwhile waits for it, and says so.
func TestNewNoteKeyRestsForEverybody(t *testing.T) {
	t.Parallel()
	const rest = 5 * time.Second
	late := &atomic.Int64{} // by how much our clock is slow: the key stays new for as long as the test needs
	b := startNoting(t, 2, map[string]string{}, withConfig(func(c *crmsync.Config) {
		c.NoteRest = time.Minute
		c.Now = func() time.Time { return time.Now().Add(-time.Duration(late.Load())) }
	}))
	late.Store(int64(50 * time.Second))
	b.connectWith(noting())
	b.happen(activity(1, memberID(0)))
	one := ticket(1, memberID(1))
	b.saveTickets(one)
	if r := b.awaitSaid("activity", activityID(1), integration.SyncPending, "property-unknown"); r.Error == "" || r.Fix == "" {
		t.Errorf("record = %+v", r)
	}
	b.happen(activity(2, memberID(1))) // a batch of its own, which finds the property there
	b.awaitSaid("activity", activityID(2), integration.SyncPending, "property-unknown")
	late.Store(0)
	b.awaitSaid("note", one.ID, integration.SyncSynced, "")
	b.eventually("all told", func() bool { return b.count("activity", integration.SyncSynced) == 2 })
	var made, used time.Time
	for _, r := range b.sim.Requests() {
		switch {
		case r.Method == http.MethodPost && strings.HasSuffix(r.Path, "/notes") && strings.Contains(r.Path, "/properties/"):
			made = r.Time
		case used.IsZero() && strings.Contains(r.Path, "/notes/batch/upsert"):
			used = r.Time
		}
	}
	if made.IsZero() || used.Sub(made) < rest {
		t.Errorf("made at %s, used %s later, want at least %s", made, used.Sub(made), rest)
	}
	if len(b.notes()) != 3 {
		t.Errorf("%d notes", len(b.notes()))
	}
}

// Whatever keeps it from being known whether notes have a key is said of each
// note; a ticket's goes on being known by its note.
func TestNoteKeyThatCannotBeFoundOutIsSaid(t *testing.T) {
	t.Parallel()
	b := startNoting(t, 1, noting())
	one := ticket(1, memberID(0))
	b.saveTickets(one)
	made := b.awaitSaid("note", one.ID, integration.SyncSynced, "")
	_, err := b.db.NewRaw(`update hubspot_connection set note_key = ''`).Exec(t.Context())
	must(t, err)
	b.sim.Inject(hubspottest.Fault{PathContains: "/notes/memberpulse_note_id", Status: 423, Times: 3}) // a call, with its repeats
	one.Status = "closed"
	b.saveTickets(one)
	if r := b.awaitSaid("note", one.ID, integration.SyncPending, "locked"); r.CRMEntityID != made.CRMEntityID {
		t.Errorf("record = %+v", r)
	}
	b.awaitSaid("note", one.ID, integration.SyncSynced, "")
	if n, _ := b.noteWith("Status: closed"); len(b.notes()) != 1 || n.ID != made.CRMEntityID {
		t.Errorf("notes = %+v", b.notes())
	}
}
