package main

import (
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

	"github.com/memberpulse/hubspotplugin/hubspot/hubspottest"
	"github.com/memberpulse/hubspotplugin/integration"
	"github.com/memberpulse/hubspotplugin/integration/devhost/host/simulated"
	"github.com/memberpulse/hubspotplugin/migrations/migrationstest"
)

// patience is how long a journey waits for anything; far more than it takes.
const patience = 2 * time.Minute

// journey is a whole host in this process, on a database and a HubSpot of its own.
type journey struct {
	*host
	db       *bun.DB
	crm      *simulated.HubSpot
	sim      *hubspottest.Simulator
	url      string
	one, two string // clients
}

func newJourney(t *testing.T, version string, members int) *journey {
	t.Helper()
	db := migrationstest.NewDB(t)
	if err := migrate(t.Context(), db); err != nil {
		t.Fatal(err)
	}
	hub := hubspottest.NewServer(t, hubspottest.Options{})
	srv := httptest.NewUnstartedServer(nil)
	s := setup{
		Address: "http://" + srv.Listener.Addr().String(),
		DB:      db, SealKey: []byte("01234567890123456789012345678901"), BaseURL: hub.URL, Version: version, Loopback: true,
		HubSpot: simulated.New(hub.Simulator, 7001), Logger: slog.New(slog.DiscardHandler), Now: time.Now,
	}
	h, err := newHost(s)
	if err != nil {
		t.Fatal(err)
	}
	list, err := h.Seeder.First(t.Context(), 2, members)
	if err != nil {
		t.Fatal(err)
	}
	if err := h.Registry.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), patience)
		defer cancel()
		if err := h.Registry.Stop(ctx); err != nil {
			t.Errorf("stop: %v", err)
		}
	})
	srv.Config.Handler = h.handler()
	srv.Start()
	t.Cleanup(srv.Close)
	return &journey{host: h, db: db, crm: s.HubSpot, sim: hub.Simulator, url: srv.URL, one: list[0].ID, two: list[1].ID}
}

func (j *journey) call(t *testing.T, clientID string, role integration.Role, method, path string, body any) (int, map[string]any) {
	t.Helper()
	var in io.Reader = http.NoBody
	if body != nil {
		raw, err := json.Marshal(body)
		if err != nil {
			t.Fatal(err)
		}
		in = strings.NewReader(string(raw))
	}
	req, err := http.NewRequestWithContext(t.Context(), method, j.url+path, in)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("X-Client-Id", clientID)
	req.Header.Set("X-Role", string(role))
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
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
	out := map[string]any{}
	if len(raw) > 0 {
		if err := json.Unmarshal(raw, &out); err != nil {
			t.Fatalf("%s %s: %d and no JSON: %.200s", method, path, resp.StatusCode, raw)
		}
	}
	return resp.StatusCode, out
}

// admin calls as the admin of a client and insists on the status.
func (j *journey) admin(t *testing.T, clientID string, want int, method, path string, body any) map[string]any {
	t.Helper()
	got, out := j.call(t, clientID, integration.RoleClientAdmin, method, path, body)
	if got != want {
		t.Fatalf("%s %s: %d %v, want %d", method, path, got, out, want)
	}
	return out
}

func (j *journey) connect(t *testing.T, clientID string) {
	t.Helper()
	id, key, _ := j.crm.Portal(clientID)
	j.admin(t, clientID, 200, "POST", hubspotAPI+"connect", map[string]any{"portalId": id, "apiKey": key, "syncContacts": true})
}

// synced waits until nothing waits any more and returns the status.
func (j *journey) synced(t *testing.T, clientID string) map[string]any {
	t.Helper()
	var st map[string]any
	eventually(t, "everything is sent", func() bool {
		st = j.admin(t, clientID, 200, "GET", hubspotAPI+"status", nil)
		run, _ := st["run"].(map[string]any)
		return st["pending"] == 0.0 && run != nil && run["finishedAt"] != nil && st["members"].(map[string]any)["waiting"] == 0.0
	})
	return st
}

// contact returns the properties of a member's contact, nil if there is none.
func (j *journey) contact(clientID, memberID string) map[string]string {
	for _, c := range j.crm.Contacts(clientID) {
		if c.Properties["memberpulse_member_id"] == memberID {
			return c.Properties
		}
	}
	return nil
}

// sends adds a member to a connected client and waits for its contact: whatever
// was due before in this process has had its turn.
func (j *journey) sends(t *testing.T, clientID string) {
	t.Helper()
	m := j.admin(t, clientID, 201, "POST", "/demo/members", map[string]any{
		"firstName": "Test", "lastName": "Probe", "email": time.Now().Format("150405.000000000") + "@probe.example.org",
	})
	eventually(t, "the probe arrives", func() bool { return j.contact(clientID, m["id"].(string)) != nil })
}

func (j *journey) someMember(t *testing.T, clientID string) string {
	t.Helper()
	out := j.admin(t, clientID, 200, "GET", "/demo/members?search=amelia&itemsPerPage=1", nil)
	return out["members"].([]any)[0].(map[string]any)["id"].(string)
}

func eventually(t *testing.T, what string, holds func() bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for !holds() {
		select {
		case <-ctx.Done():
			t.Fatalf("not within %v: %s", patience, what)
		case <-tick.C:
		}
	}
}
