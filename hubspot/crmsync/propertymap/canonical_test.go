package propertymap_test

import (
	"slices"
	"testing"

	"github.com/memberpulse/hubspotplugin/hubspot"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/propertymap"
	"github.com/memberpulse/hubspotplugin/integration"
)

// What HubSpot answers about a value of ours is not always what we sent.
func TestOurValueIsKnownInHubSpotsForm(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		property            hubspot.Property
		sent, has, someones string
	}{
		{hubspot.Property{Type: "string"}, "a\r\nb ", "a\nb", "A\nb"},
		{hubspot.Property{Type: "string"}, "0200", "0200", "200"},
		{hubspot.Property{Type: "string", FieldType: "phonenumber"}, "+61 2 1234", "+6121234", "+6121235"},
		{hubspot.Property{Type: "phone_number"}, "ext", "ext", "out"},
		{hubspot.Property{Type: "number"}, "10", "10.0", "11"},
		{hubspot.Property{Type: "number"}, "1000000", "1E6", "1000001"},
		{hubspot.Property{Type: "date"}, "2026-01-02", "1767312000000", "2026-01-03"},
		{hubspot.Property{Type: "datetime"}, "2026-01-02T03:04:05.000Z", "2026-01-02T03:04:05Z", "2026-01-02T03:04:06Z"},
		{hubspot.Property{Type: "datetime"}, "2026-01-02T03:04:05.600Z", "1767323045600", "1767323045601"},
		{hubspot.Property{Type: "datetime"}, "soon", "soon", "later"},
		{hubspot.Property{Type: "enumeration", FieldType: "checkbox"}, "a;b", "b;a", "a;b;c"},
		{hubspot.Property{Type: "enumeration", FieldType: "select"}, "a", "a", "A"},
	} {
		c.property.Name = "p"
		// The values come by hand: what matters is the comparison.
		m := only(to("city", "p", integration.PolicyIfEmpty), []hubspot.Property{c.property})
		sent := m.Decide(map[string]string{"p": c.sent}, propertymap.Record{Key: "k", Origin: propertymap.CreatedNow}).Sent
		for has, follows := range map[string]bool{c.has: true, c.someones: false} {
			d := m.Decide(map[string]string{"p": "new"}, propertymap.Record{Key: "k", Origin: propertymap.CreatedBefore,
				Sent: sent, Asked: []string{"p"}, Present: map[string]string{"p": has}})
			if _, writes := d.Write["p"]; writes != follows {
				t.Errorf("%s: sent %q, HubSpot has %q: written %v", c.property.Type, c.sent, has, writes)
			}
		}
		if same := sent.Entries(); !slices.Equal(same, m.Decide(map[string]string{"p": c.sent}, propertymap.Record{Key: "k", Origin: propertymap.CreatedBefore,
			Sent: sent, Asked: []string{"p"}, Present: map[string]string{"p": c.has}}).Sent.Entries()) {
			t.Errorf("%s: the digest of an untouched value moved", c.property.Type)
		}
	}
}
