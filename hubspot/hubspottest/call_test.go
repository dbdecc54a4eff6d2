package hubspottest_test

import (
	"strings"
	"testing"

	"github.com/memberpulse/hubspotplugin/hubspot/hubspottest"
)

func TestWireFormsOfValues(t *testing.T) {
	t.Parallel()
	b := setup(t, hubspottest.Options{}).withTypes()
	id := b.portal.PutContact(map[string]string{"email": "a@example.org", "city": "Bern"}).ID
	b.odd = true
	b.call("PATCH", contacts+"/"+id, `{"properties":{"a_number":12,"a_bool":true,"city":null}}`).want(200)
	rec, _ := b.portal.Contact(id)
	if rec.Properties["a_number"] != "12" || rec.Properties["a_bool"] != "true" || rec.Properties["city"] != "Bern" {
		t.Fatalf("%v", rec.Properties)
	}
	b.call("PATCH", contacts+"/"+id, `{"properties":{"city":["Bern"]}}`).want(400)
	b.call("POST", contacts+"/batch/update", `{"inputs":[{"id":12,"properties":{}}]}`).want(400)
}

func TestUnreadableBodiesNameTheirPlace(t *testing.T) {
	t.Parallel()
	b := setup(t, hubspottest.Options{})
	for body, place := range map[string]string{"": "line 0, column 0", "{\n  \"inputs\": [}": "line 2", `{"inputs":"x"}`: "line 1"} {
		a := b.call("POST", contacts+"/batch/create", body).want(400)
		if !strings.Contains(a.text("message"), "Invalid input JSON on "+place) || a.at("category") != nil {
			t.Fatalf("%q: %s", body, a.raw)
		}
	}
}
