package hubspot_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/memberpulse/hubspotplugin/hubspot"
	"github.com/memberpulse/hubspotplugin/hubspot/hubspottest"
)

func member(id, email string) hubspot.Input {
	return hubspot.Input{ID: id, Properties: map[string]string{"email": email, "firstname": "F-" + id}}
}

func TestBatchUpsertAccountsForEveryInput(t *testing.T) {
	t.Parallel()
	for _, echo := range []bool{false, true} {
		bothVersions(t, func(t *testing.T, version func(*hubspot.Config)) {
			b := setup(t, hubspottest.Options{ResultsEchoTraceID: echo}, version)
			b.defineKey(t)
			known := b.portal.PutContact(map[string]string{"email": "known@example.org", memberID: "M-2"})
			other := b.portal.PutContact(map[string]string{"email": "taken@example.org"})
			inputs := []hubspot.Input{
				member("M-1", "New.Person@Example.org"),
				member("M-2", "known@example.org"),
				member("M-3", "not an address"),
				member("M-4", "taken@example.org"),
			}
			res, err := b.client.BatchUpsert(t.Context(), hubspot.Contacts, memberID, inputs)
			if err != nil || len(res.Results) != len(inputs) {
				t.Fatalf("%d results, error %v", len(res.Results), err)
			}
			created, updated, invalid, conflict := res.Results[0], res.Results[1], res.Results[2], res.Results[3]
			if created.Err != nil || !created.New || created.Record.Properties[memberID] != "M-1" {
				t.Errorf("new member: %+v", created)
			}
			if updated.Err != nil || updated.New || updated.Record.ID != known.ID {
				t.Errorf("known member: %+v", updated)
			}
			if invalid.Record != nil || invalid.Err.Code != "INVALID_EMAIL" || !hubspot.IsValidation(invalid.Err) ||
				invalid.Err.Outcome != hubspot.Known || len(invalid.Err.Properties) != 1 || invalid.Err.Properties[0] != "email" {
				t.Errorf("invalid email: %+v", invalid.Err)
			}
			if conflict.Record != nil || !hubspot.IsConflict(conflict.Err) || conflict.Err.ExistingID != other.ID {
				t.Errorf("taken email: %+v", conflict.Err)
			}
		})
	}
}

func TestEveryWriteInputCarriesItsOwnTraceID(t *testing.T) {
	t.Parallel()
	b := setup(t, hubspottest.Options{})
	b.defineKey(t)
	seen := map[string]bool{}
	for range 2 {
		inputs := []hubspot.Input{member("M-1", "a@example.org"), member("M-2", "b@example.org")}
		if _, err := b.client.BatchUpsert(t.Context(), hubspot.Contacts, memberID, inputs); err != nil {
			t.Fatal(err)
		}
	}
	for _, r := range b.sim.Requests() {
		if !strings.HasSuffix(r.Path, "/batch/upsert") {
			continue
		}
		var body struct {
			Inputs []struct {
				TraceID    string            `json:"objectWriteTraceId"`
				ID         string            `json:"id"`
				IDProperty string            `json:"idProperty"`
				Properties map[string]string `json:"properties"`
			} `json:"inputs"`
		}
		if err := json.Unmarshal(r.Body, &body); err != nil {
			t.Fatal(err)
		}
		for _, in := range body.Inputs {
			if in.TraceID == "" || seen[in.TraceID] {
				t.Errorf("trace id %q empty or used twice", in.TraceID)
			}
			seen[in.TraceID] = true
			if in.IDProperty != memberID || in.Properties[memberID] != in.ID {
				t.Errorf("input not keyed: %+v", in)
			}
		}
	}
	if len(seen) != 4 {
		t.Errorf("%d trace ids, want 4", len(seen))
	}
}

