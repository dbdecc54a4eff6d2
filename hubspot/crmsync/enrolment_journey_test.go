package crmsync_test

import (
	"context"
	"database/sql"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/memberpulse/hubspotplugin/hubspot"
	"github.com/memberpulse/hubspotplugin/hubspot/hubspottest"
	"github.com/memberpulse/hubspotplugin/integration"
)

const (
	registeredAt = "memberpulse_event_registered_last_at"
	attendedAt   = "memberpulse_event_attended_last_at"
)

// guest is a member with registrations, and what workflows in HubSpot should
// have been told of them.
type guest struct {
	n     int
	regs  []integration.Registration
	told  map[string]time.Time // the newest occurrence, by property
	wants map[string][]string  // the events of the enrolments, by property
}

func (g *guest) member() integration.Member {
	m := tagged(g.n)
	m.Registrations = slices.Clone(g.regs)
	return m
}

// act does one thing to a registration, at a time of its own.
func (g *guest) act(rnd *rand.Rand, event int, at time.Time) {
	open := []int{}
	for i, r := range g.regs {
		if r.Status == integration.RegistrationConfirmed && r.Attendance == integration.AttendanceOpen {
			open = append(open, i)
		}
	}
	if len(open) == 0 || rnd.IntN(3) == 0 {
		g.regs = append(g.regs, integration.Registration{ID: memberID(2000 + event), EventID: memberID(3000 + event), EventName: fmt.Sprintf("Event %d", event),
			EventStart: at.Add(48 * time.Hour), Status: integration.RegistrationConfirmed, RegisteredAt: at})
		return
	}
	r := &g.regs[open[rnd.IntN(len(open))]]
	switch rnd.IntN(3) {
	case 0:
		r.Status, r.CancelledAt = integration.RegistrationCancelled, at
	case 1:
		r.Attendance, r.AttendanceAt = integration.AttendanceNoShow, at
	default:
		r.Attendance, r.AttendanceAt = integration.AttendanceAttended, at
	}
}

// expect notes what a delivery of the present state is to tell: the newest
// occurrence that stands, if it is news.
func (g *guest) expect() {
	for property, stands := range map[string]func(integration.Registration) (time.Time, bool){
		registeredAt: func(r integration.Registration) (time.Time, bool) {
			return r.RegisteredAt, r.Status == integration.RegistrationConfirmed && r.Attendance == integration.AttendanceOpen
		},
		attendedAt: func(r integration.Registration) (time.Time, bool) {
			return r.AttendanceAt, r.Status == integration.RegistrationConfirmed && r.Attendance == integration.AttendanceAttended
		},
	} {
		var newest time.Time
		name := ""
		for _, r := range g.regs {
			if at, ok := stands(r); ok && at.After(newest) {
				newest, name = at, r.EventName
			}
		}
		if newest.After(g.told[property]) {
			g.told[property] = newest
			g.wants[property] = append(g.wants[property], name)
		}
	}
}

// We promise one changed value for each net occurrence: a workflow that is
// triggered as the recipes say enrols that often and never else, and what it
// reads of the occurrence is of that very one.
func TestWorkflowsEnrolOncePerOccurrence(t *testing.T) {
	t.Parallel()
	for seed, version := range []hubspot.Version{hubspot.Version202603, hubspot.Version202609} {
		t.Run(string(version), func(t *testing.T) {
			t.Parallel()
			rnd := rand.New(rand.NewPCG(uint64(seed), 6))
			const n = 6
			b := confirmed(t, n, nil, withVersion(version))
			p := b.sim.Portal(portalA)
			for _, property := range []string{registeredAt, attendedAt} {
				p.PutWorkflow(property, hubspottest.Trigger{Known: property}, true)
			}
			guests := make([]*guest, n)
			for i := range guests {
				guests[i] = &guest{n: i + 1, told: map[string]time.Time{}, wants: map[string][]string{}}
			}
			clock, event := time.Now(), 0
			for range 30 {
				if rnd.IntN(3) == 0 { // a reply is lost, and the write repeated
					b.sim.Inject(hubspottest.Fault{PathContains: "/batch/update", Times: 1, LoseReply: true})
				}
				for _, g := range guests {
					// Several things at once are one delivery.
					for range rnd.IntN(4) {
						clock, event = clock.Add(time.Second), event+1
						g.act(rnd, event, clock)
					}
					b.save(tenantA, g.member())
				}
				b.settled(tenantA)
				for _, g := range guests {
					g.expect()
				}
				leaveWorkflows(b)
			}
			for _, g := range guests {
				for property, want := range g.wants {
					checkEnrolments(b, g, property, want)
				}
			}
		})
	}
}

