package propertymap_test

import (
	"reflect"
	"testing"
	"time"

	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/propertymap"
	"github.com/memberpulse/hubspotplugin/integration"
)

func TestValuesOfAMember(t *testing.T) {
	t.Parallel()
	m := propertymap.New(propertymap.Contact, propertymap.Defaults(), schema())
	got := m.Values(member(), time.UTC)
	if got.Left != nil {
		t.Errorf("left: %v", got.Left)
	}
	want := map[string]string{
		"memberpulse_member_id": memberKey, "email": "jane@example.org", "firstname": "Jane", "lastname": "Doe", "phone": "02 1234",
		"mobilephone": "0400 1", "company": "ACME", "memberpulse_company_phone": "02 99", "memberpulse_company_address": "1 Way",
		"jobtitle": "CFO", "address": "2 Road", "city": "Sydney", "zip": "0200", "state": "NSW", "country": "Australia",
		"website": "https://example.org", "hs_linkedin_url": "https://linkedin.com/in/x", "memberpulse_interested_in": "Law; Tax",
		"memberpulse_event_interests": "Gala", "memberpulse_member_status": "active", "memberpulse_registered_at": "2024-05-06T07:08:09.123Z",
		"memberpulse_membership_plan": "Gold", "memberpulse_membership_price_type": "annually", "memberpulse_membership_status": "active",
		"memberpulse_membership_status_since": "2026-01-01T03:00:00.000Z", "memberpulse_membership_start": "2026-01-01",
		"memberpulse_membership_end": "2026-12-31", "memberpulse_membership_renewed_at": "2026-01-01T02:03:04.000Z",
		"memberpulse_membership_upgraded_from": "Silver", "memberpulse_membership_upgraded_at": "2025-07-01T00:00:00.000Z",
		"memberpulse_membership_downgrade_to": "Bronze", "memberpulse_membership_downgrade_on": "2027-01-01",
	}
	if !reflect.DeepEqual(got.Of, want) {
		t.Errorf("%v\nwant %v", got.Of, want)
	}
	// Without the schema our own properties are known all the same.
	if got := propertymap.New(propertymap.Contact, propertymap.Defaults(), nil).Values(member(), nil); !reflect.DeepEqual(got.Of, want) {
		t.Errorf("without a schema: %v", got.Of)
	}
	for property, v := range m.Values(integration.Member{ID: memberKey}, nil).Of {
		if v != "" && property != "memberpulse_member_id" {
			t.Errorf("of an empty member %s is %q", property, v)
		}
	}
	e := member()
	e.Memberships[0].PriceType = "weekly"
	if got := m.Values(e, nil); len(got.Left) != 1 || got.Left[0] != (propertymap.Left{Field: "membership.priceType", Property: "memberpulse_membership_price_type", Reason: propertymap.ReasonOption}) {
		t.Errorf("left: %v", got.Left)
	}
}

func TestValuesOfAnOrganization(t *testing.T) {
	t.Parallel()
	m := propertymap.New(propertymap.Company, propertymap.Defaults(), nil)
	want := map[string]string{
		"memberpulse_organization_id": "o-1", "name": "ACME", "description": "Makers", "domain": "acme.example", "website": "https://acme.example",
		"phone": "02 1", "address": "1 Way", "city": "Perth", "zip": "6000", "state": "WA", "country": "Australia", "memberpulse_group_id": "77",
		"memberpulse_membership_plan": "Corporate", "memberpulse_membership_start": "2026-03-01", "memberpulse_membership_end": "2027-02-28",
		"memberpulse_seats": "10", "memberpulse_seats_taken": "4", "memberpulse_seats_free": "6",
	}
	if got := m.Values(organization(), nil); !reflect.DeepEqual(got.Of, want) || got.Left != nil {
		t.Errorf("%v, left %v", got.Of, got.Left)
	}
	for _, e := range []integration.Entity{member(), integration.Ticket{ID: "t"}, nil} {
		if got := m.Values(e, nil); len(got.Of) > 0 {
			t.Errorf("of another entity: %v", got.Of)
		}
	}
}
