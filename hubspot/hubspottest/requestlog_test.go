package hubspottest_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/memberpulse/hubspotplugin/hubspot/hubspottest"
)

func decodeList(t *testing.T, raw []byte) []map[string]any {
	t.Helper()
	var out []map[string]any
	if err := json.Unmarshal(raw, &out); err != nil {
		t.Fatalf("%v: %s", err, raw)
	}
	return out
}

func TestRequestLog(t *testing.T) {
	t.Parallel()
	b := setup(t, hubspottest.Options{})
	b.call("POST", contacts+"/batch/create?x=1", inputs(input{"properties": input{"email": "a@example.org"}}, input{"properties": input{"email": "b@example.org"}})).want(201)
	stranger := *b
	stranger.token = "secret-of-a-stranger"
	stranger.call("GET", contacts, nil).want(401)
	log := b.srv.Requests()
	first, second := log[0], log[1]
	if first.Method != "POST" || first.Path != contacts+"/batch/create" || first.Query != "x=1" || first.Status != 201 || first.PortalID != 4711 || first.Inputs != 2 || first.Seq != 1 {
		t.Fatalf("%+v", first)
	}
	if !json.Valid(first.Body) || second.PortalID != 0 || second.Status != 401 {
		t.Fatalf("%+v %+v", first, second)
	}
	text := fmt.Sprintf("%+v", log) + string(b.call("GET", "/_sim/requests", nil).raw)
	if strings.Contains(text, testToken) || strings.Contains(text, stranger.token) {
		t.Fatal("a token is in the log")
	}
	b.srv.ResetRequests()
	b.call("GET", contacts, nil).want(200)
	if log = b.srv.Requests(); len(log) != 1 || log[0].Seq != 3 {
		t.Fatalf("%+v", log)
	}
}

func TestRequestLogIsBounded(t *testing.T) {
	t.Parallel()
	b := setup(t, hubspottest.Options{LogCap: 3})
	for range 5 {
		b.call("GET", contacts, nil)
	}
	if log := b.srv.Requests(); len(log) != 3 || log[0].Seq != 3 {
		t.Fatalf("%+v", log)
	}
	b = setup(t, hubspottest.Options{LogBodyBytes: 100})
	for i := range 4 {
		b.call("POST", contacts, input{"properties": input{"email": fmt.Sprintf("p%d@example.org", i)}})
	}
	log := b.srv.Requests()
	if len(log) != 4 || log[0].Body != nil || log[1].Body != nil || log[3].Body == nil {
		t.Fatalf("%+v", log)
	}
	for _, none := range []hubspottest.Options{{LogCap: -1}, {LogBodyBytes: -1}} {
		b = setup(t, none)
		b.call("POST", contacts, input{"properties": input{"email": "a@example.org"}}).want(201)
		if log = b.srv.Requests(); none.LogCap < 0 && len(log) != 0 || none.LogBodyBytes < 0 && log[0].Body != nil {
			t.Fatalf("%+v", log)
		}
	}
}
