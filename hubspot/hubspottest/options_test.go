package hubspottest_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/memberpulse/hubspotplugin/hubspot/hubspottest"
)

func TestEmailOfAnotherContact(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		answer hubspottest.EmailConflict
		status int
		named  bool
	}{{hubspottest.EmailConflictEntry, 207, true}, {hubspottest.EmailConflictBatch, 409, true}, {hubspottest.EmailConflictBatchNoID, 409, false}} {
		b := setup(t, hubspottest.Options{EmailConflict: tc.answer}).withMemberID()
		holder := b.portal.PutContact(map[string]string{"email": "taken@example.org"}).ID
		mine := b.portal.PutContact(map[string]string{"email": "mine@example.org", "member_id": "M-2"}).ID
		upsert := inputs(person("M-1", "free@example.org", "1"), person("M-2", "TAKEN@example.org", "2"))
		update := inputs(input{"id": mine, "objectWriteTraceId": "2", "properties": input{"email": "taken@example.org"}})
		for tail, body := range map[string]map[string]any{"upsert": upsert, "update": update} {
			a := b.call("POST", contacts+"/batch/"+tail, body).want(tc.status)
			if strings.Contains(string(a.raw), holder) != tc.named {
				t.Fatalf("%s", a.raw)
			}
		}
		if wrote := len(b.portal.Contacts()) == 3; wrote != (tc.status == 207) {
			t.Fatalf("%d contacts after %d", len(b.portal.Contacts()), tc.status)
		}
		if rec, _ := b.portal.Contact(mine); rec.Properties["email"] != "mine@example.org" {
			t.Fatalf("%v", rec.Properties)
		}
		// without trace ids it is always the batch
		b.call("POST", contacts+"/batch/upsert", inputs(person("M-2", "taken@example.org", ""))).want(409)
	}
}

func TestConflictBodies(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		body     hubspottest.ConflictBody
		category string
		named    bool
	}{{hubspottest.ConflictNamesID, "CONFLICT", true}, {hubspottest.ConflictWithoutID, "CONFLICT", false}, {hubspottest.ConflictIdentityProfile, "OBJECT_ALREADY_EXISTS", false}} {
		b := setup(t, hubspottest.Options{ConflictBody: tc.body})
		id := b.portal.PutContact(map[string]string{"email": "a@example.org"}).ID
		a := b.call("POST", contacts, input{"properties": input{"email": "A@example.org"}}).want(409).wantText(tc.category, "category")
		if strings.Contains(a.text("message"), id) != tc.named {
			t.Fatalf("%s", a.raw)
		}
		if profile := a.at("identityProfile") != nil; profile != (tc.body == hubspottest.ConflictIdentityProfile) {
			t.Fatalf("%s", a.raw)
		}
		if tc.body == hubspottest.ConflictIdentityProfile {
			a.wantText("CONTACT_EXISTS", "error").wantText("email", "errors", 0, "in")
		}
	}
}

func TestTraceIDSwitches(t *testing.T) {
	t.Parallel()
	for _, on := range []bool{false, true} {
		b := setup(t, hubspottest.Options{ErrorsOmitTraceID: on, ResultsEchoTraceID: on}).withMemberID()
		a := b.call("POST", contacts+"/batch/upsert", inputs(person("M-1", "a@example.org", "1"), person("M-2", "nonsense", "2"))).want(207)
		if (a.at("errors", 0, "context", "objectWriteTraceId") == nil) != on || (a.text("results", 0, "objectWriteTraceId") == "1") != on {
			t.Fatalf("%s", a.raw)
		}
	}
}

func TestFormerEmail(t *testing.T) {
	t.Parallel()
	for _, kept := range []bool{false, true} {
		b := setup(t, hubspottest.Options{KeepOldEmail: kept})
		id := b.portal.PutContact(map[string]string{"email": "old@example.org"}).ID
		b.call("PATCH", contacts+"/"+id, input{"properties": input{"email": "new@example.org"}}).want(200)
		rec, _ := b.portal.Contact(id)
		if (rec.Properties["hs_additional_emails"] == "old@example.org") != kept {
			t.Fatalf("%v", rec.Properties)
		}
		want := 201
		if kept {
			want = 409
		}
		b.call("POST", contacts, input{"properties": input{"email": "old@example.org"}}).want(want)
	}
}

func TestSecondaryEmails(t *testing.T) {
	t.Parallel()
	for _, hidden := range []bool{false, true} {
		b := setup(t, hubspottest.Options{SecondaryEmailHidden: hidden})
		id := b.portal.PutContact(map[string]string{"email": "first@example.org", "hs_additional_emails": "Second@example.org;third@example.org"}).ID
		a := b.call("POST", contacts+"/batch/read", map[string]any{"idProperty": "email", "properties": []string{"hs_additional_emails"}, "inputs": []input{{"id": "SECOND@example.org"}}})
		if (a.count("results") == 1) == hidden {
			t.Fatalf("%s", a.raw)
		}
		if !hidden {
			a.wantText("second@example.org;third@example.org", "results", 0, "properties", "hs_additional_emails")
		}
		// unique either way, and the owner's id is named
		b.call("POST", contacts, input{"properties": input{"email": "third@example.org"}}).want(409).wantText("Contact already exists. Existing ID: "+id, "message")
		// making a secondary address the primary one swaps the two
		b.call("PATCH", contacts+"/"+id, input{"properties": input{"email": "second@example.org"}}).want(200)
		rec, _ := b.portal.Contact(id)
		if rec.Properties["email"] != "second@example.org" || rec.Properties["hs_additional_emails"] != "third@example.org;first@example.org" {
			t.Fatalf("%v", rec.Properties)
		}
	}
}

