package hubspot_test

import (
	"slices"
	"testing"

	"github.com/memberpulse/hubspotplugin/hubspot"
	"github.com/memberpulse/hubspotplugin/hubspot/hubspottest"
)

func TestBatchArchive(t *testing.T) {
	t.Parallel()
	bothVersions(t, func(t *testing.T, version func(*hubspot.Config)) {
		b := setup(t, hubspottest.Options{}, version)
		one := b.portal.PutContact(map[string]string{"email": "one@example.org"})
		two := b.portal.PutContact(map[string]string{"email": "two@example.org"})
		for range 2 { // the second time there is nothing left to do
			if err := b.client.BatchArchive(t.Context(), hubspot.Contacts, []string{one.ID, "99999999999"}); err != nil {
				t.Fatal(err)
			}
		}
		if live := b.portal.Contacts(); len(live) != 1 || live[0].ID != two.ID {
			t.Errorf("%+v", live)
		}
		if err := b.client.BatchArchive(t.Context(), hubspot.Contacts, nil); err != nil {
			t.Error(err)
		}
	})
}

func TestArchiveErrors(t *testing.T) {
	t.Parallel()
	cl := answering(t, 207, "application/json", `{"status":"COMPLETE","errors":[
		{"category":"OBJECT_NOT_FOUND","context":{"ids":["1"]}},
		{"category":"VALIDATION_ERROR","context":{"ids":["3"]}},
		{"category":"VALIDATION_ERROR","context":{"ids":["2"]}}]}`)
	err := cl.BatchArchive(t.Context(), hubspot.Contacts, []string{"1", "2", "3"})
	if e := wantError(t, err); !hubspot.IsValidation(e) || !slices.Equal(e.Inputs, []int{1, 2}) {
		t.Errorf("%+v", e)
	}
	cl = answering(t, 200, "text/html", `<html>`)
	err = cl.BatchArchive(t.Context(), hubspot.Contacts, []string{"1"})
	if e := wantError(t, err); e.Code != hubspot.CodeUnreadable || e.Outcome != hubspot.Unknown {
		t.Errorf("%+v", e)
	}
	cl = answering(t, 400, "application/json", `{"category":"VALIDATION_ERROR","message":"Duplicate IDs","context":{"ids":["2"]}}`)
	err = cl.BatchArchive(t.Context(), hubspot.Contacts, []string{"1", "2"})
	if e := wantError(t, err); !slices.Equal(e.Inputs, []int{1}) || e.Outcome != hubspot.Known {
		t.Errorf("%+v", e)
	}
}