// leaveWorkflows ends everybody's passage.
func leaveWorkflows(b *bundle) {
	p := b.sim.Portal(portalA)
	for _, property := range []string{registeredAt, attendedAt} {
		for _, e := range p.Enrolments(property) {
			if e.Inside {
				p.ExitWorkflow(property, e.ContactID)
			}
		}
	}
}

func checkEnrolments(b *bundle, g *guest, property string, want []string) {
	b.t.Helper()
	prefix := property[:len(property)-len("last_at")]
	var got []string
	id := b.contactID(g.n)
	for _, e := range b.sim.Portal(portalA).Enrolments(property) {
		if e.ContactID != id {
			continue
		}
		name, at := e.Properties[prefix+"name"], e.Properties[property]
		got = append(got, name)
		i := slices.IndexFunc(g.regs, func(r integration.Registration) bool { return r.EventName == name })
		if i < 0 {
			b.t.Errorf("an enrolment tells of %q", name)
			continue
		}
		r := g.regs[i]
		occurred := r.RegisteredAt
		if property == attendedAt {
			occurred = r.AttendanceAt
		}
		const layout = "2006-01-02T15:04:05.000Z"
		if at != occurred.UTC().Format(layout) || e.Properties[prefix+"date"] != r.EventStart.UTC().Format(layout) {
			b.t.Errorf("facts of another occurrence beside %s: %s %s", name, at, e.Properties[prefix+"date"])
		}
	}
	if !slices.Equal(got, want) {
		b.t.Errorf("member %d, %s: enrolled for %v, want %v", g.n, property, got, want)
	}
}

// A tag by hand is an occurrence without an event: the facts of the one before
// must not be told as its own.
func TestATagByHandTellsOfNoOtherEvent(t *testing.T) {
	t.Parallel()
	b := confirmed(t, 1, nil)
	p := b.sim.Portal(portalA)
	p.PutWorkflow("attended", hubspottest.Trigger{Known: attendedAt}, true)
	at := time.Now().Add(-time.Second)
	g := &guest{n: 1, regs: []integration.Registration{{ID: memberID(2000), EventID: memberID(3000), EventName: "Dinner", EventStart: at,
		Status: integration.RegistrationConfirmed, RegisteredAt: at.Add(-time.Hour), Attendance: integration.AttendanceAttended, AttendanceAt: at}}}
	b.save(tenantA, g.member())
	b.settled(tenantA)
	p.ExitWorkflow("attended", b.contactID(1))
	g.regs[0].Attendance, g.regs[0].AttendanceAt = integration.AttendanceOpen, time.Now()
	b.save(tenantA, g.member())
	b.settled(tenantA)
	must(t, b.inTx(func(ctx context.Context, tx *sql.Tx) error {
		return b.syncer.SetTag(ctx, tx, tenantA, integration.TagChange{MemberID: memberID(1), Tag: "event-attended", Applied: true, Cause: "seen there", By: "user-1", OccurredAt: time.Now()})
	}))
	b.settled(tenantA)
	all := p.Enrolments("attended")
	if len(all) != 2 || all[0].Properties["memberpulse_event_attended_name"] != "Dinner" {
		t.Fatalf("enrolments: %+v", all)
	}
	if name := all[1].Properties["memberpulse_event_attended_name"]; name != "" || all[1].Properties["memberpulse_event_attended_date"] != "" {
		t.Errorf("by hand, and told of %s", name)
	}
}

// Tags that wait for the admin after their property was lost keep everybody in
// the static lists: out and in again would start workflows for all.
func TestARefillMovesNobodyInStaticLists(t *testing.T) {
	t.Parallel()
	b := confirmed(t, 3, map[string]string{"listMembershipActive": "static"})
	p := b.sim.Portal(portalA)
	l, _ := b.list(staticName)
	p.PutWorkflow("welcome", hubspottest.Trigger{List: l.ID}, true)
	p.ArchiveProperty("contacts", "memberpulse_tags")
	for n := 1; n <= 3; n++ {
		m := tagged(n)
		m.City = "Perth"
		b.save(tenantA, m)
	}
	b.settled(tenantA)
	if b.tagsOf(memberID(1)) != "" || b.board().Gate.Open {
		t.Fatalf("the property is not being refilled: %q, gate %+v", b.tagsOf(memberID(1)), b.board().Gate)
	}
	if got := b.inList(staticName); !slices.Equal(got, []int{1, 2, 3}) {
		t.Errorf("members before the confirmation: %v", got)
	}
	b.confirmTags(false)
	b.settled(tenantA)
	if got := b.inList(staticName); !slices.Equal(got, []int{1, 2, 3}) || len(p.Enrolments("welcome")) != 0 {
		t.Errorf("members %v, %d enrolments", got, len(p.Enrolments("welcome")))
	}
	if b.tagsOf(memberID(1)) != "membership-active" {
		t.Errorf("tags after the confirmation: %q", b.tagsOf(memberID(1)))
	}
}
