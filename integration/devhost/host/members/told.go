package members

import (
	"time"

	"github.com/memberpulse/hubspotplugin/integration"
)

// told is what the step from one state of a membership to the next means for
// people. before is the zero Membership for a new one.
func told(memberID string, before, next integration.Membership, at time.Time) []integration.Activity {
	var out []integration.Activity
	add := func(t integration.ActivityType, name, from string, on integration.Date) {
		out = append(out, integration.Activity{
			Type: t, MemberID: memberID, OccurredAt: at, Name: name, From: from, On: on,
			About: integration.Ref{Kind: integration.KindMembership, Key: next.ID},
		})
	}
	var none integration.Date
	if before.ID == "" {
		if running(next.Status) {
			add(integration.MembershipJoined, next.PlanName, "", none)
		}
		return out
	}
	if !next.UpgradedAt.Equal(before.UpgradedAt) {
		add(integration.MembershipUpgraded, next.PlanName, before.PlanName, none)
	}
	if !next.DowngradedAt.Equal(before.DowngradedAt) {
		add(integration.MembershipDowngraded, next.PlanName, before.PlanName, none)
	}
	if !next.DowngradeScheduledAt.IsZero() && !next.DowngradeScheduledAt.Equal(before.DowngradeScheduledAt) {
		add(integration.MembershipDowngradeScheduled, next.DowngradeTo, next.PlanName, next.DowngradeOn)
	}
	if !next.RenewedAt.Equal(before.RenewedAt) {
		add(integration.MembershipRenewed, next.PlanName, "", next.EndDate)
	}
	if next.Status != before.Status {
		switch next.Status {
		case integration.MembershipCancelled:
			add(integration.MembershipEnded, next.PlanName, "", none)
		case integration.MembershipExpired:
			add(integration.MembershipLapsed, next.PlanName, "", none)
		}
	}
	return out
}

func running(s integration.MembershipStatus) bool {
	return s == integration.MembershipActive || s == integration.MembershipExpiring
}

func ended(s integration.MembershipStatus) bool {
	return s == integration.MembershipExpired || s == integration.MembershipCancelled
}

// closed is ms with a status that ends it, over today at the latest.
func closed(ms integration.Membership, status integration.MembershipStatus, today integration.Date) integration.Membership {
	ms.Status = status
	if ms.EndDate.IsZero() || today.Before(ms.EndDate) {
		ms.EndDate = today
	}
	if ms.EndDate.Before(ms.StartDate) {
		ms.EndDate = ms.StartDate
	}
	return ms
}

// after is the end of a period that begins on d.
func after(d integration.Date, priceType string) integration.Date {
	months := 12
	if priceType == monthly {
		months = 1
	}
	return integration.DateOf(time.Date(d.Year, d.Month, d.Day, 12, 0, 0, 0, time.UTC).AddDate(0, months, 0))
}
