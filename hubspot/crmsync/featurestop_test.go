package crmsync_test

import (
	"errors"
	"maps"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/memberpulse/hubspotplugin/hubspot/crmsync"
	"github.com/memberpulse/hubspotplugin/hubspot/hubspottest"
	"github.com/memberpulse/hubspotplugin/integration"
)

// settingsWith are tenant A's settings with some more.
func (b *bundle) settingsWith(more map[string]string) integration.Settings {
	b.t.Helper()
	raw := map[string]string{"portalId": "12345678", "apiKey": tokenA, "syncContacts": "true"}
	maps.Copy(raw, more)
	set, err := crmsync.Spec().Schema.Parse(raw, integration.Settings{})
	must(b.t, err)
	return set
}

// others are the scopes of everything but events.
func others(more ...string) []string {
	return append([]string{"oauth", "crm.objects.contacts.read", "crm.objects.contacts.write", "crm.schemas.contacts.read", "crm.schemas.contacts.write",
		"crm.objects.companies.read", "crm.objects.companies.write"}, more...)
}

// oneIncident waits for the only incident of a code.
func (b *bundle) oneIncident(code string) integration.Incident {
	b.t.Helper()
	var found []integration.Incident
	b.eventually("an incident "+code, func() bool {
		found = nil
		for _, i := range b.status(tenantA).Incidents {
			if i.Code == code {
				found = append(found, i)
			}
		}
		return len(found) > 0
	})
	if len(found) != 1 {
		b.t.Errorf("%d incidents: %+v", len(found), found)
	}
	return found[0]
}

// A scope that only marketing events need stops only them.
func TestScopeOfMarketingEventsMissing(t *testing.T) {
	t.Parallel()
	eventHubSpots(t, func(t *testing.T, opts ...option) {
		one := event(1)
		b := startEvents(t, nil, []integration.Member{member(0)}, opts...)
		p := b.sim.Portal(portalA)
		p.AddToken(tokenA, others("crm.objects.marketing_events.read")...)
		var events []integration.Event
		for n := range 12 {
			events = append(events, event(n))
		}
		b.saveEvents(events...)
		r := b.awaitSaid("event", one.ID, integration.SyncFailed, "scope-missing")
		if !strings.Contains(r.Error, "crm.objects.marketing_events.write") || !strings.Contains(r.Fix, "Check again") {
			t.Errorf("record = %+v", r)
		}
		b.save(tenantA, registered(0, registration(one)), member(1))
		b.eventually("contacts go on", func() bool { _, ok := b.contact(portalA, memberID(1)); return ok })
		b.awaitSaid("attendance", memberID(0), integration.SyncPending, "awaits-event")
		if i := b.oneIncident("scope-missing"); i.Blocking || i.Action != "recheck" || i.Count != len(events) || !strings.Contains(i.Title, "marketing_events.write") {
			t.Errorf("incident = %+v", i)
		}
		st := b.status(tenantA)
		if st.Health == integration.HealthFailing || strings.HasPrefix(st.Sentence, "Stopped") {
			t.Errorf("status = %+v", st)
		}
		if f := b.feature("Marketing events"); f.State != "attention" || f.Attention != len(events) {
			t.Errorf("feature = %+v", f)
		}
		b.sim.ResetRequests()
		b.saveEvents(event(20))
		b.awaitSaid("event", eventID(20), integration.SyncFailed, "scope-missing")
		p.AddToken(tokenA)
		b.recheck()
		b.awaitStanding(one.ID, 0, "REGISTERED")
		b.settled(tenantA)
		if n := len(p.MarketingEvents()); n != len(events)+1 || b.count("event", integration.SyncFailed) != 0 {
			t.Errorf("%d marketing events, %d failed", n, b.count("event", integration.SyncFailed))
		}
	})
}

// The same for what members do, once their events are there.
func TestScopeOfAttendanceMissing(t *testing.T) {
	t.Parallel()
	one := event(1)
	b := startEvents(t, []integration.Event{one}, []integration.Member{member(0), member(1)})
	p := b.sim.Portal(portalA)
	p.AddToken(tokenA, others()...)
	b.save(tenantA, registered(0, registration(one)), registered(1, registration(one)))
	b.awaitSaid("attendance", memberID(0), integration.SyncFailed, "scope-missing")
	b.awaitSaid("attendance", memberID(1), integration.SyncFailed, "scope-missing")
	p.AddToken(tokenA)
	b.connectWith(eventing()) // saving the settings goes on too
	b.awaitStanding(one.ID, 0, "REGISTERED")
	b.awaitStanding(one.ID, 1, "REGISTERED")
	b.settled(tenantA)
}

