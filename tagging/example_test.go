package tagging_test

import (
	"fmt"
	"time"

	"github.com/memberpulse/hubspotplugin/integration"
	"github.com/memberpulse/hubspotplugin/tagging"
)

func ExampleCompute() {
	day := func(month, day int) time.Time { return time.Date(2026, time.Month(month), day, 10, 0, 0, 0, time.UTC) }
	member := integration.Member{
		Memberships: []integration.Membership{
			{ID: "m-1", PlanName: "Gold", Status: integration.MembershipActive, StatusSince: day(1, 5), RenewedAt: day(3, 1)},
		},
		Registrations: []integration.Registration{
			{ID: "r-1", EventName: "Winter forum", Status: integration.RegistrationConfirmed, RegisteredAt: day(1, 20),
				Attendance: integration.AttendanceAttended, AttendanceAt: day(2, 14)},
			{ID: "r-2", EventName: "Annual gala", Status: integration.RegistrationConfirmed, RegisteredAt: day(2, 20)},
		},
	}
	// Somebody at the door saw that the member was not at the forum.
	hands := []tagging.Hand{{Tag: tagging.EventAttended, Applied: false, OccurredAt: day(2, 15)}}

	for _, s := range tagging.Compute(member, hands) {
		if s.On || s.ByHand {
			fmt.Println(s.Tag, s.On, s.ChangedAt.Format(time.DateOnly), s.Cause, s.Name)
		}
	}
	// Output:
	// membership-active true 2026-01-05 renewed Gold
	// event-registered true 2026-02-20 registered Annual gala
	// event-attended false 2026-02-15 by-hand
}

func ExampleCatalog() {
	for _, tag := range tagging.Catalog() {
		fmt.Println(tag.Order, tag.Family, tag.Slug)
	}
	// Output:
	// 1 membership membership-active
	// 2 membership membership-expiring
	// 3 membership membership-expired
	// 4 membership membership-upgraded
	// 5 membership membership-downgrade-scheduled
	// 6 event event-registered
	// 7 event event-attended
	// 8 event event-no-show
	// 9 course course-enrolled
	// 10 course course-completed
}
