package crmsync_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/memberpulse/hubspotplugin/hubspot"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync"
	"github.com/memberpulse/hubspotplugin/integration"
)

func TestCompareSchema(t *testing.T) {
	t.Parallel()
	want := crmsync.ContactProperties()
	missing, _, noSlot, _ := crmsync.SchemaGap(crmsync.CompareSchema(nil))
	if len(missing) != len(want) || noSlot {
		t.Errorf("of an empty portal %d are missing, no slot %v", len(missing), noSlot)
	}
	if missing, retyped, noSlot, options := crmsync.SchemaGap(crmsync.CompareSchema(want)); len(missing)+len(retyped)+len(options) > 0 || noSlot {
		t.Errorf("a complete portal lacks %v %v %v", missing, retyped, options)
	}
	broken := slices.Clone(want)
	broken[0].HasUniqueValue = false          // the member id is not unique
	broken[1].Options = broken[1].Options[1:] // an option was removed
	broken[2].Archived = true                 // archived is missing
	broken[5].Type = "string"                 // a date became text
	missing, retyped, _, options := crmsync.SchemaGap(crmsync.CompareSchema(broken))
	if !slices.Equal(missing, []string{want[2].Name}) || !slices.Equal(retyped, []string{want[0].Name, want[5].Name}) || options[want[1].Name] != 1 {
		t.Errorf("missing %v, retyped %v, options %v", missing, retyped, options)
	}
	var full []hubspot.Property
	for i := range 10 {
		full = append(full, hubspot.Property{Name: fmt.Sprint("key", i), Type: "string", HasUniqueValue: true})
	}
	full = append(full, hubspot.Property{Name: "email", Type: "string", HasUniqueValue: true, HubSpotDefined: true})
	if _, _, noSlot, _ := crmsync.SchemaGap(crmsync.CompareSchema(full)); !noSlot {
		t.Error("ten unique properties leave no slot")
	}
	if _, _, noSlot, _ := crmsync.SchemaGap(crmsync.CompareSchema(full[1:])); noSlot {
		t.Error("HubSpot's own email takes no slot")
	}
	for _, p := range want {
		if p.FormField || p.GroupName != "memberpulse" || p.Label == "" {
			t.Errorf("property %s: on forms %v, group %q", p.Name, p.FormField, p.GroupName)
		}
	}
}

func TestSentenceAndHealth(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 11, 23, 14, 32, 0, 0, time.UTC)
	live := crmsync.Facts{Connected: true, Contacts: true, Members: 250}
	with := func(change func(*crmsync.Facts)) crmsync.Facts { f := live; change(&f); return f }
	for name, c := range map[string]struct {
		facts  crmsync.Facts
		health integration.Health
		say    string
	}{
		"never":     {crmsync.Facts{}, integration.HealthOff, "Not connected."},
		"live":      {live, integration.HealthOK, "Live. Every change is in HubSpot."},
		"paused":    {with(func(f *crmsync.Facts) { f.Paused, f.Pending = true, 3 }), integration.HealthOff, "Paused. 3 changes waiting"},
		"refused":   {with(func(f *crmsync.Facts) { f.Parked = "key-refused" }), integration.HealthFailing, "Stopped: HubSpot does not accept the key. Make a new key"},
		"outage":    {with(func(f *crmsync.Facts) { f.Parked, f.Resumes, f.Pending, f.Oldest = "outage", at, 214, 6*time.Minute }), integration.HealthDegraded, "Delayed: 214 changes waiting, oldest 6 min. HubSpot does not answer; it goes on by itself at 14:32:00 UTC."},
		"busy":      {with(func(f *crmsync.Facts) { f.Parked, f.Resumes = "busy", at }), integration.HealthOK, "slow down"},
		"off":       {with(func(f *crmsync.Facts) { f.Contacts = false }), integration.HealthOK, "Sync Contacts is off"},
		"first":     {with(func(f *crmsync.Facts) { f.Running, f.Done, f.Total = true, 10, 250 }), integration.HealthOK, "10 of 250 members done"},
		"behind":    {with(func(f *crmsync.Facts) { f.Pending, f.Oldest = 1, 3*time.Hour }), integration.HealthDegraded, "Behind: 1 change waiting, oldest 3 h."},
		"attention": {with(func(f *crmsync.Facts) { f.Attention = map[string]int{"contact": 2} }), integration.HealthDegraded, "Live. 2 of 250 members need your attention; every other change is in HubSpot."},
		"companies": {with(func(f *crmsync.Facts) { f.Attention = map[string]int{"company": 1} }), integration.HealthDegraded, "Live. 1 company needs your attention; every"},
		"each part": {with(func(f *crmsync.Facts) {
			f.Attention, f.Lists = map[string]int{"contact": 1, "company": 12, "association": 2, "note": 1, "activity": 3, "event": 1, "attendance": 2, "custom-event": 4}, 1
		}), integration.HealthDegraded, "Live. 1 of 250 members, 12 companies, 2 associations, 3 activities, 1 ticket note, 1 marketing event, 2 members' attendance, 4 custom events and 1 list need your attention;"},
		"a list":     {with(func(f *crmsync.Facts) { f.Lists = 1 }), integration.HealthDegraded, "Live, but 1 list needs your attention: see below. Contacts and tags go on without."},
		"both":       {with(func(f *crmsync.Facts) { f.Attention, f.Undecided = map[string]int{"contact": 2}, 1 }), integration.HealthDegraded, "Live. 2 of 250 members need your attention; 1 organization waits to be matched."},
		"unwritable": {with(func(f *crmsync.Facts) { f.Unwritable = 3 }), integration.HealthDegraded, "Live, but 3 properties cannot be written: see below."},
		"matching":   {with(func(f *crmsync.Facts) { f.Undecided = 12 }), integration.HealthOK, "Live. 12 organizations wait until you say which companies they are; everything else is sent."},
		"and yet":    {with(func(f *crmsync.Facts) { f.Attention, f.Pending = map[string]int{"company": 2}, 3 }), integration.HealthDegraded, "Live. 2 companies need your attention; 3 changes are on their way."},
	} {
		if got := crmsync.Health(c.facts); got != c.health {
			t.Errorf("%s: health %s, want %s", name, got, c.health)
		}
		if got := crmsync.Sentence(c.facts); !strings.Contains(got, c.say) {
			t.Errorf("%s: %q does not say %q", name, got, c.say)
		}
	}
}

