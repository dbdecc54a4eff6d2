package tagging_test

import (
	"testing"
	"time"

	"github.com/memberpulse/hubspotplugin/integration"
	"github.com/memberpulse/hubspotplugin/tagging"
)

func ms(id string, status integration.MembershipStatus, since, endMonth int) integration.Membership {
	m := integration.Membership{ID: id, PlanName: "Gold", Status: status, StatusSince: at(since)}
	if endMonth > 0 {
		m.EndDate = integration.Date{Year: 2026, Month: time.Month(endMonth), Day: 28}
	}
	return m
}

// change returns m with something done to it.
func change(m integration.Membership, do func(*integration.Membership)) integration.Membership {
	do(&m)
	return m
}

func upgradedAt(n int) func(*integration.Membership) {
	return func(m *integration.Membership) { m.UpgradedAt, m.UpgradedFrom = at(n), "Silver" }
}

func scheduledAt(n int) func(*integration.Membership) {
	return func(m *integration.Membership) {
		m.DowngradeScheduledAt, m.DowngradeTo, m.DowngradeOn = at(n), "Bronze", integration.Date{Year: 2026, Month: 9, Day: 1}
	}
}

func TestStatusTags(t *testing.T) {
	t.Parallel()
	active, expiring, expired := integration.MembershipActive, integration.MembershipExpiring, integration.MembershipExpired
	suspended, cancelled := integration.MembershipSuspended, integration.MembershipCancelled
	renewed := func(n int) func(*integration.Membership) {
		return func(m *integration.Membership) { m.RenewedAt = at(n) }
	}
	judge(t, []ruleCase{
		{"no membership", with(), nil, map[string]string{"membership-active": "off ?", "membership-expired": "off ?", "membership-upgraded": "off ?"}},
		{"active", with(ms("a", active, 1, 6)), nil, map[string]string{
			"membership-active": "on 1..1 status-active Gold", "membership-expiring": "off 1 status-active"}},
		{"active since nobody knows when", with(ms("a", active, 0, 6)), nil, map[string]string{
			"membership-active": "on ?..? status-active Gold", "membership-expiring": "off ? status-active"}},
		{"renewed while active", with(change(ms("a", active, 1, 6), renewed(4))), nil, map[string]string{
			"membership-active": "on 1..4 renewed Gold", "membership-expired": "off 1 status-active"}},
		{"renewed, and active again by it", with(change(ms("a", active, 4, 6), renewed(4))), nil, map[string]string{
			"membership-active": "on 4..4 renewed Gold"}},
		{"renewed long before", with(change(ms("a", active, 4, 6), renewed(2))), nil, map[string]string{
			"membership-active": "on 4..4 status-active Gold"}},
		{"renewed, but the status is not known since when", with(change(ms("a", active, 0, 6), renewed(2))), nil, map[string]string{
			"membership-active": "on ?..2 renewed Gold"}},
		{"expiring", with(change(ms("a", expiring, 5, 6), renewed(6))), nil, map[string]string{
			"membership-expiring": "on 5..5 status-expiring Gold", "membership-active": "off 5 status-expiring"}},
		{"expired", with(ms("a", expired, 7, 6)), nil, map[string]string{
			"membership-expired": "on 7..7 status-expired Gold", "membership-active": "off 7 status-expired", "membership-expiring": "off 7 status-expired"}},
		{"suspended", with(ms("a", suspended, 7, 6)), nil, map[string]string{"membership-active": "off 7 status-suspended"}},
		{"cancelled", with(ms("a", cancelled, 8, 6)), nil, map[string]string{"membership-active": "off 8 status-cancelled"}},
		{"unknown status", with(ms("a", "frozen", 8, 6)), nil, map[string]string{"membership-active": "off 8"}},
		{"active speaks before a later end", with(ms("a", active, 1, 6), ms("b", expired, 9, 12)), nil, map[string]string{
			"membership-active": "on 1..1 status-active Gold", "membership-expired": "off 1 status-active"}},
		{"the later end speaks", with(ms("z", active, 1, 6), ms("a", active, 3, 12)), nil, map[string]string{
			"membership-active": "on 3..3 status-active Gold"}},
		{"the higher id speaks", with(ms("b", active, 2, 6), ms("a", active, 3, 6)), nil, map[string]string{
			"membership-active": "on 2..2 status-active Gold"}},
		{"expired speaks again since the later one was cancelled", with(ms("a", expired, 1, 6), ms("b", cancelled, 9, 12)), nil, map[string]string{
			"membership-expired": "on 9..9 status-expired Gold", "membership-active": "off 9 status-expired"}},
		{"an old one that is tidied up is no news", with(ms("a", expired, 4, 6), ms("0", cancelled, 9, 3)), nil, map[string]string{
			"membership-expired": "on 4..4 status-expired Gold"}},
		{"active is not touched by what ends later", with(ms("a", active, 1, 6), ms("b", cancelled, 9, 12)), nil, map[string]string{
			"membership-active": "on 1..1 status-active Gold"}},
	})
}

