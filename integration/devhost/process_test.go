package main

import (
	"net"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/memberpulse/hubspotplugin/hubspot/hubspottest"
	"github.com/memberpulse/hubspotplugin/integration/devhost/host/clients"
	"github.com/memberpulse/hubspotplugin/migrations/migrationstest"
)

// openCache is a cache folder that the account of PostgreSQL may enter, also
// when the test runs as root.
func openCache(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("/var/tmp", "devhost-test-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	return "XDG_CACHE_HOME=" + dir
}

// TestProcessOnItsOwn is the command without arguments, but for the port.
func TestProcessOnItsOwn(t *testing.T) {
	t.Parallel()
	cache := openCache(t)
	few := []string{"-addr", "127.0.0.1:0", "-members", "30"}
	p := start(t, []string{cache}, few...)
	client := p.first(t)
	id, portal := client["id"].(string), client["portal"].(map[string]any)["portalId"]
	if client["members"] != 30.0 {
		t.Errorf("the first client: %v", client)
	}
	if st := p.settled(t, id); st["connected"] != true {
		t.Errorf("the first client is not connected: %v", st)
	}
	status, made := p.ask(t, "POST", "/demo/members", id, `{"firstName":"Kept","lastName":"Member","email":"kept@example.org"}`)
	if status != 201 {
		t.Fatalf("a new member: %d %v", status, made)
	}

	second := launch(t, []string{cache}, few...)
	if code := second.exit(t, 20*time.Second); code != 1 || !strings.Contains(second.said(), errRunning.Error()) || !strings.Contains(second.said(), p.url) {
		t.Errorf("a second host on the same data: exit %d, %s", code, second.said())
	}
	taken := launch(t, []string{cache}, "-addr", strings.TrimPrefix(p.url, "http://"))
	if code := taken.exit(t, 20*time.Second); code != 1 || !strings.Contains(taken.said(), "in use") || strings.Contains(taken.said(), "PostgreSQL") {
		t.Errorf("a port in use: exit %d, %s; want a clear message before anything is started", code, taken.said())
	}
	p.terminate(t)

	p = start(t, []string{cache}, few...)
	if got, _ := p.ask(t, "GET", "/demo/members/"+made["id"].(string), id, ""); got != 200 {
		t.Errorf("after a restart the member is gone: %d", got)
	}
	again := p.first(t)
	if again["members"] != 31.0 || again["portal"].(map[string]any)["portalId"] == portal {
		t.Errorf("after a restart: %v; want 31 members and a new simulated portal", again)
	}
	st := p.settled(t, id)
	if m := st["members"].(map[string]any); st["connected"] != true || m["total"] != 31.0 || m["inSync"].(float64) < 27 {
		t.Errorf("after a restart: %v", st)
	}
	p.terminate(t)

	p = start(t, []string{cache}, append(few, "-fresh")...)
	if fresh := p.first(t); fresh["members"] != 30.0 {
		t.Errorf("after -fresh: %v", fresh)
	}
	p.terminate(t)
}

func TestProcessWithoutDatabase(t *testing.T) {
	t.Parallel()
	closed, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	addr := closed.Addr().String()
	_ = closed.Close()
	p := launch(t, []string{openCache(t), "DATABASE_URL=postgres://me:secret-word@" + addr + "/x"}, "-addr", "127.0.0.1:0")
	if code := p.exit(t, 15*time.Second); code != 1 || !strings.Contains(p.said(), "does not answer") || strings.Contains(p.said(), "secret-word") {
		t.Errorf("exit %d, %s", code, p.said())
	}
}

func TestProcessAndTheRealHubSpot(t *testing.T) {
	t.Parallel()
	p := launch(t, []string{openCache(t), "HUBSPOT_PORTAL_ID=4242", "HUBSPOT_API_KEY=pat-secret-word-123"}, "-addr", "127.0.0.1:0", "-real-hubspot")
	if code := p.exit(t, 20*time.Second); code != 1 || !strings.Contains(p.said(), "4242") || !strings.Contains(p.said(), errDeclined.Error()) ||
		strings.Contains(p.said(), "secret-word") || strings.Contains(p.said(), "PostgreSQL") {
		t.Errorf("exit %d, %s", code, p.said())
	}
	p = launch(t, nil, "-members", "many")
	if code := p.exit(t, 20*time.Second); code != 2 || !strings.Contains(p.said(), "-h") {
		t.Errorf("a mistake: exit %d, %s", code, p.said())
	}
}

func TestTwoSimulatorsOnOneDatabase(t *testing.T) {
	t.Parallel()
	vars := []string{openCache(t), "DATABASE_URL=" + migrationstest.DSN(t, migrationstest.NewEmptyDB(t))}
	p := start(t, vars, "-addr", "127.0.0.1:0", "-members", "3", "-clients", "1")
	second := launch(t, vars, "-addr", "127.0.0.1:0")
	if code := second.exit(t, 30*time.Second); code != 1 || !strings.Contains(second.said(), "-hubspot-url") {
		t.Errorf("exit %d, %s", code, second.said())
	}
	p.terminate(t)
}

// TestProcessKilledInTheMiddle kills the host during the first sync. The next
// one finishes it: everybody arrives, nobody twice.
func TestProcessKilledInTheMiddle(t *testing.T) {
	t.Parallel()
	const size = 600
	hub := hubspottest.NewServer(t, hubspottest.Options{}, hubspottest.Portal{ID: 99, Token: "pat-demo-environment-key"})
	portal := hub.Portal(99)
	// From the second batch on HubSpot takes its time, so that the kill hits.
	hub.Inject(hubspottest.Fault{Method: "POST", PathContains: "/contacts/batch/upsert", After: 1, Delay: 5 * time.Second})
	vars := []string{
		openCache(t), "DATABASE_URL=" + migrationstest.DSN(t, migrationstest.NewEmptyDB(t)),
		"HUBSPOT_PORTAL_ID=99", "HUBSPOT_API_KEY=pat-demo-environment-key",
	}
	args := []string{"-addr", "127.0.0.1:0", "-clients", "1", "-members", "600", "-hubspot-url", hub.URL}
	p := start(t, vars, args...)
	id := p.first(t)["id"].(string)
	eventually(t, "the first contacts arrive", func() bool { return len(portal.Contacts()) > 0 })
	if err := p.cmd.Process.Signal(syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	<-p.ended
	hub.ClearFaults()
	if n := len(portal.Contacts()); n >= size-40 {
		t.Fatalf("%d contacts already: the kill came too late to mean anything", n)
	}

	p = start(t, vars, args...)
	m := p.settled(t, id)["members"].(map[string]any)
	contacts := portal.Contacts()
	if m["total"] != float64(size) || m["inSync"] != float64(len(contacts)) || m["inSync"].(float64) < size-60 {
		t.Errorf("members %v, %d contacts", m, len(contacts))
	}
	seen := map[string]bool{}
	for _, c := range contacts {
		if key := c.Properties["memberpulse_member_id"]; key == "" || seen[key] {
			t.Errorf("contact %s has the member id %q, which is empty or there twice", c.ID, key)
		} else {
			seen[key] = true
		}
	}
	p.terminate(t)
}

// TestProcessWithNamedPortal gives the built-in simulator the account that the
// environment names, on the newer version of the API.
func TestProcessWithNamedPortal(t *testing.T) {
	t.Parallel()
	vars := []string{
		openCache(t), "DATABASE_URL=" + migrationstest.DSN(t, migrationstest.NewEmptyDB(t)),
		"HUBSPOT_PORTAL_ID=4242", "HUBSPOT_API_KEY=pat-demo-environment-key",
	}
	args := []string{"-addr", "127.0.0.1:0", "-clients", "2", "-members", "20", "-hubspot-version", "2026-09"}
	p := start(t, vars, args...)
	client := p.first(t)
	if got := client["portal"].(map[string]any)["portalId"]; got != "4242" {
		t.Errorf("the first client's portal: %v, want the named one", got)
	}
	if st := p.settled(t, client["id"].(string)); st["connected"] != true || st["members"].(map[string]any)["inSync"].(float64) < 17 {
		t.Errorf("status: %v", st)
	}
	p.terminate(t)
	p = launch(t, vars, append(args, "-real-hubspot")...) // nobody answers the question
	if code := p.exit(t, 20*time.Second); code != 1 {
		t.Errorf("the real HubSpot without an answer: exit %d", code)
	}
}

// TestInventedMembersStayAway refuses the real HubSpot on a database of invented
// members, also when a person has confirmed the portal.
func TestInventedMembersStayAway(t *testing.T) {
	t.Parallel()
	j := newJourney(t, "2026-03", 1)
	if err := noInventedMembers(t.Context(), j.Clients); err == nil || !strings.Contains(err.Error(), "-real-hubspot") {
		t.Errorf("invented members: %v, want a refusal", err)
	}
	db := migrationstest.NewDB(t)
	if err := migrate(t.Context(), db); err != nil {
		t.Fatal(err)
	}
	if err := noInventedMembers(t.Context(), clients.New(db)); err != nil {
		t.Errorf("an empty database: %v", err)
	}
}
