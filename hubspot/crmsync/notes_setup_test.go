package crmsync_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/memberpulse/hubspotplugin/hubspot"
	"github.com/memberpulse/hubspotplugin/hubspot/hubspottest"
	"github.com/memberpulse/hubspotplugin/integration"
)

// noteHubSpots are the HubSpots that notes must do with: those that let notes
// have a key and those that do not, on both versions of the API.
func noteHubSpots(t *testing.T, run func(t *testing.T, opts ...option)) {
	t.Helper()
	for name, o := range map[string][]option{
		"keyed on 2026-03":     {withSim(hubspottest.Options{NoteKeys: hubspottest.NoteKeysAllowed}), withVersion(hubspot.Version202603)},
		"keyed on 2026-09":     {withSim(hubspottest.Options{NoteKeys: hubspottest.NoteKeysAllowed}), withVersion(hubspot.Version202609)},
		"refused on 2026-03":   {withSim(hubspottest.Options{NoteKeys: hubspottest.NoteKeysRefused, ErrorsOmitTraceID: true}), withVersion(hubspot.Version202603)},
		"forbidden on 2026-09": {withSim(hubspottest.Options{NoteKeys: hubspottest.NoteKeysForbidden}), withVersion(hubspot.Version202609)},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			run(t, o...)
		})
	}
}

// noting switches on what makes notes.
func noting(more ...string) map[string]string {
	out := map[string]string{"syncActivities": "true", "ticketNotes": "true"}
	for _, key := range more {
		out[key] = "true"
	}
	return out
}

// startNoting connects tenant A with notes on and n members who have contacts.
func startNoting(t *testing.T, n int, set map[string]string, opts ...option) *bundle {
	t.Helper()
	b := start(t, opts...)
	for i := range n {
		b.host.Put(tenantA, member(i))
	}
	b.connectWith(set)
	b.settled(tenantA)
	return b
}

func activityID(n int) string { return fmt.Sprintf("00000000-0000-4000-9000-%012d", n) }
func ticketID(n int) string   { return fmt.Sprintf("00000000-0000-4000-a000-%012d", n) }

var noteDay = time.Date(2026, 11, 3, 9, 30, 0, 0, time.UTC)

// activity is the n-th activity, of a member.
func activity(n int, memberID string) integration.Activity {
	return integration.Activity{ID: activityID(n), Type: integration.MembershipRenewed, MemberID: memberID,
		OccurredAt: noteDay.Add(time.Duration(n) * time.Minute), Name: fmt.Sprint("Plan ", n)}
}

func (b *bundle) happen(all ...integration.Activity) {
	b.t.Helper()
	changes := make([]integration.Change, len(all))
	for i, a := range all {
		changes[i] = integration.ActivityHappened(tenantA, a)
	}
	b.record(changes...)
}

// ticket is the n-th support ticket, of a member.
func ticket(n int, memberID string) integration.Ticket {
	return integration.Ticket{ID: ticketID(n), Number: fmt.Sprint("T-", n), Subject: "Where is my card?", Status: "open", MemberID: memberID,
		CreatedAt: noteDay, UpdatedAt: noteDay, History: []integration.TicketStatusChange{{Status: "open", At: noteDay}}}
}

func (b *bundle) saveTickets(all ...integration.Ticket) {
	b.t.Helper()
	changes := make([]integration.Change, len(all))
	for i, t := range all {
		b.host.PutEntity(tenantA, t)
		changes[i] = integration.TicketChanged(tenantA, t.ID, t.MemberID)
	}
	b.record(changes...)
}

// shown is a note in the portal.
type shown struct {
	hubspottest.Record
	contacts, companies []string // ids of the records that it is on
}

// notes are the portal's live notes with their places.
func (b *bundle) notes() []shown {
	p := b.sim.Portal(portalA)
	on := map[string]*shown{}
	var out []shown
	for _, r := range p.Records("notes") {
		out = append(out, shown{Record: r})
	}
	for i := range out {
		on[out[i].ID] = &out[i]
	}
	for _, a := range p.Associations("notes", "contacts") {
		on[a.FromID].contacts = append(on[a.FromID].contacts, a.ToID)
	}
	for _, a := range p.Associations("notes", "companies") {
		on[a.FromID].companies = append(on[a.FromID].companies, a.ToID)
	}
	return out
}

// noteWith returns the one note whose text has a word.
func (b *bundle) noteWith(word string) (shown, bool) {
	b.t.Helper()
	found := slices.DeleteFunc(b.notes(), func(n shown) bool { return !strings.Contains(n.Properties["hs_note_body"], word) })
	if len(found) > 1 {
		b.t.Errorf("%d notes with %q", len(found), word)
	}
	if len(found) == 0 {
		return shown{}, false
	}
	return found[0], true
}

// said returns the sync record of an activity or a ticket.
func (b *bundle) said(entity, key string) integration.SyncRecord {
	b.t.Helper()
	page, err := b.syncer.SyncLog(context.Background(), tenantA, integration.SyncQuery{EntityType: entity, Search: key})
	must(b.t, err)
	if len(page.Records) == 0 {
		return integration.SyncRecord{}
	}
	return page.Records[0]
}

func (b *bundle) awaitSaid(entity, key string, status integration.SyncStatus, code string) integration.SyncRecord {
	b.t.Helper()
	var r integration.SyncRecord
	b.eventually(fmt.Sprintf("%s %s: %s %s", entity, key, status, code), func() bool {
		r = b.said(entity, key)
		return r.Status == status && r.Code == code
	})
	return r
}

// count is the number of sync records of a type in a state.
func (b *bundle) count(entity string, status integration.SyncStatus) int {
	b.t.Helper()
	page, err := b.syncer.SyncLog(context.Background(), tenantA, integration.SyncQuery{EntityType: entity, Status: status, ItemsPerPage: 1})
	must(b.t, err)
	return page.Total
}
