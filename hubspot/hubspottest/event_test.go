package hubspottest_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/memberpulse/hubspotplugin/hubspot/hubspottest"
)

func setupEnterprise(t *testing.T, opts hubspottest.Options) *bench {
	t.Helper()
	return setupPortal(t, opts, hubspottest.Portal{ID: 4711, Token: testToken, Plan: "enterprise", MaxPerWindow: 10_000})
}

func renewed() input {
	return input{"label": "Renewed", "name": "renewed", "includeDefaultProperties": false, "propertyDefinitions": []input{
		{"name": "plan", "label": "Plan", "type": "string"}, {"name": "page_url", "label": "Page", "type": "string"},
	}}
}

func happened(uuid, contact string, props input) input {
	return input{"eventName": "pe4711_renewed", "uuid": uuid, "objectId": contact, "occurredAt": "2026-11-23T10:00:00Z", "properties": props}
}

func TestCustomEvents(t *testing.T) {
	t.Parallel()
	for _, root := range []string{"/events/v3", "/events/2026-03", "/events/custom/2026-09"} {
		b := setupEnterprise(t, hubspottest.Options{})
		ada := b.putContact("ada@example.org")
		b.call("POST", root+"/event-definitions", renewed()).want(201).wantText("pe4711_renewed", "fullyQualifiedName").wantText("plan", "properties", 0, "name")
		b.call("POST", root+"/event-definitions", renewed()).want(409).wantText("OBJECT_ALREADY_EXISTS", "category")
		b.call("GET", root+"/event-definitions/renewed", nil).want(200).wantText("0-1", "primaryObjectId")
		b.call("GET", root+"/event-definitions/pe4711_renewed", nil).want(200)
		b.call("GET", root+"/event-definitions/other", nil).want(404)
		if a := b.call("GET", root+"/event-definitions?searchString=new", nil).want(200); a.at("total") != 1.0 {
			t.Fatalf("%s", a.raw)
		}
		b.call("POST", root+"/send", happened("u1", ada, input{"plan": "gold"})).want(204)
		two := happened("u2", "", input{"plan": "silver"})
		two["email"] = "ADA@example.org"
		b.call("POST", root+"/send/batch", inputs(happened("u1", ada, input{"plan": "gold"}), two, happened("u3", "7", input{}))).want(204)
		all := b.portal.Events()
		if len(all) != 3 || all[0].UUID != "u1" || all[0].ObjectID != ada || all[0].Properties["plan"] != "gold" || all[0].At.Hour() != 10 ||
			all[1].ObjectID != ada || all[2].ObjectID != "" {
			t.Fatalf("%+v", all)
		}
	}
}

func TestCustomEventsThatAreRefused(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("ü", 257)
	for silent, want := range map[bool]int{false: 400, true: 204} {
		b := setupEnterprise(t, hubspottest.Options{EventsSilent: silent})
		b.call("POST", "/events/2026-03/event-definitions", renewed()).want(201)
		bad := map[string]input{
			"unknown property": happened("u", "1", input{"nope": "x"}),
			"long value":       happened("u", "1", input{"plan": long}),
			"long address":     happened("u", "1", input{"page_url": strings.Repeat(long, 4)}),
			"nobody":           happened("u", "", input{}),
			"short name":       {"eventName": "renewed", "objectId": "1", "properties": input{}},
			"bad time":         {"eventName": "pe4711_renewed", "objectId": "1", "occurredAt": "2026-13-01T00:00:00Z", "properties": input{}},
		}
		b.odd = true
		for name, in := range bad {
			if a := b.call("POST", "/events/2026-03/send/batch", inputs(in, happened("good "+name, "1", input{"page_url": long}))); a.status != want {
				t.Errorf("%s: %d, want %d: %s", name, a.status, want, a.raw)
			}
		}
		taken := 0
		if silent {
			taken = len(bad)
		}
		if got := b.portal.Events(); len(got) != taken {
			t.Errorf("%d events, want %d", len(got), taken)
		}
		many := make([]input, 501)
		for i := range many {
			many[i] = happened(fmt.Sprint(i), "1", input{})
		}
		b.call("POST", "/events/2026-03/send/batch", inputs(many...)).want(400)
		b.call("POST", "/events/2026-03/send/batch", inputs(many[1:]...)).want(204)
	}
}

func TestNameOfADeletedDefinitionIsSpent(t *testing.T) {
	t.Parallel()
	b := setupEnterprise(t, hubspottest.Options{})
	b.call("POST", "/events/2026-03/event-definitions", renewed()).want(201)
	b.portal.DeleteEventDefinition("renewed")
	b.call("GET", "/events/2026-03/event-definitions/renewed", nil).want(404)
	b.call("POST", "/events/2026-03/event-definitions", renewed()).want(409)
	b.odd = true
	b.call("POST", "/events/2026-03/send", happened("u", "1", input{})).want(400)
}