func TestBatchUpdateByRecordID(t *testing.T) {
	t.Parallel()
	for _, echo := range []bool{false, true} {
		bothVersions(t, func(t *testing.T, version func(*hubspot.Config)) {
			b := setup(t, hubspottest.Options{ResultsEchoTraceID: echo}, version)
			one := b.portal.PutContact(map[string]string{"email": "one@example.org"})
			gone := b.portal.PutContact(map[string]string{"email": "gone@example.org"})
			b.portal.ArchiveContact(gone.ID)
			res, err := b.client.BatchUpdate(t.Context(), hubspot.Contacts, []hubspot.Input{
				{ID: gone.ID, Properties: map[string]string{"firstname": "G"}},
				{ID: one.ID, Properties: map[string]string{"firstname": "O"}},
			})
			if err != nil {
				t.Fatal(err)
			}
			if !hubspot.IsNotFound(res.Results[0].Err) || res.Results[0].Record != nil {
				t.Errorf("archived contact: %+v", res.Results[0])
			}
			if res.Results[1].Err != nil || res.Results[1].Record.ID != one.ID {
				t.Errorf("live contact: %+v", res.Results[1])
			}
			if got, _ := b.portal.Contact(one.ID); got.Properties["firstname"] != "O" {
				t.Errorf("portal has %q", got.Properties["firstname"])
			}
			if n := len(b.portal.Contacts()); n != 1 {
				t.Errorf("%d live contacts: an update must not create", n)
			}
		})
	}
}

func TestWholeBatchRefused(t *testing.T) {
	t.Parallel()
	b := setup(t, hubspottest.Options{EmailConflict: hubspottest.EmailConflictBatch})
	b.defineKey(t)
	other := b.portal.PutContact(map[string]string{"email": "taken@example.org"})
	res, err := b.client.BatchUpsert(t.Context(), hubspot.Contacts, memberID, []hubspot.Input{
		member("M-1", "free@example.org"), member("M-2", "taken@example.org"),
	})
	e := wantError(t, err)
	if !hubspot.IsConflict(e) || e.Status != 409 || e.ExistingID != other.ID || e.Outcome != hubspot.Known {
		t.Errorf("error %+v", e)
	}
	if len(res.Results) != 2 || res.Results[0].Err != e || res.Results[1].Err != e {
		t.Errorf("results do not all carry the error: %+v", res.Results)
	}
}

func TestConflictBodies(t *testing.T) {
	t.Parallel()
	for _, body := range []hubspottest.ConflictBody{
		hubspottest.ConflictNamesID, hubspottest.ConflictWithoutID, hubspottest.ConflictIdentityProfile,
	} {
		for _, how := range []hubspottest.EmailConflict{hubspottest.EmailConflictEntry, hubspottest.EmailConflictBatch} {
			t.Run(fmt.Sprint(body, how), func(t *testing.T) {
				t.Parallel()
				b := setup(t, hubspottest.Options{ConflictBody: body, EmailConflict: how})
				b.defineKey(t)
				b.portal.PutContact(map[string]string{"email": "taken@example.org"})
				res, _ := b.client.BatchUpsert(t.Context(), hubspot.Contacts, memberID, []hubspot.Input{
					member("M-1", "taken@example.org"),
				})
				e := res.Results[0].Err
				if !hubspot.IsConflict(e) {
					t.Fatalf("not a conflict: %+v", e)
				}
				if text := fmt.Sprintf("%+v %#v", e, *e); strings.Contains(text, "@") {
					t.Errorf("an address in %s", text)
				}
			})
		}
	}
}

func TestBatchOfOneNeedsNoTraceIDInErrors(t *testing.T) {
	t.Parallel()
	b := setup(t, hubspottest.Options{ErrorsOmitTraceID: true})
	b.defineKey(t)
	res, err := b.client.BatchUpsert(t.Context(), hubspot.Contacts, memberID, []hubspot.Input{member("M-1", "nonsense")})
	if err != nil || res.Results[0].Err.Code != "INVALID_EMAIL" {
		t.Fatalf("%+v, error %v", res, err)
	}
	res, err = b.client.BatchUpsert(t.Context(), hubspot.Contacts, memberID, []hubspot.Input{
		member("M-1", "nonsense"), member("M-2", "fine@example.org"),
	})
	if err != nil || res.Results[1].Err != nil {
		t.Fatalf("%+v, error %v", res, err)
	}
	// Of two it could be either: what HubSpot said comes along, unattributed.
	e := res.Results[0].Err
	if e == nil || e.Code != hubspot.CodeUnmentioned || e.Outcome != hubspot.Unknown || !e.HasCode("INVALID_EMAIL") {
		t.Errorf("unattributed error: %+v", e)
	}
}

