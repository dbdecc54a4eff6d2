package integration_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/memberpulse/hubspotplugin/integration"
)

const uuid = "aaaaaaaa-0000-4000-8000-000000000001"

func TestChangeValidate(t *testing.T) {
	t.Parallel()
	must(t, integration.MemberChanged(uuid, uuid).Validate())
	fact := integration.Change{ClientID: uuid, Ref: integration.Ref{Kind: integration.KindActivity, Key: uuid}, Subject: uuid, Fact: []byte(`{}`)}
	must(t, fact.Validate())
	for say, c := range map[string]integration.Change{
		"client id":      integration.MemberChanged(strings.ToUpper(uuid), uuid),
		"key":            integration.MemberChanged(uuid, "1"),
		"without a kind": {ClientID: uuid, Ref: integration.Ref{Key: uuid}},
		"subject":        {ClientID: uuid, Ref: integration.Ref{Kind: integration.KindMember, Key: uuid}, Subject: "x"},
		"a state does":   {ClientID: uuid, Ref: integration.Ref{Kind: integration.KindMember, Key: uuid}, Fact: []byte(`{}`)},
		"carries a fact": {ClientID: uuid, Ref: integration.Ref{Kind: integration.KindActivity, Key: uuid}},
	} {
		if err := c.Validate(); err == nil || !strings.Contains(err.Error(), say) {
			t.Errorf("error %v does not say %q", err, say)
		}
	}
}

func TestValidUUID(t *testing.T) {
	t.Parallel()
	for s, want := range map[string]bool{
		uuid: true, "": false, strings.ToUpper(uuid): false, "{" + uuid + "}": false, strings.ReplaceAll(uuid, "-", ""): false,
		"aaaaaaaa-0000-4000-8000-00000000000g": false, "aaaaaaaa00000-4000-8000-000000000001": false, uuid + "0": false,
	} {
		if got := integration.ValidUUID(s); got != want {
			t.Errorf("ValidUUID(%q) = %v", s, got)
		}
	}
}

func TestMemberValidateNamesTheValue(t *testing.T) {
	t.Parallel()
	m := integration.Member{Status: integration.MemberActive, Memberships: []integration.Membership{{Status: integration.MembershipExpiring}}}
	must(t, m.Validate())
	m.Memberships[0].Status = "lapsed"
	if err := m.Validate(); err == nil || !strings.Contains(err.Error(), `"lapsed"`) {
		t.Errorf("error = %v", err)
	}
	if err := (integration.Member{Status: "gone"}).Validate(); err == nil || !strings.Contains(err.Error(), `"gone"`) {
		t.Errorf("error = %v", err)
	}
}

func TestDate(t *testing.T) {
	t.Parallel()
	d, err := integration.ParseDate("2026-02-28")
	must(t, err)
	if d.String() != "2026-02-28" || d.IsZero() || (integration.Date{}).String() != "" {
		t.Errorf("date = %v", d)
	}
	late := time.Date(2026, 2, 28, 23, 30, 0, 0, time.FixedZone("east", 13*3600))
	if integration.DateOf(late) != d {
		t.Error("the day of a time depends on another zone than its own")
	}
	for _, bad := range []string{"2026-02-30", "28.2.2026", "2026-2-8", ""} {
		if _, err := integration.ParseDate(bad); err == nil {
			t.Errorf("%q is a date", bad)
		}
	}
	for _, e := range []string{"2026-03-01", "2027-01-01", "2026-02-29"} {
		later, err := integration.ParseDate(e)
		if err == nil && (!d.Before(later) || later.Before(d)) {
			t.Errorf("%v is not before %v", d, later)
		}
	}
	if d.Before(d) {
		t.Error("a day is before itself")
	}
}

func TestPermissionMatrix(t *testing.T) {
	t.Parallel()
	all := []integration.Permission{integration.PermView, integration.PermOperate, integration.PermConfigure, integration.PermDiagnose}
	for _, c := range []struct {
		who  integration.Identity
		want string // one letter a permission
	}{
		{integration.Identity{Role: integration.RolePlatformAdmin}, "---d"},
		{integration.Identity{Role: integration.RolePlatformAdmin, ClientID: uuid}, "---d"},
		{integration.Identity{Role: integration.RoleClientAdmin, ClientID: uuid}, "voc-"},
		{integration.Identity{Role: integration.RoleClientAdmin, ClientID: uuid, ImpersonatorID: "p"}, "vo--"},
		{integration.Identity{Role: integration.RoleClientAdmin}, "----"},
		{integration.Identity{Role: integration.RoleClientUser, ClientID: uuid}, "v---"},
		{integration.Identity{Role: integration.RoleMember, ClientID: uuid}, "----"},
		{integration.Identity{Role: integration.RoleSponsorAdmin, ClientID: uuid}, "----"},
		{integration.Identity{Role: integration.RoleSponsorUser, ClientID: uuid}, "----"},
		{integration.Identity{}, "----"},
		{integration.Identity{Role: "ROLE_ROOT", ClientID: uuid}, "----"},
	} {
		got := ""
		for i, p := range all {
			if c.who.May(p) {
				got += "vocd"[i : i+1]
			} else {
				got += "-"
			}
		}
		if got != c.want {
			t.Errorf("%s (impersonated %v): %s, want %s", c.who.Role, c.who.ImpersonatorID != "", got, c.want)
		}
	}
}

func TestErrorsSayWhatTheyAre(t *testing.T) {
	t.Parallel()
	cause := errors.New("deadline")
	e := &integration.Error{Kind: integration.VendorSlow, Title: "HubSpot does not answer.", CorrelationID: "c-1", Cause: cause}
	if !errors.Is(e, cause) || !strings.Contains(e.Error(), "c-1") || !strings.Contains(e.Error(), "does not answer") {
		t.Errorf("error = %v", e)
	}
	f := integration.FieldErrors{}
	f.Add("b", "two.")
	f.Add("a", "one.")
	f.Add("a", "more.")
	if got := f.Error(); got != "integration: invalid settings: a: one. more.; b: two." {
		t.Errorf("error = %q", got)
	}
}
