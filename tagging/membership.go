package tagging

import (
	"slices"
	"strings"
	"time"

	"github.com/memberpulse/hubspotplugin/integration"
)

// Current returns the membership that speaks for the member: active before
// expiring before expired before suspended before cancelled, then the latest
// end, then the highest id, so that the choice does not depend on the order in
// which the host lists them. The zero Membership if there is none.
func Current(m integration.Member) integration.Membership {
	if len(m.Memberships) == 0 {
		return integration.Membership{}
	}
	return slices.MaxFunc(m.Memberships, func(a, b integration.Membership) int {
		if ra, rb := rank(a.Status), rank(b.Status); ra != rb {
			return ra - rb
		}
		if a.EndDate != b.EndDate {
			if a.EndDate.Before(b.EndDate) {
				return -1
			}
			return 1
		}
		return strings.Compare(a.ID, b.ID)
	})
}

func rank(s integration.MembershipStatus) int {
	switch s {
	case integration.MembershipActive:
		return 5
	case integration.MembershipExpiring:
		return 4
	case integration.MembershipExpired:
		return 3
	case integration.MembershipSuspended:
		return 2
	case integration.MembershipCancelled:
		return 1
	default:
		return 0
	}
}

func statusCause(s integration.MembershipStatus) string {
	if rank(s) == 0 {
		return ""
	}
	return "status-" + string(s)
}

// hasEnded: an ended membership has no plan to have moved up to, or to leave.
func hasEnded(s integration.MembershipStatus) bool {
	return s == integration.MembershipExpired || s == integration.MembershipCancelled
}

// statusVerdicts are those of the three tags that exclude each other.
func statusVerdicts(all []integration.Membership, cur integration.Membership) []verdict {
	began := cur.StatusSince
	if cur.Status != integration.MembershipActive {
		// One that ends later has spoken before it was suspended, cancelled or
		// ended: the current one speaks since then.
		for _, other := range all {
			if cur.EndDate.Before(other.EndDate) {
				began = later(began, other.StatusSince)
			}
		}
	}
	status := moment{at: began, id: cur.ID, cause: statusCause(cur.Status)}
	newest := status
	if cur.Status == integration.MembershipActive && !cur.RenewedAt.IsZero() && !cur.RenewedAt.Before(began) {
		newest.at, newest.cause = cur.RenewedAt, CauseRenewed
	}
	out := []verdict{{tag: MembershipActive}, {tag: MembershipExpiring}, {tag: MembershipExpired}}
	for i, s := range []integration.MembershipStatus{integration.MembershipActive, integration.MembershipExpiring, integration.MembershipExpired} {
		v := &out[i]
		if s != cur.Status {
			v.ended, v.settled = status, newest
			continue
		}
		for _, m := range []moment{status, newest} {
			m.name, m.about = cur.PlanName, aboutMembership(cur)
			v.holds(m)
		}
		// A renewal is the better word for a moment that is both.
		v.last.cause = newest.cause
	}
	return out
}

func upgradedVerdict(cur integration.Membership) verdict {
	v := verdict{tag: MembershipUpgraded}
	over := cur.UpgradedAt.IsZero()
	for _, end := range ends(cur, moment{at: cur.RenewedAt, cause: CauseRenewed}, moment{at: cur.DowngradedAt, cause: CauseDowngraded}) {
		if end.compare(v.settled) > 0 {
			v.settled = end
		}
		switch {
		case cur.UpgradedAt.IsZero():
			// The host may forget an upgrade with the downgrade, and only then.
			if end.cause == CauseDowngraded {
				v.ended = end
			}
		case end.at.After(cur.UpgradedAt):
			if over = true; v.ended.at.IsZero() || end.compare(v.ended) < 0 {
				v.ended = end
			}
		}
	}
	if !over && hasEnded(cur.Status) {
		over, v.ended = true, moment{cause: statusCause(cur.Status)}
	}
	if !over {
		v.holds(moment{at: cur.UpgradedAt, id: cur.ID, cause: CauseUpgraded, name: cur.PlanName, about: aboutMembership(cur)})
	}
	return v
}

func scheduledVerdict(cur integration.Membership) verdict {
	v := verdict{tag: MembershipDowngradeScheduled}
	// A downgrade waits for the renewal, so none that a hand knew of outlives it.
	for _, end := range ends(cur, moment{at: cur.RenewedAt, cause: CauseRenewed}, moment{at: cur.DowngradedAt, cause: CauseDowngraded}) {
		v.ends(end, time.Time{}, time.Time{})
	}
	if !cur.DowngradeScheduledAt.IsZero() && !hasEnded(cur.Status) {
		v.holds(moment{at: cur.DowngradeScheduledAt, id: cur.ID, cause: CauseDowngradeScheduled,
			name: cur.DowngradeTo, date: day(cur.DowngradeOn), about: aboutMembership(cur)})
	}
	return v
}

// ends are those of the moments, and of the end of cur itself, that are known.
func ends(cur integration.Membership, moments ...moment) []moment {
	if hasEnded(cur.Status) {
		moments = append(moments, moment{at: cur.StatusSince, cause: statusCause(cur.Status)})
	}
	return slices.DeleteFunc(moments, func(m moment) bool { return m.at.IsZero() })
}

func aboutMembership(m integration.Membership) integration.Ref {
	return integration.Ref{Kind: integration.KindMembership, Key: m.ID}
}

func day(d integration.Date) time.Time {
	if d.IsZero() {
		return time.Time{}
	}
	return time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, time.UTC)
}
