package propertymap_test

import (
	"slices"
	"testing"
	"time"

	"github.com/memberpulse/hubspotplugin/hubspot"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/propertymap"
	"github.com/memberpulse/hubspotplugin/integration"
)

const memberKey = "7d3f6e0a-6c1e-4b5e-9f4e-0d4c3b2a1f00"

func member() integration.Member {
	return integration.Member{
		ID: memberKey, FirstName: "Jane", LastName: "Doe", Email: " Jane@Example.ORG ", ContactNumber: "02 1234", Mobile: "0400 1",
		Company: "ACME", CompanyPhone: "02 99", CompanyAddress: "1 Way", Position: "CFO", Address: "2 Road", City: "Sydney",
		Postcode: "0200", State: "NSW", Country: "Australia", WebsiteURL: "https://example.org", LinkedInURL: "https://linkedin.com/in/x",
		DateOfBirth: integration.Date{Year: 1980, Month: 2, Day: 29}, Gender: "Female", Bio: "Long story",
		InterestedIn: []string{"Tax", "Law"}, EventInterests: []string{"Gala"},
		Status: integration.MemberActive, RegisteredAt: time.Date(2024, 5, 6, 7, 8, 9, 123456789, time.UTC), OrganizationID: "o-1",
		Memberships: []integration.Membership{{
			ID: "ms-1", PlanID: "p-1", PlanName: "Gold", PriceType: "annually", Status: integration.MembershipActive,
			StatusSince: time.Date(2026, 1, 1, 3, 0, 0, 0, time.UTC),
			StartDate:   integration.Date{Year: 2026, Month: 1, Day: 1}, EndDate: integration.Date{Year: 2026, Month: 12, Day: 31},
			RenewedAt:  time.Date(2026, 1, 1, 2, 3, 4, 0, time.UTC),
			UpgradedAt: time.Date(2025, 7, 1, 0, 0, 0, 0, time.UTC), UpgradedFrom: "Silver",
			DowngradedAt:         time.Date(2024, 7, 1, 0, 0, 0, 0, time.UTC),
			DowngradeScheduledAt: time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC), DowngradeTo: "Bronze",
			DowngradeOn: integration.Date{Year: 2027, Month: 1, Day: 1},
		}},
	}
}

func organization() integration.Organization {
	return integration.Organization{
		ID: "o-1", Name: "ACME", Description: "Makers", Domain: "ACME.example", WebsiteURL: "https://acme.example", Phone: "02 1",
		Address: "1 Way", City: "Perth", Postcode: "6000", State: "WA", Country: "Australia", GroupID: "77", PlanName: "Corporate",
		StartDate: integration.Date{Year: 2026, Month: 3, Day: 1}, EndDate: integration.Date{Year: 2027, Month: 2, Day: 28},
		Seats: 10, SeatsTaken: 4,
	}
}

