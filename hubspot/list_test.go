package hubspot_test

import (
	"net/http"
	"testing"

	"github.com/memberpulse/hubspotplugin/hubspot"
	"github.com/memberpulse/hubspotplugin/hubspot/hubspottest"
)

func manualList(name string) hubspot.NewList {
	return hubspot.NewList{Name: name, ObjectType: hubspot.Contacts, Type: hubspot.ManualList}
}

func TestListLimitIsRecognised(t *testing.T) {
	t.Parallel()
	for _, forbidden := range []bool{false, true} {
		srv := hubspottest.NewServer(t, hubspottest.Options{ListLimitForbidden: forbidden}, hubspottest.Portal{ID: 1, Token: testToken, MaxLists: 1})
		c := against(t, srv.ServeHTTP)
		first, err := c.CreateList(t.Context(), manualList("One"))
		if err != nil {
			t.Fatal(err)
		}
		_, err = c.CreateList(t.Context(), manualList("Two"))
		if e := wantError(t, err); !hubspot.IsListLimit(err) || hubspot.IsConflict(err) || hubspot.IsTransient(err) || e.Outcome != hubspot.Known ||
			e.Message != "the portal's plan allows no more lists" {
			t.Errorf("%+v", e)
		}
		srv.Portal(1).DeleteList(first.ID)
		if _, err = c.CreateList(t.Context(), manualList("Two")); err != nil {
			t.Fatal(err)
		}
		if err = c.RestoreList(t.Context(), first.ID); !hubspot.IsListLimit(err) {
			t.Errorf("restore: %v", err)
		}
	}
}

func TestListLimitIsNotGuessed(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]bool{
		`{"category":"VALIDATION_ERROR","subCategory":"ILS.LIST_LIMIT_EXCEEDED"}`:    true,
		`{"category":"LIMIT_EXCEEDED"}`:                                              true,
		`{"category":"VALIDATION_ERROR","errors":[{"code":"PORTAL_LIMIT_REACHED"}]}`: true,
		`{"category":"VALIDATION_ERROR","subCategory":"ILS.DUPLICATE_LIST_NAMES"}`:   false,
		`{"category":"RATE_LIMITS"}`:                                                 false,
		`{"category":"VALIDATION_ERROR","message":"a limit"}`:                        false,
	} {
		c := answering(t, http.StatusBadRequest, "application/json", body)
		if _, err := c.CreateList(t.Context(), manualList("One")); hubspot.IsListLimit(err) != want || err == nil {
			t.Errorf("%s: %v", body, err)
		}
		if _, err := c.List(t.Context(), "1"); hubspot.IsListLimit(err) {
			t.Errorf("a read cannot meet it: %v", err)
		}
	}
}
