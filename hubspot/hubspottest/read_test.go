package hubspottest_test

import (
	"testing"

	"github.com/memberpulse/hubspotplugin/hubspot/hubspottest"
)

func TestHistoryTellsWhoWroteWhat(t *testing.T) {
	t.Parallel()
	b := setup(t, hubspottest.Options{})
	id := b.portal.PutContact(map[string]string{"email": "a@example.org", "city": "Bern"}).ID
	b.call("PATCH", contacts+"/"+id, input{"properties": input{"city": "Basel"}}).want(200)
	b.call("PATCH", contacts+"/"+id, input{"properties": input{"city": ""}}).want(200)
	a := b.call("POST", contacts+"/batch/read", map[string]any{"propertiesWithHistory": []string{"city"}, "inputs": []input{{"id": id}}}).want(200)
	for i, want := range [][2]string{{"", "INTEGRATION"}, {"Basel", "INTEGRATION"}, {"Bern", "CRM_UI"}} {
		a.wantText(want[0], "results", 0, "propertiesWithHistory", "city", i, "value").wantText(want[1], "results", 0, "propertiesWithHistory", "city", i, "sourceType")
	}
	var many []input
	for range 51 {
		many = append(many, input{"id": id})
	}
	b.call("POST", contacts+"/batch/read", map[string]any{"propertiesWithHistory": []string{"city"}, "inputs": many}).want(400)
	b.call("POST", contacts+"/batch/read", map[string]any{"inputs": many}).want(200)
}

func TestReadAnswersWhatWasAsked(t *testing.T) {
	t.Parallel()
	b := setup(t, hubspottest.Options{})
	id := b.portal.PutContact(map[string]string{"email": "a@example.org", "city": "Bern"}).ID
	ask := func(properties ...string) map[string]any {
		a := b.call("POST", contacts+"/batch/read", map[string]any{"properties": append([]string{}, properties...), "inputs": []input{{"id": id}}}).want(200)
		props, _ := a.at("results", 0, "properties").(map[string]any)
		return props
	}
	if props := ask(); len(props) != 6 || props["email"] != "a@example.org" || props["firstname"] != nil || props["city"] != nil {
		t.Fatalf("by default %v", props)
	}
	if props := ask("city", "nope", "zip"); len(props) != 5 || props["city"] != "Bern" {
		t.Fatalf("asked for city, zip and an unknown one: %v", props)
	}
	b.call("POST", contacts+"/batch/read", map[string]any{"idProperty": "city", "inputs": []input{{"id": "Bern"}}}).want(400)
	b.portal.ArchiveContact(id)
	b.call("POST", contacts+"/batch/read", inputs(input{"id": id})).want(207)
	if n := b.call("POST", contacts+"/batch/read?archived=true", inputs(input{"id": id})).want(200).count("results"); n != 1 {
		t.Fatalf("%d archived results", n)
	}
}
