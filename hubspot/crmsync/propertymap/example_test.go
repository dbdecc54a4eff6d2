package propertymap_test

import (
	"errors"
	"fmt"
	"time"

	"github.com/memberpulse/hubspotplugin/hubspot"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/propertymap"
	"github.com/memberpulse/hubspotplugin/integration"
)

func ExampleCheck() {
	live := []hubspot.Property{
		{Name: "jobtitle", Label: "Job Title", Type: "string", FieldType: "text"},
		{Name: "lead_score", Label: "Lead score", Type: "number", FieldType: "number", Calculated: true},
	}
	rules := []integration.MappingRule{
		{Object: "contact", Field: "position", Property: "jobtitel", Policy: integration.PolicyOurs, AdoptedPolicy: integration.PolicyIfEmpty},
		{Object: "contact", Field: "city", Property: "lead_score", Policy: integration.PolicyOurs, AdoptedPolicy: integration.PolicyIfEmpty},
	}
	err := propertymap.Check(rules, map[string][]hubspot.Property{propertymap.Contact: live})
	var fields integration.FieldErrors
	if errors.As(err, &fields) {
		fmt.Println(fields["contact.position"][0])
		fmt.Println(fields["contact.city"][0])
	}
	// Output:
	// HubSpot has no contact property of the name "jobtitel". Did you mean "jobtitle" (Job Title)? Otherwise create it in HubSpot first, or choose one from the list.
	// HubSpot fills the property "lead_score" itself, and refuses what anybody else writes to it. Choose another property.
}

func ExampleMap_Values() {
	sydney, err := time.LoadLocation("Australia/Sydney")
	if err != nil {
		fmt.Println(err)
		return
	}
	m := propertymap.New(propertymap.Contact, []integration.MappingRule{
		{Object: "contact", Field: "registerDate", Property: "joined_on", Policy: integration.PolicyOurs, AdoptedPolicy: integration.PolicyOurs},
	}, []hubspot.Property{{Name: "joined_on", Type: "date", FieldType: "date"}})
	// Late on the 5th in UTC is the 6th in Sydney.
	member := integration.Member{ID: "m-1", RegisteredAt: time.Date(2026, 5, 5, 20, 0, 0, 0, time.UTC)}
	fmt.Println(m.Values(member, sydney).Of["joined_on"])
	// Output: 2026-05-06
}

func ExampleMap_Decide() {
	m := propertymap.New(propertymap.Contact, propertymap.Defaults(), nil)
	values := m.Values(integration.Member{ID: "m-1", FirstName: "Jane", City: "Sydney", Email: "jane@example.org"}, nil).Of

	// A contact that was there before us: standard properties only if empty.
	record := propertymap.Record{Key: "m-1", Origin: propertymap.Adopted}
	d := m.Decide(values, record)
	fmt.Println("ask HubSpot for", d.Read)

	record.Asked, record.Present = d.Read, map[string]string{"firstname": "Johanna"} // and no city
	d = m.Decide(values, record)
	_, renamed := d.Write["firstname"]
	fmt.Printf("write city %q, first name %v\n", d.Write["city"], renamed)

	// The member moves. Nobody has touched the city in HubSpot, so it follows.
	values["city"] = "Perth"
	record.Sent = d.Sent
	record.Present = map[string]string{"firstname": "Johanna", "city": "Sydney"}
	fmt.Printf("write city %q\n", m.Decide(values, record).Write["city"])

	// Had somebody changed it there, it would be theirs.
	record.Present["city"] = "Bondi"
	_, overwritten := m.Decide(values, record).Write["city"]
	fmt.Println("overwrite Bondi:", overwritten)
	// Output:
	// ask HubSpot for [city firstname]
	// write city "Sydney", first name false
	// write city "Perth"
	// overwrite Bondi: false
}
