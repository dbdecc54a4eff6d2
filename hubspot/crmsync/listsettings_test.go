package crmsync_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/memberpulse/hubspotplugin/hubspot/crmsync"
	"github.com/memberpulse/hubspotplugin/integration"
	"github.com/memberpulse/hubspotplugin/tagging"
)

func parsed(t *testing.T, more map[string]string) integration.Settings {
	t.Helper()
	raw := map[string]string{"portalId": "1", "apiKey": tokenA, "syncContacts": "true", "syncTags": "true", "syncLists": "true"}
	for k, v := range more {
		raw[k] = v
	}
	set, err := crmsync.Spec().Schema.Parse(raw, integration.Settings{})
	must(t, err)
	return set
}

func TestWantedLists(t *testing.T) {
	t.Parallel()
	chosen := map[string]string{"listMembershipDowngradeScheduled": "active", "listEventNoShow": "static"}
	want := []string{"MemberPulse: Downgrade scheduled", "MemberPulse: Event no-show (static)"}
	if got := crmsync.WantedLists(parsed(t, chosen)); !slices.Equal(got, want) {
		t.Errorf("%v", got)
	}
	for _, off := range []string{"syncContacts", "syncTags", "syncLists"} {
		without := map[string]string{off: "false", "listEventNoShow": "static"}
		if got := crmsync.WantedLists(parsed(t, without)); got != nil {
			t.Errorf("%s off: %v", off, got)
		}
	}
	if got := crmsync.WantedLists(parsed(t, nil)); got != nil {
		t.Errorf("nothing chosen: %v", got)
	}
	if _, err := crmsync.Spec().Schema.Parse(map[string]string{"portalId": "1", "apiKey": tokenA, "listEventNoShow": "dynamic"}, integration.Settings{}); err == nil {
		t.Error("an unknown mode was taken")
	}
}

func TestListIncidents(t *testing.T) {
	t.Parallel()
	set := parsed(t, map[string]string{"listMembershipActive": "active", "listEventNoShow": "static", "listCourseEnrolled": "static"})
	early, late := time.Unix(1000, 0), time.Unix(2000, 0)
	active, noShow, enrolled := [2]string{"membership-active", "active"}, [2]string{"event-no-show", "static"}, [2]string{"course-enrolled", "static"}
	got := crmsync.Incidents(set, map[[2]string]string{active: "limit", noShow: "limit", enrolled: "ok", {"membership-active", "static"}: "deleted"},
		map[[2]string]time.Time{active: late, noShow: early})
	if len(got) != 1 || got[0].Code != "list-limit" || got[0].Count != 0 || !got[0].Since.Equal(early) || got[0].Blocking ||
		!strings.Contains(got[0].Title, "MemberPulse: Membership active, MemberPulse: Event no-show (static)") {
		t.Errorf("%+v", got)
	}
}

func TestRecipes(t *testing.T) {
	t.Parallel()
	golive := time.Date(2026, 11, 25, 12, 0, 0, 0, time.UTC)
	got := crmsync.Recipes(parsed(t, map[string]string{"listEventRegistered": "active", "listEventNoShow": "static"}), golive)
	if len(got) != len(tagging.Catalog())+2 {
		t.Fatalf("%d recipes", len(got))
	}
	text := map[string]string{}
	for _, r := range got {
		if r.Title == "" || len(r.Steps) < 3 || len(r.Limits) < 3 {
			t.Errorf("recipe %+v", r)
		}
		text[r.Title] = strings.Join(append(r.Steps, r.Limits...), "\n")
	}
	for title, words := range map[string][]string{
		"Event registered: every time it happens": {"memberpulse_event_registered_last_at", "is known", "is after", "25 November 2026", "re-enrollment", "memberpulse_event_registered_name",
			"still inside the workflow is not enrolled again", "Professional", "quiet"},
		"Membership active: every time it happens":          {"memberpulse_membership_active_last_at"},
		"Event registered: when a contact comes to have it": {"MemberPulse: Event registered", "minutes"},
		"Event no-show: when a contact comes to have it":    {"MemberPulse: Event no-show (static)", "by hand"},
	} {
		for _, w := range words {
			if !strings.Contains(text[title], w) {
				t.Errorf("%s says nothing of %q:\n%s", title, w, text[title])
			}
		}
	}
	if strings.Contains(text["Membership active: every time it happens"], "memberpulse_membership_active_name") {
		t.Error("a property that does not exist")
	}
	if got := crmsync.Recipes(parsed(t, map[string]string{"syncTags": "false"}), golive); got != nil {
		t.Errorf("without tags: %v", got)
	}
}
