package hubspottest_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/memberpulse/hubspotplugin/hubspot/hubspottest"
)

const testToken = "pat-eu1-test"

// bench is one simulator with one portal and a plain HTTP caller.
type bench struct {
	t      *testing.T
	srv    *hubspottest.Server
	portal *hubspottest.PortalState
	token  string
	odd    bool // calls that break HubSpot's documents on purpose; they are not kept
}

func setup(t *testing.T, opts hubspottest.Options) *bench {
	t.Helper()
	return setupPortal(t, opts, hubspottest.Portal{ID: 4711, Token: testToken, MaxPerWindow: 10_000})
}

func setupPortal(t *testing.T, opts hubspottest.Options, p hubspottest.Portal) *bench {
	t.Helper()
	srv := hubspottest.NewServer(t, opts, p)
	return &bench{t: t, srv: srv, portal: srv.Portal(p.ID), token: p.Token}
}

// answer is a reply, read to its end.
type answer struct {
	t      *testing.T
	status int
	header http.Header
	raw    []byte
	body   map[string]any
}

func (b *bench) call(method, path string, body any) answer {
	b.t.Helper()
	a, err := b.try(method, path, body)
	if err != nil {
		b.t.Fatalf("%s %s: %v", method, path, err)
	}
	return a
}

func (b *bench) try(method, path string, body any) (answer, error) {
	b.t.Helper()
	var in io.Reader
	switch v := body.(type) {
	case nil:
	case string:
		in = strings.NewReader(v)
	default:
		raw, err := json.Marshal(v)
		if err != nil {
			b.t.Fatal(err)
		}
		in = bytes.NewReader(raw)
	}
	req, err := http.NewRequestWithContext(b.t.Context(), method, b.srv.URL+path, in)
	if err != nil {
		b.t.Fatal(err)
	}
	if b.token != "" {
		req.Header.Set("Authorization", "Bearer "+b.token)
	}
	req.Header.Set("Content-Type", "application/json")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return answer{}, err
	}
	defer func() { _ = resp.Body.Close() }()
	raw, err := io.ReadAll(resp.Body)
	if err != nil {
		return answer{}, err
	}
	if !b.odd {
		keep(b.t, method, path, body, resp, raw)
	}
	a := answer{t: b.t, status: resp.StatusCode, header: resp.Header, raw: raw}
	if json.Unmarshal(raw, &a.body) != nil {
		a.body = nil
	}
	return a, nil
}

func (a answer) want(status int) answer {
	a.t.Helper()
	if a.status != status {
		a.t.Fatalf("status %d, want %d: %s", a.status, status, a.raw)
	}
	return a
}

// at walks the body by keys and indexes, nil where there is nothing.
func (a answer) at(path ...any) any {
	var v any = a.body
	for _, p := range path {
		switch k := p.(type) {
		case string:
			m, _ := v.(map[string]any)
			v = m[k]
		case int:
			l, _ := v.([]any)
			if k >= len(l) {
				return nil
			}
			v = l[k]
		}
	}
	return v
}

func (a answer) text(path ...any) string {
	s, _ := a.at(path...).(string)
	return s
}

func (a answer) wantText(want string, path ...any) answer {
	a.t.Helper()
	if got := a.text(path...); got != want {
		a.t.Fatalf("%v is %q, want %q in %s", path, got, want, a.raw)
	}
	return a
}

func (a answer) count(path ...any) int {
	l, _ := a.at(path...).([]any)
	return len(l)
}

type input = map[string]any

func inputs(in ...input) map[string]any { return map[string]any{"inputs": append([]input{}, in...)} }

// person is an upsert input by member id.
func person(memberID, email, trace string) input {
	in := input{"id": memberID, "idProperty": "member_id", "properties": map[string]string{"email": email}}
	if trace != "" {
		in["objectWriteTraceId"] = trace
	}
	return in
}

const contacts = "/crm/objects/2026-03/contacts"

// withMemberID defines the unique property that most tests key by.
func (b *bench) withMemberID() *bench {
	b.t.Helper()
	b.call("POST", "/crm/properties/2026-03/contacts", map[string]any{
		"name": "member_id", "label": "Member ID", "type": "string", "fieldType": "text", "groupName": "contactinformation", "hasUniqueValue": true,
	}).want(http.StatusCreated)
	return b
}

// keep writes an exchange into the folder that HUBSPOTTEST_EXCHANGES names, so that a
// checker of HubSpot's published documents can judge what the tests saw.
func keep(t *testing.T, method, path string, body any, resp *http.Response, raw []byte) {
	t.Helper()
	dir := os.Getenv("HUBSPOTTEST_EXCHANGES")
	if dir == "" || strings.HasPrefix(path, "/_sim/") {
		return
	}
	if s, ok := body.(string); ok {
		body = json.RawMessage(s)
	}
	request := map[string]any{"method": method, "path": path}
	if body != nil {
		request["body"] = body
	}
	out := map[string]any{"request": request, "status": resp.StatusCode}
	if json.Valid(raw) {
		out["body"] = json.RawMessage(raw)
	}
	text, err := json.Marshal(out)
	if err != nil {
		return // a request that is broken on purpose
	}
	f, err := os.CreateTemp(dir, strings.ReplaceAll(t.Name(), "/", "_")+"-*.json")
	if err == nil {
		_, err = f.Write(text)
		err = errors.Join(err, f.Close())
	}
	if err != nil {
		t.Errorf("keep the exchange: %v", err)
	}
}

// clock is a time that tests move by hand.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func newClock(at string) *clock {
	now, err := time.Parse(time.RFC3339Nano, at)
	if err != nil {
		panic(err)
	}
	return &clock{now: now}
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) forward(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// serve runs one batch upsert without a listener.
func serve(s *hubspottest.Simulator, body string) int {
	req := httptest.NewRequest(http.MethodPost, contacts+"/batch/upsert", strings.NewReader(body))
	req.Header.Set("Authorization", "Bearer "+testToken)
	rec := httptest.NewRecorder()
	s.ServeHTTP(rec, req)
	return rec.Code
}

// upsertBody addresses a hundred contacts by email.
func upsertBody(from, round int) string {
	var b strings.Builder
	b.WriteString(`{"inputs":[`)
	for i := range 100 {
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, `{"id":"p%d@example.org","idProperty":"email","objectWriteTraceId":"%d","properties":{"city":"c%d","zip":"%d"}}`, from+i, i, round, round)
	}
	b.WriteString("]}")
	return b.String()
}
