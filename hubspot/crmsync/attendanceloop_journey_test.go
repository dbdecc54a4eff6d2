package crmsync_test

import (
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/memberpulse/hubspotplugin/hubspot/hubspottest"
	"github.com/memberpulse/hubspotplugin/integration"
	"github.com/memberpulse/hubspotplugin/outbox"
)

// denying is a transport for which HubSpot answers with a status, while on, to
// whatever goes to one of the paths, and counts those calls and the members'.
type denying struct {
	on             atomic.Bool
	status         map[string]int // by a part of the path
	denied, member atomic.Int64
}

func (d *denying) RoundTrip(r *http.Request) (*http.Response, error) {
	if d.on.Load() {
		if strings.Contains(r.URL.Path, "/contacts/batch/update") {
			d.member.Add(1)
		}
		for part, status := range d.status {
			if !strings.Contains(r.URL.Path, part) {
				continue
			}
			d.denied.Add(1)
			said := `{"status":"error","message":"no","correlationId":"11111111-2222-4333-8444-555555555555"}`
			return &http.Response{StatusCode: status, Header: http.Header{"Content-Type": {"application/json"}},
				Body: io.NopCloser(strings.NewReader(said)), Request: r}, nil
		}
	}
	return http.DefaultTransport.RoundTrip(r)
}

// HubSpot does not find the contact, which is there, or the event, which it has
// just confirmed: that is looked into a few times, and not for ever.
func TestAttendanceThatHubSpotNeverFindsSpendsFewCalls(t *testing.T) {
	t.Parallel()
	for name, status := range map[string]map[string]int{
		"the contact": {"/attendance/": http.StatusNotFound},
		"the event":   {"/attendance/": http.StatusNotFound, "/events/" + eventID(1): http.StatusNotFound},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := &denying{status: status}
			one := event(1)
			b := attendsInVain(t, d, one, registered(1, registration(one)))
			r := b.awaitSaid("attendance", memberID(0), integration.SyncFailed, "invalid-pair")
			if r.CorrelationID == "" || !strings.Contains(r.Fix, "Retry") {
				t.Errorf("record = %+v", r)
			}
			b.settled(tenantA)
			// Two members, tried five times each, with two calls a time.
			if denied, member := d.denied.Load(), d.member.Load(); denied > 20 || member > 10 {
				t.Errorf("%d calls denied, %d of the member", denied, member)
			}
			d.on.Store(false)
			must(t, b.syncer.Retry(t.Context(), tenantA, r.ID))
			b.awaitStanding(one.ID, 0, "ATTENDED")
			b.awaitSaid("attendance", memberID(0), integration.SyncSynced, "")
			b.settled(tenantA)
		})
	}
}

// attendsInVain has member 0 attend an event for which HubSpot denies, from then
// on, that the pair exists. Another member is there as well.
func attendsInVain(t *testing.T, d *denying, at integration.Event, other integration.Member) *bundle {
	t.Helper()
	b := startEvents(t, []integration.Event{at}, []integration.Member{registered(0, registration(at)), other},
		withTransport(d), withBox(func(c *outbox.Config) { c.RetryMin = 100 * time.Millisecond }))
	b.awaitStanding(at.ID, 0, "REGISTERED")
	b.settled(tenantA)
	attended := registration(at)
	attended.Attendance, attended.AttendanceAt = integration.AttendanceAttended, at.Start
	d.on.Store(true)
	b.save(tenantA, registered(0, attended))
	return b
}

// Who was looked into often enough is not tried again with each member for whom
// the event is looked into after that.
func TestAttendanceThatAPersonLooksIntoIsNotTriedWithOthers(t *testing.T) {
	t.Parallel()
	one := event(1)
	d := &denying{status: map[string]int{"/attendance/": http.StatusNotFound, "/events/" + eventID(1): http.StatusNotFound}}
	b := attendsInVain(t, d, one, member(1))
	b.awaitSaid("attendance", memberID(0), integration.SyncFailed, "invalid-pair")
	b.settled(tenantA) // the event that its last try has lost is made again, and may have it tried once more
	held := b.said("attendance", memberID(0))
	b.save(tenantA, registered(1, registration(one)))
	b.awaitSaid("attendance", memberID(1), integration.SyncFailed, "invalid-pair")
	b.settled(tenantA)
	if now := b.said("attendance", memberID(0)); !now.UpdatedAt.Equal(held.UpdatedAt) {
		t.Errorf("tried again at %v, %v before", now.UpdatedAt, held.UpdatedAt)
	}
	// An event that is really made anew is another matter.
	d.on.Store(false)
	b.dropShow(one.ID)
	one.Name = "Another name"
	b.saveEvents(one)
	b.awaitStanding(one.ID, 0, "ATTENDED")
	b.awaitStanding(one.ID, 1, "REGISTERED")
	b.settled(tenantA)
}

// Whether the contact or the event is missing is asked, and the answer can be an
// outage: nobody is to blame then, and sending pauses.
func TestAttendanceWhoseEventCannotBeLookedUpWaits(t *testing.T) {
	t.Parallel()
	d := &denying{status: map[string]int{"/attendance/": http.StatusNotFound, "/events/" + eventID(1): http.StatusServiceUnavailable}}
	b := startEvents(t, []integration.Event{event(1)}, []integration.Member{member(0)}, withTransport(d))
	d.on.Store(true)
	b.save(tenantA, registered(0, registration(event(1))))
	b.eventually("sending pauses", func() bool { return b.status(tenantA).ResumesAt != nil })
	if r := b.said("attendance", memberID(0)); r.Code == "awaits-contact" || d.member.Load() > 1 {
		t.Errorf("record = %+v, %d calls of the member", r, d.member.Load())
	}
	d.on.Store(false)
	b.goOn()
	b.awaitStanding(eventID(1), 0, "REGISTERED")
	b.settled(tenantA)
}

// HubSpot has written, and its reply does not say so, at a second try: what was
// perhaps told is remembered, also if the host has changed its mind before the
// next.
func TestAttendanceThatWasPerhapsToldIsTakenBack(t *testing.T) {
	t.Parallel()
	one := event(1)
	b := startEvents(t, []integration.Event{one}, []integration.Member{registered(0, registration(one))})
	b.awaitStanding(one.ID, 0, "REGISTERED")
	b.settled(tenantA)
	b.sim.Inject(hubspottest.Fault{PathContains: "/attendance/", Status: http.StatusNotFound, Body: `{"status":"error","message":"no","category":"OBJECT_NOT_FOUND"}`, Times: 1})
	b.sim.Inject(hubspottest.Fault{PathContains: "/attendance/", Commit: true, Status: http.StatusOK, Body: `{"status":"COMPLETE","results":[]}`, Times: 1})
	attended := registration(one)
	attended.Attendance, attended.AttendanceAt = integration.AttendanceAttended, one.Start
	b.save(tenantA, registered(0, attended))
	b.awaitStanding(one.ID, 0, "ATTENDED")
	b.save(tenantA, registered(0, registration(one)))
	b.awaitStanding(one.ID, 0, "REGISTERED")
	b.settled(tenantA)
	if got := b.standing(one.ID, 0); got != "REGISTERED" {
		t.Errorf("stands as %q", got)
	}
}
