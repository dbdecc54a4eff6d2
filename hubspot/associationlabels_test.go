package hubspot_test

import (
	"slices"
	"testing"

	"github.com/memberpulse/hubspotplugin/hubspot"
	"github.com/memberpulse/hubspotplugin/hubspot/hubspottest"
)

func TestAssociationLabels(t *testing.T) {
	t.Parallel()
	bothVersions(t, func(t *testing.T, version func(*hubspot.Config)) {
		b := setup(t, hubspottest.Options{}, version)
		board := b.portal.DefineLabel("companies", "contacts", "Board", "Board member")
		got, err := b.client.AssociationLabels(t.Context(), hubspot.Contacts, hubspot.Companies)
		want := []hubspot.AssociationType{
			{Category: hubspot.HubSpotDefined, TypeID: hubspot.TypeContactToCompany},
			{Category: hubspot.HubSpotDefined, TypeID: hubspot.TypeContactToPrimaryCompany, Label: "Primary"},
			{Category: hubspot.UserDefined, TypeID: board + 1, Label: "Board member"},
		}
		if err != nil || !slices.Equal(got, want) {
			t.Errorf("%+v, error %v", got, err)
		}
		b.portal.AddToken("narrow", "crm.objects.contacts.read")
		narrow := against(t, b.sim.ServeHTTP, version, func(c *hubspot.Config) { c.Token = func() string { return "narrow" } })
		if _, err = narrow.AssociationLabels(t.Context(), hubspot.Contacts, hubspot.Companies); !hubspot.IsMissingScopes(err) {
			t.Error(err)
		}
	})
}
