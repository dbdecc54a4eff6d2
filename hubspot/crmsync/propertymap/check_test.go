package propertymap_test

import (
	"errors"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/memberpulse/hubspotplugin/hubspot"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/propertymap"
	"github.com/memberpulse/hubspotplugin/integration"
)

func check(rules ...integration.MappingRule) integration.FieldErrors {
	err := propertymap.Check(rules, map[string][]hubspot.Property{propertymap.Contact: schema()})
	fields := integration.FieldErrors{}
	if err != nil && !errors.As(err, &fields) {
		panic(err)
	}
	return fields
}

func TestCheckOfOneRule(t *testing.T) {
	t.Parallel()
	ours, ifEmpty, onCreate := integration.PolicyOurs, integration.PolicyIfEmpty, integration.PolicyOnCreate
	for _, c := range []struct {
		rule integration.MappingRule
		says string // "" = accepted
	}{
		{to("firstName", "firstname"), ""},
		{to("firstName", " c_text "), ""},
		{to("firstName", ""), ""},
		{to("firstName", "", ""), ""}, // the policy of what is not sent does not matter
		{to("firstName", "c_text", ours, ifEmpty), ""},
		{to("firstName", "c_text", ifEmpty, onCreate), ""},
		{to("firstName", "c_text", "always"), "no such rule"},
		{to("firstName", "c_text", ours, ""), "no such rule"},
		{to("nickname", "c_text"), "no contact field"},
		{integration.MappingRule{Object: "deal", Field: "amount", Property: "amount"}, "no object \"deal\""},

		{to("id", "memberpulse_member_id", ours), ""},
		{to("id", "c_text", ours), "decides whose record"},
		{to("id", "", ours), "decides whose record"},
		{to("user.email", "email", ours), ""},
		{to("user.email", "email", ours, onCreate), "decides whose record"},
		{to("firstName", "email"), "decides whose record"},
		{to("firstName", "EMAIL"), "decides whose record"},
		{to("firstName", "memberpulse_member_id"), "decides whose record"},
		{to("firstName", "memberpulse_organization_id"), "decides whose record"},
		{to("firstName", "hs_additional_emails"), "finds a contact by these"},
		{to("firstName", "hs_email_optout"), "unsubscribed"},
		{to("firstName", "hs_email_optout_12345"), "unsubscribed"},
		{to("firstName", "hs_marketable_status"), "bills"},
		{to("firstName", "memberpulse_membership_plan"), "for its field Membership plan"},
		{to("firstName", "memberpulse_tags"), "keeps the property"},
		{to("membership.plan", "memberpulse_membership_plan"), ""},

		{to("firstName", "jobtitel"), `Did you mean "jobtitle" (Label of jobtitle)?`},
		{to("firstName", "Job Title"), `Did you mean "jobtitle"`},
		{to("firstName", "c_txet"), `Did you mean "c_text" (Text)?`},
		{to("membership.endDate", "c_txet"), `Did you mean "c_text"`},
		{to("firstName", "no_such_property"), "Create it in HubSpot first, or choose one from the list."},
		{to("firstName", "c_archived"), "archived"},
		{to("firstName", "c_readonly"), "fills the property"},
		{to("seats", "c_calculated"), "no contact field"},
		{to("firstName", "c_calculated"), "fills the property"},
		{to("firstName", "c_unique"), "only once"},
		{to("firstName", "c_sensitive"), "sensitive data"},
		{to("firstName", "c_file"), "holds files"},
		{to("bio", "c_html"), "formatted text"},
		{to("status", "c_bool"), "true or false"},
		{to("firstName", "c_strange"), "cannot write"},

		{to("firstName", "c_phone"), ""},
		{to("firstName", "c_number"), "First name is text, and the property \"c_number\" takes numbers."},
		{to("postcode", "c_number"), "is text"},
		{to("firstName", "c_date"), "takes dates"},
		{to("firstName", "c_one"), ""}, // looked up member by member
		{to("firstName", "c_many"), ""},
		{to("dateOfBirth", "c_date"), ""},
		{to("dateOfBirth", "c_datetime"), ""},
		{to("dateOfBirth", "c_text"), ""},
		{to("dateOfBirth", "c_number"), "Date of birth is a date, and"},
		{to("dateOfBirth", "c_one"), "one of its options"},
		{to("registerDate", "c_date"), ""},
		{to("registerDate", "c_datetime"), ""},
		{to("registerDate", "c_area"), ""},
		{to("registerDate", "c_many"), "several of its options"},
		{to("status", "c_status"), ""},
		{to("status", "c_text"), ""},
		{to("status", "c_one"), `does not offer "inactive", "suspended", "pending"`},
		{to("status", "c_phone"), "phone numbers"},
		{to("interestedIn", "c_many"), ""},
		{to("interestedIn", "c_text"), ""},
		{to("interestedIn", "c_one"), "a list of categories"},
		{to("interestedIn", "c_datetime"), "dates with a time"},

		{to("membership.plan", "lifecyclestage", onCreate), ""},
		{to("membership.plan", "lifecyclestage"), "move it back"},
		{to("membership.plan", "hs_lead_status", onCreate, ifEmpty), "move it back"},
		{to("membership.plan", "hubspot_owner_id", ours, onCreate), "move it back"},
		{to("membership.plan", "hubspot_owner_id", onCreate), ""},
	} {
		got := check(c.rule)
		said := strings.Join(got[c.rule.Object+"."+c.rule.Field], " | ")
		switch {
		case c.says == "" && len(got) > 0:
			t.Errorf("%s to %q: %v", c.rule.Field, c.rule.Property, got)
		case c.says != "" && (len(got) != 1 || !strings.Contains(said, c.says)):
			t.Errorf("%s to %q says %q (%v), want %q", c.rule.Field, c.rule.Property, said, slices.Collect(maps.Keys(got)), c.says)
		case c.says != "" && !strings.HasSuffix(said, "."):
			t.Errorf("%s to %q is no sentence: %q", c.rule.Field, c.rule.Property, said)
		}
	}
}