// A plan or a scope that custom events lack stops only them; notes go on.
func TestCustomEventsNotAllowed(t *testing.T) {
	t.Parallel()
	for name, code := range map[string]string{"plan": "plan-missing", "scope": "scope-missing"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			bothVersions(t, func(t *testing.T, opts ...option) {
				b := startCustoms(t, 1, customs("true"), opts...)
				p := b.sim.Portal(portalA)
				if name == "plan" { // the account's plan ends
					b.sim.Inject(hubspottest.Fault{PathContains: "/events/", Status: http.StatusForbidden,
						Body: `{"status":"error","message":"This account does not have access to custom events","correlationId":"11111111-2222-4333-8444-555555555555"}`})
				} else {
					p.AddToken(tokenA, others("behavioral_events.event_definitions.read_write")...)
				}
				b.happen(activity(1, memberID(0)), activity(2, memberID(0)))
				r := b.awaitSaid("custom-event", activityID(1), integration.SyncFailed, code)
				b.awaitSaid("activity", activityID(1), integration.SyncSynced, "")
				b.awaitSaid("custom-event", activityID(2), integration.SyncFailed, code)
				if r.Fix == "" || r.CorrelationID == "" {
					t.Errorf("record = %+v", r)
				}
				if i := b.oneIncident(code); i.Blocking || i.Action != "recheck" || i.Count != 2 {
					t.Errorf("incident = %+v", i)
				}
				b.save(tenantA, member(1))
				b.eventually("contacts go on", func() bool { _, ok := b.contact(portalA, memberID(1)); return ok })
				b.sim.ClearFaults()
				p.AddToken(tokenA)
				b.recheck()
				b.awaitSaid("custom-event", activityID(1), integration.SyncSynced, "")
				b.awaitSaid("custom-event", activityID(2), integration.SyncSynced, "")
				b.settled(tenantA)
				if n := len(p.Events()); n != 2 {
					t.Errorf("%d custom events", n)
				}
			})
		})
	}
}

// The key itself is refused: that is the tenant's, also in these calls.
func TestRevokedKeyStopsTheTenantInEvents(t *testing.T) {
	t.Parallel()
	var on atomic.Bool
	b := startCustoms(t, 1, customs("false"), withTransport(carrier(func(r *http.Request) (*http.Response, error) {
		if on.Load() && strings.HasSuffix(r.URL.Path, "/send/batch") {
			r.Header.Set("Authorization", "Bearer pat-na1-nobody")
		}
		return http.DefaultTransport.RoundTrip(r)
	})))
	on.Store(true)
	b.happen(activity(1, memberID(0)))
	b.eventually("the stop", func() bool { return b.status(tenantA).Health == integration.HealthFailing })
	on.Store(false)
	b.recheck()
	b.awaitSaid("custom-event", activityID(1), integration.SyncSynced, "")
}

// What is missing is told when the part is switched on, and only then.
func TestEventsAreCheckedWhenSwitchedOn(t *testing.T) {
	t.Parallel()
	b := start(t, withPlan("professional"))
	try := func(more map[string]string) error {
		raw := map[string]string{"portalId": "12345678", "apiKey": tokenA, "syncContacts": "true"}
		maps.Copy(raw, more)
		return b.tryConnectWith(tenantA, raw)
	}
	refused := func(err error, field string, words ...string) {
		t.Helper()
		var fields integration.FieldErrors
		if !errors.As(err, &fields) {
			t.Fatalf("error %v", err)
		}
		for _, w := range words {
			if !strings.Contains(strings.Join(fields[field], " "), w) {
				t.Errorf("%s: %v does not say %q", field, fields, w)
			}
		}
	}
	b.sim.Portal(portalA).AddToken(tokenA, others()...)
	must(t, try(nil))
	refused(try(map[string]string{"marketingEvents": "true"}), "apiKey", "crm.objects.marketing_events.read", "crm.objects.marketing_events.write")
	refused(try(map[string]string{"customEvents": "true"}), "apiKey", "behavioral_events.event_definitions.read_write", "analytics.behavioral_events.send")
	b.sim.Portal(portalA).AddToken(tokenA)
	refused(try(map[string]string{"customEvents": "true"}), "customEvents", "Enterprise")
	must(t, try(map[string]string{"marketingEvents": "true"}))
}
