package hubspot_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/memberpulse/hubspotplugin/hubspot"
	"github.com/memberpulse/hubspotplugin/hubspot/hubspottest"
)

func TestAssociationsAnswerEveryID(t *testing.T) {
	t.Parallel()
	for _, empty := range []bool{false, true} {
		bothVersions(t, func(t *testing.T, version func(*hubspot.Config)) {
			b := setup(t, hubspottest.Options{NoAssociationsEmpty: empty}, version)
			ann, acme, globex := b.kinship()
			bob := b.portal.PutContact(map[string]string{"email": "bob@example.org"}).ID
			board := b.portal.DefineLabel("contacts", "companies", "Board member", "")
			b.portal.PutAssociation("contacts", ann, "companies", acme)
			b.portal.PutAssociation("contacts", ann, "companies", globex, "Board member")
			res, err := b.client.Associations(t.Context(), hubspot.Contacts, hubspot.Companies, []string{bob, "77", ann})
			if err != nil || res.Unmentioned != nil || res.Failed != nil || len(res.Found) != 3 {
				t.Fatalf("%+v, error %v", res, err)
			}
			for _, id := range []string{bob, "77"} {
				if l := res.Found[id]; l == nil || len(l) != 0 {
					t.Errorf("%s: %v", id, l)
				}
			}
			list := res.Found[ann]
			if len(list) != 2 || list[0].ToID != acme || !list[0].Has(hubspot.TypeContactToPrimaryCompany) || list[1].Has(hubspot.TypeContactToPrimaryCompany) {
				t.Fatalf("%+v", list)
			}
			want := []hubspot.AssociationType{{Category: hubspot.HubSpotDefined, TypeID: 279}, {Category: hubspot.UserDefined, TypeID: board, Label: "Board member"}}
			if !slices.Equal(list[1].Types, want) {
				t.Errorf("%+v", list[1].Types)
			}
		})
	}
}

func TestAssociationsOfManyPages(t *testing.T) {
	t.Parallel()
	bothVersions(t, func(t *testing.T, version func(*hubspot.Config)) {
		b := setup(t, hubspottest.Options{}, version)
		ann, acme, globex := b.kinship()
		for i := range 1001 {
			b.portal.PutAssociation("contacts", b.portal.PutContact(map[string]string{"firstname": fmt.Sprint(i)}).ID, "companies", acme)
		}
		b.portal.PutAssociation("contacts", ann, "companies", globex)
		res, err := b.client.Associations(t.Context(), hubspot.Companies, hubspot.Contacts, []string{globex, acme})
		if err != nil || len(res.Found[acme]) != 1001 || len(res.Found[globex]) != 1 {
			t.Fatalf("%d and %d, error %v", len(res.Found[acme]), len(res.Found[globex]), err)
		}
		seen := map[string]bool{}
		for _, a := range res.Found[acme] {
			seen[a.ToID] = true
		}
		if len(seen) != 1001 || b.calls("/batch/read") != 3 {
			t.Errorf("%d different contacts in %d calls", len(seen), b.calls("/batch/read"))
		}
		b.sim.Inject(hubspottest.Fault{PathContains: "/batch/read", After: 1, EmptyOK: true})
		res, err = b.client.Associations(t.Context(), hubspot.Companies, hubspot.Contacts, []string{globex, acme})
		if err != nil || !slices.Equal(res.Unmentioned, []string{acme}) || res.Found[acme] != nil || len(res.Found[globex]) != 1 {
			t.Errorf("half an answer: %d, unmentioned %v, error %v", len(res.Found[acme]), res.Unmentioned, err)
		}
		b.sim.ClearFaults()
		b.sim.Inject(hubspottest.Fault{PathContains: "/batch/read", After: 1, Status: 403})
		if res, err = b.client.Associations(t.Context(), hubspot.Companies, hubspot.Contacts, []string{acme}); err == nil || res.Found != nil {
			t.Errorf("%d, error %v", len(res.Found[acme]), err)
		}
	})
}

func TestAssociationsRead(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		body                string
		found, open, failed int
		err                 bool
	}{
		"numbers":       {`{"status":"COMPLETE","results":[{"from":{"id":1},"to":[{"toObjectId":5,"associationTypes":[{"category":"HUBSPOT_DEFINED","typeId":279,"label":null}]}]}]}`, 1, 1, 0, false},
		"another error": {`{"status":"COMPLETE","results":[{"from":{"id":"1"},"to":[]}],"errors":[{"category":"VALIDATION_ERROR","context":{"ids":["2"]}}]}`, 1, 0, 1, false},
		"not found":     {`{"status":"COMPLETE","results":[],"errors":[{"category":"OBJECT_NOT_FOUND","context":{"fromObjectId":["2"]}}]}`, 0, 1, 1, false},
		"no record":     {`{"status":"COMPLETE","results":[],"errors":[{"category":"OBJECT_NOT_FOUND","subCategory":"crm.associations.NO_ASSOCIATIONS_FOUND","context":{"fromObjectId":["2"]}}]}`, 1, 1, 0, false},
		"not complete":  {`{"status":"PENDING","results":[{"from":{"id":"1"},"to":[]}],"errors":[{"category":"OBJECT_NOT_FOUND","subCategory":"crm.associations.NO_ASSOCIATIONS_FOUND","context":{"fromObjectId":["2"]}}]}`, 0, 2, 0, false},
		"strangers":     {`{"status":"COMPLETE","results":[{"from":{"id":"9"},"to":[]},5]}`, 0, 2, 0, false},
		"a circle":      {`{"status":"COMPLETE","results":[{"from":{"id":"1"},"to":[],"paging":{"next":{"after":"x"}}}]}`, 0, 0, 0, true},
		"no batch":      {`<html>`, 0, 0, 0, true},
	} {
		cl := answering(t, 200, "application/json", c.body)
		res, err := cl.Associations(t.Context(), hubspot.Contacts, hubspot.Companies, []string{"1", "2"})
		if (err != nil) != c.err || len(res.Found) != c.found || len(res.Unmentioned) != c.open || len(res.Failed) != c.failed {
			t.Errorf("%s: %+v, error %v", name, res, err)
		}
		if err != nil && wantError(t, err).Code != hubspot.CodeUnreadable {
			t.Errorf("%s: %v", name, err)
		}
	}
}
