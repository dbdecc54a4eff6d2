package propertymap_test

import (
	"net/http/httptest"
	"slices"
	"testing"

	"github.com/memberpulse/hubspotplugin/hubspot"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/propertymap"
	"github.com/memberpulse/hubspotplugin/hubspot/hubspottest"
	"github.com/memberpulse/hubspotplugin/integration"
)

// What this package says, a portal takes: the default map passes against its
// live schema, every value is accepted on both versions of the API, and what
// comes back is known as ours.
func TestAPortalTakesTheDefaultMap(t *testing.T) {
	t.Parallel()
	for _, version := range []hubspot.Version{hubspot.Version202603, hubspot.Version202609} {
		for _, c := range []struct {
			object, key string
			kind        hubspot.ObjectType
			entity      integration.Entity
		}{
			{propertymap.Contact, propertymap.MemberID, hubspot.Contacts, member()},
			{propertymap.Company, propertymap.OrganizationID, hubspot.Companies, organization()},
		} {
			t.Run(string(version)+" "+c.object, func(t *testing.T) {
				t.Parallel()
				b := newPortal(t, version, c.object, c.kind)
				live := b.properties(t)
				if err := propertymap.Check(propertymap.Defaults(), map[string][]hubspot.Property{c.object: live}); err != nil {
					t.Error(err)
				}
				m := propertymap.New(c.object, propertymap.Defaults(), live)
				if gaps := m.Gaps(); len(gaps) > 0 {
					t.Errorf("%v", gaps)
				}
				b.roundTrip(t, m, c.key, c.entity)
			})
		}
	}
}

type portal struct {
	client *hubspot.Client
	object string
	kind   hubspot.ObjectType
}

func newPortal(t *testing.T, version hubspot.Version, object string, kind hubspot.ObjectType) portal {
	t.Helper()
	sim := hubspottest.New(hubspottest.Options{})
	sim.AddPortal(hubspottest.Portal{ID: 4711, Token: "token"})
	server := httptest.NewServer(sim)
	t.Cleanup(server.Close)
	client, err := hubspot.NewClient(hubspot.Config{BaseURL: server.URL, Token: func() string { return "token" }, Version: version})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(client.CloseIdleConnections)
	b := portal{client, object, kind}
	if _, err := client.CreatePropertyGroup(t.Context(), kind, hubspot.PropertyGroup{Name: propertymap.GroupName, Label: propertymap.GroupLabel}); err != nil {
		t.Fatal(err)
	}
	for _, p := range propertymap.New(object, propertymap.Defaults(), nil).OwnProperties() {
		if _, err := client.CreateProperty(t.Context(), kind, p); err != nil {
			t.Fatalf("%s: %v", p.Name, err)
		}
	}
	return b
}

func (b portal) properties(t *testing.T) []hubspot.Property {
	t.Helper()
	live, err := b.client.Properties(t.Context(), b.kind)
	if err != nil {
		t.Fatal(err)
	}
	return live
}

func (b portal) roundTrip(t *testing.T, m propertymap.Map, key string, e integration.Entity) {
	t.Helper()
	values, id := m.Values(e, zone(t, "Australia/Sydney")), e.Ref().Key
	if len(values.Left) > 0 {
		t.Errorf("left: %v", values.Left)
	}
	d := m.Decide(values.Of, propertymap.Record{Key: id, Origin: propertymap.CreatedNow})
	made, err := b.client.BatchUpsert(t.Context(), b.kind, key, []hubspot.Input{{ID: id, Properties: d.Write}})
	if err != nil || made.Results[0].Err != nil {
		t.Fatalf("%v, %+v", err, made.Results)
	}
	var asked []string
	for name := range d.Write {
		asked = append(asked, name)
	}
	slices.Sort(asked)
	read, err := b.client.BatchRead(t.Context(), b.kind, hubspot.BatchRead{IDs: []string{made.Results[0].Record.ID}, Properties: asked})
	if err != nil || len(read.Records) != 1 {
		t.Fatalf("%v, %+v", err, read)
	}
	// A later blank clears exactly what we sent and nobody touched: everything.
	blank := map[string]string{}
	for name := range values.Of {
		blank[name] = ""
	}
	again := m.Decide(blank, propertymap.Record{Key: id, Origin: propertymap.CreatedBefore, Sent: d.Sent, Asked: asked, Present: read.Records[0].Properties})
	keys := 1
	if b.object == propertymap.Contact {
		keys = 2
	}
	if len(again.Write) != len(d.Write)-keys || len(again.Sent) != keys {
		t.Errorf("clears %d of %d, still ours: %v", len(again.Write), len(d.Write), again.Sent.Entries())
	}
}
