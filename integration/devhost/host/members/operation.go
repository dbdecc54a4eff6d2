package members

import (
	"context"
	"net/http"
	"strings"

	"github.com/uptrace/bun"

	"github.com/memberpulse/hubspotplugin/integration"
	"github.com/memberpulse/hubspotplugin/integration/devhost/host/problem"
)

// Action is what is done to a membership.
type Action string

// The actions. A downgrade is scheduled and applied later, an upgrade happens at
// once.
const (
	Renew             Action = "renew"
	Upgrade           Action = "upgrade"
	ScheduleDowngrade Action = "schedule-downgrade"
	WithdrawDowngrade Action = "withdraw-downgrade"
	ApplyDowngrade    Action = "apply-downgrade"
	Cancel            Action = "cancel"
	Expire            Action = "expire"
)

// Actions returns them in the order of pages.
func Actions() []Action {
	return []Action{Renew, Upgrade, ScheduleDowngrade, WithdrawDowngrade, ApplyDowngrade, Cancel, Expire}
}

// Operation is one action on one membership of a member.
type Operation struct {
	Action       Action
	MembershipID string // "" = the one that runs, else the one that ends last
	Plan         string // name or id, of an upgrade or a downgrade
	EndDate      string // of a renewal; "" = one period more
	On           string // of a scheduled downgrade; "" = the end of the membership
}

// Operate does op. An action that has been done already, such as cancelling a
// cancelled membership, changes and records nothing; one that the membership
// does not allow now is a 409 [problem.Problem].
func (m *Module) Operate(ctx context.Context, clientID, memberID string, op Operation) (Profile, error) {
	if err := op.check(); err != nil {
		return Profile{}, err
	}
	return m.inMembership(ctx, clientID, memberID, func(ctx context.Context, tx bun.Tx, old Profile) ([]integration.Activity, error) {
		plans, err := plans(ctx, tx, clientID)
		if err != nil {
			return nil, err
		}
		before, err := op.find(old.Memberships)
		if err != nil {
			return nil, err
		}
		next, err := m.operate(op, before, plans)
		if err != nil {
			return nil, err
		}
		if other := newest(old.Memberships, ""); running(next.Status) && running(other.Status) && other.ID != next.ID {
			return nil, conflict("Another membership of this member is running.", "Cancel that one first.")
		}
		return m.saveMembership(ctx, tx, clientID, memberID, before, next, plans)
	})
}

func (op Operation) find(all []integration.Membership) (integration.Membership, error) {
	if op.MembershipID == "" {
		if ms := newest(all, ""); ms.ID != "" {
			return ms, nil
		}
		return integration.Membership{}, conflict("This member has no membership.", "Give the member a membership first.")
	}
	for _, ms := range all {
		if ms.ID == op.MembershipID {
			return ms, nil
		}
	}
	return integration.Membership{}, problem.Invalid(map[string][]string{"membershipId": {"The member has no membership with this id."}})
}

// operate is the state of the membership after op.
func (m *Module) operate(op Operation, ms integration.Membership, plans []Plan) (integration.Membership, error) {
	today := integration.DateOf(m.now())
	switch op.Action {
	case Renew:
		return m.renew(op, ms, today)
	case Cancel, Expire:
		status := integration.MembershipCancelled
		if op.Action == Expire {
			status = integration.MembershipExpired
		}
		switch {
		case ms.Status == status:
			return ms, nil
		case ended(ms.Status):
			return ms, conflict("The membership has ended already.", "Renew it, or give the member a new one.")
		}
		return closed(ms, status, today), nil
	}
	if !running(ms.Status) {
		return ms, conflict("The membership is not running.", "Renew it first.")
	}
	switch op.Action {
	case Upgrade, ScheduleDowngrade:
		return m.move(op, ms, plans)
	}
	if ms.DowngradeScheduledAt.IsZero() {
		return ms, conflict("No downgrade is scheduled.", "Schedule one first.")
	}
	if op.Action == ApplyDowngrade {
		to := planNamed(plans, ms.DowngradeTo)
		ms.PlanID, ms.PlanName, ms.DowngradedAt = to.ID, to.Name, m.moment()
	}
	return unscheduled(ms), nil
}

