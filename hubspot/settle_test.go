package hubspot_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/memberpulse/hubspotplugin/hubspot"
)

// replying answers a batch with a template in which {0}, {1}, {2} stand for the
// inputs' trace ids.
func replying(t *testing.T, status int, template string) *hubspot.Client {
	t.Helper()
	return against(t, func(w http.ResponseWriter, r *http.Request) {
		var body struct {
			Inputs []struct {
				TraceID string `json:"objectWriteTraceId"`
			} `json:"inputs"`
		}
		if err := json.NewDecoder(r.Body).Decode(&body); err != nil {
			t.Error(err)
		}
		out := template
		for i, in := range body.Inputs {
			out = strings.ReplaceAll(out, fmt.Sprintf("{%d}", i), in.TraceID)
		}
		w.WriteHeader(status)
		_, _ = w.Write([]byte(out))
	})
}

// verdict puts an input's result into one word: the record's id, or the code or
// category of its error, with a question mark if its outcome is unknown.
func verdict(r hubspot.InputResult) string {
	if (r.Record == nil) == (r.Err == nil) {
		return "BROKEN"
	}
	if r.Record != nil {
		return r.Record.ID
	}
	word := r.Err.Code
	if word == "" {
		word = r.Err.Category
	}
	if r.Err.Outcome == hubspot.Unknown {
		word += "?"
	}
	return word
}

func verdicts(res hubspot.WriteResult) []string {
	var out []string
	for _, r := range res.Results {
		out = append(out, verdict(r))
	}
	return out
}

func TestUpdateRepliesAreAccountedFor(t *testing.T) {
	t.Parallel()
	const open = "UNMENTIONED?"
	for name, c := range map[string]struct{ body, want string }{
		"by id, in another order": {`{"status":"COMPLETE","results":[{"id":"13"},{"id":"11"},{"id":"12"}]}`, "11 12 13"},
		"ids as numbers":          {`{"status":"COMPLETE","results":[{"id":13},{"id":11},{"id":12}]}`, "11 12 13"},
		"by trace id, after merges": {
			`{"status":"COMPLETE","results":[{"id":"99","objectWriteTraceId":"{1}"},{"id":"11","objectWriteTraceId":"{0}"},{"id":"13"}]}`, "11 99 13"},
		"by merged id":           {`{"status":"COMPLETE","results":[{"id":"99","properties":{"hs_merged_object_ids":"5;12"}},{"id":"11"},{"id":"13"}]}`, "11 99 13"},
		"one forgotten":          {`{"status":"COMPLETE","results":[{"id":"13"},{"id":"11"}]}`, "11 " + open + " 13"},
		"never by position":      {`{"status":"COMPLETE","results":[{"id":"1"},{"id":"2"},{"id":"3"}]}`, open + " " + open + " " + open},
		"empty":                  {`{"status":"COMPLETE","results":[]}`, open + " " + open + " " + open},
		"a record without id":    {`{"status":"COMPLETE","results":[{"properties":{}},{"id":"12"},{"id":"../13"}]}`, open + " 12 " + open},
		"a result of bad type":   {`{"status":"COMPLETE","results":["x",17,{"id":"12"},null]}`, open + " 12 " + open},
		"errors by trace id":     {`{"status":"COMPLETE","results":[{"id":"11"}],"errors":[{"category":"CONFLICT","context":{"objectWriteTraceId":["{2}"]}},{"category":"VALIDATION_ERROR","context":{"objectWriteTraceId":["{1}"]}}]}`, "11 VALIDATION_ERROR CONFLICT"},
		"one error for several":  {`{"status":"COMPLETE","numErrors":1,"results":[{"id":"11"}],"errors":[{"category":"OBJECT_NOT_FOUND","context":{"ids":["13","12"]}}]}`, "11 OBJECT_NOT_FOUND OBJECT_NOT_FOUND"},
		"ids that are a string":  {`{"status":"COMPLETE","results":[{"id":"11"},{"id":"12"}],"errors":[{"category":"OBJECT_NOT_FOUND","context":{"ids":"13"}}]}`, "11 12 OBJECT_NOT_FOUND"},
		"an error of nobody":     {`{"status":"COMPLETE","results":[{"id":"11"},{"id":"12"}],"errors":[{"category":"CONFLICT"}]}`, "11 12 " + open},
		"an error of a stranger": {`{"status":"COMPLETE","results":[{"id":"11"},{"id":"12"}],"errors":[{"category":"CONFLICT","context":{"objectWriteTraceId":["x"],"ids":["77"]}}]}`, "11 12 " + open},
		"done and refused":       {`{"status":"COMPLETE","results":[{"id":"11"},{"id":"12"},{"id":"13"}],"errors":[{"category":"CONFLICT","context":{"ids":["12"]}}]}`, "11 CONFLICT? 13"},
		"still processing":       {`{"status":"PROCESSING","results":[{"id":"11"},{"id":"12"}],"errors":[{"category":"CONFLICT","context":{"ids":["13"]}}]}`, "NOT_CONFIRMED? NOT_CONFIRMED? CONFLICT"},
		"pending":                {`{"status":"PENDING","results":[]}`, open + " " + open + " " + open},
		"canceled":               {`{"status":"CANCELED","results":[{"id":"11"},{"id":"12"},{"id":"13"}]}`, "NOT_CONFIRMED? NOT_CONFIRMED? NOT_CONFIRMED?"},
		"no status":              {`{"results":[{"id":"11"},{"id":"12"},{"id":"13"}]}`, "NOT_CONFIRMED? NOT_CONFIRMED? NOT_CONFIRMED?"},
		"two records for one":    {`{"status":"COMPLETE","results":[{"id":"50","objectWriteTraceId":"{0}"},{"id":"51","objectWriteTraceId":"{0}"},{"id":"12"},{"id":"13"}]}`, "NOT_CONFIRMED? 12 13"},
		"the same record twice":  {`{"status":"COMPLETE","results":[{"id":"11"},{"id":"11"},{"id":"12"},{"id":"13"}]}`, "11 12 13"},
	} {
		for _, status := range []int{200, 201, 207} {
			t.Run(fmt.Sprint(name, status), func(t *testing.T) {
				t.Parallel()
				cl := replying(t, status, c.body)
				res, err := cl.BatchUpdate(t.Context(), hubspot.Contacts, []hubspot.Input{{ID: "11"}, {ID: "12"}, {ID: "13"}})
				if got := strings.Join(verdicts(res), " "); err != nil || got != c.want {
					t.Errorf("%s, want %s; error %v", got, c.want, err)
				}
			})
		}
	}
}

