package crmsync_test

import (
	"context"
	"strings"
	"testing"

	"github.com/memberpulse/hubspotplugin/hubspot/crmsync"
	"github.com/memberpulse/hubspotplugin/integration"
)

func TestWhatAFullSyncSaysThatItSends(t *testing.T) {
	t.Parallel()
	all := map[string]string{"syncContacts": "true", "syncCompanies": "true", "syncTags": "true", "syncLists": "true", "listMembershipActive": "static",
		"syncActivities": "true", "ticketNotes": "true", "marketingEvents": "true", "customEvents": "true"}
	for name, c := range map[string]struct {
		on        map[string]string
		says, not []string
	}{
		"nothing":    {nil, []string{"Nothing is switched on"}, []string{"Sends again"}},
		"contacts":   {map[string]string{"syncContacts": "true"}, []string{"every included member's contact.", "Left alone: what somebody deleted in HubSpot and what"}, []string{"compan", "tag", "note", "list", "event"}},
		"companies":  {map[string]string{"syncCompanies": "true"}, []string{"every organization's company."}, []string{"contact", "tag", "list "}},
		"everything": {all, []string{"contact with its tags", "which contact belongs to which company", "who takes part in them", "the notes of tickets and lists that are missing.", "static list by hand", "notes of past activities, custom events", "deleted in HubSpot, but for marketing events,", "tags that wait for your confirmation"}, nil},
		"behind contacts": {map[string]string{"syncCompanies": "true", "ticketNotes": "true", "syncActivities": "true"}, []string{"every organization's company."},
			[]string{"note"}},
	} {
		got := crmsync.ResyncSays(c.on)
		for _, want := range c.says {
			if !strings.Contains(got, want) {
				t.Errorf("%s: %q does not say %q", name, got, want)
			}
		}
		for _, no := range c.not {
			if strings.Contains(got, no) {
				t.Errorf("%s: %q says %q", name, got, no)
			}
		}
	}
}

// A run says what it is for, what it walks over, and what is behind it.
func TestARunSaysWhatItIsFor(t *testing.T) {
	t.Parallel()
	b := start(t)
	for n := range 3 {
		b.save(tenantA, member(n))
	}
	b.host.PutEntity(tenantA, organization(1))
	b.connectWith(nil)
	done := func(title string, walked ...integration.RunPart) {
		t.Helper()
		st := b.settled(tenantA)
		if st.Run == nil || st.Run.Title != title || len(st.Run.Walked) != len(walked) {
			t.Fatalf("run %+v, want %q over %v", st.Run, title, walked)
		}
		for i, w := range walked {
			if st.Run.Walked[i] != w {
				t.Errorf("%s: walked over %v, want %v", title, st.Run.Walked, walked)
			}
		}
	}
	members, organizations := integration.RunPart{Kind: integration.KindMember, Count: 3}, integration.RunPart{Kind: integration.KindOrganization, Count: 1}
	done("First sync", members)
	b.connectWith(map[string]string{"syncCompanies": "true"})
	done("Sync of companies", organizations, members)
	b.connectWith(map[string]string{"syncCompanies": "true", "syncTags": "true"})
	done("Sync of tags", members)
	b.confirmTags(false)
	done("Sync of the confirmed tags", members)
	b.connectWith(map[string]string{"syncCompanies": "true", "syncTags": "true", "includeStatuses": "active"})
	done("Sync after a change of the settings", members)
	run, err := b.syncer.Sync(context.Background(), tenantA)
	must(t, err)
	if run.Title != "Full sync" || run.Kind != integration.KindOrganization {
		t.Errorf("run = %+v", run)
	}
	done("Full sync", organizations, members)
}

func TestARunThatDoesAnothersWorkIsCalledByTheGreater(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		reason, rest string
		parts, more  []string
		title        string
	}{
		{"settings", "first", []string{"syncCompanies"}, nil, "First sync"},
		{"mapping", "full", nil, nil, "Full sync"},
		{"first", "full", nil, nil, "First sync"},
		{"settings", "settings", []string{"syncTags"}, []string{"syncCompanies"}, "Sync of companies and tags"},
		{"mapping", "tags", nil, nil, "Sync after a change of the property map"},
		{"refill", "lists", nil, nil, "Refill of properties that were made again"},
		{"lists", "", nil, nil, "Sync of lists"},
		{"", "", nil, nil, "Sync"}, // of the version before
	} {
		if got := crmsync.RunTitle(c.reason, c.parts, c.rest, c.more); got != c.title {
			t.Errorf("%+v: %q", c, got)
		}
	}
}
