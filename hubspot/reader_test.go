package hubspot_test

import (
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/memberpulse/hubspotplugin/hubspot"
)

// Replies that are not what they should be: each is an error, none a success,
// and of a write the outcome is unknown.
func TestStrangeReplies(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		status      int
		contentType string
		body        string
		code        string
	}{
		"html":              {200, "text/html", "<html>login</html>", hubspot.CodeUnreadable},
		"empty":             {200, "application/json", "", hubspot.CodeUnreadable},
		"no content":        {204, "", "", hubspot.CodeUnreadable},
		"null":              {200, "application/json", "null", hubspot.CodeUnreadable},
		"array":             {200, "application/json", "[]", hubspot.CodeUnreadable},
		"object of others":  {200, "application/json", `{"ok":true}`, hubspot.CodeUnreadable},
		"cut off json":      {200, "application/json", `{"status":"COMPLETE","results":[{"id":"1"`, hubspot.CodeUnreadable},
		"binary":            {200, "application/octet-stream", "\x00\x01\xff", hubspot.CodeUnreadable},
		"deeply nested":     {200, "application/json", strings.Repeat("[", 100_000), hubspot.CodeUnreadable},
		"accepted only":     {202, "application/json", `{}`, hubspot.CodeUnreadable},
		"html fault":        {502, "text/html", "<html>bad gateway ann@example.org</html>", ""},
		"unknown 5xx":       {599, "", "", ""},
		"redirect":          {302, "text/html", "moved", hubspot.CodeRedirect},
		"results no object": {200, "application/json", `{"status":"COMPLETE","results":{"id":"1"}}`, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cl := answering(t, c.status, c.contentType, c.body)
			res, err := cl.BatchUpdate(t.Context(), hubspot.Contacts, []hubspot.Input{{ID: "1"}, {ID: "2"}})
			if len(res.Results) != 2 {
				t.Fatalf("%d results, error %v", len(res.Results), err)
			}
			for _, r := range res.Results {
				if r.Record != nil || r.Err == nil {
					t.Fatalf("confirmed by %q", c.body)
				}
				if want := c.status < 300 || c.status >= 500; hubspot.OutcomeUnknown(r.Err) != want {
					t.Errorf("outcome %v", r.Err.Outcome)
				}
				if strings.Contains(r.Err.Error(), "@") || strings.Contains(r.Err.Error(), "<") {
					t.Errorf("text of the reply in %v", r.Err)
				}
			}
			if c.code != "" && wantError(t, err).Code != c.code {
				t.Errorf("code %q, want %q", wantError(t, err).Code, c.code)
			}
			if _, err := cl.AccountDetails(t.Context()); err == nil || hubspot.OutcomeUnknown(err) {
				t.Errorf("read: %v", err)
			}
			if _, err := cl.Properties(t.Context(), hubspot.Contacts); err == nil && !strings.Contains(c.body, "results") {
				t.Error("properties were read")
			}
		})
	}
}

func TestWrongContentTypeIsReadAllTheSame(t *testing.T) {
	t.Parallel()
	cl := answering(t, 200, "text/plain", `{"portalId":7}`)
	if d, err := cl.AccountDetails(t.Context()); err != nil || d.PortalID != 7 {
		t.Errorf("%+v, error %v", d, err)
	}
}

// fixed is a transport that answers with one body.
type fixed struct {
	status int
	body   io.Reader
	read   *int64
}

func (f fixed) RoundTrip(*http.Request) (*http.Response, error) {
	return &http.Response{StatusCode: f.status, Header: http.Header{}, Body: io.NopCloser(counting{f.body, f.read})}, nil
}

type counting struct {
	io.Reader
	n *int64
}

func (c counting) Read(p []byte) (int, error) {
	n, err := c.Reader.Read(p)
	*c.n += int64(n)
	return n, err
}

// spaces is a body without end: its block over and over.
type spaces struct{ block []byte }

func newSpaces() spaces { return spaces{bytes.Repeat([]byte(" "), 1<<20)} }

func (s spaces) Read(p []byte) (int, error) { return copy(p, s.block), nil }

func TestEndlessBodiesAreNotReadToTheEnd(t *testing.T) {
	t.Parallel()
	for _, status := range []int{200, 400, 503} {
		var read int64
		cl, err := hubspot.NewClient(hubspot.Config{
			BaseURL: "http://localhost", Token: func() string { return testToken }, Transport: fixed{status, newSpaces(), &read},
			CallTimeout: time.Minute,
		})
		if err != nil {
			t.Fatal(err)
		}
		_, err = cl.AccountDetails(t.Context())
		e := wantError(t, err)
		if status == 200 && e.Code != hubspot.CodeTooLarge || status != 200 && e.Status != status {
			t.Errorf("status %d: %+v", status, e)
		}
		if attempts := int64(3); read > attempts*(hubspot.MaxReply+1<<20) {
			t.Errorf("status %d: %d bytes were read", status, read)
		}
	}
}

func TestTooLargeWriteReplyLeavesTheOutcomeOpen(t *testing.T) {
	t.Parallel()
	var read int64
	cl, err := hubspot.NewClient(hubspot.Config{
		BaseURL: "http://localhost", Token: func() string { return testToken }, Transport: fixed{200, newSpaces(), &read},
		CallTimeout: time.Minute,
	})
	if err != nil {
		t.Fatal(err)
	}
	res, err := cl.BatchUpdate(t.Context(), hubspot.Contacts, []hubspot.Input{{ID: "1"}})
	if e := wantError(t, err); e.Code != hubspot.CodeTooLarge || e.Outcome != hubspot.Unknown || res.Results[0].Err != e {
		t.Errorf("%+v", e)
	}
}

func TestDecompressionBomb(t *testing.T) {
	t.Parallel()
	var bomb bytes.Buffer
	z, err := gzip.NewWriterLevel(&bomb, gzip.BestSpeed)
	if err != nil {
		t.Fatal(err)
	}
	block := bytes.Repeat([]byte(" "), 1<<20)
	for range hubspot.MaxReply>>20 + 1 {
		if _, err := z.Write(block); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	cl := against(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Encoding", "gzip")
		_, _ = w.Write(bomb.Bytes())
	}, func(c *hubspot.Config) { c.CallTimeout = time.Minute })
	_, err = cl.AccountDetails(t.Context())
	if e := wantError(t, err); e.Code != hubspot.CodeTooLarge {
		t.Errorf("%+v", e)
	}
}

func TestBrokenCompression(t *testing.T) {
	t.Parallel()
	cl := against(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Encoding", "gzip")
		_, _ = w.Write([]byte("not gzip at all"))
	})
	_, err := cl.AccountDetails(t.Context())
	if e := wantError(t, err); e.Code != hubspot.CodeNetwork {
		t.Errorf("%+v", e)
	}
}

// A broken error body costs the explanation, not the status.
func TestTruncatedErrorBodyKeepsTheStatus(t *testing.T) {
	t.Parallel()
	var read int64
	body := io.MultiReader(strings.NewReader(`{"category":"VALID`), iotest.ErrReader(errors.New("cut")))
	cl, err := hubspot.NewClient(hubspot.Config{
		BaseURL: "http://localhost", Token: func() string { return testToken }, Transport: fixed{400, body, &read},
	})
	if err != nil {
		t.Fatal(err)
	}
	_, err = cl.AccountDetails(t.Context())
	if e := wantError(t, err); e.Status != 400 || e.Category != "" || !hubspot.IsValidation(e) {
		t.Errorf("%+v", e)
	}
}
