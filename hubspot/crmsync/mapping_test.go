package crmsync_test

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/memberpulse/hubspotplugin/hubspot/crmsync"
	"github.com/memberpulse/hubspotplugin/integration"
)

func TestPropertiesOfAMember(t *testing.T) {
	t.Parallel()
	m := member(1)
	m.Email, m.Company, m.City = "  Member1@Example.ORG ", "ACME \xff& Söhne", "   "
	m.Memberships[0].RenewedAt = time.Date(2026, 2, 3, 4, 5, 6, 789e6, time.FixedZone("", 3600))
	got := crmsync.Properties(m, []string{"city", "jobtitle", "email", "phone"})
	for name, want := range map[string]string{
		"email": "member1@example.org", "company": "ACME & Söhne", "city": "", "jobtitle": "", "phone": "",
		"memberpulse_member_id": m.ID, "memberpulse_registered_at": "2024-05-06T07:08:09.000Z",
		"memberpulse_membership_start": "2026-01-01", "memberpulse_membership_end": "2026-12-31",
		"memberpulse_membership_renewed_at": "2026-02-03T03:05:06.789Z",
	} {
		v, ok := got[name]
		if v != want || !ok {
			t.Errorf("%s = %q, %v, want %q", name, v, ok, want)
		}
	}
	for _, name := range []string{"state", "website", "address"} {
		if v, ok := got[name]; ok {
			t.Errorf("a field without a value that we never filled is sent: %s = %q", name, v)
		}
	}
	m.Email = ""
	if v, ok := crmsync.Properties(m, []string{"email"})["email"]; ok {
		t.Errorf("email is cleared: %q", v)
	}
}

func TestLongValuesAreCutBetweenCharacters(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		in   string
		n    int
		want string
	}{{"äöü", 2, "äö"}, {"abc", 3, "abc"}, {"", 1, ""}, {strings.Repeat("é", 10), 9, strings.Repeat("é", 9)}} {
		if got := crmsync.Truncate(c.in, c.n); got != c.want {
			t.Errorf("truncate(%q, %d) = %q, want %q", c.in, c.n, got, c.want)
		}
	}
}

func TestCurrentMembership(t *testing.T) {
	t.Parallel()
	end := func(y int) integration.Date { return integration.Date{Year: y, Month: 6, Day: 30} }
	all := []integration.Membership{
		{ID: "1", PlanName: "cancelled", Status: integration.MembershipCancelled, EndDate: end(2030)},
		{ID: "2", PlanName: "expired", Status: integration.MembershipExpired, EndDate: end(2029)},
		{ID: "3", PlanName: "expiring", Status: integration.MembershipExpiring, EndDate: end(2026)},
		{ID: "4", PlanName: "active early", Status: integration.MembershipActive, EndDate: end(2026)},
		{ID: "5", PlanName: "active late", Status: integration.MembershipActive, EndDate: end(2027)},
		{ID: "6", PlanName: "active late too", Status: integration.MembershipActive, EndDate: end(2027)},
	}
	for n, want := range map[int]string{1: "cancelled", 2: "expired", 3: "expiring", 4: "active early", 5: "active late", 6: "active late too"} {
		for turn := range n {
			// The order in which the host lists them must not matter.
			list := append(append([]integration.Membership{}, all[turn:n]...), all[:turn]...)
			if got := crmsync.Current(integration.Member{Memberships: list}); got != want {
				t.Errorf("of %d memberships from the %d. on: %q, want %q", n, turn, got, want)
			}
		}
	}
	if got := crmsync.Current(integration.Member{}); got != "" {
		t.Errorf("without memberships: %q", got)
	}
}

func TestFingerprintChangesWithEverythingThatMatters(t *testing.T) {
	t.Parallel()
	base := func() []byte {
		return crmsync.Fingerprint("key", "1", 1, map[string]string{"a": "b", "c": "d", "blank": ""})
	}
	if !bytes.Equal(base(), crmsync.Fingerprint("key", "1", 1, map[string]string{"c": "d", "a": "b"})) {
		t.Error("a blank value or the order changes the fingerprint")
	}
	for what, other := range map[string][]byte{
		"key":      crmsync.Fingerprint("other", "1", 1, map[string]string{"a": "b", "c": "d"}),
		"record":   crmsync.Fingerprint("key", "2", 1, map[string]string{"a": "b", "c": "d"}),
		"epoch":    crmsync.Fingerprint("key", "1", 2, map[string]string{"a": "b", "c": "d"}),
		"value":    crmsync.Fingerprint("key", "1", 1, map[string]string{"a": "b", "c": "e"}),
		"boundary": crmsync.Fingerprint("key", "1", 1, map[string]string{"a": "bc", "d": ""}),
		"moved":    crmsync.Fingerprint("key", "1", 1, map[string]string{"a": "d", "c": "b"}),
	} {
		if bytes.Equal(base(), other) {
			t.Errorf("the fingerprint does not see another %s", what)
		}
	}
}
