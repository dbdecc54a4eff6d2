package hubspot_test

import (
	"context"
	"fmt"
	"net/http/httptest"

	"github.com/memberpulse/hubspotplugin/hubspot"
	"github.com/memberpulse/hubspotplugin/hubspot/hubspottest"
)

// A note is created together with its associations; a contact and its company are
// associated by a call of their own, which may be repeated.
func ExampleClient_AssociateDefault() {
	sim := hubspottest.New(hubspottest.Options{})
	portal := sim.AddPortal(hubspottest.Portal{ID: 4711, Token: "secret"})
	jane := portal.PutContact(map[string]string{"email": "jane@example.org"})
	acme := portal.PutRecord("companies", map[string]string{"name": "Acme"})
	server := httptest.NewServer(sim)
	defer server.Close()
	client, err := hubspot.NewClient(hubspot.Config{BaseURL: server.URL, Token: func() string { return "secret" }})
	if err != nil {
		fmt.Println(err)
		return
	}
	ctx := context.Background()

	pairs, err := client.AssociateDefault(ctx, hubspot.Contacts, hubspot.Companies, []hubspot.Pair{{From: jane.ID, To: acme.ID}})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println("associated:", pairs[0].Err == nil)

	notes, err := client.BatchCreate(ctx, hubspot.Notes, []hubspot.CreateInput{{
		Properties: map[string]string{"hs_timestamp": "2026-11-01T10:00:00Z", "hs_note_body": "Renewed"},
		Associations: []hubspot.InlineAssociation{
			{ToID: jane.ID, Types: []hubspot.AssociationType{hubspot.Defined(hubspot.TypeNoteToContact)}},
		},
	}})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println("noted:", notes.Results[0].New)

	read, err := client.Associations(ctx, hubspot.Contacts, hubspot.Companies, []string{jane.ID})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, a := range read.Found[jane.ID] {
		fmt.Println("primary company:", a.ToID == acme.ID && a.Has(hubspot.TypeContactToPrimaryCompany))
	}
	// Output:
	// associated: true
	// noted: true
	// primary company: true
}

func ExampleNewClient() {
	// A simulated portal stands in for HubSpot.
	sim := hubspottest.New(hubspottest.Options{})
	portal := sim.AddPortal(hubspottest.Portal{ID: 4711, Token: "secret"})
	jane := portal.PutContact(map[string]string{"email": "jane@example.org"})
	server := httptest.NewServer(sim)
	defer server.Close()

	client, err := hubspot.NewClient(hubspot.Config{
		BaseURL: server.URL,
		Token:   func() string { return "secret" },
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	ctx := context.Background()
	account, err := client.AccountDetails(ctx)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println("portal", account.PortalID)

	res, err := client.BatchUpdate(ctx, hubspot.Contacts, []hubspot.Input{
		{ID: jane.ID, Properties: map[string]string{"firstname": "Jane"}},
		{ID: jane.ID + "0", Properties: map[string]string{"firstname": "Nobody"}},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	for i, r := range res.Results {
		fmt.Println("input", i, "confirmed:", r.Record != nil, "not found:", hubspot.IsNotFound(r.Err))
	}
	// Output:
	// portal 4711
	// input 0 confirmed: true not found: false
	// input 1 confirmed: false not found: true
}
