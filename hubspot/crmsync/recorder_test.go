package crmsync_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"os"
	"sync"
	"testing"

	"github.com/memberpulse/hubspotplugin/hubspot/crmsync"
	"github.com/memberpulse/hubspotplugin/hubspot/hubspottest"
)

// With HUBSPOTTEST_RECORD=folder every exchange of these tests is written
// there, for a judge that knows HubSpot's own specifications (.ci/truth).
// HUBSPOTTEST_VERSION is the API version of the tests that name none.

// exchange is one request and its reply, as the judge's replay reads it.
type exchange struct {
	Test    string      `json:"test"`
	Method  string      `json:"method"`
	URI     string      `json:"uri"`
	Sent    http.Header `json:"sent"`
	Request []byte      `json:"request"`
	Status  int         `json:"status"`
	Header  http.Header `json:"header"`
	Reply   []byte      `json:"reply"`
	Fault   string      `json:"fault,omitempty"` // the simulator broke the reply on purpose, and how
}

// recorder is a transport that remembers.
type recorder struct {
	next http.RoundTripper

	mu  sync.Mutex
	all []exchange
}

// recorded prepares the configuration of a client for the judge.
func recorded(t testing.TB, sim *hubspottest.Server, cfg crmsync.API) crmsync.API {
	t.Helper()
	if cfg.Version == "" {
		cfg.Version = os.Getenv("HUBSPOTTEST_VERSION")
	}
	folder := os.Getenv("HUBSPOTTEST_RECORD")
	if folder == "" {
		return cfg
	}
	r := &recorder{next: cfg.Transport}
	if r.next == nil {
		r.next = http.DefaultTransport
	}
	cfg.Transport = r
	t.Cleanup(func() { r.write(t, folder, sim) })
	return cfg
}

// RoundTrip implements [http.RoundTripper].
func (r *recorder) RoundTrip(req *http.Request) (*http.Response, error) {
	x := exchange{Method: req.Method, URI: req.URL.RequestURI(), Sent: req.Header.Clone()}
	x.Sent.Del("Authorization")
	if req.Body != nil {
		raw, err := io.ReadAll(req.Body)
		if err := errors.Join(err, req.Body.Close()); err != nil {
			return nil, err
		}
		x.Request = raw
		req = req.Clone(req.Context())
		req.Body = io.NopCloser(bytes.NewReader(raw))
	}
	resp, err := r.next.RoundTrip(req)
	if err != nil {
		return nil, err // no reply: there is nothing to judge
	}
	x.Status, x.Header = resp.StatusCode, resp.Header.Clone()
	raw, err := io.ReadAll(resp.Body)
	_ = resp.Body.Close() // what there was is read
	x.Reply = raw
	resp.Body = io.NopCloser(bytes.NewReader(raw))
	if err != nil {
		x.Fault = "the reply ended early"
		resp.Body = io.NopCloser(io.MultiReader(bytes.NewReader(raw), broken{err}))
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.all = append(r.all, x)
	return resp, nil
}

// broken is the end of a reply that was cut.
type broken struct{ err error }

func (b broken) Read([]byte) (int, error) { return 0, b.err }

// write appends the test's exchanges to a file of its own. Replies that a fault
// of the simulator wrote are marked: they are wrong on purpose.
func (r *recorder) write(t testing.TB, folder string, sim *hubspottest.Server) {
	t.Helper()
	key := func(method, path string, status int, body []byte) string {
		return method + " " + path + " " + http.StatusText(status) + " " + string(body)
	}
	faults := map[string]string{}
	for _, q := range sim.Requests() {
		if q.Fault != "" {
			faults[key(q.Method, q.Path, q.Status, q.Body)] = q.Fault
		}
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	file, err := os.CreateTemp(folder, "*.jsonl")
	must(t, err)
	enc := json.NewEncoder(file)
	for _, x := range r.all {
		x.Test = t.Name()
		path, _, _ := bytes.Cut([]byte(x.URI), []byte("?"))
		if f := faults[key(x.Method, string(path), x.Status, x.Request)]; f != "" {
			x.Fault = f
		}
		must(t, enc.Encode(x))
	}
	must(t, file.Close())
}
