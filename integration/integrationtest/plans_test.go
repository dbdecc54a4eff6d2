package integrationtest_test

import (
	"context"
	"slices"
	"testing"

	"github.com/memberpulse/hubspotplugin/integration"
	"github.com/memberpulse/hubspotplugin/integration/integrationtest"
)

// planList is a lister made of a function.
type planList func(clientID string) ([]integration.Option, error)

func (p planList) Plans(_ context.Context, clientID string) ([]integration.Option, error) {
	return p(clientID)
}

// plansOf are two plans of one and two of two.
func plansOf(clientID string) []integration.Option {
	switch clientID {
	case one:
		return []integration.Option{{Value: "aaaaaaaa-0000-4000-8000-000000000001", Label: "Standard"}, {Value: "aaaaaaaa-0000-4000-8000-000000000002", Label: "Fellow, life"}}
	case two:
		return []integration.Option{{Value: "bbbbbbbb-0000-4000-8000-000000000001", Label: "Standard"}, {Value: "bbbbbbbb-0000-4000-8000-000000000002", Label: "Student"}}
	}
	return nil
}

func planHarness(p integration.PlanLister) integrationtest.PlanHarness {
	return integrationtest.PlanHarness{Plans: p, ClientID: one, OtherClientID: two, Names: []string{"Standard", "Fellow, life"}, Held: []string{plansOf(one)[1].Value}}
}

func TestMemoryHostListsPlans(t *testing.T) {
	t.Parallel()
	integrationtest.TestPlans(t, func(*testing.T) integrationtest.PlanHarness {
		h := integrationtest.NewMemoryHost()
		h.SetPlans(one, plansOf(one)...)
		h.SetPlans(two, plansOf(two)...)
		return planHarness(h)
	})
}

func TestPlanSuiteCatches(t *testing.T) {
	t.Parallel()
	const every, value, held = "every plan is an option", "a value is a plan's id", "the plans of memberships are among them"
	const apart, memory = "tenants are apart", "callers share no memory with the list"
	// with changes the right list.
	with := func(change func(clientID string, all []integration.Option) []integration.Option) planList {
		return func(clientID string) ([]integration.Option, error) { return change(clientID, plansOf(clientID)), nil }
	}
	each := func(change func(o *integration.Option)) planList {
		return with(func(_ string, all []integration.Option) []integration.Option {
			for i := range all {
				change(&all[i])
			}
			return all
		})
	}
	kept := map[string][]integration.Option{one: plansOf(one), two: plansOf(two)}
	for defect, tc := range map[string]struct {
		plans planList
		rule  string
	}{
		"no order": {with(func(_ string, all []integration.Option) []integration.Option {
			slices.Reverse(all)
			return all
		}), every},
		"one is left out":       {with(func(_ string, all []integration.Option) []integration.Option { return all[:min(1, len(all))] }), every},
		"no names":              {each(func(o *integration.Option) { o.Label = " " }), every},
		"the name is the value": {each(func(o *integration.Option) { o.Value = o.Label }), value},
		"one value for all":     {each(func(o *integration.Option) { o.Value = two }), value},
		"ids of another table":  {each(func(o *integration.Option) { o.Value = "c" + o.Value[1:] }), held},
		"everybody's plans": {with(func(string, []integration.Option) []integration.Option {
			return slices.Concat(plansOf(one), plansOf(two))
		}), apart},
		"plans for nobody": {with(func(_ string, all []integration.Option) []integration.Option {
			if all == nil {
				return []integration.Option{{Value: two, Label: "Standard"}}
			}
			return all
		}), apart},
		"one slice for all callers": {with(func(clientID string, _ []integration.Option) []integration.Option { return kept[clientID] }), memory},
	} {
		t.Run(defect, func(t *testing.T) {
			t.Parallel()
			wantBroken(t, broken(t, integrationtest.PlanRules(), func() integrationtest.PlanHarness { return planHarness(tc.plans) }), tc.rule)
		})
	}
}
