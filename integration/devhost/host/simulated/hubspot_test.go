package simulated_test

import (
	"testing"
	"time"

	"github.com/memberpulse/hubspotplugin/hubspot/hubspottest"
	"github.com/memberpulse/hubspotplugin/integration/devhost/host/seed"
	"github.com/memberpulse/hubspotplugin/integration/devhost/host/simulated"
)

func TestAccounts(t *testing.T) {
	t.Parallel()
	h := simulated.New(hubspottest.New(hubspottest.Options{}), 500)
	if err := h.Open("a", 501, "named-by-the-environment"); err != nil {
		t.Fatal(err)
	}
	for _, bad := range []error{h.Open("a", 900, "x"), h.Open("b", 501, "y"), h.Open("b", 902, "named-by-the-environment"), h.Open("b", 0, "z"), h.Open("b", 903, "")} {
		if bad == nil {
			t.Error("an account that is taken or malformed was opened")
		}
	}
	a, key, _ := h.Portal("a")
	b, other, _ := h.Portal("b")
	c, third, _ := h.Portal("c")
	if a != "501" || key != "named-by-the-environment" || b != "500" || c != "502" || other == third {
		t.Errorf("accounts %s, %s, %s; want 501, 500 and 502 with different keys", a, b, c)
	}
	if again, same, _ := h.Portal("b"); again != b || same != other {
		t.Error("the account of a client changed")
	}
	if h.Contacts("nobody") != nil {
		t.Error("a client without an account has contacts")
	}
}

func TestFurnish(t *testing.T) {
	t.Parallel()
	h := simulated.New(hubspottest.New(hubspottest.Options{}), 1)
	list := seed.Members(0, 250, time.Now())
	h.Furnish("a", list)
	h.Furnish("a", list) // a second time changes nothing
	if n := len(h.Contacts("a")); n != 5+1+3 {
		t.Errorf("%d contacts, want 9", n)
	}
	shared := false
	for _, c := range h.Contacts("a") {
		shared = shared || c.Properties["hs_additional_emails"] == list[seed.SharedSecond].Email
	}
	if !shared {
		t.Error("no contact has the addresses of two members")
	}
	for _, size := range []int{0, 9, 12} {
		h := simulated.New(hubspottest.New(hubspottest.Options{}), 1)
		h.Furnish("small", seed.Members(0, size, time.Now()))
	}
}

func TestContactsHaveCompaniesAndNotes(t *testing.T) {
	t.Parallel()
	sim := hubspottest.New(hubspottest.Options{})
	h := simulated.New(sim, 1)
	h.Portal("a")
	p := sim.Portal(1)
	contact := p.PutContact(map[string]string{"email": "ada@example.org"})
	company := p.PutRecord("companies", map[string]string{"name": "Acme"})
	p.PutAssociation("contacts", contact.ID, "companies", company.ID)
	for at, body := range map[string]string{"2026-11-01T10:00:00Z": "old", "2026-11-02T10:00:00Z": "new"} {
		note := p.PutRecord("notes", map[string]string{"hs_timestamp": at, "hs_note_body": body})
		p.PutAssociation("contacts", contact.ID, "notes", note.ID)
	}
	p.PutRecord("notes", map[string]string{"hs_timestamp": "2026-11-02T10:00:00Z", "hs_note_body": "nobody's"})
	all := h.Contacts("a")
	if len(all) != 1 || len(all[0].Companies) != 1 || all[0].Companies[0] != "Acme" {
		t.Fatalf("%+v", all)
	}
	if n := all[0].Notes; len(n) != 2 || n[0].Body != "new" || n[1].Body != "old" {
		t.Errorf("%+v", n)
	}
}