func TestCheckOfTheWholeMap(t *testing.T) {
	t.Parallel()
	got := check(to("firstName", "c_text"), to("lastName", "c_text"), to("city", "city"), to("bio", "C_Text"))
	if len(got) != 3 || !strings.Contains(got["contact.firstName"][0], "already receives Last name") ||
		!strings.Contains(got["contact.lastName"][0], "already receives Bio") || len(got["contact.bio"]) != 2 {
		t.Errorf("two fields on one property: %v", got)
	}
	if got = check(to("city", "city"), to("city", "")); len(got["contact.city"]) != 1 || !strings.Contains(got["contact.city"][0], "twice") {
		t.Errorf("a field twice: %v", got)
	}
	// The same name on two objects is two properties.
	company := integration.MappingRule{Object: propertymap.Company, Field: "name", Property: "city",
		Policy: integration.PolicyOurs, AdoptedPolicy: integration.PolicyOurs}
	if got = check(to("city", "city"), company); len(got) != 0 {
		t.Errorf("the same name on two objects: %v", got)
	}
	// Without a schema everything that needs none is still said.
	company.Property = "hs_marketable_status"
	if got = check(company); len(got["company.name"]) != 1 {
		t.Errorf("without a schema: %v", got)
	}
	// An empty schema is not an unknown one.
	company.Property = "city"
	err := propertymap.Check([]integration.MappingRule{company}, map[string][]hubspot.Property{propertymap.Company: {}})
	if err == nil || !strings.Contains(err.Error(), "no company property") {
		t.Errorf("an empty schema: %v", err)
	}
	if err := propertymap.Check(nil, nil); err != nil {
		t.Errorf("an empty map: %v", err)
	}
}

func TestOurPropertyOfAnotherTypeIsNoticed(t *testing.T) {
	t.Parallel()
	properties := schema()
	i := slices.IndexFunc(properties, named("memberpulse_membership_end"))
	properties[i].Type, properties[i].FieldType = "number", "number"
	err := propertymap.Check(propertymap.Defaults(), map[string][]hubspot.Property{propertymap.Contact: properties})
	if err == nil || !strings.Contains(err.Error(), "contact.membership.endDate") {
		t.Errorf("%v", err)
	}
}