func TestSilentNoOpIsNoSuccess(t *testing.T) {
	t.Parallel()
	b := setup(t, hubspottest.Options{})
	b.defineKey(t)
	b.sim.Inject(hubspottest.Fault{PathContains: "/batch/upsert", Times: 1, EmptyOK: true})
	inputs := []hubspot.Input{member("M-1", "a@example.org"), member("M-2", "b@example.org")}
	res, err := b.client.BatchUpsert(t.Context(), hubspot.Contacts, memberID, inputs)
	if err != nil {
		t.Fatal(err)
	}
	for i, r := range res.Results {
		if r.Record != nil || r.Err.Code != hubspot.CodeUnmentioned || !hubspot.OutcomeUnknown(r.Err) {
			t.Errorf("input %d: %+v", i, r)
		}
	}
	b.sim.Inject(hubspottest.Fault{PathContains: "/batch/upsert", Times: 1, Short: true})
	res, err = b.client.BatchUpsert(t.Context(), hubspot.Contacts, memberID, inputs)
	if err != nil {
		t.Fatal(err)
	}
	confirmed := 0
	for _, r := range res.Results {
		if (r.Record == nil) == (r.Err == nil) {
			t.Fatalf("neither or both of record and error: %+v", r)
		}
		if r.Err == nil {
			confirmed++
		}
	}
	if confirmed != 1 || len(b.portal.Contacts()) != 1 {
		t.Errorf("%d confirmed, %d in the portal, want 1 and 1", confirmed, len(b.portal.Contacts()))
	}
}

func TestLostReplyIsRepeatedAndNothingDuplicated(t *testing.T) {
	t.Parallel()
	b := setup(t, hubspottest.Options{})
	b.defineKey(t)
	b.sim.Inject(hubspottest.Fault{PathContains: "/batch/upsert", Times: 1, LoseReply: true})
	res, err := b.client.BatchUpsert(t.Context(), hubspot.Contacts, memberID, []hubspot.Input{member("M-1", "a@example.org")})
	if err != nil || res.Results[0].Err != nil {
		t.Fatalf("%+v, error %v", res, err)
	}
	if n := b.calls("/batch/upsert"); n != 2 || len(b.portal.Contacts()) != 1 {
		t.Errorf("%d calls, %d contacts, want 2 and 1", n, len(b.portal.Contacts()))
	}
}

