package hubspot_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/memberpulse/hubspotplugin/hubspot"
	"github.com/memberpulse/hubspotplugin/hubspot/hubspottest"
)

func TestBatchReadHistory(t *testing.T) {
	t.Parallel()
	bothVersions(t, func(t *testing.T, version func(*hubspot.Config)) {
		b := setup(t, hubspottest.Options{}, version)
		ann := b.portal.PutContact(map[string]string{"email": "ann@example.org", "city": "Bern"}).ID
		bob := b.portal.PutContact(map[string]string{"email": "bob@example.org"}).ID
		if _, err := b.client.BatchUpdate(t.Context(), hubspot.Contacts, []hubspot.Input{{ID: ann, Properties: map[string]string{"city": "Basel"}}}); err != nil {
			t.Fatal(err)
		}
		b.portal.EditContact(ann, map[string]string{"city": ""})
		res, err := b.client.BatchReadHistory(t.Context(), hubspot.Contacts, hubspot.BatchRead{IDs: []string{bob, ann, "77"}, Properties: []string{"city"}}, []string{"city", "zip"})
		if err != nil || len(res.Missing) != 1 {
			t.Fatalf("%+v, error %v", res, err)
		}
		rec, _ := res.Find(ann)
		got := rec.History["city"]
		if len(got) != 3 || got[0].Value != "" || got[0].Source != "CRM_UI" || got[1].Value != "Basel" || got[1].Source != "INTEGRATION" || got[2].Value != "Bern" || got[2].At.IsZero() {
			t.Errorf("%+v", got)
		}
		if other, _ := res.Find(bob); len(other.History["city"]) != 0 {
			t.Errorf("%+v", other.History)
		}
		plain, err := b.client.BatchRead(t.Context(), hubspot.Contacts, hubspot.BatchRead{IDs: []string{ann}})
		if rec, _ := plain.Find(ann); err != nil || rec.History != nil {
			t.Errorf("%+v, error %v", rec.History, err)
		}
	})
}

func TestHistoryOfTooMany(t *testing.T) {
	t.Parallel()
	b := setup(t, hubspottest.Options{})
	ids := make([]string, hubspot.MaxHistoryInputs+1)
	for i := range ids {
		ids[i] = fmt.Sprint(i + 1)
	}
	if _, err := b.client.BatchReadHistory(t.Context(), hubspot.Contacts, hubspot.BatchRead{IDs: ids}, []string{"city"}); !errors.Is(err, hubspot.ErrTooManyInputs) {
		t.Error(err)
	}
	if _, err := b.client.BatchReadHistory(t.Context(), hubspot.Contacts, hubspot.BatchRead{IDs: ids[1:]}, []string{"city"}); err != nil {
		t.Error(err)
	}
}

// What a reply says of the source is a word or nothing.
func TestHistoryReadsStrangeReplies(t *testing.T) {
	t.Parallel()
	cl := answering(t, 200, "application/json", `{"status":"COMPLETE","results":[{"id":"1","propertiesWithHistory":{"city":[{"value":5,"sourceType":"by ann@example.org"},7],"zip":{}}}]}`)
	res, err := cl.BatchReadHistory(t.Context(), hubspot.Contacts, hubspot.BatchRead{IDs: []string{"1"}}, []string{"city"})
	rec, _ := res.Find("1")
	if h := rec.History["city"]; err != nil || len(h) != 1 || h[0].Value != "5" || h[0].Source != "" || len(rec.History["zip"]) != 0 {
		t.Errorf("%+v, error %v", rec.History, err)
	}
}