func TestUpgradedAndDowngradeScheduled(t *testing.T) {
	t.Parallel()
	active, on := ms("a", integration.MembershipActive, 1, 6), "on 1..1 status-active Gold"
	up := change(active, upgradedAt(3))
	both := func(m integration.Membership, do func(*integration.Membership)) integration.Member {
		return with(change(m, do))
	}
	cases := []ruleCase{
		{"upgraded", with(up), nil, map[string]string{"membership-active": on, "membership-upgraded": "on 3..3 upgraded Gold"}},
		{"renewed later", both(up, func(m *integration.Membership) { m.RenewedAt = at(5) }), nil, map[string]string{
			"membership-active": "on 1..5 renewed Gold", "membership-upgraded": "off 5 renewed"}},
		{"renewed by the upgrade", both(up, func(m *integration.Membership) { m.RenewedAt = at(3) }), nil, map[string]string{
			"membership-active": "on 1..3 renewed Gold", "membership-upgraded": "on 3..3 upgraded Gold"}},
		{"renewed before", both(up, func(m *integration.Membership) { m.RenewedAt = at(2) }), nil, map[string]string{
			"membership-active": "on 1..2 renewed Gold", "membership-upgraded": "on 3..3 upgraded Gold"}},
		{"downgraded later", both(up, func(m *integration.Membership) { m.DowngradedAt = at(6) }), nil, map[string]string{
			"membership-active": on, "membership-upgraded": "off 6 downgraded"}},
		{"downgraded, the upgrade forgotten", both(active, func(m *integration.Membership) { m.DowngradedAt = at(6) }), nil, map[string]string{
			"membership-active": on, "membership-upgraded": "off 6 downgraded"}},
		{"downgraded before", both(up, func(m *integration.Membership) { m.DowngradedAt = at(2) }), nil, map[string]string{
			"membership-active": on, "membership-upgraded": "on 3..3 upgraded Gold"}},
		{"renewed, then downgraded: the first ended it", both(up, func(m *integration.Membership) { m.RenewedAt, m.DowngradedAt = at(5), at(6) }), nil,
			map[string]string{"membership-active": "on 1..5 renewed Gold", "membership-upgraded": "off 5 renewed"}},
		{"never upgraded, renewed", both(active, func(m *integration.Membership) { m.RenewedAt = at(5) }), nil, map[string]string{
			"membership-active": "on 1..5 renewed Gold", "membership-upgraded": "off ?"}},
		{"expired", both(ms("a", integration.MembershipExpired, 8, 6), upgradedAt(3)), nil, map[string]string{
			"membership-expired": "on 8..8 status-expired Gold", "membership-upgraded": "off 8 status-expired"}},
		{"cancelled", both(ms("a", integration.MembershipCancelled, 8, 6), upgradedAt(3)), nil, map[string]string{"membership-upgraded": "off 8 status-cancelled"}},
		{"ended, nobody knows when", both(ms("a", integration.MembershipCancelled, 0, 6), upgradedAt(3)), nil, map[string]string{"membership-upgraded": "off ? status-cancelled"}},
		{"expiring", both(ms("a", integration.MembershipExpiring, 8, 6), upgradedAt(3)), nil, map[string]string{
			"membership-expiring": "on 8..8 status-expiring Gold", "membership-upgraded": "on 3..3 upgraded Gold"}},
		{"suspended is not ended", both(ms("a", integration.MembershipSuspended, 8, 6), upgradedAt(3)), nil, map[string]string{"membership-upgraded": "on 3..3 upgraded Gold"}},
		{"another membership speaks", with(change(ms("b", integration.MembershipExpired, 2, 3), upgradedAt(1)), active), nil, map[string]string{"membership-active": on}},

		{"scheduled", both(active, scheduledAt(4)), nil, map[string]string{
			"membership-active": on, "membership-downgrade-scheduled": "on 4..4 downgrade-scheduled Bronze"}},
		{"withdrawn", with(active), nil, map[string]string{"membership-active": on, "membership-downgrade-scheduled": "off ?"}},
		{"applied", both(active, func(m *integration.Membership) { m.DowngradedAt = at(6) }), nil, map[string]string{
			"membership-active": on, "membership-downgrade-scheduled": "off 6 downgraded"}},
		{"scheduled again", both(change(active, scheduledAt(8)), func(m *integration.Membership) { m.DowngradedAt = at(6) }), nil, map[string]string{
			"membership-active": on, "membership-downgrade-scheduled": "on 8..8 downgrade-scheduled Bronze"}},
		{"expired before it came to it", both(ms("a", integration.MembershipExpired, 8, 6), scheduledAt(4)), nil, map[string]string{
			"membership-expired": "on 8..8 status-expired Gold", "membership-downgrade-scheduled": "off 8 status-expired"}},
		{"scheduled while suspended", both(ms("a", integration.MembershipSuspended, 2, 6), scheduledAt(4)), nil, map[string]string{
			"membership-downgrade-scheduled": "on 4..4 downgrade-scheduled Bronze"}},
	}
	judge(t, cases)
}

