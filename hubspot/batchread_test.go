package hubspot_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/memberpulse/hubspotplugin/hubspot"
	"github.com/memberpulse/hubspotplugin/hubspot/hubspottest"
)

func TestBatchReadAnswersEveryID(t *testing.T) {
	t.Parallel()
	bothVersions(t, func(t *testing.T, version func(*hubspot.Config)) {
		b := setup(t, hubspottest.Options{}, version)
		b.defineKey(t)
		ann := b.portal.PutContact(map[string]string{"email": "ann@example.org", "firstname": "Ann", memberID: "M-1",
			"hs_additional_emails": "ann@work.example;ann@old.example"})
		bob := b.portal.PutContact(map[string]string{"email": "bob@example.org", memberID: "M-2"})
		ctx := t.Context()

		byID, err := b.client.BatchRead(ctx, hubspot.Contacts, hubspot.BatchRead{
			IDs: []string{bob.ID, "99999999999", ann.ID}, Properties: []string{"firstname", "lastname"}})
		if err != nil {
			t.Fatal(err)
		}
		got, ok := byID.Find(ann.ID)
		if _, has := got.Properties["lastname"]; !ok || got.ID != ann.ID || got.Properties["firstname"] != "Ann" || has {
			t.Errorf("by id: %+v", got)
		}
		if got.CreatedAt.IsZero() || got.UpdatedAt.IsZero() || got.Archived {
			t.Errorf("times: %+v", got)
		}
		if !slices.Equal(byID.Missing, []string{"99999999999"}) || byID.Unmentioned != nil || len(byID.Records) != 2 {
			t.Errorf("by id: %+v", byID)
		}
		if _, ok := byID.Find("99999999999"); ok {
			t.Error("found what is missing")
		}

		byKey, err := b.client.BatchRead(ctx, hubspot.Contacts, hubspot.BatchRead{IDProperty: memberID, IDs: []string{"M-2", "M-9"}})
		if err != nil {
			t.Fatal(err)
		}
		if got, ok := byKey.Find("M-2"); !ok || got.ID != bob.ID || !slices.Equal(byKey.Missing, []string{"M-9"}) {
			t.Errorf("by key: %+v", byKey)
		}

		// One person by three addresses is one record, and all three are answered.
		byEmail, err := b.client.BatchRead(ctx, hubspot.Contacts, hubspot.BatchRead{IDProperty: "email",
			IDs: []string{"Ann@Work.example", "ann@example.org", " BOB@example.org", "nobody@example.org"}})
		if err != nil {
			t.Fatal(err)
		}
		for asked, want := range map[string]string{"Ann@Work.example": ann.ID, "ann@example.org": ann.ID, " BOB@example.org": bob.ID} {
			if got, ok := byEmail.Find(asked); !ok || got.ID != want {
				t.Errorf("%s: %+v", asked, got)
			}
		}
		if len(byEmail.Records) != 2 || !slices.Equal(byEmail.Missing, []string{"nobody@example.org"}) {
			t.Errorf("by email: %+v", byEmail)
		}
	})
}

func TestMergedRecordIsFoundByItsOldID(t *testing.T) {
	t.Parallel()
	for _, keep := range []bool{false, true} {
		b := setup(t, hubspottest.Options{MergeKeepsPrimaryID: keep})
		one := b.portal.PutContact(map[string]string{"email": "one@example.org"})
		two := b.portal.PutContact(map[string]string{"email": "two@example.org"})
		survivor := b.portal.MergeContacts(one.ID, two.ID)
		res, err := b.client.BatchRead(t.Context(), hubspot.Contacts, hubspot.BatchRead{IDs: []string{one.ID, two.ID}})
		if err != nil {
			t.Fatal(err)
		}
		for _, old := range []string{one.ID, two.ID} {
			if got, ok := res.Find(old); !ok || got.ID != survivor {
				t.Errorf("keep %v: %s leads to %+v, want %s", keep, old, got, survivor)
			}
		}
		if len(res.Records) != 1 || res.Missing != nil || res.Unmentioned != nil {
			t.Errorf("keep %v: %+v", keep, res)
		}
	}
}

