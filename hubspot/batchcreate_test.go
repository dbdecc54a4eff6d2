package hubspot_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/memberpulse/hubspotplugin/hubspot"
	"github.com/memberpulse/hubspotplugin/hubspot/hubspottest"
)

func noteFor(body string, links ...hubspot.InlineAssociation) hubspot.CreateInput {
	return hubspot.CreateInput{
		Properties:   map[string]string{"hs_timestamp": "2026-11-01T10:00:00Z", "hs_note_body": body},
		Associations: links,
	}
}

func linkTo(id string, typeID int) hubspot.InlineAssociation {
	return hubspot.InlineAssociation{ToID: id, Types: []hubspot.AssociationType{hubspot.Defined(typeID)}}
}

func TestBatchCreateNotes(t *testing.T) {
	t.Parallel()
	for _, opts := range []hubspottest.Options{{}, {ResultsEchoTraceID: true}} {
		bothVersions(t, func(t *testing.T, version func(*hubspot.Config)) {
			b := setup(t, opts, version)
			ann, acme, _ := b.kinship()
			res, err := b.client.BatchCreate(t.Context(), hubspot.Notes, []hubspot.CreateInput{
				noteFor("one", linkTo(ann, hubspot.TypeNoteToContact), linkTo(acme, hubspot.TypeNoteToCompany)),
				noteFor("two", linkTo("77", hubspot.TypeNoteToContact)),
				{Properties: map[string]string{"hs_note_body": "three"}},
				noteFor("four"),
			})
			if err != nil {
				t.Fatal(err)
			}
			for i, want := range []string{"one", "", "", "four"} {
				r := res.Results[i]
				if want != "" && (r.Err != nil || !r.New || r.Record.Properties["hs_note_body"] != want) {
					t.Errorf("note %d: %+v", i, r)
				}
			}
			if e := res.Results[1].Err; e == nil || e.Code != hubspot.CodeInvalidObjects || e.Outcome != hubspot.Known {
				t.Errorf("no such contact: %+v", e)
			}
			if e := res.Results[2].Err; !hubspot.IsValidation(e) || len(e.Properties) != 1 || e.Properties[0] != "hs_timestamp" {
				t.Errorf("no timestamp: %+v", e)
			}
			if links := b.portal.Associations("notes", "contacts"); len(links) != 1 || links[0].FromID != res.Results[0].Record.ID || links[0].ToID != ann {
				t.Errorf("%+v", links)
			}
			if links := b.portal.Associations("notes", "companies"); len(links) != 1 || b.portal.Count("notes") != 2 {
				t.Errorf("%+v, %d notes", links, b.portal.Count("notes"))
			}
		})
	}
}

// A create without a key is sent once, whatever becomes of it.
func TestCreateIsNeverRepeated(t *testing.T) {
	t.Parallel()
	for name, f := range map[string]hubspottest.Fault{
		"lost reply":      {LoseReply: true},
		"gateway timeout": {Commit: true, Status: 504},
		"fault":           {Status: 500},
		"limit":           {Status: 429},
		"locked":          {Status: 423},
	} {
		b := setup(t, hubspottest.Options{})
		f.PathContains = "/batch/create"
		b.sim.Inject(f)
		res, err := b.client.BatchCreate(t.Context(), hubspot.Notes, []hubspot.CreateInput{noteFor("one"), noteFor("two")})
		e := wantError(t, err)
		if n := b.calls("/batch/create"); n != 1 || len(res.Results) != 2 || res.Results[1].Err != e {
			t.Errorf("%s: %d calls, %+v", name, n, res)
		}
		if unknown := name != "limit" && name != "locked"; unknown != hubspot.OutcomeUnknown(e) {
			t.Errorf("%s: outcome %s", name, e.Outcome)
		}
	}
}