func (m *Module) renew(op Operation, ms integration.Membership, today integration.Date) (integration.Membership, error) {
	from := ms.EndDate
	if from.Before(today) {
		from = today
	}
	end := after(from, ms.PriceType)
	if op.EndDate != "" {
		end, _ = integration.ParseDate(op.EndDate) // check has read it
	}
	if !ms.EndDate.Before(end) {
		return ms, problem.Invalid(map[string][]string{"endDate": {"The membership ends on " + ms.EndDate.String() + " now. A renewal ends later."}})
	}
	ms.Status, ms.EndDate, ms.RenewedAt = integration.MembershipActive, end, m.moment()
	return ms, nil
}

// move changes the plan upwards now, or downwards later.
func (m *Module) move(op Operation, ms integration.Membership, plans []Plan) (integration.Membership, error) {
	plan, msg := choose(plans, op.Plan)
	now := planNamed(plans, ms.PlanName)
	switch {
	case msg != "":
	case op.Action == Upgrade && plan.Position <= now.Position:
		msg = "This plan is not above the present one, " + now.Name + "."
	case op.Action == ScheduleDowngrade && plan.Position >= now.Position:
		msg = "This plan is not below the present one, " + now.Name + "."
	}
	if msg != "" {
		return ms, problem.Invalid(map[string][]string{"plan": {msg}})
	}
	if op.Action == Upgrade {
		ms.PlanID, ms.PlanName, ms.UpgradedAt, ms.UpgradedFrom = plan.ID, plan.Name, m.moment(), ms.PlanName
		return unscheduled(ms), nil
	}
	on := ms.EndDate
	if op.On != "" {
		on, _ = integration.ParseDate(op.On) // check has read it
	}
	if ms.DowngradeTo != plan.Name || ms.DowngradeOn != on {
		ms.DowngradeScheduledAt, ms.DowngradeTo, ms.DowngradeOn = m.moment(), plan.Name, on
	}
	return ms, nil
}

func unscheduled(ms integration.Membership) integration.Membership {
	var none integration.Membership
	ms.DowngradeScheduledAt, ms.DowngradeTo, ms.DowngradeOn = none.DowngradeScheduledAt, "", none.DowngradeOn
	return ms
}

func (op Operation) check() error {
	errs := map[string][]string{}
	var names []string
	for _, a := range Actions() {
		names = append(names, string(a))
	}
	if msg := notOneOf(string(op.Action), names); msg != "" {
		errs["action"] = []string{msg}
	}
	for name, v := range map[string]string{"endDate": op.EndDate, "on": op.On} {
		if msg := checkDay(v); v != "" && msg != "" {
			errs[name] = []string{msg}
		}
	}
	if len(errs) > 0 {
		return problem.Invalid(errs)
	}
	return nil
}

// choose finds a plan by its name or id, or says why not.
func choose(plans []Plan, asked string) (Plan, string) {
	var names []string
	for _, one := range plans {
		names = append(names, one.Name)
		if asked != "" && (asked == one.ID || strings.EqualFold(asked, one.Name)) {
			return one, ""
		}
	}
	if asked == "" {
		return Plan{}, "A plan is required: one of " + strings.Join(names, ", ") + "."
	}
	return Plan{}, "There is no such plan. The plans are " + strings.Join(names, ", ") + "."
}

func planNamed(plans []Plan, name string) Plan {
	for _, p := range plans {
		if p.Name == name {
			return p
		}
	}
	return Plan{}
}

func conflict(title, fix string) *problem.Problem {
	return &problem.Problem{Status: http.StatusConflict, Title: title, Detail: "Nothing was changed.", Fix: fix}
}