func TestReadOfNothing(t *testing.T) {
	t.Parallel()
	b := setup(t, hubspottest.Options{})
	res, err := b.client.BatchRead(t.Context(), hubspot.Contacts, hubspot.BatchRead{})
	if err != nil || res.Records != nil || len(b.sim.Requests()) != 0 {
		t.Errorf("%+v, error %v", res, err)
	}
}

func TestUnmentionedIsNotMissing(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		body                         string
		found, missing, open, failed int
	}{
		"nothing said":        {`{"status":"COMPLETE","results":[]}`, 0, 0, 2, 0},
		"one forgotten":       {`{"status":"COMPLETE","results":[{"id":"1"}]}`, 1, 0, 1, 0},
		"strangers":           {`{"status":"COMPLETE","results":[{"id":"7"},{"id":"8"}]}`, 0, 0, 2, 0},
		"one named":           {`{"status":"COMPLETE","results":[{"id":"1"}],"errors":[{"category":"OBJECT_NOT_FOUND","context":{"ids":["2"]}}]}`, 1, 1, 0, 0},
		"both in one entry":   {`{"status":"COMPLETE","numErrors":1,"results":[],"errors":[{"category":"OBJECT_NOT_FOUND","context":{"ids":["2","1"]}}]}`, 0, 2, 0, 0},
		"nobody named":        {`{"status":"COMPLETE","results":[],"errors":[{"category":"OBJECT_NOT_FOUND"}]}`, 0, 0, 2, 0},
		"another error":       {`{"status":"COMPLETE","results":[],"errors":[{"category":"VALIDATION_ERROR","context":{"ids":["2"]}}]}`, 0, 0, 1, 1},
		"not complete":        {`{"status":"PROCESSING","results":[{"id":"1"}],"errors":[{"category":"OBJECT_NOT_FOUND","context":{"ids":["2"]}}]}`, 1, 0, 1, 0},
		"found and not found": {`{"status":"COMPLETE","results":[{"id":"1"}],"errors":[{"category":"OBJECT_NOT_FOUND","context":{"ids":["1"]}}]}`, 1, 0, 1, 0},
		"found and failed":    {`{"status":"COMPLETE","results":[{"id":"1"}],"errors":[{"category":"VALIDATION_ERROR","context":{"ids":["1"]}}]}`, 1, 0, 1, 0},
	} {
		for _, status := range []int{200, 207} {
			t.Run(fmt.Sprint(name, status), func(t *testing.T) {
				t.Parallel()
				cl := answering(t, status, "application/json", c.body)
				res, err := cl.BatchRead(t.Context(), hubspot.Contacts, hubspot.BatchRead{IDs: []string{"1", "2"}})
				if err != nil {
					t.Fatal(err)
				}
				if len(res.Records) != c.found || len(res.Missing) != c.missing || len(res.Unmentioned) != c.open || len(res.Failed) != c.failed {
					t.Errorf("%+v", res)
				}
			})
		}
	}
}

func TestMissingScopeOfARead(t *testing.T) {
	t.Parallel()
	b := setup(t, hubspottest.Options{})
	b.portal.AddToken("narrow", "crm.schemas.contacts.read")
	narrow := against(t, b.sim.ServeHTTP, func(c *hubspot.Config) { c.Token = func() string { return "narrow" } })
	_, err := narrow.BatchRead(t.Context(), hubspot.Contacts, hubspot.BatchRead{IDs: []string{"1"}})
	e := wantError(t, err)
	if !hubspot.IsMissingScopes(e) || !slices.Contains(e.Scopes, "crm.objects.contacts.read") {
		t.Errorf("%+v", e)
	}
}
