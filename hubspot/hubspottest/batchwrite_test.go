package hubspottest_test

import (
	"testing"

	"github.com/memberpulse/hubspotplugin/hubspot/hubspottest"
)

func TestBatchWithoutTraceIDsIsAllOrNothing(t *testing.T) {
	t.Parallel()
	b := setup(t, hubspottest.Options{}).withMemberID()
	kept := b.portal.PutContact(map[string]string{"email": "old@example.org", "member_id": "M-0", "city": "Bern"})
	good, bad := person("M-1", "a@example.org", ""), person("M-2", "nonsense", "")
	change := person("M-0", "new@example.org", "")
	a := b.call("POST", contacts+"/batch/upsert", inputs(good, change, bad)).want(400)
	a.wantText("VALIDATION_ERROR", "category").wantText("INVALID_EMAIL", "errors", 0, "code")
	all := b.portal.Contacts()
	if len(all) != 1 || all[0].Properties["email"] != "old@example.org" || !all[0].UpdatedAt.Equal(kept.UpdatedAt) {
		t.Fatalf("a rejected batch left %v", all)
	}
	// the addresses are free again
	b.call("POST", contacts+"/batch/upsert", inputs(person("M-3", "a@example.org", ""), person("M-4", "new@example.org", ""))).want(200)
	if c := b.call("POST", contacts+"/batch/create", inputs(input{"properties": input{"email": "OLD@example.org"}})); c.status != 409 {
		t.Fatalf("the old address must be taken again: %s", c.raw)
	}
}

func TestTraceIDsGivePartialSuccess(t *testing.T) {
	t.Parallel()
	b := setup(t, hubspottest.Options{}).withMemberID()
	body := inputs(person("M-1", "a@example.org", "t1"), person("M-2", "nonsense", "t2"), person("M-3", "c@example.org", "t3"))
	a := b.call("POST", contacts+"/batch/upsert", body).want(207).wantText("t2", "errors", 0, "context", "objectWriteTraceId", 0)
	if a.count("results") != 2 || a.at("numErrors") != 1.0 || len(b.portal.Contacts()) != 2 {
		t.Fatalf("%s", a.raw)
	}
	if a.at("results", 0, "objectWriteTraceId") != nil {
		t.Fatal("results echo the trace id by default")
	}
	// one id twice is the same as none
	body = inputs(person("M-4", "d@example.org", "t1"), person("M-5", "nonsense", "t1"))
	b.call("POST", contacts+"/batch/upsert", body).want(400)
}

func TestUnknownInputsAreOneErrorEntry(t *testing.T) {
	t.Parallel()
	b := setup(t, hubspottest.Options{})
	id := b.portal.PutContact(map[string]string{"email": "a@example.org"}).ID
	body := inputs(input{"id": id, "properties": input{"city": "Bern"}}, input{"id": "1", "properties": input{}}, input{"id": "2", "properties": input{}})
	for path, status := range map[string]int{contacts: 207, "/crm/objects/2026-09/contacts": 200} {
		a := b.call("POST", path+"/batch/update", body).want(status).wantText("OBJECT_NOT_FOUND", "errors", 0, "category")
		if a.count("errors") != 1 || a.count("errors", 0, "context", "ids") != 2 || a.count("results") != 1 {
			t.Fatalf("%s", a.raw)
		}
		a = b.call("POST", path+"/batch/read", body).want(status)
		if a.count("errors", 0, "context", "ids") != 2 || a.count("results") != 1 {
			t.Fatalf("%s", a.raw)
		}
	}
}
