package hubspottest_test

import (
	"fmt"
	"net/http"
	"slices"
	"testing"

	"github.com/memberpulse/hubspotplugin/hubspot/hubspottest"
)

func TestMergeRedirectsOldIDs(t *testing.T) {
	t.Parallel()
	for keeps := range 2 {
		b := setup(t, hubspottest.Options{MergeKeepsPrimaryID: keeps == 1}).withMemberID()
		primary := b.portal.PutContact(map[string]string{"email": "a@example.org", "city": "Bern"}).ID
		other := b.portal.PutContact(map[string]string{"email": "b@example.org", "city": "Basel", "zip": "4000", "member_id": "M-1"}).ID
		a := b.call("POST", contacts+"/merge", input{"primaryObjectId": primary, "objectIdToMerge": other}).want(200)
		id := a.text("id")
		if (id == primary) != (keeps == 1) || id == other {
			t.Fatalf("the survivor of %s and %s is %s", primary, other, id)
		}
		rec, ok := b.portal.Contact(other)
		if !ok || rec.ID != id || rec.Properties["city"] != "Bern" || rec.Properties["zip"] != "4000" || rec.Properties["member_id"] != "M-1" {
			t.Fatalf("%v", rec)
		}
		if rec.Properties["hs_additional_emails"] != "b@example.org" || !slices.Contains(rec.MergedIDs, other) {
			t.Fatalf("%v", rec)
		}
		for _, old := range []string{primary, other} {
			b.call("GET", contacts+"/"+old, nil).want(200).wantText(id, "id")
			b.call("POST", contacts+"/batch/read", inputs(input{"id": old})).want(200).wantText(id, "results", 0, "id")
			b.call("POST", contacts+"/batch/update", inputs(input{"id": old, "properties": input{"state": "BE"}})).want(200).wantText(id, "results", 0, "id")
		}
		// both old ids in one read are one record
		if n := b.call("POST", contacts+"/batch/read", inputs(input{"id": primary}, input{"id": other})).want(200).count("results"); n != 1 {
			t.Fatalf("%d results", n)
		}
		b.call("POST", contacts+"/batch/upsert", inputs(person("M-1", "b@example.org", ""))).want(200).wantText(id, "results", 0, "id")
		if n := len(b.portal.Contacts()); n != 1 {
			t.Fatalf("%d contacts", n)
		}
		b.call("POST", contacts+"/merge", input{"primaryObjectId": primary, "objectIdToMerge": other}).want(400)
		b.call("POST", contacts+"/merge", input{"primaryObjectId": primary, "objectIdToMerge": "1"}).want(404)
	}
}

func TestMergedIDMayRejectWrites(t *testing.T) {
	t.Parallel()
	b := setup(t, hubspottest.Options{MergedIDRejectsWrite: true})
	one, two := b.portal.PutContact(map[string]string{"email": "a@example.org"}).ID, b.portal.PutContact(map[string]string{"email": "b@example.org"}).ID
	id := b.portal.MergeContacts(one, two)
	b.call("GET", contacts+"/"+two, nil).want(200).wantText(id, "id")
	b.call("PATCH", contacts+"/"+two, input{"properties": input{"city": "Bern"}}).want(404)
	b.call("POST", contacts+"/batch/update", inputs(input{"id": two, "properties": input{"city": "Bern"}})).want(207)
}

func TestTooManyMergedIdentities(t *testing.T) {
	t.Parallel()
	b := setup(t, hubspottest.Options{MergeKeepsPrimaryID: true})
	id := b.portal.PutContact(map[string]string{"email": "a@example.org"}).ID
	for i := range 250 {
		b.portal.MergeContacts(id, b.portal.PutContact(map[string]string{"email": fmt.Sprintf("a%d@example.org", i)}).ID)
	}
	last := b.portal.PutContact(map[string]string{"email": "z@example.org"}).ID
	b.call("POST", contacts+"/merge", input{"primaryObjectId": id, "objectIdToMerge": last}).want(http.StatusRequestURITooLong)
}

func TestErasure(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		opts                   hubspottest.Options
		erase                  input
		known, unknown, status int // of creates with the erased and with an unknown blocked address
	}{
		"documented":     {hubspottest.Options{}, input{}, 201, 400, 204},
		"blocks known":   {hubspottest.Options{ErasureBlocksEmail: true}, input{}, 400, 400, 204},
		"api unblocks":   {hubspottest.Options{APIUnblocksEmail: true}, input{}, 201, 201, 204},
		"by email":       {hubspottest.Options{}, input{"idProperty": "email", "objectId": "A@example.org"}, 201, 400, 204},
		"by a wrong key": {hubspottest.Options{}, input{"idProperty": "city", "objectId": "Bern"}, 409, 400, 400},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := setup(t, tc.opts)
			id := b.portal.PutContact(map[string]string{"email": "a@example.org"}).ID
			if tc.erase["objectId"] == nil {
				tc.erase = input{"objectId": id}
			}
			b.call("POST", contacts+"/gdpr-delete", tc.erase).want(tc.status)
			if _, found := b.portal.Contact(id); found != (tc.status != 204) {
				t.Fatalf("the contact is found: %v", found)
			}
			b.call("POST", contacts+"/gdpr-delete", input{"objectId": "x@example.org", "idProperty": "email"}).want(204)
			b.call("POST", contacts, input{"properties": input{"email": "a@example.org"}}).want(tc.known)
			b.call("POST", contacts, input{"properties": input{"email": "x@example.org"}}).want(tc.unknown)
			b.call("POST", contacts+"/gdpr-delete", input{"objectId": "1"}).want(404)
			b.call("POST", contacts+"/gdpr-delete", input{}).want(400)
			b.call("POST", "/crm/objects/2026-03/companies/gdpr-delete", input{"objectId": "1"}).want(404)
		})
	}
}
