package members

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/uptrace/bun"

	"github.com/memberpulse/hubspotplugin/integration"
	"github.com/memberpulse/hubspotplugin/integration/devhost/host/problem"
)

// MembershipPatch is what a person says about a member's current membership.
type MembershipPatch struct {
	Plan    string  // name or id of a plan of the client
	Status  string  // of [MembershipStatuses]
	EndDate *string // "2006-01-02", "" = open-ended; nil keeps it, or is a year from today for a new one
}

// SetMembership makes p the member's current membership. The membership of that
// plan is changed if there is one, else it is added; a running membership of
// another plan is cancelled as of today, so a member has at most one at a time.
// A later end of an active membership counts as a renewal.
func (m *Module) SetMembership(ctx context.Context, clientID, memberID string, p MembershipPatch) (Profile, error) {
	var out Profile
	err := m.db.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
		old, err := m.get(ctx, tx, clientID, memberID, "update")
		if err != nil {
			return err
		}
		if err := m.putMembership(ctx, tx, clientID, old, p); err != nil {
			return err
		}
		_, err = tx.NewUpdate().Model((*memberRow)(nil)).Set("updated_at = ?", m.now()).
			Where("m.client_id = ? and m.id = ?", clientID, memberID).Exec(ctx)
		if err != nil {
			return fmt.Errorf("members: membership: %w", err)
		}
		if err := m.record(ctx, tx, clientID, memberID); err != nil {
			return err
		}
		out, err = m.get(ctx, tx, clientID, memberID, "")
		return err
	})
	return out, err
}

// putMembership writes without recording; member is locked or new.
func (m *Module) putMembership(ctx context.Context, tx bun.Tx, clientID string, member Profile, p MembershipPatch) error {
	plans, err := plans(ctx, tx, clientID)
	if err != nil {
		return err
	}
	plan, end, err := p.check(plans)
	if err != nil {
		return err
	}
	next := newest(member.Memberships, plan.ID)
	if p.EndDate == nil && next.ID == "" {
		end = integration.DateOf(m.now().AddDate(1, 0, 0))
	} else if p.EndDate == nil {
		end = next.EndDate
	}
	if err := endOthers(ctx, tx, clientID, member, plan.ID, integration.DateOf(m.now()), running(integration.MembershipStatus(p.Status))); err != nil {
		return err
	}
	fresh := next.ID == ""
	if fresh {
		next = integration.Membership{ID: newID(), PlanID: plan.ID, StartDate: integration.DateOf(m.now())}
	} else if p.Status == string(integration.MembershipActive) && next.EndDate.Before(end) {
		next.RenewedAt = m.now()
	}
	if !end.IsZero() && end.Before(next.StartDate) {
		return problem.Invalid(map[string][]string{"endDate": {"The membership starts on " + next.StartDate.String() + ", so it cannot end before."}})
	}
	next.Status, next.EndDate = integration.MembershipStatus(p.Status), end
	row := membershipRowOf(clientID, member.ID, next)
	if fresh {
		_, err = tx.NewInsert().Model(&row).Exec(ctx)
	} else {
		_, err = tx.NewUpdate().Model(&row).Column("status", "end_date", "renewed_at").
			Where("s.client_id = ? and s.id = ?", clientID, row.ID).Exec(ctx)
	}
	if err != nil {
		return fmt.Errorf("members: membership: %w", err)
	}
	return nil
}

// check returns the plan and the end, or every mistake at once.
func (p MembershipPatch) check(plans []Plan) (Plan, integration.Date, error) {
	errs := map[string][]string{}
	var names []string
	var plan Plan
	for _, one := range plans {
		names = append(names, one.Name)
		if p.Plan != "" && (p.Plan == one.ID || strings.EqualFold(p.Plan, one.Name)) {
			plan = one
		}
	}
	switch {
	case p.Plan == "":
		errs["plan"] = []string{"A plan is required: one of " + strings.Join(names, ", ") + "."}
	case plan.ID == "":
		errs["plan"] = []string{"There is no such plan. The plans are " + strings.Join(names, ", ") + "."}
	}
	if msg := notOneOf(p.Status, MembershipStatuses()); msg != "" {
		errs["status"] = []string{msg}
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

// newest returns the membership of a plan that a new statement is about: the
// running one, else the one that ends last. The zero Membership if there is none.
func newest(all []integration.Membership, planID string) integration.Membership {
	var best integration.Membership
	for _, ms := range all {
		if ms.PlanID != planID {
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

func endOthers(ctx context.Context, tx bun.Tx, clientID string, member Profile, planID string, today integration.Date, replace bool) error {
	if !replace {
		return nil
	}
	others := slices.DeleteFunc(slices.Clone(member.Memberships), func(ms integration.Membership) bool {
		return ms.PlanID == planID || !running(ms.Status)
	})
	for _, ms := range others {
		end := today
		if today.Before(ms.StartDate) {
			end = ms.StartDate
		}
		_, err := tx.NewUpdate().Model((*membershipRow)(nil)).
			Set("status = ?, end_date = ?", integration.MembershipCancelled, end.String()).
			Where("s.client_id = ? and s.id = ?", clientID, ms.ID).Exec(ctx)
		if err != nil {
			return fmt.Errorf("members: end membership: %w", err)
		}
	}
	return nil
}
