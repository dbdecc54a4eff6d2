package tagging_test

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/memberpulse/hubspotplugin/integration"
	"github.com/memberpulse/hubspotplugin/tagging"
)

func TestHandsAndEvents(t *testing.T) {
	t.Parallel()
	judge(t, []ruleCase{
		{"applied", attending(), []tagging.Hand{apply("event-registered", 3)}, map[string]string{"event-registered": "on 3..3 by-hand"}},
		{"removed, never there", attending(), []tagging.Hand{remove("event-registered", 3)}, map[string]string{"event-registered": "off 3 by-hand"}},
		{"removed", attending(reg("a", 1)), []tagging.Hand{remove("event-registered", 3)}, map[string]string{"event-registered": "off 3 by-hand"}},
		{"removed at the same moment", attending(reg("a", 3)), []tagging.Hand{remove("event-registered", 3)}, map[string]string{"event-registered": "off 3 by-hand"}},
		{"removed before it was registered", attending(reg("a", 4)), []tagging.Hand{remove("event-registered", 3)}, map[string]string{
			"event-registered": "on 4..4 registered Gala a"}},
		{"back by a new one, since then", attending(reg("a", 1), reg("b", 5), reg("c", 6)), []tagging.Hand{remove("event-registered", 3)}, map[string]string{
			"event-registered": "on 5..6 registered Gala c"}},
		{"not back by the end of another", attending(reg("a", 1), reg("b", 2, came(7))), []tagging.Hand{remove("event-registered", 3)}, map[string]string{
			"event-registered": "off 3 by-hand", "event-attended": "on 7..7 attended Gala b"}},
		{"applied beside the data", attending(reg("a", 1)), []tagging.Hand{apply("event-registered", 3)}, map[string]string{"event-registered": "on 1..3 by-hand Gala a"}},
		{"applied, then registered", attending(reg("a", 5)), []tagging.Hand{apply("event-registered", 3)}, map[string]string{"event-registered": "on 5..5 registered Gala a"}},
		{"applied, then the last one ends", attending(reg("a", 1, came(7))), []tagging.Hand{apply("event-registered", 3)}, map[string]string{
			"event-registered": "off 7 attended", "event-attended": "on 7..7 attended Gala a"}},
		{"applied, one ends, another at a time that nobody knows", attending(reg("a", 1, left(7)), reg("b", 2, calledOff)), []tagging.Hand{apply("event-registered", 3)},
			map[string]string{"event-registered": "off ? event-cancelled"}},
		{"applied after the last one has ended", attending(reg("a", 1, left(2))), []tagging.Hand{apply("event-registered", 3)}, map[string]string{"event-registered": "on 3..3 by-hand"}},
		{"applied, the last one cancelled, that it was attended comes late", attending(reg("a", 1, came(2), left(7))), []tagging.Hand{apply("event-registered", 3)}, map[string]string{
			"event-registered": "off 7 registration-cancelled", "event-attended": "off 7 registration-cancelled"}},
		{"seen there, whatever else was missed", attending(reg("a", 1, missed(7))), []tagging.Hand{apply("event-attended", 3)}, map[string]string{
			"event-attended": "on 3..3 by-hand", "event-no-show": "on 7..7 no-show Gala a"}},
		{"attended, taken away", attending(reg("a", 1, came(2))), []tagging.Hand{remove("event-attended", 3)}, map[string]string{"event-attended": "off 3 by-hand"}},
		{"attended, taken away before", attending(reg("a", 1, came(7))), []tagging.Hand{remove("event-attended", 3)}, map[string]string{"event-attended": "on 7..7 attended Gala a"}},
		{"the newest hand", attending(), []tagging.Hand{apply("event-attended", 5), remove("event-attended", 3)}, map[string]string{"event-attended": "on 5..5 by-hand"}},
		{"of one moment, the removal", attending(), []tagging.Hand{apply("event-attended", 5), remove("event-attended", 5)}, map[string]string{"event-attended": "off 5 by-hand"}},
		{"not of the catalog", attending(), []tagging.Hand{apply("vip", 5)}, nil},
		{"without a time", attending(reg("a", 0)), []tagging.Hand{remove("event-registered", 0)}, map[string]string{"event-registered": "on ?..? registered Gala a"}},
		{"against what nobody knows when", attending(reg("a", 0)), []tagging.Hand{remove("event-registered", 1)}, map[string]string{"event-registered": "off 1 by-hand"}},
	})
}

