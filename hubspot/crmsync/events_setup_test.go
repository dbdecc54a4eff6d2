package crmsync_test

import (
	"bytes"
	"context"
	"database/sql"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/memberpulse/hubspotplugin/hubspot"
	"github.com/memberpulse/hubspotplugin/hubspot/hubspottest"
	"github.com/memberpulse/hubspotplugin/integration"
)

// eventHubSpots are the HubSpots that marketing events must do with, on both
// versions of the API.
func eventHubSpots(t *testing.T, run func(t *testing.T, opts ...option)) {
	t.Helper()
	for name, o := range map[string][]option{
		"2026-03":              {withVersion(hubspot.Version202603)},
		"2026-09":              {withVersion(hubspot.Version202609)},
		"named, on 2026-03":    {withSim(hubspottest.Options{MarketingResultsNameEvents: true, ErrorsOmitTraceID: true}), withVersion(hubspot.Version202603)},
		"rejecting on 2026-09": {withSim(hubspottest.Options{AttendanceErrorsReject: true, MergedIDRejectsWrite: true}), withVersion(hubspot.Version202609)},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			run(t, o...)
		})
	}
}

func eventID(n int) string { return fmt.Sprintf("00000000-0000-4000-b000-%012d", n) }

// soon is when the events of these tests begin: after they are switched on.
func soon() time.Time { return time.Now().UTC().Truncate(time.Second).Add(30 * 24 * time.Hour) }

// event is the n-th event.
func event(n int) integration.Event {
	return integration.Event{ID: eventID(n), Name: fmt.Sprint("Event ", n), Description: "Bring a friend", Type: "webinar", Organizer: "The Club",
		Start: soon(), End: soon().Add(2 * time.Hour)}
}

// registration is a member's for an event, confirmed a while ago.
func registration(e integration.Event) integration.Registration {
	return integration.Registration{ID: activityID(int(e.Start.Unix())), EventID: e.ID, EventName: e.Name, EventStart: e.Start, EventEnd: e.End,
		EventCancelled: e.Cancelled, Status: integration.RegistrationConfirmed, RegisteredAt: noteDay}
}

// registered is the n-th member with registrations.
func registered(n int, all ...integration.Registration) integration.Member {
	m := member(n)
	m.Registrations = all
	return m
}

// eventing switches on what these tests are about.
func eventing() map[string]string { return map[string]string{"marketingEvents": "true"} }

// startEvents connects tenant A with marketing events on.
func startEvents(t *testing.T, events []integration.Event, members []integration.Member, opts ...option) *bundle {
	t.Helper()
	b := start(t, opts...)
	for _, e := range events {
		b.host.PutEntity(tenantA, e)
	}
	for _, m := range members {
		b.host.Put(tenantA, m)
	}
	b.connectWith(eventing())
	b.settled(tenantA)
	return b
}

func (b *bundle) saveEvents(all ...integration.Event) {
	b.t.Helper()
	changes := make([]integration.Change, len(all))
	for i, e := range all {
		b.host.PutEntity(tenantA, e)
		changes[i] = integration.EventChanged(tenantA, e.ID)
	}
	b.record(changes...)
}

// show is the one marketing event of a host's event.
func (b *bundle) show(id string) (hubspottest.MarketingEvent, bool) {
	b.t.Helper()
	all := b.sim.Portal(portalA).MarketingEvents()
	all = slices.DeleteFunc(all, func(e hubspottest.MarketingEvent) bool { return e.ExternalEventID != id })
	if len(all) > 1 {
		b.t.Errorf("%d marketing events of one event", len(all))
	}
	if len(all) == 0 {
		return hubspottest.MarketingEvent{}, false
	}
	return all[0], true
}

// standing is the state of a member's contact at an event, "" if HubSpot has none.
func (b *bundle) standing(event string, member int) string {
	b.t.Helper()
	show, _ := b.show(event)
	c, ok := b.contact(portalA, memberID(member))
	for _, p := range show.Participants {
		if ok && p.ContactID == c.ID {
			return p.State
		}
	}
	return ""
}

func (b *bundle) awaitStanding(event string, member int, want string) {
	b.t.Helper()
	b.eventually(fmt.Sprintf("member %d at %s: %q", member, event, want), func() bool { return b.standing(event, member) == want })
}

// feature is how a part of the sync stands.
func (b *bundle) feature(name string) integration.Feature {
	b.t.Helper()
	for _, f := range b.status(tenantA).Features {
		if f.Name == name {
			return f
		}
	}
	b.t.Fatalf("no feature %q", name)
	return integration.Feature{}
}

// refusing is a transport for which HubSpot refuses, while on, whatever goes to
// a path and says a word.
func refusing(on *atomic.Bool, path, word string) carrier {
	return func(r *http.Request) (*http.Response, error) {
		if on.Load() && strings.Contains(r.URL.Path, path) && r.Body != nil {
			body, err := io.ReadAll(r.Body)
			if err != nil {
				return nil, err
			}
			r.Body = io.NopCloser(bytes.NewReader(body))
			if bytes.Contains(body, []byte(word)) {
				const said = `{"status":"error","category":"VALIDATION_ERROR","message":"no","correlationId":"11111111-2222-4333-8444-555555555555"}`
				return &http.Response{StatusCode: http.StatusBadRequest, Header: http.Header{"Content-Type": {"application/json"}},
					Body: io.NopCloser(strings.NewReader(said)), Request: r}, nil
			}
		}
		return http.DefaultTransport.RoundTrip(r)
	}
}

// goOn asks to go on at once, as an admin does with Check again.
func (b *bundle) goOn() {
	b.t.Helper()
	must(b.t, b.inTx(func(ctx context.Context, tx *sql.Tx) error { return b.syncer.Recheck(ctx, tx, tenantA) }))
}
