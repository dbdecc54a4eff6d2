package integrationtest

import (
	"slices"
	"strings"
	"testing"

	"github.com/memberpulse/hubspotplugin/integration"
)

// PlanHarness is one PlanLister under test, with two tenants that have two plans
// each at least.
type PlanHarness struct {
	Plans                   integration.PlanLister
	ClientID, OtherClientID string
	// Names are those of ClientID's plans in the order of a page.
	Names []string
	// Held are the plan ids of memberships of ClientID's members, as its Source
	// gives them.
	Held []string
}

// TestPlans holds a PlanLister to its contract, one subtest for each rule.
func TestPlans(t *testing.T, newPlans func(t *testing.T) PlanHarness) {
	hold(t, planRules(), newPlans)
}

func planRules() []rule[PlanHarness] {
	return []rule[PlanHarness]{
		{"every plan is an option", planOptions},
		{"a value is a plan's id", planValues},
		{"the plans of memberships are among them", planHeld},
		{"tenants are apart", planIsolation},
		{"callers share no memory with the list", planAliasing},
	}
}

func (h PlanHarness) mustList(t testing.TB, clientID string) []integration.Option {
	t.Helper()
	all, err := h.Plans.Plans(t.Context(), clientID)
	if err != nil {
		t.Fatalf("list plans: %v", err)
	}
	return all
}

func values(all []integration.Option) (out []string) {
	for _, o := range all {
		out = append(out, o.Value)
	}
	return out
}

func planOptions(t testing.TB, h PlanHarness) {
	var names []string
	for _, o := range h.mustList(t, h.ClientID) {
		names = append(names, o.Label)
		if strings.TrimSpace(o.Label) == "" {
			t.Errorf("plan %s has no name to show", o.Value)
		}
	}
	if len(h.Names) < 2 || !slices.Equal(names, h.Names) {
		t.Errorf("the plans are %q, want %q in this order", names, h.Names)
	}
}

// Choices are stored joined by commas, and compared with the plan ids of
// memberships.
func planValues(t testing.TB, h PlanHarness) {
	for _, clientID := range []string{h.ClientID, h.OtherClientID} {
		seen := map[string]bool{}
		for _, o := range h.mustList(t, clientID) {
			switch {
			case !integration.ValidUUID(o.Value):
				t.Errorf("plan %q has the value %q, want its id, a UUID in lower case", o.Label, o.Value)
			case seen[o.Value]:
				t.Errorf("the value %s stands twice", o.Value)
			}
			seen[o.Value] = true
		}
	}
}

func planHeld(t testing.TB, h PlanHarness) {
	if len(h.Held) == 0 {
		t.Fatal("the harness knows no membership")
	}
	all := values(h.mustList(t, h.ClientID))
	for _, id := range h.Held {
		if !slices.Contains(all, id) {
			t.Errorf("a membership is of plan %q, which cannot be chosen", id)
		}
	}
}

func planIsolation(t testing.TB, h PlanHarness) {
	own := values(h.mustList(t, h.ClientID))
	other := values(h.mustList(t, h.OtherClientID))
	if len(other) == 0 {
		t.Error("the other tenant has no plans")
	}
	for _, value := range other {
		if slices.Contains(own, value) {
			t.Errorf("plan %s is two tenants'", value)
		}
	}
	if got := h.mustList(t, nowhere); len(got) != 0 {
		t.Errorf("a tenant that there is not has %d plans", len(got))
	}
}

func planAliasing(t testing.TB, h PlanHarness) {
	first := h.mustList(t, h.ClientID)
	want := slices.Clone(first)
	for i := range first {
		first[i] = integration.Option{Value: nowhere, Label: "spoilt"} // the result belongs to the caller
	}
	if again := h.mustList(t, h.ClientID); !slices.Equal(again, want) {
		t.Errorf("the plans changed from one call to the next: %v, then %v", want, again)
	}
}