func TestHandsAndMemberships(t *testing.T) {
	t.Parallel()
	active := ms("a", integration.MembershipActive, 1, 6)
	renewed := change(active, func(m *integration.Membership) { m.RenewedAt = at(9) })
	ended := ms("a", integration.MembershipExpired, 9, 6)
	judge(t, []ruleCase{
		{"expired by hand turns active off", with(active), []tagging.Hand{apply("membership-expired", 3)}, map[string]string{
			"membership-expired": "on 3..3 by-hand", "membership-active": "off 3 by-hand", "membership-expiring": "off 1 status-active"}},
		{"taken back, active is there again", with(active), []tagging.Hand{remove("membership-expired", 4)}, map[string]string{
			"membership-active": "on 1..1 status-active Gold", "membership-expired": "off 4 by-hand"}},
		{"two by hand, the newer", with(active), []tagging.Hand{apply("membership-expiring", 4), apply("membership-expired", 3)}, map[string]string{
			"membership-expiring": "on 4..4 by-hand", "membership-expired": "off 4 by-hand", "membership-active": "off 4 by-hand"}},
		{"the newer taken back", with(active), []tagging.Hand{remove("membership-expiring", 5), apply("membership-expired", 3)}, map[string]string{
			"membership-expired": "on 3..3 by-hand", "membership-active": "off 3 by-hand", "membership-expiring": "off 5 by-hand"}},
		{"active and expired by hand at one moment", with(active), []tagging.Hand{apply("membership-expired", 3), apply("membership-active", 3)}, map[string]string{
			"membership-active": "on 1..3 by-hand Gold", "membership-expired": "off 3 by-hand"}},
		{"active again by hand, since then", with(active), []tagging.Hand{apply("membership-expired", 3), apply("membership-active", 4)}, map[string]string{
			"membership-active": "on 4..4 by-hand Gold", "membership-expired": "off 4 by-hand"}},
		{"active taken away", with(active), []tagging.Hand{remove("membership-active", 3)}, map[string]string{"membership-active": "off 3 by-hand"}},
		{"taken away, then renewed", with(renewed), []tagging.Hand{remove("membership-active", 3)}, map[string]string{"membership-active": "on 9..9 renewed Gold"}},
		{"expired by hand, then renewed", with(renewed), []tagging.Hand{apply("membership-expired", 3)}, map[string]string{
			"membership-active": "on 9..9 renewed Gold", "membership-expired": "off 9 renewed"}},
		{"active by hand, then expired", with(ended), []tagging.Hand{apply("membership-active", 3)}, map[string]string{
			"membership-expired": "on 9..9 status-expired Gold", "membership-active": "off 9 status-expired"}},
		{"active by hand, then cancelled", with(ms("a", integration.MembershipCancelled, 9, 6)), []tagging.Hand{apply("membership-active", 3)}, map[string]string{
			"membership-active": "off 9 status-cancelled"}},
		{"active by hand after the end", with(ended), []tagging.Hand{apply("membership-active", 10)}, map[string]string{
			"membership-active": "on 10..10 by-hand", "membership-expired": "off 10 by-hand"}},
		{"active by hand, no membership", with(), []tagging.Hand{apply("membership-active", 3)}, map[string]string{"membership-active": "on 3..3 by-hand"}},
		{"upgraded by hand", with(active), []tagging.Hand{apply("membership-upgraded", 3)}, map[string]string{
			"membership-active": "on 1..1 status-active Gold", "membership-upgraded": "on 3..3 by-hand"}},
		{"upgraded by hand, renewed", with(renewed), []tagging.Hand{apply("membership-upgraded", 3)}, map[string]string{
			"membership-active": "on 1..9 renewed Gold", "membership-upgraded": "off 9 renewed"}},
		{"upgraded, by hand once more, renewed and expired", with(change(ended, func(m *integration.Membership) { m.UpgradedAt, m.RenewedAt = at(2), at(3) })),
			[]tagging.Hand{apply("membership-upgraded", 5)}, map[string]string{
				"membership-expired": "on 9..9 status-expired Gold", "membership-upgraded": "off 9 status-expired"}},
		{"upgrade taken away", with(change(active, upgradedAt(3))), []tagging.Hand{remove("membership-upgraded", 4)}, map[string]string{
			"membership-active": "on 1..1 status-active Gold", "membership-upgraded": "off 4 by-hand"}},
		{"upgrade taken away, upgraded again", with(change(active, upgradedAt(5))), []tagging.Hand{remove("membership-upgraded", 4)}, map[string]string{
			"membership-active": "on 1..1 status-active Gold", "membership-upgraded": "on 5..5 upgraded Gold"}},
		{"downgrade by hand, then renewed", with(renewed), []tagging.Hand{apply("membership-downgrade-scheduled", 4)}, map[string]string{
			"membership-active": "on 1..9 renewed Gold", "membership-downgrade-scheduled": "off 9 renewed"}},
		{"downgrade by hand, withdrawn: that leaves no time", with(active), []tagging.Hand{apply("membership-downgrade-scheduled", 4)}, map[string]string{
			"membership-active": "on 1..1 status-active Gold", "membership-downgrade-scheduled": "on 4..4 by-hand"}},
		{"downgrade by hand, then expired", with(ended), []tagging.Hand{apply("membership-downgrade-scheduled", 4)}, map[string]string{
			"membership-expired": "on 9..9 status-expired Gold", "membership-downgrade-scheduled": "off 9 status-expired"}},
	})
}