func TestWhoseNewRecordIsIt(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		inputs []hubspot.CreateInput
		body   string
		want   []string // ids, empty for an input that is not confirmed
	}{
		"by content":           {[]hubspot.CreateInput{noteFor("a"), noteFor("b")}, `{"id":"1","properties":{"hs_note_body":"b"}},{"id":"2","properties":{"hs_note_body":"a"}}`, []string{"2", "1"}},
		"the same content":     {[]hubspot.CreateInput{noteFor("a"), noteFor("a")}, `{"id":"1","properties":{"hs_note_body":"a"}},{"id":"2","properties":{"hs_note_body":"a"}}`, []string{"", ""}},
		"content was changed":  {[]hubspot.CreateInput{noteFor("a"), noteFor("b")}, `{"id":"1","properties":{"hs_note_body":"<p>a</p>"}},{"id":"2","properties":{"hs_note_body":"b"}}`, []string{"", "2"}},
		"two for one":          {[]hubspot.CreateInput{noteFor("a"), noteFor("b")}, `{"id":"1","properties":{"hs_note_body":"a"}},{"id":"2","properties":{"hs_note_body":"a"}}`, []string{"", ""}},
		"alone":                {[]hubspot.CreateInput{noteFor("a")}, `{"id":"1","properties":{"hs_note_body":"<p>a</p>"}}`, []string{"1"}},
		"two for the only one": {[]hubspot.CreateInput{noteFor("a")}, `{"id":"1","properties":{}},{"id":"2","properties":{}}`, []string{""}},
		"most values decide": {[]hubspot.CreateInput{
			{Properties: map[string]string{"name": "A", "lifecyclestage": "lead"}}, {Properties: map[string]string{"name": "B", "domain": "b.example"}},
		}, `{"id":"2","properties":{"name":"B","domain":"b.example","lifecyclestage":"lead"}},{"id":"1","properties":{"name":"A","lifecyclestage":"lead"}}`, []string{"1", "2"}},
		"a draw": {[]hubspot.CreateInput{
			{Properties: map[string]string{"name": "A"}}, {Properties: map[string]string{"domain": "b.example"}},
		}, `{"id":"2","properties":{"name":"A","domain":"b.example"}}`, []string{"", ""}},
		"nobody": {[]hubspot.CreateInput{noteFor("a"), noteFor("b")}, ``, []string{"", ""}},
	} {
		cl := answering(t, 201, "application/json", `{"status":"COMPLETE","results":[`+c.body+`]}`)
		res, err := cl.BatchCreate(t.Context(), hubspot.Notes, c.inputs)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		for i, want := range c.want {
			r := res.Results[i]
			switch {
			case want == "" && (r.Record != nil || !hubspot.OutcomeUnknown(r.Err)), want != "" && (r.Err != nil || r.Record.ID != want):
				t.Errorf("%s: input %d: %+v, error %+v, want %q", name, i, r.Record, r.Err, want)
			}
		}
	}
	cl := answering(t, 207, "application/json", `{"status":"COMPLETE","results":[],"errors":[{"category":"VALIDATION_ERROR","context":{"ids":["5"]}}]}`)
	if res, _ := cl.BatchCreate(t.Context(), hubspot.Notes, []hubspot.CreateInput{noteFor("a")}); !hubspot.IsValidation(res.Results[0].Err) {
		t.Errorf("a refusal in a batch of one: %+v", res.Results[0].Err)
	}
}

func TestCreatesRefusedBeforeTheNetwork(t *testing.T) {
	t.Parallel()
	b := setup(t, hubspottest.Options{})
	for want, inputs := range map[error][]hubspot.CreateInput{
		hubspot.ErrTooManyInputs: make([]hubspot.CreateInput, hubspot.MaxInputs+1),
		hubspot.ErrInvalidInput:  {noteFor("a"), noteFor("secret", hubspot.InlineAssociation{ToID: "1"})},
	} {
		if _, err := b.client.BatchCreate(t.Context(), hubspot.Notes, inputs); !errors.Is(err, want) || strings.Contains(err.Error(), "secret") {
			t.Errorf("%v, want %v", err, want)
		}
	}
	if _, err := b.client.BatchCreate(t.Context(), "a/b", []hubspot.CreateInput{noteFor("a")}); !errors.Is(err, hubspot.ErrInvalidInput) {
		t.Error(err)
	}
	if res, err := b.client.BatchCreate(t.Context(), hubspot.Notes, nil); err != nil || res.Results != nil || len(b.sim.Requests()) != 0 {
		t.Errorf("%+v, error %v", res, err)
	}
}
