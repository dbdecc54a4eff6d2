package hubspottest_test

import (
	"testing"

	"github.com/memberpulse/hubspotplugin/hubspot/hubspottest"
)

func TestSeveralBadValuesAreToldTogether(t *testing.T) {
	t.Parallel()
	b := setup(t, hubspottest.Options{})
	a := b.call("POST", contacts, input{"properties": input{"email": "nonsense", "nope": "1", "hs_lead_status": "SAD"}}).want(400)
	if a.count("errors") != 3 || len(b.portal.Contacts()) != 0 {
		t.Fatalf("%s", a.raw)
	}
	b.call("POST", contacts, input{"properties": input{"city": "Bern"}}).want(400) // none of email, firstname, lastname
}

// TestAdoption is how a sync takes over a contact that people made: found by email,
// it gets its key by record id, and the key finds it from then on.
func TestAdoption(t *testing.T) {
	t.Parallel()
	b := setup(t, hubspottest.Options{}).withMemberID()
	id := b.portal.PutContact(map[string]string{"email": "a@example.org", "city": "Bern"}).ID
	byMail := map[string]any{"idProperty": "email", "properties": []string{"member_id"}, "inputs": []input{{"id": "A@example.org"}}}
	a := b.call("POST", contacts+"/batch/read", byMail).want(200).wantText(id, "results", 0, "id")
	if a.at("results", 0, "properties", "member_id") != nil {
		t.Fatalf("%s", a.raw)
	}
	b.call("POST", contacts+"/batch/update", inputs(input{"id": id, "properties": input{"member_id": "M-1"}})).want(200)
	b.call("POST", contacts+"/batch/upsert", inputs(person("M-1", "a@example.org", ""))).want(200).wantText(id, "results", 0, "id")
	other := b.portal.PutContact(map[string]string{"email": "b@example.org"}).ID
	a = b.call("POST", contacts+"/batch/update", inputs(input{"id": other, "objectWriteTraceId": "1", "properties": input{"member_id": "M-1"}})).want(207)
	if a.count("results") != 0 || len(b.portal.Contacts()) != 2 {
		t.Fatalf("%s", a.raw)
	}
}