// What Compute returns depends on nothing but what it was told: not on order,
// repetition, or the time zone of a clock.
func TestOrderRepetitionAndZonesDoNotMatter(t *testing.T) {
	t.Parallel()
	rng := rand.New(rand.NewPCG(11, 12))
	m := with(ms("a", integration.MembershipExpired, 3, 4), change(ms("b", integration.MembershipActive, 6, 9), upgradedAt(7)), ms("c", integration.MembershipCancelled, 8, 12))
	for i := range 12 {
		do := []func(*integration.Registration){came(40 + i), missed(40 + i), left(40 + i), calledOff, undone(0)}[i%5]
		m.Registrations = append(m.Registrations, reg(fmt.Sprint(i), 10+i/2, do))
		m.Enrollments = append(m.Enrollments, integration.Enrollment{ID: fmt.Sprint(i), EnrolledAt: at(10 + i/2), CompletedAt: at(20 + i/2),
			Status: []integration.EnrollmentStatus{integration.EnrollmentActive, integration.EnrollmentCompleted, integration.EnrollmentCancelled}[i%3]})
	}
	hands := []tagging.Hand{apply("membership-expired", 5), remove("event-registered", 12), apply("event-registered", 11), remove("course-enrolled", 13)}
	want := tagging.Compute(m, hands)
	if n := len(tagging.On(want)); n < 4 {
		t.Fatalf("%d tags are on: this proves too little", n)
	}
	for range 200 {
		got := tagging.Compute(disorder(rng, m), disordered(rng, hands))
		if !reflect.DeepEqual(got, want) {
			t.Fatalf("disorder changed\n%+v\nto\n%+v", want, got)
		}
	}
	for i := range m.Registrations {
		r := &m.Registrations[i]
		r.RegisteredAt = r.RegisteredAt.In(time.FixedZone("west", -7*3600))
		if r.EventStart = r.EventStart.Local(); !r.AttendanceAt.IsZero() {
			r.AttendanceAt = r.AttendanceAt.In(time.FixedZone("east", 9*3600))
		}
	}
	if got := tagging.Compute(m, hands); !reflect.DeepEqual(got, want) {
		t.Errorf("another zone changed\n%+v\nto\n%+v", want, got)
	}
}

// disorder returns m with its parts in another order and some of them twice.
func disorder(rng *rand.Rand, m integration.Member) integration.Member {
	m.Memberships = disordered(rng, m.Memberships)
	m.Registrations = disordered(rng, m.Registrations)
	m.Enrollments = disordered(rng, m.Enrollments)
	return m
}

func disordered[T any](rng *rand.Rand, in []T) []T {
	out := slices.Clone(in)
	for _, one := range in {
		if rng.IntN(4) == 0 {
			out = append(out, one)
		}
	}
	rng.Shuffle(len(out), func(i, j int) { out[i], out[j] = out[j], out[i] })
	return out
}

func TestComputeLeavesItsArgumentsAlone(t *testing.T) {
	t.Parallel()
	m := with(ms("a", integration.MembershipActive, 3, 4), ms("b", integration.MembershipExpired, 1, 2))
	m.Registrations = []integration.Registration{reg("b", 4), reg("a", 2, left(5))}
	hands := []tagging.Hand{remove("membership-active", 9), apply("event-registered", 8)}
	before := fmt.Sprintf("%+v %+v", m, hands)
	tagging.Compute(m, hands)
	if after := fmt.Sprintf("%+v %+v", m, hands); after != before {
		t.Errorf("\n%s became\n%s", before, after)
	}
}

func BenchmarkCompute(b *testing.B) {
	for _, n := range []int{1, 10, 100} {
		b.Run(fmt.Sprintf("participations=%d", n), func(b *testing.B) {
			m := with(ms("a", integration.MembershipExpired, 3, 4), change(ms("b", integration.MembershipActive, 6, 9), upgradedAt(7)))
			for i := range n {
				m.Registrations = append(m.Registrations, reg(fmt.Sprint(i), 10+i, came(20+i)))
				m.Enrollments = append(m.Enrollments, integration.Enrollment{ID: fmt.Sprint(i), Status: integration.EnrollmentActive, EnrolledAt: at(10 + i)})
			}
			hands := []tagging.Hand{remove("event-registered", 12)}
			b.ReportAllocs()
			for b.Loop() {
				tagging.Compute(m, hands)
			}
		})
	}
}
