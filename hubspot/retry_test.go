package hubspot_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/memberpulse/hubspotplugin/hubspot"
	"github.com/memberpulse/hubspotplugin/hubspot/hubspottest"
)

func TestRepeats(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name     string
		fault    hubspottest.Fault
		requests int
		ok       bool
		atLeast  time.Duration
		atMost   time.Duration
	}{
		{"503 once", hubspottest.Fault{Status: 503, Times: 1}, 2, true, 100 * time.Millisecond, time.Second},
		{"524 twice", hubspottest.Fault{Status: 524, Times: 2}, 3, true, 200 * time.Millisecond, 2 * time.Second},
		{"500 always", hubspottest.Fault{Status: 500}, 3, false, 200 * time.Millisecond, 2 * time.Second},
		{"dropped once", hubspottest.Fault{DropBefore: true, Times: 1}, 2, true, 100 * time.Millisecond, time.Second},
		{"reply lost once", hubspottest.Fault{LoseReply: true, Times: 1}, 2, true, 100 * time.Millisecond, time.Second},
		{"503 asks for three seconds", hubspottest.Fault{Status: 503, Times: 1, RetryAfter: 3 * time.Second}, 2, true, 3 * time.Second, 3 * time.Second},
		{"503 asks for more than there is", hubspottest.Fault{Status: 503, Times: 1, RetryAfter: time.Minute}, 1, false, 0, 0},
		{"locked once", hubspottest.Fault{Status: 423, Times: 1}, 2, true, 2 * time.Second, 4 * time.Second},
		{"second window", hubspottest.Fault{Status: 429, Times: 1, Body: `{"policyName":"SECONDLY"}`}, 2, true, time.Second, time.Second},
		{"short window by header", hubspottest.Fault{Status: 429, Times: 1, RetryAfter: 2 * time.Second}, 2, true, 2 * time.Second, 2 * time.Second},
		{"long window", hubspottest.Fault{Status: 429, Times: 1}, 1, false, 0, 0},
		{"account moves", hubspottest.Fault{Status: 477, Times: 1, RetryAfter: time.Second}, 1, false, 0, 0},
		{"bad request", hubspottest.Fault{Status: 400, Times: 1}, 1, false, 0, 0},
		{"conflict", hubspottest.Fault{Status: 409, Times: 1}, 1, false, 0, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			timeless(t, portalSpec(), func(t *testing.T, b bench) {
				person := b.portal.PutContact(map[string]string{"email": "a@example.org"})
				b.sim.Inject(c.fault)
				start := time.Now()
				_, err := b.client.BatchUpdate(t.Context(), hubspot.Contacts, []hubspot.Input{
					{ID: person.ID, Properties: map[string]string{"firstname": "A"}},
				})
				if (err == nil) != c.ok {
					t.Errorf("error %v", err)
				}
				if n := len(b.sim.Requests()); n != c.requests {
					t.Errorf("%d requests, want %d", n, c.requests)
				}
				if d := time.Since(start); d < c.atLeast || d > c.atMost {
					t.Errorf("took %v, want %v to %v", d, c.atLeast, c.atMost)
				}
			})
		})
	}
}

func TestCreationsAreNeverRepeated(t *testing.T) {
	t.Parallel()
	for name, fault := range map[string]hubspottest.Fault{
		"503":        {Method: http.MethodPost, Status: 503},
		"429":        {Method: http.MethodPost, Status: 429, RetryAfter: time.Second},
		"423":        {Method: http.MethodPost, Status: 423},
		"lost reply": {Method: http.MethodPost, LoseReply: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			timeless(t, portalSpec(), func(t *testing.T, b bench) {
				b.sim.Inject(fault)
				_, err := b.client.CreateProperty(t.Context(), hubspot.Contacts, hubspot.Property{
					Name: "p", Label: "P", Type: "string", FieldType: "text", GroupName: "contactinformation"})
				if err == nil {
					t.Fatal("no error")
				}
				if n := len(b.sim.Requests()); n != 1 {
					t.Errorf("%d requests", n)
				}
				if unknown := hubspot.OutcomeUnknown(err); unknown != (name == "503" || name == "lost reply") {
					t.Errorf("outcome unknown %v", unknown)
				}
				b.sim.ResetRequests()
				if _, err = b.client.CreatePropertyGroup(t.Context(), hubspot.Contacts, hubspot.PropertyGroup{Name: "g", Label: "G"}); err == nil {
					t.Fatal("no error")
				}
				if n := len(b.sim.Requests()); n > 1 {
					t.Errorf("%d requests", n)
				}
			})
		})
	}
}

func TestMigrationTellsHowLong(t *testing.T) {
	t.Parallel()
	timeless(t, portalSpec(), func(t *testing.T, b bench) {
		b.sim.Inject(hubspottest.Fault{Status: 477, RetryAfter: 3 * time.Hour})
		_, err := b.client.AccountDetails(t.Context())
		e := wantError(t, err)
		if e.RetryAfter != 3*time.Hour || !hubspot.IsTransient(e) || e.Outcome != hubspot.Known {
			t.Errorf("error %+v", e)
		}
	})
}

// An attempt that may have been carried out leaves its doubt behind, whatever a
// later attempt is told.
func TestDoubtOfAnEarlierAttemptStays(t *testing.T) {
	t.Parallel()
	timeless(t, portalSpec(), func(t *testing.T, b bench) {
		person := b.portal.PutContact(map[string]string{"email": "a@example.org"})
		b.sim.Inject(hubspottest.Fault{LoseReply: true, Times: 1})
		b.sim.Inject(hubspottest.Fault{Status: 400})
		_, err := b.client.BatchUpdate(t.Context(), hubspot.Contacts, []hubspot.Input{
			{ID: person.ID, Properties: map[string]string{"firstname": "A"}},
		})
		if got, _ := b.portal.Contact(person.ID); got.Properties["firstname"] != "A" {
			t.Fatal("the first attempt was to be carried out")
		}
		if e := wantError(t, err); e.Status != 400 || e.Outcome != hubspot.Unknown {
			t.Errorf("error %+v", e)
		}
	})
}
