package hubspot_test

import (
	"context"
	"fmt"
	"net/http/httptest"

	"github.com/memberpulse/hubspotplugin/hubspot"
	"github.com/memberpulse/hubspotplugin/hubspot/hubspottest"
)

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
