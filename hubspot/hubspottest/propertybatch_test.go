package hubspottest_test

import (
	"testing"

	"github.com/memberpulse/hubspotplugin/hubspot/hubspottest"
)

func TestPropertyBatches(t *testing.T) {
	t.Parallel()
	for root, created := range map[string]int{"/crm/v3/properties/contacts": 201, "/crm/properties/2026-03/contacts": 201, "/crm/properties/2026-09/contacts": 200} {
		b := setup(t, hubspottest.Options{})
		b.call("POST", root+"/batch/create", inputs(choice("one", "a"), choice("two", "a"))).want(created)
		a := b.call("POST", root+"/batch/create", inputs(choice("one", "a"), choice("three", "a")))
		if a.status >= 300 || a.count("errors") != 1 || a.count("results") != 1 || (a.status == 207) != (created == 201) {
			t.Fatalf("%d %s", a.status, a.raw)
		}
		a = b.call("POST", root+"/batch/read", map[string]any{"archived": false, "inputs": []input{{"name": "one"}, {"name": "nope"}}})
		if a.count("results") != 1 || a.count("errors") != 1 {
			t.Fatalf("%d %s", a.status, a.raw)
		}
		b.call("POST", root+"/batch/archive", inputs(input{"name": "one"}, input{"name": "two"})).want(204)
		b.call("GET", root+"/two", nil).want(404)
	}
}
