package members_test

import (
	"strings"
	"testing"
	"time"

	"github.com/memberpulse/hubspotplugin/integration"
	"github.com/memberpulse/hubspotplugin/integration/devhost/host/members"
)

func types(all ...integration.ActivityType) []integration.ActivityType { return all }

// TestMembershipIsTold walks a membership through its life and hears what is
// told of each step, once.
func TestMembershipIsTold(t *testing.T) {
	t.Parallel()
	b := setup(t)
	m := b.add(t, b.one, "ada@example.org")
	b.Recorded(t)
	var ms integration.Membership
	current := func(p members.Profile) integration.Membership {
		t.Helper()
		if len(p.Memberships) != 1 {
			t.Fatalf("%d memberships, want 1", len(p.Memberships))
		}
		return p.Memberships[0]
	}
	end := "2027-03-31"
	p, err := b.mod.SetMembership(t.Context(), b.one, m.ID, members.MembershipPatch{Plan: "Standard", Status: "active", EndDate: &end, PriceType: "monthly"})
	if err != nil {
		t.Fatal(err)
	}
	ms = current(p)
	if ms.PriceType != "monthly" || ms.StatusSince.IsZero() {
		t.Errorf("a new membership: %+v", ms)
	}
	b.Tells(t, "joining", types(integration.MembershipJoined), m.Ref())
	for _, step := range []struct {
		op   members.Operation
		told []integration.ActivityType
		want func(before, now integration.Membership) bool
		fact func(integration.Activity) bool
	}{
		{members.Operation{Action: members.Renew}, types(integration.MembershipRenewed),
			func(_, now integration.Membership) bool {
				return now.EndDate.String() == "2027-05-01" && !now.RenewedAt.IsZero()
			},
			func(a integration.Activity) bool { return a.Name == "Standard" && a.On.String() == "2027-05-01" }},
		{members.Operation{Action: members.Upgrade, Plan: "professional"}, types(integration.MembershipUpgraded),
			func(_, now integration.Membership) bool {
				return now.PlanName == "Professional" && now.UpgradedFrom == "Standard" && !now.UpgradedAt.IsZero()
			},
			func(a integration.Activity) bool { return a.Name == "Professional" && a.From == "Standard" }},
		{members.Operation{Action: members.ScheduleDowngrade, Plan: "Standard"}, types(integration.MembershipDowngradeScheduled),
			func(_, now integration.Membership) bool {
				return now.DowngradeTo == "Standard" && now.DowngradeOn == now.EndDate && !now.DowngradeScheduledAt.IsZero() && now.PlanName == "Professional"
			},
			func(a integration.Activity) bool {
				return a.Name == "Standard" && a.From == "Professional" && a.On.String() == "2027-05-01"
			}},
		{members.Operation{Action: members.ScheduleDowngrade, Plan: "Standard"}, nil, nil, nil}, // the same once more
		{members.Operation{Action: members.WithdrawDowngrade}, types(),
			func(_, now integration.Membership) bool {
				return now.DowngradeScheduledAt.IsZero() && now.DowngradeTo == ""
			}, nil},
		{members.Operation{Action: members.ScheduleDowngrade, Plan: "Standard", On: "2027-01-01"}, types(integration.MembershipDowngradeScheduled),
			func(_, now integration.Membership) bool { return now.DowngradeOn.String() == "2027-01-01" },
			func(a integration.Activity) bool { return a.On.String() == "2027-01-01" }},
		{members.Operation{Action: members.ApplyDowngrade}, types(integration.MembershipDowngraded),
			func(_, now integration.Membership) bool {
				return now.PlanName == "Standard" && !now.DowngradedAt.IsZero() && now.DowngradeTo == ""
			},
			func(a integration.Activity) bool { return a.Name == "Standard" && a.From == "Professional" }},
		{members.Operation{Action: members.Expire}, types(integration.MembershipLapsed),
			func(before, now integration.Membership) bool {
				return now.Status == "expired" && now.EndDate.String() == "2026-11-23" && now.StatusSince.After(before.StatusSince)
			}, nil},
		{members.Operation{Action: members.Expire}, nil, nil, nil},
		{members.Operation{Action: members.Renew, EndDate: "2028-01-01"}, types(integration.MembershipRenewed),
			func(_, now integration.Membership) bool {
				return now.Status == "active" && now.EndDate.String() == "2028-01-01"
			}, nil},
		{members.Operation{Action: members.Cancel}, types(integration.MembershipEnded),
			func(_, now integration.Membership) bool {
				return now.Status == "cancelled" && now.EndDate.String() == "2026-11-23"
			}, nil},
		{members.Operation{Action: members.Cancel}, nil, nil, nil},
	} {
		b.Pass(time.Hour)
		p, err := b.mod.Operate(t.Context(), b.one, m.ID, step.op)
		if err != nil {
			t.Fatalf("%s: %v", step.op.Action, err)
		}
		now := current(p)
		what := string(step.op.Action)
		if step.want == nil {
			b.Tells(t, what+" again", nil)
			if now != ms {
				t.Errorf("%s again changed something", what)
			}
			continue
		}
		facts := b.Tells(t, what, step.told, m.Ref())
		if !step.want(ms, now) {
			t.Errorf("%s: %+v", what, now)
		}
		for _, a := range facts {
			if a.MemberID != m.ID || a.About != (integration.Ref{Kind: integration.KindMembership, Key: ms.ID}) || step.fact != nil && !step.fact(a) {
				t.Errorf("%s: told %+v", what, a)
			}
		}
		ms = now
	}
}