func TestFactsOfAMembership(t *testing.T) {
	t.Parallel()
	states := tagging.Compute(with(change(ms("m-1", integration.MembershipActive, 1, 6), scheduledAt(4))), nil)
	about := integration.Ref{Kind: integration.KindMembership, Key: "m-1"}
	if s := states[0]; s.About != about || !s.Date.IsZero() {
		t.Errorf("active: %+v", s)
	}
	if s := states[4]; s.About != about || !s.Date.Equal(time.Date(2026, 9, 1, 0, 0, 0, 0, time.UTC)) {
		t.Errorf("downgrade scheduled: %+v", s)
	}
}

// The property map shows the membership that the tags speak of.
func TestCurrentMembership(t *testing.T) {
	t.Parallel()
	end := func(y int) integration.Date { return integration.Date{Year: y, Month: 6, Day: 30} }
	all := []integration.Membership{
		{ID: "0", PlanName: "unknown", Status: "lapsed", EndDate: end(2031)},
		{ID: "1", PlanName: "cancelled", Status: integration.MembershipCancelled, EndDate: end(2030)},
		{ID: "2", PlanName: "suspended", Status: integration.MembershipSuspended, EndDate: end(2030)},
		{ID: "3", PlanName: "expired", Status: integration.MembershipExpired, EndDate: end(2029)},
		{ID: "4", PlanName: "expiring", Status: integration.MembershipExpiring, EndDate: end(2026)},
		{ID: "8", PlanName: "active early", Status: integration.MembershipActive, EndDate: end(2026)},
		{ID: "6", PlanName: "active late", Status: integration.MembershipActive, EndDate: end(2027)},
		{ID: "7", PlanName: "active late too", Status: integration.MembershipActive, EndDate: end(2027)},
	}
	for n := 1; n <= len(all); n++ {
		for turn := range n {
			// The order in which the host lists them must not matter.
			list := append(append([]integration.Membership{}, all[turn:n]...), all[:turn]...)
			if got := tagging.Current(integration.Member{Memberships: list}).PlanName; got != all[n-1].PlanName {
				t.Errorf("of %d memberships from the %d. on: %q, want %q", n, turn, got, all[n-1].PlanName)
			}
		}
	}
	if got := tagging.Current(integration.Member{}); got != (integration.Membership{}) {
		t.Errorf("without memberships: %+v", got)
	}
}
