package hubspottest_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"

	"github.com/memberpulse/hubspotplugin/hubspot/hubspottest"
)

func ExampleSimulator_Inject() {
	sim := hubspottest.New(hubspottest.Options{})
	portal := sim.AddPortal(hubspottest.Portal{ID: 12345678, Token: "TOKEN"})
	sim.Inject(hubspottest.Fault{PathContains: "/batch/create", Times: 1, Status: http.StatusGatewayTimeout, Commit: true})

	body := `{"inputs":[{"properties":{"email":"Ada@Example.org"}}]}`
	req := httptest.NewRequest(http.MethodPost, "/crm/objects/2026-03/contacts/batch/create", strings.NewReader(body))
	req.Header.Set("Authorization", "Bearer TOKEN")
	rec := httptest.NewRecorder()
	sim.ServeHTTP(rec, req)

	fmt.Println("status:", rec.Code)
	for _, c := range portal.Contacts() {
		fmt.Println("in the portal all the same:", c.Properties["email"])
	}
	// Output:
	// status: 504
	// in the portal all the same: ada@example.org
}