func TestWhoseRecordIsIt(t *testing.T) {
	t.Parallel()
	rec := func(holder string) hubspot.Record {
		return hubspot.Record{ID: "7", Properties: map[string]string{"memberpulse_member_id": holder, "email": "A@x.org", "hs_additional_emails": "b@x.org; C@x.org"}}
	}
	for _, c := range []struct {
		holder, owner string
		adopt         bool
	}{{"", "", true}, {"me", "", true}, {" ME ", "", true}, {"you", "", false}, {"you", "me", true}, {"me", "you", false}, {"", "you", false}} {
		if got := crmsync.Judge("me", rec(c.holder), c.owner); got != c.adopt {
			t.Errorf("holder %q owner %q: adopt %v", c.holder, c.owner, got)
		}
	}
	for email, want := range map[string]bool{"a@X.org": true, "b@x.org": true, "c@x.org ": true, "d@x.org": false, "": false} {
		if got := crmsync.Holds(rec(""), email); got != want {
			t.Errorf("holds %q: %v", email, got)
		}
	}
}

func TestProgressIsTruthful(t *testing.T) {
	t.Parallel()
	began := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	r := crmsync.Progress("listing", 1000, 600, 100, began, began.Add(10*time.Second))
	if r.Done != 500 || r.PerSecond != 50 || r.ETASeconds < 10 || r.ETASeconds > 11 {
		t.Errorf("half way: %+v", r)
	}
	if r := crmsync.Progress("waiting", 1000, 0, 0, began, began.Add(time.Second)); r.Done != 0 || r.ETASeconds != 0 {
		t.Errorf("before anything: %+v", r)
	}
	if r := crmsync.Progress("delivering", 10, 20, 0, began, began.Add(time.Second)); r.Total != 20 || r.Done != 20 {
		t.Errorf("members joined meanwhile: %+v", r)
	}
}

func TestChangesBecomeEntriesOrAreRefused(t *testing.T) {
	t.Parallel()
	_, err := crmsync.Entries([]integration.Change{integration.MemberChanged(tenantA, memberID(1)),
		{ClientID: tenantA, Ref: integration.Ref{Kind: integration.KindCourse, Key: memberID(2)}}})
	if !errors.Is(err, crmsync.ErrNoHandler) || !strings.Contains(err.Error(), `change 1`) {
		t.Errorf("error = %v", err)
	}
}
