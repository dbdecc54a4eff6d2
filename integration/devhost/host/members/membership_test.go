package members_test

import (
	"testing"

	"github.com/memberpulse/hubspotplugin/integration"
	"github.com/memberpulse/hubspotplugin/integration/devhost/host/members"
)

func TestMembershipLife(t *testing.T) {
	t.Parallel()
	b := setup(t)
	p := b.add(t, b.one, "ada@example.org")
	set := func(plan, status, end string) integration.Membership {
		t.Helper()
		got, err := b.mod.SetMembership(t.Context(), b.one, p.ID, members.MembershipPatch{Plan: plan, Status: status, EndDate: &end})
		if err != nil {
			t.Fatal(err)
		}
		p = got
		for _, ms := range got.Memberships {
			if ms.PlanName == plan {
				return ms
			}
		}
		t.Fatalf("no membership of %s", plan)
		return integration.Membership{}
	}
	first := set("Standard", "active", "2090-01-31")
	if first.EndDate.String() != "2090-01-31" || !first.RenewedAt.IsZero() || first.StartDate.IsZero() {
		t.Errorf("a new membership: %+v", first)
	}
	if expiring := set("Standard", "expiring", "2090-01-31"); expiring.ID != first.ID || !expiring.RenewedAt.IsZero() {
		t.Errorf("a new status made another membership or a renewal: %+v", expiring)
	}
	if renewed := set("Standard", "active", "2091-01-31"); renewed.ID != first.ID || renewed.RenewedAt.IsZero() {
		t.Errorf("a later end is a renewal of the same membership: %+v", renewed)
	}
	set("Professional", "active", "2092-01-31")
	if len(p.Memberships) != 2 {
		t.Fatalf("%d memberships, want 2", len(p.Memberships))
	}
	for _, ms := range p.Memberships {
		if want := integration.MembershipCancelled; ms.PlanName == "Standard" && ms.Status != want {
			t.Errorf("the plan before is %s, want %s", ms.Status, want)
		}
	}
	kept, err := b.mod.SetMembership(t.Context(), b.one, p.ID, members.MembershipPatch{Plan: "professional", Status: "suspended"})
	if err != nil {
		t.Fatal(err)
	}
	for _, ms := range kept.Memberships {
		if ms.PlanName == "Professional" && (ms.Status != "suspended" || ms.EndDate.String() != "2092-01-31") {
			t.Errorf("no end date keeps the old one: %+v", ms)
		}
	}
}

func TestMembershipRefusals(t *testing.T) {
	t.Parallel()
	b := setup(t)
	p := b.add(t, b.one, "")
	foreign, err := b.mod.Plans(t.Context(), b.two)
	if err != nil {
		t.Fatal(err)
	}
	bad, early := "31.12.2030", "1999-01-01"
	for name, c := range map[string]struct {
		patch members.MembershipPatch
		field string
	}{
		"no plan":           {members.MembershipPatch{Status: "active"}, "plan"},
		"unknown plan":      {members.MembershipPatch{Plan: "Gold", Status: "active"}, "plan"},
		"a foreign plan":    {members.MembershipPatch{Plan: foreign[0].ID, Status: "active"}, "plan"},
		"unknown status":    {members.MembershipPatch{Plan: "Standard", Status: "paused"}, "status"},
		"no status":         {members.MembershipPatch{Plan: "Standard"}, "status"},
		"malformed date":    {members.MembershipPatch{Plan: "Standard", Status: "active", EndDate: &bad}, "endDate"},
		"ends before start": {members.MembershipPatch{Plan: "Standard", Status: "expired", EndDate: &early}, "endDate"},
	} {
		_, err := b.mod.SetMembership(t.Context(), b.one, p.ID, c.patch)
		t.Run(name, func(t *testing.T) { wantProblem(t, err, 422, c.field) })
	}
	_, err = b.mod.SetMembership(t.Context(), b.two, p.ID, members.MembershipPatch{Plan: "Standard", Status: "active"})
	wantProblem(t, err, 404, "")
	_, err = b.mod.Create(t.Context(), b.one, members.Patch{"firstName": "No", "lastName": "Body"}, &members.MembershipPatch{Plan: "Gold", Status: "active"})
	wantProblem(t, err, 422, "plan")
	if page, err := b.mod.List(t.Context(), b.one, members.Query{Search: "No Body"}); err != nil || page.Total != 0 {
		t.Errorf("a refused membership left its member: %d, %v", page.Total, err)
	}
}