func TestIdenticalWrite(t *testing.T) {
	t.Parallel()
	for _, quiet := range []bool{false, true} {
		now := newClock("2026-11-23T10:00:00Z")
		b := setup(t, hubspottest.Options{IdenticalWriteKeepsUpdatedAt: quiet, Now: now.Now}).withMemberID()
		body := inputs(person("M-1", "a@example.org", ""))
		first := b.call("POST", contacts+"/batch/upsert", body).want(200)
		now.forward(time.Minute)
		again := b.call("POST", contacts+"/batch/upsert", body).want(200)
		if (first.text("results", 0, "updatedAt") == again.text("results", 0, "updatedAt")) != quiet {
			t.Fatalf("%s then %s", first.raw, again.raw)
		}
		a := b.call("GET", contacts+"/"+first.text("results", 0, "id")+"?propertiesWithHistory=email", nil).want(200)
		if a.count("propertiesWithHistory", "email") != 1 {
			t.Fatalf("an identical value enters the history: %s", a.raw)
		}
	}
}

func TestUnknownRecordInAnUpdate(t *testing.T) {
	t.Parallel()
	for _, rejects := range []bool{false, true} {
		b := setup(t, hubspottest.Options{NotFoundRejectsUpdate: rejects})
		id := b.portal.PutContact(map[string]string{"email": "a@example.org"}).ID
		want := 207
		if rejects {
			want = 404
		}
		b.call("POST", contacts+"/batch/update", inputs(input{"id": id, "properties": input{"city": "Bern"}}, input{"id": "1", "properties": input{"city": "Bern"}})).want(want)
		if rec, _ := b.portal.Contact(id); (rec.Properties["city"] == "Bern") == rejects {
			t.Fatalf("%v", rec.Properties)
		}
		b.call("POST", contacts+"/batch/update", inputs(input{"id": "1", "objectWriteTraceId": "1", "properties": input{"city": "Bern"}})).want(207)
	}
}

func TestMultiStatusOn202609(t *testing.T) {
	t.Parallel()
	for on, want := range map[bool][2]int{false: {200, 201}, true: {207, 207}} {
		b := setup(t, hubspottest.Options{MultiStatus2609: on})
		a := b.call("POST", "/crm/objects/2026-09/contacts/batch/read", inputs(input{"id": "1"})).want(want[0])
		a.wantText("OBJECT_NOT_FOUND", "errors", 0, "category")
		b.call("POST", "/crm/objects/2026-09/contacts/batch/create", inputs(input{"objectWriteTraceId": "1", "properties": input{"nope": "1"}})).want(want[1])
	}
}

func TestOrderedResults(t *testing.T) {
	t.Parallel()
	b := setup(t, hubspottest.Options{OrderedResults: true})
	var in []input
	for i := range 50 {
		in = append(in, input{"properties": input{"email": fmt.Sprintf("p%d@example.org", i)}})
	}
	a := b.call("POST", contacts+"/batch/create", inputs(in...)).want(201)
	for i := range in {
		a.wantText(fmt.Sprintf("p%d@example.org", i), "results", i, "properties", "email")
	}
}

func TestNewPropertyIsUnknownForAMoment(t *testing.T) {
	t.Parallel()
	now := newClock("2026-11-23T10:00:00Z")
	b := setup(t, hubspottest.Options{PropertyLag: 500 * time.Millisecond, Now: now.Now}).withMemberID()
	body := inputs(person("M-1", "a@example.org", ""))
	b.call("POST", contacts+"/batch/upsert", body).want(400).wantText("PROPERTY_DOESNT_EXIST", "errors", 0, "code")
	b.call("GET", "/crm/properties/2026-03/contacts/member_id", nil).want(404)
	now.forward(500 * time.Millisecond)
	b.call("GET", "/crm/properties/2026-03/contacts/member_id", nil).want(200)
	b.call("POST", contacts+"/batch/upsert", body).want(200)
}

func TestPartialSuccessSwitches(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		opts                           hubspottest.Options
		create, update, byKey, byEmail int
	}{
		{hubspottest.Options{}, 207, 207, 207, 207},
		{hubspottest.Options{PartialCreatesOnly: true}, 207, 400, 400, 400},
		{hubspottest.Options{EmailUpsertsWhole: true}, 207, 207, 207, 400},
	} {
		b := setup(t, tc.opts).withMemberID()
		id := b.portal.PutContact(map[string]string{"email": "a@example.org"}).ID
		bad := func(in input) input {
			in["objectWriteTraceId"], in["properties"] = "1", input{"lifecyclestage": "guru"}
			return in
		}
		b.call("POST", contacts+"/batch/create", inputs(bad(input{}))).want(tc.create)
		b.call("POST", contacts+"/batch/update", inputs(bad(input{"id": id}))).want(tc.update)
		b.call("POST", contacts+"/batch/upsert", inputs(bad(input{"id": "M-1", "idProperty": "member_id"}))).want(tc.byKey)
		b.call("POST", contacts+"/batch/upsert", inputs(bad(input{"id": "a@example.org", "idProperty": "email"}))).want(tc.byEmail)
	}
}
