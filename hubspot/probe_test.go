package hubspot_test

import (
	"errors"
	"net/http"
	"slices"
	"testing"

	"github.com/memberpulse/hubspotplugin/hubspot"
	"github.com/memberpulse/hubspotplugin/hubspot/hubspottest"
)

func TestProbeTellsScopes(t *testing.T) {
	t.Parallel()
	bothVersions(t, func(t *testing.T, version func(*hubspot.Config)) {
		b := setup(t, hubspottest.Options{}, version)
		b.portal.PutContact(map[string]string{"email": "a@example.org"})
		before := b.portal.Contacts()
		for _, scope := range []string{
			"crm.objects.contacts.read", "crm.objects.contacts.write",
			"crm.schemas.contacts.read", "crm.schemas.contacts.write",
			"crm.objects.companies.read", "crm.objects.companies.write",
			"crm.schemas.companies.read", "crm.schemas.companies.write",
			"crm.lists.read", "crm.lists.write", "crm.objects.marketing_events.read", "crm.objects.marketing_events.write",
		} {
			granted := []string{scope}
			if scope == "crm.lists.write" {
				granted = append(granted, "crm.lists.read") // without it the other is of little use
			}
			b.portal.AddToken("with-"+scope, granted...)
			with := against(t, b.sim.ServeHTTP, version, func(c *hubspot.Config) { c.Token = func() string { return "with-" + scope } })
			if err := with.Probe(t.Context(), scope); err != nil {
				t.Errorf("%s granted: %v", scope, err)
			}
			b.portal.AddToken("without-"+scope, "automation")
			without := against(t, b.sim.ServeHTTP, version, func(c *hubspot.Config) { c.Token = func() string { return "without-" + scope } })
			err := without.Probe(t.Context(), scope)
			e := wantError(t, err)
			if !hubspot.IsMissingScopes(e) || !slices.Contains(e.Scopes, scope) {
				t.Errorf("%s not granted: %+v", scope, e)
			}
		}
		if err := b.client.Probe(t.Context(), "oauth"); err != nil {
			t.Error(err)
		}
		after := b.portal.Contacts()
		if len(after) != len(before) || !after[0].UpdatedAt.Equal(before[0].UpdatedAt) {
			t.Error("a probe changed the portal")
		}
	})
}

// A plan without custom events is not a missing scope.
func TestProbeOfCustomEvents(t *testing.T) {
	t.Parallel()
	for plan, ok := range map[string]bool{"enterprise": true, "professional": false} {
		srv := hubspottest.NewServer(t, hubspottest.Options{}, hubspottest.Portal{ID: 1, Token: testToken, Plan: plan})
		srv.Portal(1).AddToken("poor", "crm.lists.read")
		for _, scope := range []string{"behavioral_events.event_definitions.read_write", "analytics.behavioral_events.send"} {
			err := against(t, srv.ServeHTTP).Probe(t.Context(), scope)
			if (err == nil) != ok || hubspot.IsMissingScopes(err) || hubspot.IsForbidden(err) == ok {
				t.Errorf("%s, %s: %v", plan, scope, err)
			}
			err = against(t, srv.ServeHTTP, func(c *hubspot.Config) { c.Token = func() string { return "poor" } }).Probe(t.Context(), scope)
			if e := wantError(t, err); !hubspot.IsMissingScopes(e) || !slices.Contains(e.Scopes, scope) {
				t.Errorf("%s: %+v", scope, e)
			}
		}
		if n := len(srv.Portal(1).Events()); n != 0 {
			t.Errorf("%d events", n)
		}
	}
}

func TestProbeOfWhatIsNotKnown(t *testing.T) {
	t.Parallel()
	b := setup(t, hubspottest.Options{})
	for _, scope := range []string{"", "crm", "crm.objects.contacts.delete", "crm.objects.a/b.read", "made.up"} {
		if err := b.client.Probe(t.Context(), scope); !errors.Is(err, hubspot.ErrUnknownScope) {
			t.Errorf("%q: %v", scope, err)
		}
	}
	if n := len(b.sim.Requests()); n != 0 {
		t.Errorf("%d requests", n)
	}
}

func TestProbeFailures(t *testing.T) {
	t.Parallel()
	for status, ok := range map[int]bool{200: true, 207: true, 400: true, 404: true, 409: true, 401: false, 403: false, 429: false, 503: false} {
		cl := against(t, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(status) })
		for _, scope := range []string{"crm.lists.read", "crm.objects.owners.read", "tickets"} {
			if err := cl.Probe(t.Context(), scope); (err == nil) != ok {
				t.Errorf("%s, status %d: %v", scope, status, err)
			}
		}
	}
}