func TestOperationsAreRefused(t *testing.T) {
	t.Parallel()
	b := setup(t)
	m := b.add(t, b.one, "")
	_, err := b.mod.Operate(t.Context(), b.one, m.ID, members.Operation{Action: members.Renew})
	wantProblem(t, err, 409, "")
	end := "2027-03-31"
	if _, err := b.mod.SetMembership(t.Context(), b.one, m.ID, members.MembershipPatch{Plan: "Professional", Status: "active", EndDate: &end}); err != nil {
		t.Fatal(err)
	}
	b.Recorded(t)
	for name, c := range map[string]struct {
		op     members.Operation
		status int
		field  string
	}{
		"no action":            {members.Operation{}, 422, "action"},
		"unknown action":       {members.Operation{Action: "explode"}, 422, "action"},
		"no later end":         {members.Operation{Action: members.Renew, EndDate: end}, 422, "endDate"},
		"an end that is none":  {members.Operation{Action: members.Renew, EndDate: "soon"}, 422, "endDate"},
		"no plan":              {members.Operation{Action: members.Upgrade}, 422, "plan"},
		"not upwards":          {members.Operation{Action: members.Upgrade, Plan: "Standard"}, 422, "plan"},
		"not downwards":        {members.Operation{Action: members.ScheduleDowngrade, Plan: "Professional"}, 422, "plan"},
		"a day that is none":   {members.Operation{Action: members.ScheduleDowngrade, Plan: "Standard", On: "x"}, 422, "on"},
		"nothing to withdraw":  {members.Operation{Action: members.WithdrawDowngrade}, 409, ""},
		"nothing to apply":     {members.Operation{Action: members.ApplyDowngrade}, 409, ""},
		"a foreign membership": {members.Operation{Action: members.Cancel, MembershipID: m.ID}, 422, "membershipId"},
	} {
		_, err := b.mod.Operate(t.Context(), b.one, m.ID, c.op)
		t.Run(name, func(t *testing.T) { wantProblem(t, err, c.status, c.field) })
	}
	_, err = b.mod.Operate(t.Context(), b.two, m.ID, members.Operation{Action: members.Cancel})
	wantProblem(t, err, 404, "")
	b.Tells(t, "refusals", nil)
	b.Recorder.Refuse(true)
	if _, err := b.mod.Operate(t.Context(), b.one, m.ID, members.Operation{Action: members.Cancel}); err == nil {
		t.Error("a change whose record was refused was made")
	}
	if p, err := b.mod.Get(t.Context(), b.one, m.ID); err != nil || p.Memberships[0].Status != "active" {
		t.Errorf("left behind: %+v, %v", p.Memberships, err)
	}
}

func TestAnotherPlanEndsTheOneBefore(t *testing.T) {
	t.Parallel()
	b := setup(t)
	m := b.add(t, b.one, "")
	b.Recorded(t)
	for _, plan := range []string{"Standard", "Professional"} {
		if _, err := b.mod.SetMembership(t.Context(), b.one, m.ID, members.MembershipPatch{Plan: plan, Status: "active"}); err != nil {
			t.Fatal(err)
		}
	}
	b.Tells(t, "two plans", types(integration.MembershipJoined, integration.MembershipEnded, integration.MembershipJoined), m.Ref(), m.Ref())
	if _, err := b.mod.SetMembership(t.Context(), b.one, m.ID, members.MembershipPatch{Plan: "Professional", Status: "active"}); err != nil {
		t.Fatal(err)
	}
	b.Tells(t, "the same again", nil)
	p, err := b.mod.Get(t.Context(), b.one, m.ID)
	if err != nil {
		t.Fatal(err)
	}
	for _, ms := range p.Memberships {
		if ms.PlanName == "Standard" {
			_, err := b.mod.Operate(t.Context(), b.one, m.ID, members.Operation{Action: members.Renew, MembershipID: ms.ID, EndDate: "2030-01-01"})
			wantProblem(t, err, 409, "")
		}
	}
}

func TestEveryFieldIsKept(t *testing.T) {
	t.Parallel()
	b := setup(t)
	patch := members.Patch{}
	for _, f := range members.Fields() {
		patch[f.Name] = "Text of " + f.Name
	}
	for name, v := range map[string]string{
		"email": "ada@example.org", "status": "inactive", "websiteUrl": "https://ada.example.org", "linkedinUrl": "https://linkedin.example.org/ada",
		"dateOfBirth": "1815-12-10", "gender": "Female", "interestedIn": "Machines,  Poetry,", "eventInterests": "Galas", "bio": "One.\r\nTwo.",
	} {
		patch[name] = v
	}
	p, err := b.mod.Create(t.Context(), b.one, patch, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range members.Fields() {
		want := patch[f.Name]
		switch f.Name {
		case "interestedIn":
			want = "Machines, Poetry"
		case "bio":
			want = "One.\nTwo."
		}
		if got := f.Value(p.Member); got != want {
			t.Errorf("%s: %q, want %q", f.Name, got, want)
		}
	}
	for name, v := range map[string]string{
		"dateOfBirth": "10.12.1815", "gender": "Countess", "bio": "a\x00b", "interestedIn": "A, A", "crmId": "1", "companyPhone": strings.Repeat("1", 51),
	} {
		_, err := b.mod.Update(t.Context(), b.one, p.ID, members.Patch{name: v})
		t.Run(name, func(t *testing.T) { wantProblem(t, err, 422, name) })
	}
	if p, err = b.mod.Update(t.Context(), b.one, p.ID, members.Patch{"dateOfBirth": "", "interestedIn": ""}); err != nil || !p.DateOfBirth.IsZero() || p.InterestedIn != nil {
		t.Errorf("clearing: %+v, %v", p.Member, err)
	}
}
