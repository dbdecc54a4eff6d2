package demoapi_test

import (
	"bytes"
	"context"
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
	"github.com/memberpulse/hubspotplugin/integration/devhost/host/clients"
	"github.com/memberpulse/hubspotplugin/integration/devhost/host/demoapi"
	"github.com/memberpulse/hubspotplugin/integration/devhost/host/members"
	"github.com/memberpulse/hubspotplugin/integration/devhost/host/seed"
	"github.com/memberpulse/hubspotplugin/integration/devhost/host/signin"
	"github.com/memberpulse/hubspotplugin/integration/devhost/host/store"
	"github.com/memberpulse/hubspotplugin/migrations/migrationstest"
)

type silent struct{}

func (silent) Record(context.Context, bun.Tx, ...integration.Change) error { return nil }

type stub map[string]string

func (s stub) Portal(clientID string) (string, string, bool) {
	id, ok := s[clientID]
	return id, "key-of-" + id, ok
}

type bundle struct {
	db       *bun.DB
	url      string
	one, two string
}

func setup(t *testing.T, loopback bool) *bundle {
	t.Helper()
	db := migrationstest.NewEmptyDB(t)
	if err := store.Migrate(t.Context(), db); err != nil {
		t.Fatal(err)
	}
	people, mod := clients.New(db), members.New(db, silent{}, time.Now)
	seeder := seed.New(db, people, mod, time.Now)
	first, err := seeder.First(t.Context(), 2, 60)
	if err != nil {
		t.Fatal(err)
	}
	b := &bundle{db: db, one: first[0].ID, two: first[1].ID}
	gate := signin.New(people, []byte("test key"), loopback, time.Now)
	api := demoapi.New(people, mod, seeder, stub{b.one: "1234"}, loopback, slog.New(slog.DiscardHandler))
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
