package hubspot_test

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/memberpulse/hubspotplugin/hubspot"
	"github.com/memberpulse/hubspotplugin/hubspot/hubspottest"
)

const (
	testToken  = "pat-na1-0f9c1c5e-1d0c-4d1e-8a52-5b3d9be9f0aa"
	testPortal = int64(12345678)
)

// bench is a simulated portal and a client of it.
type bench struct {
	sim    *hubspottest.Simulator
	portal *hubspottest.PortalState
	client *hubspot.Client
}

func portalSpec() hubspottest.Portal {
	return hubspottest.Portal{ID: testPortal, Token: testToken, Plan: "professional"}
}

// setup starts a simulator on the loopback.
func setup(t *testing.T, opts hubspottest.Options, change ...func(*hubspot.Config)) bench {
	t.Helper()
	srv := hubspottest.NewServer(t, opts, portalSpec())
	cfg := hubspot.Config{BaseURL: srv.URL, Token: func() string { return testToken }}
	for _, c := range change {
		c(&cfg)
	}
	client, err := hubspot.NewClient(cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(client.CloseIdleConnections)
	return bench{sim: srv.Simulator, portal: srv.Portal(testPortal), client: client}
}

// timeless runs f with a simulator without network, in a bubble where time is
// virtual: a wait of ten seconds costs nothing and is exact.
func timeless(t *testing.T, spec hubspottest.Portal, f func(t *testing.T, b bench), change ...func(*hubspot.Config)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		sim := hubspottest.New(hubspottest.Options{})
		portal := sim.AddPortal(spec)
		cfg := hubspot.Config{
			BaseURL:   "http://localhost",
			Token:     func() string { return spec.Token },
			Transport: direct{sim},
		}
		for _, c := range change {
			c(&cfg)
		}
		client, err := hubspot.NewClient(cfg)
		if err != nil {
			t.Fatal(err)
		}
		f(t, bench{sim: sim, portal: portal, client: client})
	})
}

// pass lets virtual time pass; it is for bubbles only.
func pass(d time.Duration) { <-time.After(d) }

// direct hands requests to a handler in the same goroutine.
type direct struct{ handler http.Handler }

func (d direct) RoundTrip(req *http.Request) (resp *http.Response, err error) {
	if err := req.Context().Err(); err != nil {
		return nil, err
	}
	if req.Body == nil {
		req = req.Clone(req.Context())
		req.Body = http.NoBody
	}
	rec := httptest.NewRecorder()
	defer func() {
		if v := recover(); v != nil {
			resp, err = nil, io.ErrUnexpectedEOF // http.ErrAbortHandler: the connection is gone
		}
	}()
	d.handler.ServeHTTP(rec, req)
	if err := req.Context().Err(); err != nil {
		return nil, err
	}
	return rec.Result(), nil
}

// answering is a server that answers everything with one reply, for bodies that
// no simulator would send.
func answering(t *testing.T, status int, contentType, body string) *hubspot.Client {
	t.Helper()
	return against(t, func(w http.ResponseWriter, _ *http.Request) {
		if contentType != "" {
			w.Header().Set("Content-Type", contentType)
		}
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	})
}

// against is a client of a handler of the test's.
func against(t *testing.T, h http.HandlerFunc, change ...func(*hubspot.Config)) *hubspot.Client {
	t.Helper()
	srv := httptest.NewServer(h)
	t.Cleanup(srv.Close)
	cfg := hubspot.Config{BaseURL: srv.URL, Token: func() string { return testToken }}
	for _, c := range change {
		c(&cfg)
	}
	client, err := hubspot.NewClient(cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(client.CloseIdleConnections)
	return client
}

// bothVersions runs f once for each version of the API.
func bothVersions(t *testing.T, f func(t *testing.T, version func(*hubspot.Config))) {
	for _, v := range []hubspot.Version{hubspot.Version202603, hubspot.Version202609} {
		t.Run(string(v), func(t *testing.T) {
			t.Parallel()
			f(t, func(c *hubspot.Config) { c.Version = v })
		})
	}
}

func wantError(t *testing.T, err error) *hubspot.Error {
	t.Helper()
	e, ok := errors.AsType[*hubspot.Error](err)
	if !ok {
		t.Fatalf("error %v, want a *hubspot.Error", err)
	}
	return e
}

// memberID is the unique property that tests key contacts by.
const memberID = "memberpulse_member_id"

func (b bench) defineKey(t *testing.T) {
	t.Helper()
	_, err := b.client.CreateProperty(t.Context(), hubspot.Contacts, hubspot.Property{
		Name: memberID, Label: "Member id", Type: "string", FieldType: "text",
		GroupName: "contactinformation", HasUniqueValue: true,
	})
	if err != nil {
		t.Fatalf("define the key property: %v", err)
	}
}

func (b bench) calls(pathContains string) int {
	n := 0
	for _, r := range b.sim.Requests() {
		if strings.Contains(r.Path, pathContains) {
			n++
		}
	}
	return n
}

// sequence answers the replies in turn: 200, and 429 for those with a policy.
func sequence(t *testing.T, replies []string, change ...func(*hubspot.Config)) *hubspot.Client {
	t.Helper()
	var next atomic.Int32
	return against(t, func(w http.ResponseWriter, _ *http.Request) {
		body := replies[int(next.Add(1)-1)%len(replies)]
		if strings.Contains(body, "policyName") {
			w.WriteHeader(http.StatusTooManyRequests)
		}
		_, _ = io.WriteString(w, body)
	}, change...)
}
