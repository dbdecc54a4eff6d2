package propertymap_test

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/memberpulse/hubspotplugin/hubspot"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/propertymap"
	"github.com/memberpulse/hubspotplugin/integration"
)

func TestDefaults(t *testing.T) {
	t.Parallel()
	rules := propertymap.Defaults()
	if len(rules) != len(propertymap.Fields()) {
		t.Errorf("%d rules for %d fields", len(rules), len(propertymap.Fields()))
	}
	off := map[string]bool{}
	for _, r := range rules {
		own := strings.HasPrefix(r.Property, "memberpulse_")
		if r.Policy != integration.PolicyOurs || r.AdoptedPolicy != integration.PolicyIfEmpty && !own && r.Property != "email" {
			t.Errorf("%+v", r)
		}
		if own != slices.ContainsFunc(propertymap.OwnProperties(r.Object), named(r.Property)) || own && r.AdoptedPolicy != integration.PolicyOurs {
			t.Errorf("%+v: ours %v", r, own)
		}
		switch r.Property {
		case "lifecyclestage", "hs_lead_status", "hubspot_owner_id":
			t.Errorf("%s is mapped by default", r.Property)
		case "":
			off[r.Field] = true
		}
	}
	for _, field := range []string{"dateOfBirth", "gender", "bio"} {
		if !off[field] {
			t.Errorf("%s is sent by default", field)
		}
	}
}

// What released portals have must still be written to the same properties.
func TestDefaultsKeepWhatWasReleased(t *testing.T) {
	t.Parallel()
	want := map[string]string{
		"user.email": "email", "firstName": "firstname", "lastName": "lastname", "contactNumber": "phone", "mobile": "mobilephone",
		"company": "company", "position": "jobtitle", "address": "address", "city": "city", "postcode": "zip", "state": "state",
		"country": "country", "websiteUrl": "website", "id": "memberpulse_member_id", "status": "memberpulse_member_status",
		"registerDate": "memberpulse_registered_at", "membership.plan": "memberpulse_membership_plan",
		"membership.status": "memberpulse_membership_status", "membership.startDate": "memberpulse_membership_start",
		"membership.endDate": "memberpulse_membership_end", "membership.renewedAt": "memberpulse_membership_renewed_at",
	}
	got := propertymap.New(propertymap.Contact, propertymap.Defaults(), nil).Fields()
	for field, property := range want {
		if got[field] != property {
			t.Errorf("%s goes to %q, was %q", field, got[field], property)
		}
	}
}

func TestDefaultsPassTheirOwnCheck(t *testing.T) {
	t.Parallel()
	contacts := schema()
	if err := propertymap.Check(propertymap.Defaults(), map[string][]hubspot.Property{propertymap.Contact: contacts}); err != nil {
		t.Error(err)
	}
	// A portal that lacks ours gets them.
	contacts = slices.DeleteFunc(contacts, func(p hubspot.Property) bool { return strings.HasPrefix(p.Name, "memberpulse_") })
	if err := propertymap.Check(propertymap.Defaults(), map[string][]hubspot.Property{propertymap.Contact: contacts}); err != nil {
		t.Error(err)
	}
}

func TestWholeAndUpgraded(t *testing.T) {
	t.Parallel()
	stored := []integration.MappingRule{
		{Object: "contact", Field: "no-more", Property: "x", Policy: integration.PolicyOurs},
		to("city", " town "),
		to("id", "somewhere"),                // cannot be
		to("state", "hs_linkedin_url"),       // takes the default of a field that it does not know
		{Object: "contact", Field: "gender"}, // not sent
		to("city", "twice"),
	}
	for name, complete := range map[string]func([]integration.MappingRule) []integration.MappingRule{"whole": propertymap.Whole, "upgraded": propertymap.Upgraded} {
		got := complete(stored)
		if len(got) != len(propertymap.Fields()) {
			t.Errorf("%s: %d rules", name, len(got))
		}
		by := map[string]integration.MappingRule{}
		for i, f := range propertymap.Fields() {
			if got[i].Object != f.Object || got[i].Field != f.Key {
				t.Fatalf("%s: rule %d is of %s, want %s", name, i, got[i].Field, f.Key)
			}
			by[f.Object+"."+f.Key] = got[i]
		}
		absent := map[string]string{"whole": "", "upgraded": "zip"}[name]
		for field, want := range map[string]string{"city": "town", "id": "memberpulse_member_id", "state": "hs_linkedin_url",
			"linkedinUrl": "", "gender": "", "postcode": absent, "bio": ""} {
			if by["contact."+field].Property != want {
				t.Errorf("%s: %s goes to %q, want %q", name, field, by["contact."+field].Property, want)
			}
		}
		if r := by["contact.gender"]; r.Policy != integration.PolicyOurs || r.AdoptedPolicy != integration.PolicyIfEmpty {
			t.Errorf("%s: a field that is not sent has no policy to begin with: %+v", name, r)
		}
		if again := complete(got); !reflect.DeepEqual(again, got) {
			t.Errorf("%s is not stable", name)
		}
	}
	if !reflect.DeepEqual(propertymap.Upgraded(nil), propertymap.Defaults()) {
		t.Error("who has stored nothing has not the defaults")
	}
}