func TestRefusedBeforeTheNetwork(t *testing.T) {
	t.Parallel()
	b := setup(t, hubspottest.Options{})
	many := make([]hubspot.Input, hubspot.MaxInputs+1)
	ids := make([]string, len(many))
	for i := range many {
		ids[i] = fmt.Sprint(i + 1)
		many[i] = hubspot.Input{ID: ids[i]}
	}
	twice := []hubspot.Input{{ID: "Ann@example.org"}, {ID: "x"}, {ID: " ann@EXAMPLE.org "}}
	ctx, c := t.Context(), b.client
	for name, call := range map[string]struct {
		run  func() error
		want error
	}{
		"update 101":   {func() error { _, err := c.BatchUpdate(ctx, hubspot.Contacts, many); return err }, hubspot.ErrTooManyInputs},
		"upsert 101":   {func() error { _, err := c.BatchUpsert(ctx, hubspot.Contacts, memberID, many); return err }, hubspot.ErrTooManyInputs},
		"archive 101":  {func() error { return c.BatchArchive(ctx, hubspot.Contacts, ids) }, hubspot.ErrTooManyInputs},
		"read 101":     {func() error { _, err := c.BatchRead(ctx, hubspot.Contacts, hubspot.BatchRead{IDs: ids}); return err }, hubspot.ErrTooManyInputs},
		"upsert twice": {func() error { _, err := c.BatchUpsert(ctx, hubspot.Contacts, "email", twice); return err }, hubspot.ErrDuplicateInput},
		"read twice": {func() error {
			_, err := c.BatchRead(ctx, hubspot.Contacts, hubspot.BatchRead{IDs: []string{"1", "1"}})
			return err
		}, hubspot.ErrDuplicateInput},
		"archive twice":    {func() error { return c.BatchArchive(ctx, hubspot.Contacts, []string{"1", "1"}) }, hubspot.ErrDuplicateInput},
		"no id":            {func() error { _, err := c.BatchUpdate(ctx, hubspot.Contacts, []hubspot.Input{{ID: " "}}); return err }, hubspot.ErrInvalidInput},
		"no key property":  {func() error { _, err := c.BatchUpsert(ctx, hubspot.Contacts, "", many[:1]); return err }, hubspot.ErrInvalidInput},
		"record id as key": {func() error { _, err := c.BatchUpsert(ctx, hubspot.Contacts, "hs_object_id", many[:1]); return err }, hubspot.ErrInvalidInput},
		"object type":      {func() error { _, err := c.BatchUpdate(ctx, "contacts/../deals", many[:1]); return err }, hubspot.ErrInvalidInput},
	} {
		err := call.run()
		if !errors.Is(err, call.want) {
			t.Errorf("%s: %v, want %v", name, err, call.want)
		}
		if err != nil && strings.Contains(err.Error(), "@") {
			t.Errorf("%s: an address in %v", name, err)
		}
	}
	if n := len(b.sim.Requests()); n != 0 {
		t.Errorf("%d requests were sent", n)
	}
	if res, err := c.BatchUpdate(ctx, hubspot.Contacts, nil); err != nil || len(res.Results) != 0 {
		t.Errorf("nothing to do: %+v, %v", res, err)
	}
}

func TestInputPropertiesAreNotChanged(t *testing.T) {
	t.Parallel()
	b := setup(t, hubspottest.Options{})
	b.defineKey(t)
	in := member("M-1", "a@example.org")
	if _, err := b.client.BatchUpsert(t.Context(), hubspot.Contacts, memberID, []hubspot.Input{in}); err != nil {
		t.Fatal(err)
	}
	if _, has := in.Properties[memberID]; has {
		t.Error("the caller's map was written to")
	}
}

// An update by an id that was merged away lands on the survivor. With the trace
// id in the reply we know; without, the input is open and the caller reads.
func TestUpdateByAMergedID(t *testing.T) {
	t.Parallel()
	for _, echo := range []bool{false, true} {
		b := setup(t, hubspottest.Options{ResultsEchoTraceID: echo})
		one := b.portal.PutContact(map[string]string{"email": "one@example.org"})
		two := b.portal.PutContact(map[string]string{"email": "two@example.org"})
		survivor := b.portal.MergeContacts(one.ID, two.ID)
		res, err := b.client.BatchUpdate(t.Context(), hubspot.Contacts, []hubspot.Input{
			{ID: two.ID, Properties: map[string]string{"firstname": "T"}},
		})
		if err != nil {
			t.Fatal(err)
		}
		r := res.Results[0]
		if echo && (r.Err != nil || r.Record.ID != survivor) {
			t.Errorf("with trace id: %+v", r)
		}
		if !echo && r.Err == nil && r.Record.ID != survivor {
			t.Errorf("without: %+v", r)
		}
		if !echo && r.Err != nil && (r.Err.Code != hubspot.CodeUnmentioned || r.Err.Outcome != hubspot.Unknown) {
			t.Errorf("without: %+v", r.Err)
		}
	}
}
