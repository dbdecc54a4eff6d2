package demoapi_test

import (
	"bytes"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/uptrace/bun"

	"github.com/memberpulse/hubspotplugin/integration"
	"github.com/memberpulse/hubspotplugin/integration/devhost/host/demoapi"
	"github.com/memberpulse/hubspotplugin/integration/devhost/host/hosttest"
	"github.com/memberpulse/hubspotplugin/integration/devhost/host/signin"
)

type stub map[string]string

func (s stub) Portal(clientID string) (string, string, bool) {
	id, ok := s[clientID]
	return id, "key-of-" + id, ok
}

type bundle struct {
	*hosttest.Host
	db       *bun.DB
	url      string
	one, two string
}

func setup(t *testing.T, loopback bool) *bundle {
	t.Helper()
	h := hosttest.Empty(t)
	seeder := h.Seeder()
	first, err := seeder.First(t.Context(), 2, 60)
	if err != nil {
		t.Fatal(err)
	}
	b := &bundle{Host: h, db: h.DB, one: first[0].ID, two: first[1].ID}
	gate := signin.New(h.Clients, []byte("test key"), loopback, time.Now)
	api := demoapi.New(demoapi.Config{
		Clients: h.Clients, Members: h.Members, Organizations: h.Organizations, Events: h.Events, Courses: h.Courses, Tickets: h.Tickets,
		Seeder: seeder, Portals: stub{b.one: "1234"}, Loopback: loopback, Logger: slog.New(slog.DiscardHandler),
	})
	srv := httptest.NewServer(gate.LocalHostOnly(gate.Middleware(api)))
	t.Cleanup(srv.Close)
	b.url = srv.URL
	return b
}

// as are the headers of an identity.
func as(clientID string, role integration.Role) map[string]string {
	return map[string]string{"X-Client-Id": clientID, "X-Role": string(role)}
}

func (b *bundle) call(t *testing.T, method, path, body string, headers map[string]string) (int, map[string]any) {
	t.Helper()
	status, _, out := b.send(t, method, path, strings.NewReader(body), headers)
	return status, out
}

func (b *bundle) send(t *testing.T, method, path string, body io.Reader, headers map[string]string) (int, http.Header, map[string]any) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, b.url+path, body)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	for k, v := range headers {
		if k == "Host" {
			req.Host = v
		}
		req.Header.Set(k, v)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	raw, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	var out map[string]any
	if len(bytes.TrimSpace(raw)) > 0 {
		if err := json.Unmarshal(raw, &out); err != nil {
			t.Fatalf("%s %s: %d with a body that is not JSON: %s", method, path, resp.StatusCode, raw)
		}
	}
	return resp.StatusCode, resp.Header, out
}

// firstMember returns the id of one member.
func (b *bundle) firstMember(t *testing.T, clientID string) string {
	t.Helper()
	_, out := b.call(t, "GET", "/demo/members", "", as(clientID, integration.RoleClientAdmin))
	return out["members"].([]any)[0].(map[string]any)["id"].(string)
}
