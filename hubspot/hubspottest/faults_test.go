package hubspottest_test

import (
	"testing"
	"time"

	"github.com/memberpulse/hubspotplugin/hubspot/hubspottest"
)

func TestFaults(t *testing.T) {
	t.Parallel()
	create := inputs(input{"properties": input{"email": "a@example.org"}}, input{"properties": input{"email": "b@example.org"}})
	for name, tc := range map[string]struct {
		fault   hubspottest.Fault
		broken  bool // no readable reply
		status  int
		written int
	}{
		"status":       {hubspottest.Fault{Status: 502, Body: "<html>", ContentType: "text/html"}, false, 502, 0},
		"migration":    {hubspottest.Fault{Status: 477, RetryAfter: 3 * time.Second}, false, 477, 0},
		"lose reply":   {hubspottest.Fault{LoseReply: true}, true, 0, 2},
		"late commit":  {hubspottest.Fault{Status: 524, Commit: true}, false, 524, 2},
		"drop before":  {hubspottest.Fault{DropBefore: true}, true, 0, 0},
		"truncate":     {hubspottest.Fault{Truncate: true}, true, 0, 2},
		"empty ok":     {hubspottest.Fault{EmptyOK: true}, false, 200, 0},
		"short":        {hubspottest.Fault{Short: true}, false, 201, 1},
		"other path":   {hubspottest.Fault{Status: 500, PathContains: "/search"}, false, 201, 2},
		"other portal": {hubspottest.Fault{Status: 500, PortalID: 1}, false, 201, 2},
		"other method": {hubspottest.Fault{Status: 500, Method: "GET"}, false, 201, 2},
		"later call":   {hubspottest.Fault{Status: 500, After: 1}, false, 201, 2},
		"slow":         {hubspottest.Fault{Delay: time.Millisecond, Trickle: time.Microsecond}, false, 201, 2},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := setup(t, hubspottest.Options{})
			b.odd = true
			b.srv.Inject(tc.fault)
			a, err := b.try("POST", contacts+"/batch/create", create)
			if (err != nil) != tc.broken {
				t.Fatalf("error %v", err)
			}
			if err == nil && a.status != tc.status {
				t.Fatalf("status %d: %s", a.status, a.raw)
			}
			if n := len(b.portal.Contacts()); n != tc.written {
				t.Fatalf("%d contacts written, want %d", n, tc.written)
			}
			if tc.fault.RetryAfter > 0 && a.header.Get("Retry-After") != "3" {
				t.Fatalf("Retry-After %q", a.header.Get("Retry-After"))
			}
		})
	}
}

func TestFaultBodies(t *testing.T) {
	t.Parallel()
	b := setup(t, hubspottest.Options{})
	b.odd = true
	for _, tc := range []struct {
		fault  hubspottest.Fault
		status int
		path   string
		want   any
	}{
		{hubspottest.Fault{Status: 429}, 429, "policyName", "TEN_SECONDLY_ROLLING"},
		{hubspottest.Fault{Status: 401}, 401, "category", "INVALID_AUTHENTICATION"},
		{hubspottest.Fault{Status: 423}, 423, "status", "error"},
		{hubspottest.Fault{Status: 414}, 414, "status", "error"},
		{hubspottest.Fault{Status: 523}, 523, "status", "error"},
		{hubspottest.Fault{Body: `{"a":"b"}`, Pad: 1 << 20}, 200, "a", "b"},
		{hubspottest.Fault{EmptyOK: true}, 200, "status", "COMPLETE"},
	} {
		b.srv.ClearFaults()
		b.srv.Inject(tc.fault)
		a := b.call("POST", contacts+"/batch/read", inputs(input{"id": "1"})).want(tc.status)
		if a.at(tc.path) != tc.want || len(a.raw) < tc.fault.Pad {
			t.Fatalf("%+v: %d bytes %.200s", tc.fault, len(a.raw), a.raw)
		}
	}
	b.srv.ClearFaults()
	b.srv.Inject(hubspottest.Fault{Truncate: true})
	if _, err := b.try("DELETE", contacts+"/1", nil); err == nil {
		t.Fatal("a reply without body was not cut")
	}
	for _, nonsense := range []hubspottest.Fault{{Status: 42}, {Times: -1}, {Delay: -1}, {Commit: true}} {
		if !panics(func() { b.srv.Inject(nonsense) }) {
			t.Errorf("%+v was taken", nonsense)
		}
	}
}

func TestFaultTimesAndClear(t *testing.T) {
	t.Parallel()
	b := setup(t, hubspottest.Options{})
	b.srv.Inject(hubspottest.Fault{Status: 503, Times: 2, After: 1})
	var got []int
	for range 4 {
		got = append(got, b.call("GET", "/account-info/v3/details", nil).status)
	}
	if got[0] != 200 || got[1] != 503 || got[2] != 503 || got[3] != 200 {
		t.Fatalf("statuses %v", got)
	}
	b.srv.Inject(hubspottest.Fault{Status: 500})
	b.call("GET", "/account-info/v3/details", nil).want(500)
	b.srv.ClearFaults()
	b.call("GET", "/account-info/v3/details", nil).want(200)
	log := b.srv.Requests()
	if len(log) != 6 || log[1].Fault != "status 503" || log[1].Status != 503 || log[5].Seq != 6 {
		t.Fatalf("log %+v", log)
	}
}
