package hubspot_test

import (
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/memberpulse/hubspotplugin/hubspot"
)

func TestPathPrefixOfTheBaseURLIsKept(t *testing.T) {
	t.Parallel()
	var path atomic.Value
	cl := against(t, func(w http.ResponseWriter, r *http.Request) {
		path.Store(r.URL.EscapedPath())
		_, _ = w.Write([]byte(`{"portalId":1}`))
	}, func(c *hubspot.Config) { c.BaseURL += "/proxy/hub%20spot/" })
	if _, err := cl.AccountDetails(t.Context()); err != nil {
		t.Fatal(err)
	}
	if path.Load() != "/proxy/hub%20spot/account-info/2026-03/details" {
		t.Errorf("path %v", path.Load())
	}
}

func TestNamesCannotLeaveTheirPlaceInThePath(t *testing.T) {
	t.Parallel()
	var path atomic.Value
	cl := against(t, func(w http.ResponseWriter, r *http.Request) {
		path.Store(r.URL.EscapedPath())
		w.WriteHeader(404)
	})
	_, _ = cl.Property(t.Context(), hubspot.Contacts, "../../../oauth?x=1#y")
	if got := path.Load(); got != "/crm/properties/2026-03/contacts/..%2F..%2F..%2Foauth%3Fx=1%23y" {
		t.Errorf("path %v", got)
	}
}

func TestCorrelationID(t *testing.T) {
	t.Parallel()
	const header, body = "11111111-2222-4333-8444-555555555555", "aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee"
	for reply, want := range map[string]string{`{"correlationId":"` + body + `"}`: body, `{}`: header, `<html>`: header} {
		cl := against(t, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("X-HubSpot-Correlation-Id", header)
			w.WriteHeader(400)
			_, _ = w.Write([]byte(reply))
		})
		_, err := cl.AccountDetails(t.Context())
		if e := wantError(t, err); e.CorrelationID != want || !strings.Contains(e.Error(), want) {
			t.Errorf("%q, want %q", e.CorrelationID, want)
		}
	}
}

func TestStrangeDatesDoNotVoidAReply(t *testing.T) {
	t.Parallel()
	cl := answering(t, 200, "application/json", `{"status":"COMPLETE","results":[
		{"id":1,"properties":{"n":5,"b":true,"x":null,"s":"t"},"createdAt":"yesterday","updatedAt":17,"archived":"no"}]}`)
	res, err := cl.BatchRead(t.Context(), hubspot.Contacts, hubspot.BatchRead{IDs: []string{"1"}})
	if err != nil {
		t.Fatal(err)
	}
	rec, ok := res.Find("1")
	if _, has := rec.Properties["x"]; !ok || has || rec.Properties["n"] != "5" || rec.Properties["b"] != "true" || rec.Properties["s"] != "t" {
		t.Errorf("%+v", rec)
	}
	if !rec.CreatedAt.Equal(time.Time{}) || rec.Archived {
		t.Errorf("%+v", rec)
	}
}