// schema is a portal's contact properties: standard ones, one of each kind of
// the customer's, and those that nothing may be mapped to.
func schema() []hubspot.Property {
	var out []hubspot.Property
	for _, r := range propertymap.Defaults() {
		if r.Object == propertymap.Contact && r.Property != "" && !slices.ContainsFunc(propertymap.OwnProperties(r.Object), named(r.Property)) {
			out = append(out, hubspot.Property{Name: r.Property, Label: "Label of " + r.Property, Type: "string", FieldType: "text", HubSpotDefined: true})
		}
	}
	option := func(values ...string) (out []hubspot.Option) {
		for _, v := range values {
			out = append(out, hubspot.Option{Value: v, Label: "The " + v})
		}
		return out
	}
	out = append(out,
		hubspot.Property{Name: "c_text", Label: "Text", Type: "string", FieldType: "text"},
		hubspot.Property{Name: "c_area", Label: "Area", Type: "string", FieldType: "textarea"},
		hubspot.Property{Name: "c_phone", Label: "Phone", Type: "phone_number", FieldType: "phonenumber"},
		hubspot.Property{Name: "c_number", Label: "Number", Type: "number", FieldType: "number"},
		hubspot.Property{Name: "c_date", Label: "Date", Type: "date", FieldType: "date"},
		hubspot.Property{Name: "c_datetime", Label: "Datetime", Type: "datetime", FieldType: "date"},
		hubspot.Property{Name: "c_one", Label: "One", Type: "enumeration", FieldType: "select", Options: option("tax", "law", "active")},
		hubspot.Property{Name: "c_many", Label: "Many", Type: "enumeration", FieldType: "checkbox", Options: option("tax", "law", "gala")},
		hubspot.Property{Name: "c_status", Label: "Status", Type: "enumeration", FieldType: "radio", Options: option("Active", "Inactive", "suspended", "pending", "more")},
		hubspot.Property{Name: "c_bool", Label: "Bool", Type: "bool", FieldType: "booleancheckbox"},
		hubspot.Property{Name: "c_html", Label: "Html", Type: "string", FieldType: "html"},
		hubspot.Property{Name: "c_file", Label: "File", Type: "string", FieldType: "file"},
		hubspot.Property{Name: "c_unique", Label: "Unique", Type: "string", FieldType: "text", HasUniqueValue: true},
		hubspot.Property{Name: "c_readonly", Label: "Readonly", Type: "string", FieldType: "text", ReadOnlyValue: true},
		hubspot.Property{Name: "c_calculated", Label: "Calculated", Type: "number", FieldType: "calculation_equation", Calculated: true},
		hubspot.Property{Name: "c_archived", Label: "Archived", Type: "string", FieldType: "text", Archived: true},
		hubspot.Property{Name: "c_sensitive", Label: "Sensitive", Type: "string", FieldType: "text", Sensitive: true},
		hubspot.Property{Name: "c_strange", Label: "Strange", Type: "object_coordinates", FieldType: "text"},
		hubspot.Property{Name: "lifecyclestage", Label: "Lifecycle Stage", Type: "enumeration", FieldType: "radio", Options: option("lead", "customer"), HubSpotDefined: true},
		hubspot.Property{Name: "hs_lead_status", Label: "Lead Status", Type: "enumeration", FieldType: "radio", Options: option("NEW"), HubSpotDefined: true},
		hubspot.Property{Name: "hubspot_owner_id", Label: "Contact owner", Type: "enumeration", FieldType: "select", ExternalOptions: true, HubSpotDefined: true},
		hubspot.Property{Name: "hs_email_optout", Label: "Unsubscribed from all email", Type: "bool", FieldType: "booleancheckbox", HubSpotDefined: true},
		hubspot.Property{Name: "hs_additional_emails", Label: "Additional email addresses", Type: "enumeration", FieldType: "select", HubSpotDefined: true},
		hubspot.Property{Name: "hs_marketable_status", Label: "Marketing contact status", Type: "enumeration", FieldType: "select", HubSpotDefined: true},
	)
	return append(out, propertymap.OwnProperties(propertymap.Contact)...)
}

func named(name string) func(hubspot.Property) bool {
	return func(p hubspot.Property) bool { return p.Name == name }
}

// to is a rule of a contact's field with policies.
func to(field, property string, policies ...integration.Policy) integration.MappingRule {
	r := integration.MappingRule{Object: propertymap.Contact, Field: field, Property: property,
		Policy: integration.PolicyOurs, AdoptedPolicy: integration.PolicyIfEmpty}
	if len(policies) > 0 {
		r.Policy, r.AdoptedPolicy = policies[0], policies[len(policies)-1]
	}
	return r
}

// only is the map of one contact rule beside the keys.
func only(r integration.MappingRule, properties []hubspot.Property) propertymap.Map {
	return propertymap.New(propertymap.Contact, []integration.MappingRule{r}, properties)
}

func valueOf(t *testing.T, m propertymap.Map, e integration.Entity, loc *time.Location, property string) (string, propertymap.Reason, bool) {
	t.Helper()
	vs := m.Values(e, loc)
	var why propertymap.Reason
	for _, l := range vs.Left {
		if l.Property == property {
			why = l.Reason
		}
	}
	v, ok := vs.Of[property]
	return v, why, ok
}