func TestUpsertRepliesAreAccountedFor(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ body, want string }{
		"by key, folded":       {`{"status":"COMPLETE","results":[{"id":"2","properties":{"k":" b "}},{"id":"1","new":true,"properties":{"k":"a"}}]}`, "1 2"},
		"by trace id alone":    {`{"status":"COMPLETE","results":[{"id":"2","objectWriteTraceId":"{1}"},{"id":"1","objectWriteTraceId":"{0}"}]}`, "1 2"},
		"no key, no trace id":  {`{"status":"COMPLETE","results":[{"id":"2"},{"id":"1"}]}`, "UNMENTIONED? UNMENTIONED?"},
		"record id is no key":  {`{"status":"COMPLETE","results":[{"id":"1","properties":{"k":"zz"}},{"id":"2","properties":{"k":"b"}}]}`, "UNMENTIONED? 2"},
		"key against trace id": {`{"status":"COMPLETE","results":[{"id":"1","objectWriteTraceId":"{0}","properties":{"k":"b"}},{"id":"2","objectWriteTraceId":"{1}","properties":{"k":"b"}}]}`, "NOT_CONFIRMED? 2"},
		"error by folded key":  {`{"status":"COMPLETE","results":[{"id":"1","properties":{"k":"A"}}],"errors":[{"category":"CONFLICT","context":{"ids":["b"]}}]}`, "1 CONFLICT"},
		"key is null":          {`{"status":"COMPLETE","results":[{"id":"1","properties":{"k":null}},{"id":"2","properties":{"k":"b"}}]}`, "UNMENTIONED? 2"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cl := replying(t, 207, c.body)
			res, err := cl.BatchUpsert(t.Context(), hubspot.Contacts, "k", []hubspot.Input{{ID: "A"}, {ID: "B "}})
			if got := strings.Join(verdicts(res), " "); err != nil || got != c.want {
				t.Errorf("%s, want %s; error %v", got, c.want, err)
			}
		})
	}
}

func TestWarningsAndNew(t *testing.T) {
	t.Parallel()
	cl := replying(t, 200, `{"status":"COMPLETE","results":[{"id":"1","new":true,"properties":{"k":"a"},"warnings":[
		{"category":"PROPERTY_VALUE_NORMALIZED","message":"31/12/2026 became 2026-12-31","context":{"propertyName":["expiry"],"rawValue":["31/12/2026"]}}]}]}`)
	res, err := cl.BatchUpsert(t.Context(), hubspot.Contacts, "k", []hubspot.Input{{ID: "a"}})
	if err != nil {
		t.Fatal(err)
	}
	r := res.Results[0]
	if !r.New || len(r.Warnings) != 1 || r.Warnings[0].Category != "PROPERTY_VALUE_NORMALIZED" ||
		!slices.Equal(r.Warnings[0].Properties, []string{"expiry"}) || strings.Contains(fmt.Sprint(r.Warnings), "2026") {
		t.Errorf("%+v", r)
	}
}

func TestWholeRefusalNamesInputs(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		body string
		want []int
	}{
		"ids":       {`{"category":"VALIDATION_ERROR","message":"Duplicate IDs found in batch input: [b].","context":{"ids":["b"]}}`, []int{1}},
		"trace ids": {`{"category":"VALIDATION_ERROR","errors":[{"code":"X","context":{"objectWriteTraceId":["{2}","{0}"]}}]}`, []int{0, 2}},
		"nobody":    {`{"category":"VALIDATION_ERROR"}`, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cl := replying(t, 400, c.body)
			res, err := cl.BatchUpsert(t.Context(), hubspot.Contacts, "k", []hubspot.Input{{ID: "A"}, {ID: "B"}, {ID: "C"}})
			e := wantError(t, err)
			if !slices.Equal(e.Inputs, c.want) || len(res.Results) != 3 {
				t.Errorf("inputs %v, want %v", e.Inputs, c.want)
			}
		})
	}
}
