package hubspot_test

import (
	"fmt"
	"testing"

	"github.com/memberpulse/hubspotplugin/hubspot"
	"github.com/memberpulse/hubspotplugin/hubspot/hubspottest"
)

func TestDisassociate(t *testing.T) {
	t.Parallel()
	bothVersions(t, func(t *testing.T, version func(*hubspot.Config)) {
		b := setup(t, hubspottest.Options{}, version)
		ann, acme, globex := b.kinship()
		bob := b.portal.PutContact(map[string]string{"email": "bob@example.org"}).ID
		for _, who := range []string{ann, bob} {
			b.portal.PutAssociation("contacts", who, "companies", acme)
			b.portal.PutAssociation("contacts", who, "companies", globex)
		}
		for range 2 { // the second time there is nothing left to do
			res, err := b.client.Disassociate(t.Context(), hubspot.Contacts, hubspot.Companies, []hubspot.Pair{
				{From: ann, To: acme}, {From: bob, To: globex}, {From: ann, To: globex}, {From: "77", To: acme},
			})
			if err != nil || len(res) != 4 {
				t.Fatalf("%+v, error %v", res, err)
			}
			for i, r := range res {
				if r.Err != nil {
					t.Errorf("pair %d: %+v", i, r.Err)
				}
			}
		}
		b.wantLinks(t, fmt.Sprintf("%s>%s:279 %s>%s:1", bob, acme, bob, acme))
		res, err := b.client.RemoveLabels(t.Context(), hubspot.Contacts, hubspot.Companies, []hubspot.LabelledPair{
			{Pair: hubspot.Pair{From: bob, To: acme}, Types: []hubspot.AssociationType{hubspot.Defined(hubspot.TypeContactToPrimaryCompany)}},
		})
		if err != nil || len(res) != 1 || res[0].Err != nil {
			t.Fatalf("%+v, error %v", res, err)
		}
		b.wantLinks(t, fmt.Sprintf("%s>%s:279", bob, acme))
	})
}

// A removal is confirmed by silence, unless the reply has something to say.
func TestDisassociateReadsWhatIsSaid(t *testing.T) {
	t.Parallel()
	pairs := []hubspot.Pair{{From: "1", To: "2"}, {From: "3", To: "4"}}
	for name, c := range map[string]struct {
		status int
		body   string
		first  string
		second string
	}{
		"nothing":      {204, "", "", ""},
		"empty batch":  {200, `{"status":"COMPLETE","results":[]}`, "", ""},
		"one refused":  {207, `{"status":"COMPLETE","results":[],"errors":[{"category":"VALIDATION_ERROR","context":{"INVALID_OBJECT_IDS":["COMPANY=4 is not valid"]}}]}`, "", hubspot.CodeInvalidObjects},
		"nobody named": {200, `{"status":"COMPLETE","results":[],"errors":[{"category":"VALIDATION_ERROR"}]}`, hubspot.CodeUnmentioned, hubspot.CodeUnmentioned},
		"under way":    {200, `{"status":"PROCESSING","results":[]}`, hubspot.CodeNotConfirmed, hubspot.CodeNotConfirmed},
	} {
		cl := answering(t, c.status, "application/json", c.body)
		res, err := cl.Disassociate(t.Context(), hubspot.Contacts, hubspot.Companies, pairs)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		for i, want := range []string{c.first, c.second} {
			got := ""
			if res[i].Err != nil {
				got = res[i].Err.Code
			}
			if got != want {
				t.Errorf("%s: pair %d: %q, want %q", name, i, got, want)
			}
		}
	}
	cl := answering(t, 200, "text/html", "<html>")
	if _, err := cl.Disassociate(t.Context(), hubspot.Contacts, hubspot.Companies, pairs); wantError(t, err).Code != hubspot.CodeUnreadable {
		t.Error(err)
	}
}
