package hubspottest_test

import (
	"testing"
	"time"

	"github.com/memberpulse/hubspotplugin/hubspot/hubspottest"
)

func panics(f func()) (did bool) {
	defer func() { did = recover() != nil }()
	f()
	return false
}

func TestPeopleWorkWithoutTheAPI(t *testing.T) {
	t.Parallel()
	now := newClock("2026-11-23T10:00:00Z")
	b := setupPortal(t, hubspottest.Options{Now: now.Now}, hubspottest.Portal{ID: 1, Token: testToken, Scopes: []string{}, MaxPerWindow: 1, Daily: 1})
	one := b.portal.PutContact(map[string]string{"email": "A@example.org", "hs_additional_emails": "b@example.org"})
	if one.Properties["email"] != "a@example.org" || one.Properties["hs_object_id"] != one.ID || one.Properties["hs_email_domain"] != "example.org" {
		t.Fatalf("%v", one)
	}
	now.forward(time.Minute)
	edited := b.portal.EditContact(one.ID, map[string]string{"city": "Bern"})
	if !edited.UpdatedAt.Equal(now.Now()) || !edited.CreatedAt.Equal(one.CreatedAt) || edited.Properties["hs_additional_emails"] != "b@example.org" {
		t.Fatalf("%v", edited)
	}
	two := b.portal.PutContact(map[string]string{"email": "c@example.org"})
	for what, f := range map[string]func(){
		"taken email":           func() { b.portal.PutContact(map[string]string{"email": "B@example.org"}) },
		"taken secondary email": func() { b.portal.EditContact(two.ID, map[string]string{"hs_additional_emails": "a@example.org"}) },
		"unknown property":      func() { b.portal.EditContact(two.ID, map[string]string{"nope": "1"}) },
		"unknown contact":       func() { b.portal.ArchiveContact("1") },
		"merge with itself":     func() { b.portal.MergeContacts(two.ID, two.ID) },
		"default property":      func() { b.portal.ArchiveProperty("contacts", "email") },
		"unknown type":          func() { b.portal.Records("unicorns") },
	} {
		if !panics(f) {
			t.Errorf("%s: did not panic", what)
		}
	}
	if n := b.portal.Count("contacts"); n != 2 || len(b.portal.Contacts()) != n {
		t.Fatalf("%d contacts", n)
	}
	b.portal.ArchiveContact(two.ID)
	if rec, ok := b.portal.Contact(two.ID); !ok || !rec.Archived || len(b.portal.Contacts()) != 1 {
		t.Fatalf("%v", rec)
	}
	if len(b.srv.Requests()) != 0 {
		t.Fatal("people are in the request log")
	}
	b.call("GET", "/account-info/v3/details", nil).want(200) // and do not spend the limits
}
