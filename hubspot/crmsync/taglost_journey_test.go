package crmsync_test

import (
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/memberpulse/hubspotplugin/hubspot/hubspottest"
	"github.com/memberpulse/hubspotplugin/integration"
)

// Somebody archives one fact about one tag: the tags are still there, and
// nobody loses one or is enrolled again.
func TestALostFactEndsNoTag(t *testing.T) {
	t.Parallel()
	b := confirmed(t, 3, map[string]string{"listMembershipActive": "active"})
	p := b.sim.Portal(portalA)
	l, _ := b.list("MemberPulse: Membership active")
	b.eventually("all are in the list", func() bool { return len(b.inList("MemberPulse: Membership active")) == 3 })
	p.PutWorkflow("welcome", hubspottest.Trigger{List: l.ID}, true)
	p.ArchiveProperty("contacts", "memberpulse_membership_active_since")
	changes := len(b.tagLog())
	for n := 1; n <= 2; n++ {
		m := tagged(n)
		m.City = "Perth"
		b.save(tenantA, m)
	}
	b.settled(tenantA)
	for n := 1; n <= 3; n++ {
		if got := b.tagsOf(memberID(n)); got != "membership-active" {
			t.Errorf("member %d has %q", n, got)
		}
	}
	if len(b.tagLog()) != changes || len(p.Enrolments("welcome")) != 0 {
		t.Errorf("%d changes more, %d enrolments", len(b.tagLog())-changes, len(p.Enrolments("welcome")))
	}
	if st := b.status(tenantA); !slices.ContainsFunc(st.Incidents, func(i integration.Incident) bool { return i.Code == "refill" }) {
		t.Errorf("incidents %+v", st.Incidents)
	}
	b.confirmTags(false)
	b.settled(tenantA)
	if c, _ := b.contact(portalA, memberID(3)); c.Properties["memberpulse_membership_active_since"] == "" {
		t.Error("the fact is not filled again")
	}
	if len(p.Enrolments("welcome")) != 0 {
		t.Error("a workflow was started by a refill")
	}
}

// What HubSpot had of the past before its property was lost comes back with the
// confirmation, although nothing else of the past is sent.
func TestALostTagOfThePastComesBack(t *testing.T) {
	t.Parallel()
	b := confirmed(t, 1, nil)
	m := tagged(1)
	r := registration(event(1))
	r.Attendance, r.AttendanceAt = integration.AttendanceAttended, time.Now()
	r.EventStart = time.Now().Add(-time.Hour)
	m.Registrations = []integration.Registration{r}
	b.save(tenantA, m)
	b.settled(tenantA)
	if got := b.tagsOf(memberID(1)); got != "membership-active;event-attended" {
		t.Fatalf("has %q", got)
	}
	b.sim.Portal(portalA).ArchiveProperty("contacts", "memberpulse_tags")
	m.City = "Perth"
	b.save(tenantA, m)
	b.settled(tenantA)
	if got := b.tagsOf(memberID(1)); got != "" {
		t.Fatalf("the property is not lost: %q", got)
	}
	b.confirmTags(false)
	b.settled(tenantA)
	if got := b.tagsOf(memberID(1)); got != "membership-active;event-attended" {
		t.Errorf("after the refill %q", got)
	}
}

// The key may not make properties, and one has to be made again: the admin is
// told of the scope, and not that HubSpot does not answer.
func TestAPropertyThatTheKeyMayNotMakeAgain(t *testing.T) {
	t.Parallel()
	b := start(t)
	b.save(tenantA, member(1))
	b.connect(tenantA, portalA, tokenA)
	b.settled(tenantA)
	b.sim.Inject(hubspottest.Fault{Method: http.MethodPost, PathContains: "/properties/", Status: http.StatusForbidden,
		Body: `{"status":"error","category":"MISSING_SCOPES","message":"This app hasn't been granted all required scopes to make this call.","correlationId":"11111111-2222-4333-8444-555555555555"}`})
	b.sim.Portal(portalA).ArchiveProperty("contacts", "memberpulse_membership_plan")
	b.save(tenantA, member(2))
	b.eventually("the scope is named", func() bool {
		return slices.ContainsFunc(b.status(tenantA).Incidents, func(i integration.Incident) bool { return i.Code == "scope-missing" })
	})
}
