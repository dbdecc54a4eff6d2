package crmsync_test

import (
	"fmt"
	"time"

	"github.com/memberpulse/hubspotplugin/integration"
)

// member makes a member with a stable id.
func member(n int) integration.Member {
	return integration.Member{
		ID: memberID(n), FirstName: fmt.Sprintf("First%d", n), LastName: fmt.Sprintf("Last%d", n),
		Email: fmt.Sprintf("member%d@example.org", n), Status: integration.MemberActive,
		RegisteredAt: time.Date(2024, 5, 6, 7, 8, 9, 0, time.UTC),
		Memberships: []integration.Membership{{ID: memberID(100000 + n), PlanName: "Gold", Status: integration.MembershipActive,
			StartDate: integration.Date{Year: 2026, Month: 1, Day: 1}, EndDate: integration.Date{Year: 2026, Month: 12, Day: 31}}},
	}
}

func memberID(n int) string { return fmt.Sprintf("00000000-0000-4000-8000-%012d", n) }
