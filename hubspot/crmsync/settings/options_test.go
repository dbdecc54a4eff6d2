package settings_test

import (
	"slices"
	"testing"

	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/kinds"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/settings"
	"github.com/memberpulse/hubspotplugin/integration"
	"github.com/memberpulse/hubspotplugin/tagging"
)

// chosen are a connected tenant's options with some settings of its own.
func chosen(t *testing.T, more map[string]string) settings.Options {
	t.Helper()
	raw := map[string]string{settings.KeyPortal: "12345678", settings.KeyAPI: "pat-eu1-0000000000000000"}
	for k, v := range more {
		raw[k] = v
	}
	set, err := settings.Spec().Schema.Parse(raw, integration.Settings{})
	if err != nil {
		t.Fatal(err)
	}
	return settings.Of(set)
}

func TestEverythingIsOffUntilTheFirstSave(t *testing.T) {
	t.Parallel()
	o := chosen(t, nil)
	if o.PortalID != 12345678 || !slices.Equal(o.Statuses, settings.DefaultStatuses()) {
		t.Errorf("options = %+v", o)
	}
	on := o.Contacts || o.Companies || o.Tags || o.Lists || o.Activities || o.Tickets || o.ActivityOnCompany || o.CustomEvents || o.MarketingEvents || o.TicketSubject || o.TicketReplies || o.ArchiveGone
	if on || len(o.WantedLists()) != 0 || len(o.Walked()) != 0 {
		t.Errorf("something is on: %+v", o)
	}
	for _, f := range tagging.Families() {
		if got := o.TagTarget(f); got != settings.PropTags {
			t.Errorf("%s tags go to %s", f, got)
		}
	}
}

// What is on a contact waits for the contacts.
func TestWhatWaitsForContacts(t *testing.T) {
	t.Parallel()
	all := map[string]string{settings.KeyTags: "true", settings.KeyLists: "true", settings.KeyCompanies: "true", settings.KeyTickets: "true", settings.KeyMarketingEvents: "true", settings.KeyCustomEvents: "true", settings.KeyList(tagging.Catalog()[0].Slug): settings.ListStatic}
	o := chosen(t, all)
	if o.TagsOn() || o.ListsOn() || o.Associated() || o.EventsOn() || o.CustomEventsOn() || len(o.WantedLists()) != 0 {
		t.Errorf("something goes on without contacts: %+v", o)
	}
	if got := o.Walked(); !slices.Equal(got, []string{kinds.Organization}) {
		t.Errorf("walked over %v, want the organizations alone", got)
	}
	all[settings.KeyContacts] = "true"
	with := chosen(t, all)
	if !with.TagsOn() || !with.ListsOn() || !with.Associated() || !with.EventsOn() || !with.CustomEventsOn() || len(with.WantedLists()) != 1 {
		t.Errorf("something does not go on with contacts: %+v", with)
	}
	walked := with.WalkedSince(o)
	slices.Sort(walked)
	want := []string{kinds.Event, kinds.Member, kinds.Ticket}
	slices.Sort(want)
	if !slices.Equal(walked, want) {
		t.Errorf("walked over %v, want %v", walked, want)
	}
}

func TestWidened(t *testing.T) {
	t.Parallel()
	const statuses, plans = settings.KeyStatuses, settings.KeyPlans
	for name, c := range map[string]struct {
		was, now map[string]string
		wider    bool
	}{
		"nothing changes":             {was: map[string]string{statuses: "active"}, now: map[string]string{statuses: "active"}},
		"a status more":               {was: map[string]string{statuses: "active"}, now: map[string]string{statuses: "active,pending"}, wider: true},
		"a status less":               {was: map[string]string{statuses: "active,pending"}, now: map[string]string{statuses: "active"}},
		"a status for another":        {was: map[string]string{statuses: "active"}, now: map[string]string{statuses: "pending"}, wider: true},
		"one plan alone":              {now: map[string]string{plans: "gold"}},
		"a plan more":                 {was: map[string]string{plans: "gold"}, now: map[string]string{plans: "gold,silver"}, wider: true},
		"all plans again":             {was: map[string]string{plans: "gold"}, wider: true},
		"a plan less, but a new part": {was: map[string]string{plans: "gold,silver"}, now: map[string]string{plans: "gold", settings.KeyTags: "true"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := chosen(t, c.now).Widened(chosen(t, c.was)); got != c.wider {
				t.Errorf("Widened = %v", got)
			}
		})
	}
}

func TestMoved(t *testing.T) {
	t.Parallel()
	key := settings.KeyTagProperty(tagging.FamilyEvent)
	ours, theirs, others := chosen(t, nil), chosen(t, map[string]string{key: "event_tags"}), chosen(t, map[string]string{key: "more_tags"})
	named := chosen(t, map[string]string{key: settings.PropTags})
	for _, c := range []struct {
		now, was settings.Options
		moved    bool
	}{{theirs, ours, true}, {ours, theirs, true}, {others, theirs, true}, {theirs, theirs, false}, {named, ours, false}} {
		got := c.now.Moved(c.was)
		if want := []tagging.Family{tagging.FamilyEvent}; c.moved && !slices.Equal(got, want) || !c.moved && len(got) != 0 {
			t.Errorf("from %v to %v: moved = %v", c.was.TagProperties, c.now.TagProperties, got)
		}
	}
}

// A list follows the property to which its tag is written, and each mode has a
// name of its own.
func TestWantedLists(t *testing.T) {
	t.Parallel()
	names := map[string]bool{}
	for _, mode := range []string{settings.ListActive, settings.ListStatic} {
		more := map[string]string{settings.KeyContacts: "true", settings.KeyTags: "true", settings.KeyLists: "true", settings.KeyTagProperty(tagging.FamilyEvent): "event_tags"}
		for _, tag := range tagging.Catalog() {
			more[settings.KeyList(tag.Slug)] = mode
		}
		lists := chosen(t, more).WantedLists()
		if len(lists) != len(tagging.Catalog()) {
			t.Fatalf("%d %s lists", len(lists), mode)
		}
		for _, l := range lists {
			want := settings.PropTags
			if l.Tag.Family == tagging.FamilyEvent {
				want = "event_tags"
			}
			if f := l.Filter(); l.Property != want || f.Property != want || !slices.Equal(f.Values, []string{l.Tag.Slug}) {
				t.Errorf("%s: %+v, filter %+v", l.Tag.Slug, l, f)
			}
			if names[l.Name()] {
				t.Errorf("two lists are called %q", l.Name())
			}
			names[l.Name()] = true
		}
	}
}

func TestWhatASettingRefuses(t *testing.T) {
	t.Parallel()
	for key, bad := range map[string][]string{
		settings.KeyPortal: {"12 34", "abc", "0", "99999999999999999999"},
		settings.KeyAPI:    {"pat-eu1 000000000000", "pat-short"},
		settings.KeyTagProperty(tagging.FamilyCourse): {"Course tags", "9tags", "tags;"},
	} {
		for _, value := range bad {
			raw := map[string]string{settings.KeyPortal: "12345678", settings.KeyAPI: "pat-eu1-0000000000000000", key: value}
			if _, err := settings.Spec().Schema.Parse(raw, integration.Settings{}); err == nil {
				t.Errorf("%s = %q was taken", key, value)
			}
		}
	}
}
