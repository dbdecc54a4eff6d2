package members

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/uptrace/bun"

	"github.com/memberpulse/hubspotplugin/integration"
	"github.com/memberpulse/hubspotplugin/integration/devhost/host/problem"
)

// MembershipPatch is what a person says about a member's current membership.
type MembershipPatch struct {
	Plan    string  // name or id of a plan of the client
	Status  string  // of [MembershipStatuses]
	EndDate *string // "2006-01-02", "" = open-ended; nil keeps it, or is one period from today for a new one
	// PriceType is "monthly" or "annually"; "" keeps it, or is "annually".
	PriceType string
}

// SetMembership makes p the member's current membership. The membership of that
// plan is changed if there is one, else it is added; a running membership of
// another plan is cancelled as of today, so a member has at most one at a time.
// A later end of an active membership counts as a renewal. What is so already
// is neither written nor recorded.
func (m *Module) SetMembership(ctx context.Context, clientID, memberID string, p MembershipPatch) (Profile, error) {
	return m.inMembership(ctx, clientID, memberID, func(ctx context.Context, tx bun.Tx, old Profile) ([]integration.Activity, error) {
		return m.putMembership(ctx, tx, clientID, old, p)
	})
}

// errUnchanged ends a change that has nothing to change.
var errUnchanged = errors.New("members: nothing to change")

// inMembership runs do with the member locked and records the member and what
// happened.
func (m *Module) inMembership(ctx context.Context, clientID, memberID string,
	do func(context.Context, bun.Tx, Profile) ([]integration.Activity, error)) (Profile, error) {
	var out Profile
	err := m.db.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
		old, err := m.get(ctx, tx, clientID, memberID, "update")
		if err != nil {
			return err
		}
		happened, err := do(ctx, tx, old)
		if errors.Is(err, errUnchanged) {
			out = old
			return nil
		}
		if err != nil {
			return err
		}
		if err := TouchOne(ctx, tx, clientID, m.now(), memberID); err != nil {
			return err
		}
		if err := m.record(ctx, tx, clientID, memberID); err != nil {
			return err
		}
		if err := m.rec.Happened(ctx, tx, clientID, happened...); err != nil {
			return err
		}
		out, err = m.get(ctx, tx, clientID, memberID, "")
		return err
	})
	return out, err
}

// putMembership writes without recording and returns what happened; member is
// locked or new.
func (m *Module) putMembership(ctx context.Context, tx bun.Tx, clientID string, member Profile, p MembershipPatch) ([]integration.Activity, error) {
	plans, err := plans(ctx, tx, clientID)
	if err != nil {
		return nil, err
	}
	plan, end, err := p.check(plans)
	if err != nil {
		return nil, err
	}
	before := newest(member.Memberships, plan.ID)
	next, today := before, integration.DateOf(m.now())
	if next.ID == "" {
		next = integration.Membership{ID: newID(), PlanID: plan.ID, PlanName: plan.Name, PriceType: annually, StartDate: today}
	}
	if p.PriceType != "" {
		next.PriceType = p.PriceType
	}
	next.Status = integration.MembershipStatus(p.Status)
	switch {
	case p.EndDate != nil:
		next.EndDate = end
	case before.ID == "":
		next.EndDate = after(today, next.PriceType)
	}
	if before.ID != "" && next.Status == integration.MembershipActive && before.EndDate.Before(next.EndDate) {
		next.RenewedAt = m.moment()
	}
	if !next.EndDate.IsZero() && next.EndDate.Before(next.StartDate) {
		return nil, problem.Invalid(map[string][]string{"endDate": {"The membership starts on " + next.StartDate.String() + ", so it cannot end before."}})
	}
	var happened []integration.Activity
	if running(next.Status) {
		if happened, err = m.endOthers(ctx, tx, clientID, member, plan.ID, plans); err != nil {
			return nil, err
		}
	}
	told, err := m.saveMembership(ctx, tx, clientID, member.ID, before, next, plans)
	if errors.Is(err, errUnchanged) && len(happened) > 0 {
		return happened, nil
	}
	return append(happened, told...), err
}

// saveMembership writes next in the place of before and returns what that means.
func (m *Module) saveMembership(ctx context.Context, tx bun.Tx, clientID, memberID string, before, next integration.Membership, plans []Plan) ([]integration.Activity, error) {
	now := m.moment()
	if next.Status != before.Status {
		next.StatusSince = now
	}
	if ended(next.Status) {
		next.DowngradeScheduledAt, next.DowngradeTo, next.DowngradeOn = time.Time{}, "", integration.Date{}
	}
	if next == before {
		return nil, errUnchanged
	}
	row := membershipRowOf(clientID, memberID, next, planNamed(plans, next.DowngradeTo).ID)
	var err error
	if before.ID == "" {
		_, err = tx.NewInsert().Model(&row).Exec(ctx)
	} else {
		_, err = tx.NewUpdate().Model(&row).ExcludeColumn("id", "client_id", "member_id", "start_date").
			Where("s.client_id = ? and s.id = ?", clientID, row.ID).Exec(ctx)
	}
	if err != nil {
		return nil, fmt.Errorf("members: membership: %w", err)
	}
	return told(memberID, before, next, now), nil
}

// check returns the plan and the end, or every mistake at once.
func (p MembershipPatch) check(plans []Plan) (Plan, integration.Date, error) {
	errs := map[string][]string{}
	plan, msg := choose(plans, p.Plan)
	if msg != "" {
		errs["plan"] = []string{msg}
	}
	if msg := notOneOf(p.Status, MembershipStatuses()); msg != "" {
		errs["status"] = []string{msg}
	}
	if p.PriceType != "" && p.PriceType != monthly && p.PriceType != annually {
		errs["priceType"] = []string{"This is not one of monthly, annually."}
	}
	var end integration.Date
	if p.EndDate != nil && *p.EndDate != "" {
		var err error
		if end, err = integration.ParseDate(*p.EndDate); err != nil {
			errs["endDate"] = []string{"This is not a date. It has the form 2026-12-31."}
		}
	}
	if len(errs) > 0 {
		return Plan{}, integration.Date{}, problem.Invalid(errs)
	}
	return plan, end, nil
}

// newest returns the membership of a plan ("" = of any) that a new statement is
// about: the running one, else the one that ends last. The zero Membership if
// there is none.
func newest(all []integration.Membership, planID string) integration.Membership {
	var best integration.Membership
	for _, ms := range all {
		if planID != "" && ms.PlanID != planID {
			continue
		}
		switch {
		case best.ID == "", running(ms.Status) && !running(best.Status),
			running(ms.Status) == running(best.Status) && best.EndDate.Before(ms.EndDate):
			best = ms
		}
	}
	return best
}

// endOthers cancels running memberships of other plans.
func (m *Module) endOthers(ctx context.Context, tx bun.Tx, clientID string, member Profile, planID string, plans []Plan) ([]integration.Activity, error) {
	var happened []integration.Activity
	for _, ms := range member.Memberships {
		if ms.PlanID == planID || !running(ms.Status) {
			continue
		}
		told, err := m.saveMembership(ctx, tx, clientID, member.ID, ms, closed(ms, integration.MembershipCancelled, integration.DateOf(m.now())), plans)
		if err != nil {
			return nil, err
		}
		happened = append(happened, told...)
	}
	return happened, nil
}
