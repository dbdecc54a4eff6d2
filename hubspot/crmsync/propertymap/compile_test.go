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

func TestNewTakesWhatIsStored(t *testing.T) {
	t.Parallel()
	m := propertymap.New(propertymap.Contact, []integration.MappingRule{
		to("city", "c_text"), to("city", "city"), to("state", "c_text"), to("no-more", "x"), to("bio", ""), to("id", "x"),
		{Object: propertymap.Company, Field: "name", Property: "name"},
	}, schema())
	want := map[string]string{"id": "memberpulse_member_id", "user.email": "email", "city": "c_text"}
	if got := m.Fields(); !reflect.DeepEqual(got, want) || m.Object() != propertymap.Contact {
		t.Errorf("%s: %v, want %v", m.Object(), got, want)
	}
	var names []string
	for _, p := range m.OwnProperties() {
		names = append(names, p.Name)
	}
	if want := []string{"memberpulse_member_id", "memberpulse_member_status"}; !slices.Equal(names, want) {
		t.Errorf("needs %v, want %v", names, want)
	}
}

func TestParkedFields(t *testing.T) {
	t.Parallel()
	all := propertymap.New(propertymap.Contact, propertymap.Defaults(), schema())
	m := all.Without("city", "memberpulse_membership_plan", "email", "no_such_property")
	if len(all.Fields())-len(m.Fields()) != 2 || m.Fields()["city"] != "" || m.Fields()["membership.plan"] != "" || m.Fields()["user.email"] != "email" {
		t.Errorf("%v", m.Fields())
	}
	if m.Version() == all.Version() {
		t.Error("a field that comes back would not be sent again")
	}
	// What was sent there stays known, so that it follows again afterwards.
	sent := propertymap.ParseSent([]string{"city", "city=00"})
	d := m.Decide(m.Values(member(), nil).Of, propertymap.Record{Key: memberKey, Origin: propertymap.CreatedBefore, Sent: sent})
	if _, writes := d.Write["city"]; writes || !slices.Equal(d.Sent["city"], []string{"00"}) {
		t.Errorf("writes %v, sent %v", writes, d.Sent["city"])
	}
	if all.Without().Version() != all.Version() {
		t.Error("nothing parked is another map")
	}
}

func TestGapsOfAPortal(t *testing.T) {
	t.Parallel()
	rules := propertymap.Defaults()
	if gaps := propertymap.New(propertymap.Contact, rules, schema()).Gaps(); len(gaps) > 0 {
		t.Errorf("a complete portal: %v", gaps)
	}
	if gaps := propertymap.New(propertymap.Contact, rules, nil).Gaps(); len(gaps) > 0 {
		t.Errorf("an unknown schema: %v", gaps)
	}
	broken := schema()
	edit := func(name string, change func(*hubspot.Property)) {
		change(&broken[slices.IndexFunc(broken, named(name))])
	}
	edit("city", func(p *hubspot.Property) { p.Archived = true })
	edit("phone", func(p *hubspot.Property) { p.ReadOnlyValue = true })
	edit("memberpulse_membership_end", func(p *hubspot.Property) { p.Type = "number" })
	edit("memberpulse_member_status", func(p *hubspot.Property) { p.Options = p.Options[2:] })
	broken = slices.DeleteFunc(broken, func(p hubspot.Property) bool {
		return p.Name == "jobtitle" || p.Name == "memberpulse_member_id" // the key is not parked
	})
	m := propertymap.New(propertymap.Contact, rules, broken)
	var properties []string
	for _, g := range m.Gaps() {
		properties = append(properties, g.Property)
		if g.Field == "" || !strings.HasSuffix(g.Why, ".") || !strings.Contains(g.Why, g.Property) {
			t.Errorf("%+v", g)
		}
	}
	if want := []string{"phone", "jobtitle", "city", "memberpulse_member_status", "memberpulse_membership_end"}; !slices.Equal(properties, want) {
		t.Errorf("%v, want %v", properties, want)
	}
	if left := m.Without(properties...).Gaps(); len(left) > 0 {
		t.Errorf("parked fields are gaps still: %v", left)
	}
}
