package hubspottest_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/memberpulse/hubspotplugin/hubspot/hubspottest"
)

func TestOneStoreBehindAllVersions(t *testing.T) {
	t.Parallel()
	b := setup(t, hubspottest.Options{}).withMemberID()
	for i, root := range []string{"/crm/v3/objects/contacts", "/crm/objects/2026-03/contacts", "/crm/objects/2026-09/0-1"} {
		key := fmt.Sprint("M-", i)
		a := b.call("POST", root+"/batch/upsert", inputs(person(key, key+"@Example.ORG", ""))).want(http.StatusOK)
		if got := a.at("results", 0, "new"); got != true {
			t.Fatalf("%s: new is %v", root, got)
		}
		a.wantText(strings.ToLower(key)+"@example.org", "results", 0, "properties", "email")
	}
	if n := len(b.portal.Contacts()); n != 3 {
		t.Fatalf("%d contacts, want 3", n)
	}
	a := b.call("POST", "/crm/v3/objects/CONTACT/batch/read", map[string]any{
		"idProperty": "member_id", "properties": []string{"email", "phone"}, "inputs": []input{{"id": "M-2"}},
	}).want(http.StatusOK)
	a.wantText("m-2@example.org", "results", 0, "properties", "email")
	props, _ := a.at("results", 0, "properties").(map[string]any)
	if v, ok := props["phone"]; !ok || v != nil {
		t.Fatalf("a property without value must be null, is %v", v)
	}
}

func TestUpsertUpdatesByKeyAndUpdateByID(t *testing.T) {
	t.Parallel()
	b := setup(t, hubspottest.Options{}).withMemberID()
	id := b.call("POST", contacts+"/batch/upsert", inputs(person("M-1", "a@example.org", ""))).want(200).text("results", 0, "id")
	a := b.call("POST", contacts+"/batch/upsert", inputs(person("m-1 ", "b@example.org", ""))).want(200)
	a.wantText(id, "results", 0, "id")
	if a.at("results", 0, "new") != false {
		t.Fatal("the second upsert says new")
	}
	b.call("POST", contacts+"/batch/update", inputs(input{"id": id, "properties": input{"firstname": "Ada", "email": ""}})).want(200)
	got, _ := b.portal.Contact(id)
	if got.Properties["firstname"] != "Ada" || got.Properties["email"] != "" || got.Properties["member_id"] != "M-1" {
		t.Fatalf("contact is %v", got.Properties)
	}
}

func TestDuplicateKeysRejectTheBatch(t *testing.T) {
	t.Parallel()
	b := setup(t, hubspottest.Options{}).withMemberID()
	one := input{"id": "A@example.org", "idProperty": "email", "objectWriteTraceId": "1", "properties": input{}}
	two := input{"id": "a@EXAMPLE.org", "idProperty": "email", "objectWriteTraceId": "2", "properties": input{}}
	a := b.call("POST", contacts+"/batch/upsert", inputs(one, two)).want(400)
	a.wantText("Duplicate IDs found in batch input: [a@example.org]. IDs must be unique", "message").wantText("a@example.org", "context", "ids", 0)
	if len(b.portal.Contacts()) != 0 {
		t.Fatal("something was written")
	}
}

func TestBatchShape(t *testing.T) {
	t.Parallel()
	b := setup(t, hubspottest.Options{})
	many := make([]input, 101)
	for i := range many {
		many[i] = input{"properties": input{"email": fmt.Sprintf("p%d@example.org", i)}}
	}
	b.call("POST", contacts+"/batch/create", inputs(many...)).want(400)
	a := b.call("POST", contacts+"/batch/create", inputs(many[:100]...)).want(201)
	inOrder := true
	for i := range 100 {
		inOrder = inOrder && a.text("results", i, "properties", "email") == fmt.Sprintf("p%d@example.org", i)
	}
	if inOrder {
		t.Fatal("results came back in the order of the inputs")
	}
	// a body without inputs does nothing and says COMPLETE
	b.odd = true
	a = b.call("POST", contacts+"/batch/upsert", input{"id": "x", "properties": input{}}).want(200).wantText("COMPLETE", "status")
	if a.count("results") != 0 {
		t.Fatalf("%s", a.raw)
	}
	b.call("POST", contacts+"/batch/create", `{"inputs":[`).want(400)
	b.call("POST", "/crm/objects/2026-03/unicorns/batch/create", inputs()).want(400).wantText("Unable to infer object type from: unicorns", "message")
}

func TestUpdateAndUpsertKeysMustBeUnique(t *testing.T) {
	t.Parallel()
	b := setup(t, hubspottest.Options{})
	for _, key := range []string{"hs_object_id", "firstname", "email"} {
		b.call("POST", contacts+"/batch/update", inputs(input{"id": "x@example.org", "idProperty": key, "properties": input{}})).want(400)
	}
	b.call("POST", contacts+"/batch/upsert", inputs(input{"id": "1", "idProperty": "hs_object_id", "properties": input{}})).want(400)
	b.call("POST", contacts+"/batch/upsert", inputs(input{"id": "1", "properties": input{}})).want(400)
}

func TestArchiveFreesKeysAndUpsertMakesANewContact(t *testing.T) {
	t.Parallel()
	b := setup(t, hubspottest.Options{}).withMemberID()
	id := b.call("POST", contacts+"/batch/upsert", inputs(person("M-1", "a@example.org", ""))).text("results", 0, "id")
	a := b.call("POST", contacts+"/batch/archive", inputs(input{"id": id}, input{"id": "99"})).want(http.StatusNoContent)
	if len(a.raw) != 0 || a.header.Get("Content-Type") != "" {
		t.Fatalf("204 with %q %s", a.header.Get("Content-Type"), a.raw)
	}
	b.call("POST", contacts+"/batch/update", inputs(input{"id": id, "properties": input{"city": "Bern"}})).want(207)
	again := b.call("POST", contacts+"/batch/upsert", inputs(person("M-1", "a@example.org", ""))).want(200)
	if again.text("results", 0, "id") == id || again.at("results", 0, "new") != true {
		t.Fatalf("%s", again.raw)
	}
	if rec, ok := b.portal.Contact(id); !ok || !rec.Archived {
		t.Fatalf("the archived contact is %v %v", rec, ok)
	}
}
