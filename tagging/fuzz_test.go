package tagging_test

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"testing"
	"time"

	"github.com/memberpulse/hubspotplugin/integration"
	"github.com/memberpulse/hubspotplugin/tagging"
)

// dice makes a member of arbitrary bytes: statuses that no host knows, times
// that contradict each other, times that are not known.
type dice []byte

func (d *dice) roll(sides int) int {
	if len(*d) == 0 {
		return 0
	}
	n := int((*d)[0]) % sides
	*d = (*d)[1:]
	return n
}

func (d *dice) time() time.Time { return at(d.roll(12)) }

func pick[T any](d *dice, of ...T) T { return of[d.roll(len(of))] }

func (d *dice) member() (integration.Member, []tagging.Hand) {
	var m integration.Member
	var hands []tagging.Hand
	for id := 0; len(*d) > 0 && id < 40; id++ {
		key := fmt.Sprint(id)
		switch d.roll(4) {
		case 0:
			m.Memberships = append(m.Memberships, integration.Membership{ID: key, PlanName: key,
				Status: pick(d, integration.MembershipActive, integration.MembershipExpiring, integration.MembershipExpired,
					integration.MembershipSuspended, integration.MembershipCancelled, "frozen"),
				StatusSince: d.time(), EndDate: integration.Date{Year: d.roll(3), Month: 1, Day: 1}, RenewedAt: d.time(),
				UpgradedAt: d.time(), DowngradedAt: d.time(), DowngradeScheduledAt: d.time(), DowngradeOn: integration.Date{Year: d.roll(9), Month: 13, Day: 40}})
		case 1:
			m.Registrations = append(m.Registrations, integration.Registration{ID: key, EventName: key, EventStart: d.time(), EventEnd: d.time(),
				EventCancelled: d.roll(4) == 0, Status: pick(d, integration.RegistrationConfirmed, integration.RegistrationCheckedIn,
					integration.RegistrationPending, integration.RegistrationCancelled, "seated"),
				RegisteredAt: d.time(), CancelledAt: d.time(), AttendanceAt: d.time(),
				Attendance: pick(d, integration.AttendanceOpen, integration.AttendanceAttended, integration.AttendanceNoShow, "late")})
		case 2:
			m.Enrollments = append(m.Enrollments, integration.Enrollment{ID: key, CourseName: key, EnrolledAt: d.time(), CompletedAt: d.time(), CancelledAt: d.time(),
				Status: pick(d, integration.EnrollmentActive, integration.EnrollmentCompleted, integration.EnrollmentCancelled, "paused")})
		default:
			tags := append(tagging.Catalog(), tagging.Tag{Slug: "vip"})
			hands = append(hands, tagging.Hand{Tag: tags[d.roll(len(tags))].Slug, Applied: d.roll(2) == 0, OccurredAt: d.time()})
		}
	}
	return m, hands
}

func FuzzCompute(f *testing.F) {
	f.Add([]byte{}, uint64(1))
	rng := rand.New(rand.NewPCG(1, 2))
	for range 60 {
		seed := make([]byte, rng.IntN(160))
		for i := range seed {
			seed[i] = byte(rng.Uint32())
		}
		f.Add(seed, rng.Uint64())
	}
	f.Fuzz(func(t *testing.T, data []byte, order uint64) {
		d := dice(data)
		m, hands := d.member()
		states := tagging.Compute(m, hands)
		rng := rand.New(rand.NewPCG(order, 3))
		if again := tagging.Compute(disorder(rng, m), disordered(rng, hands)); !reflect.DeepEqual(states, again) {
			t.Errorf("order matters:\n%+v\n%+v", states, again)
		}
		if len(states) != len(tagging.Catalog()) {
			t.Fatalf("%d states", len(states))
		}
		exclusive := 0
		for i, s := range states {
			if s.Tag != tagging.Catalog()[i].Slug {
				t.Errorf("state %d is of %s", i, s.Tag)
			}
			if s.On && i < 3 {
				exclusive++
			}
			off := tagging.State{Tag: s.Tag, ChangedAt: s.ChangedAt, Cause: s.Cause, ByHand: s.ByHand}
			if s.On && (s.Since.After(s.LastAt) || s.ChangedAt != s.Since || s.Cause == "") || !s.On && s != off {
				t.Errorf("%+v contradicts itself", s)
			}
			if s.ByHand != (s.Cause == tagging.CauseByHand) {
				t.Errorf("%+v: whose word?", s)
			}
		}
		if exclusive > 1 {
			t.Errorf("%d status tags are on: %v", exclusive, tagging.On(states))
		}
	})
}
