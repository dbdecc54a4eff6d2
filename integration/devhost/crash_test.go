package main_test

import (
	"context"
	"flag"
	"fmt"
	"maps"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/memberpulse/hubspotplugin/hubspot/hubspottest"
	"github.com/memberpulse/hubspotplugin/migrations/migrationstest"
)

var crashSeed = flag.Uint64("crash.seed", 1, "seed of the crash test's random stream")

const (
	crashPortal  = 4711
	crashKey     = "pat-na1-crash-test-key"
	crashMembers = 640 // more than a page of the first sync
)

// crash is a host that is killed again and again, with everything around it
// that survives.
type crash struct {
	t      *testing.T
	path   string
	vars   []string
	hub    *hubspottest.Server
	portal *hubspottest.PortalState
	traps  *traps
	driver *driver
	rng    *rand.Rand
	life   *life
	kills  int
}

// TestCrash kills the host at every point of a change's journey while people
// work in it. When everything is quiet, HubSpot equals the host.
func TestCrash(t *testing.T) {
	t.Parallel()
	seed := *crashSeed
	defer func() {
		if t.Failed() {
			t.Logf("repeat with -crash.seed=%d", seed)
		}
	}()
	c := newCrash(t, seed)
	reserved := c.firstSync()
	late := c.traps.begin(c.driver.tenant, reserved[0], "Slow Commit")
	c.steadyWork()
	c.backAndForth(reserved[1])
	c.afterCommit()
	c.databaseRestarts()
	c.anywhere(2)
	c.lateCommit(late)
	c.driver.finish()
	c.hub.ClearFaults()
	c.quiet()
	judgeHost(t, c.driver, c.traps, c.portal)
	if contact := c.contactOf(reserved[0]); contact.Properties["city"] != "Slow Commit" {
		t.Errorf("the change of the slow transaction is not in HubSpot: city %q", contact.Properties["city"])
	}
	if c.kills < 8 {
		t.Errorf("%d kills, want 8 at least", c.kills)
	}
	for op, n := range c.driver.reached {
		if n.Load() == 0 {
			t.Errorf("no %q was committed: the stream proves too little", op)
		}
	}
	t.Logf("seed %d: %d kills, %d operations tried, %d of their requests failed, %d calls", seed, c.kills, c.driver.done.Load(), c.driver.failed.Load(), len(c.hub.Requests()))
}

func newCrash(t *testing.T, seed uint64) *crash {
	t.Helper()
	db := migrationstest.NewDB(t)
	hub := hubspottest.NewServer(t, hubspottest.Options{Seed: seed + 1}, hubspottest.Portal{ID: crashPortal, Token: crashKey, MaxPerWindow: 5000})
	return &crash{
		t: t, path: buildHost(t), hub: hub, portal: hub.Portal(crashPortal), traps: newTraps(t, db), rng: rand.New(rand.NewPCG(seed, 99)),
		vars: []string{
			"DATABASE_URL=" + migrationstest.DSN(t, db), "HUBSPOT_PORTAL_ID=" + fmt.Sprint(crashPortal), "HUBSPOT_API_KEY=" + crashKey,
			"HUBSPOT_SEAL_KEY=AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=", "XDG_CACHE_HOME=" + t.TempDir(),
		},
	}
}

// start starts the host and waits until it serves.
func (c *crash) start() {
	c.t.Helper()
	var ready <-chan string
	c.life, ready = launchHost(c.t, c.path, c.vars, "-addr", "127.0.0.1:0", "-clients", "1", "-members", fmt.Sprint(crashMembers), "-hubspot-url", c.hub.URL)
	life := c.life
	c.t.Cleanup(func() {
		if c.t.Failed() {
			c.t.Logf("a host said:\n%.20000s", life.said)
		}
	})
	select {
	case url, ok := <-ready:
		if !ok {
			c.t.Fatalf("the host ended before it served: %s", c.life.said)
		}
		c.life.url = url
	case <-time.After(crashPatience):
		c.t.Fatalf("the host does not serve: %s", c.life.said)
	}
	if c.driver != nil {
		c.driver.at(c.life.url)
	}
}

// die kills the host, releases what held it there and starts it again.
func (c *crash) die(release ...func()) {
	c.t.Helper()
	c.life.kill(c.t)
	c.kills++
	c.driver.at("")
	for _, r := range release {
		r()
	}
	c.traps.buried()
	c.start()
}

// springs waits for a trap in the database.
func (c *crash) springs(what, table string) {
	c.t.Helper()
	until(c.t, what, func() bool { return c.traps.caught(table) })
}

// meets injects a fault and waits until a call has met it.
func (c *crash) meets(f hubspottest.Fault, word string) {
	c.t.Helper()
	c.hub.ResetRequests()
	c.hub.Inject(f)
	c.driver.grant(30)
	c.await("a call meets the fault "+word, func(s *hubspottest.Simulator) bool {
		for _, r := range s.Requests() {
			if strings.Contains(r.Fault, word) {
				return true
			}
		}
		return false
	})
}

func (c *crash) await(what string, cond func(*hubspottest.Simulator) bool) {
	c.t.Helper()
	ctx, cancel := context.WithTimeout(c.t.Context(), crashPatience)
	defer cancel()
	if err := c.hub.Await(ctx, cond); err != nil {
		c.t.Fatalf("not within %v: %s", crashPatience, what)
	}
}

// firstSync kills the host three times while its members are sent for the
// first time. It returns two members that no worker touches.
func (c *crash) firstSync() (reserved []string) {
	c.t.Helper()
	open := c.traps.hold(`select pg_advisory_xact_lock(?)`, gateKey)
	c.start()
	var tenant string
	var plans []string
	if err := c.traps.db.NewRaw(`select id::text from mp_clients`).Scan(c.t.Context(), &tenant); err != nil {
		c.t.Fatal(err)
	}
	if err := c.traps.db.NewRaw(`select name from mp_plans order by position`).Scan(c.t.Context(), &plans); err != nil {
		c.t.Fatal(err)
	}
	c.driver = newDriver(c.t, tenant, plans)
	c.driver.at(c.life.url)
	var members []string
	all := everyone(c.t, c.driver)
	for _, id := range slices.Sorted(maps.Keys(all)) {
		m := all[id]
		if list, _ := m["memberships"].([]any); len(reserved) < 2 && m.text("status") == "active" && strings.HasSuffix(m.text("email"), ".org") && len(list) == 1 {
			reserved = append(reserved, id)
			continue
		}
		members = append(members, id)
	}
	c.driver.start(*crashSeed, members)

	c.driver.grant(20)
	c.springs("the first sync lists its second page", "")
	c.die(open)

	c.hub.Inject(hubspottest.Fault{PathContains: "/batch/upsert", Commit: true, Delay: crashPatience, Times: 1})
	c.driver.grant(20)
	c.await("an upsert is under way", func(s *hubspottest.Simulator) bool { return s.Waiting() > 0 })
	c.die()

	open = c.traps.hold(`lock table hubspot_identity_link in exclusive mode`) // reads pass, writes wait
	c.driver.grant(20)
	c.springs("contacts are made and their links not yet stored", "hubspot_identity_link")
	c.die(open)
	return reserved
}

// steadyWork kills the host at the other points of the journey.
func (c *crash) steadyWork() {
	c.t.Helper()
	open := c.traps.hold(`lock table mp_memberships in access exclusive mode`)
	c.driver.grant(30)
	c.springs("a batch is claimed and its members are being read", "mp_memberships")
	c.die(open)

	c.meets(hubspottest.Fault{PathContains: "/batch/up", LoseReply: true, Times: 1}, "lose reply")
	c.die()

	c.meets(hubspottest.Fault{PathContains: "/batch/up", Commit: true, Status: http.StatusGatewayTimeout, Times: 2}, "commit")
	c.die()

	c.meets(hubspottest.Fault{PathContains: "/batch/", DropBefore: true, Times: 1}, "drop before")
	c.die()

	open = c.traps.hold(`lock table hubspot_sync_record in exclusive mode`)
	c.driver.grant(30)
	c.springs("a settlement stores its sync records", "hubspot_sync_record")
	c.die(open)
}

// backAndForth changes a member, kills the host when HubSpot has the change
// and nobody here knows it, and the member is as before: what was settled last
// equals what the host has, and HubSpot has something else.
func (c *crash) backAndForth(member string) {
	c.t.Helper()
	c.quiet()
	set := func(first string) {
		c.t.Helper()
		if status, out := c.driver.call(c.t.Context(), "PATCH", "/demo/members/"+member, map[string]any{"firstName": first}); status != http.StatusOK {
			c.t.Fatalf("a change: %d %v", status, out)
		}
	}
	before := c.contactOf(member).Properties["firstname"]
	open := c.traps.hold(`lock table hubspot_identity_link in exclusive mode`)
	set("Elsewhere")
	c.springs("the change is sent and not yet settled", "hubspot_identity_link")
	if got := c.contactOf(member).Properties["firstname"]; got != "Elsewhere" {
		c.t.Fatalf("HubSpot has %q before the kill", got)
	}
	set(before)
	c.die(open)
	until(c.t, "the former name is in HubSpot again", func() bool { return c.contactOf(member).Properties["firstname"] == before })
}

// afterCommit kills the host when it has just said that a change of many
// members is committed.
func (c *crash) afterCommit() {
	c.t.Helper()
	c.driver.grant(30)
	status, out := c.driver.call(c.t.Context(), "POST", "/demo/bulk", map[string]any{"members": 200, "field": "state", "value": "At Once"})
	if status != http.StatusOK {
		c.t.Fatalf("a change of many members: %d %v", status, out)
	}
	c.die()
}

// databaseRestarts ends all sessions of the host, which goes on by itself.
func (c *crash) databaseRestarts() {
	c.t.Helper()
	c.driver.grant(40)
	seq := len(c.hub.Requests())
	c.await("the host is at work", func(s *hubspottest.Simulator) bool { return len(s.Requests()) > seq })
	if n := c.traps.cutAll(); n == 0 {
		c.t.Error("the host had no session to end")
	}
	until(c.t, "the host works again", func() bool {
		status, _ := c.driver.call(c.t.Context(), "POST", "/demo/bulk", map[string]any{"members": 50, "field": "country", "value": "Cut Off"})
		return status == http.StatusOK
	})
}

// anywhere kills the host after a random number of calls, n times.
func (c *crash) anywhere(n int) {
	c.t.Helper()
	for range n {
		c.driver.grant(60)
		calls := len(c.hub.Requests()) + 1 + c.rng.IntN(12)
		c.await("some calls", func(s *hubspottest.Simulator) bool { return len(s.Requests()) >= calls })
		c.die()
	}
}

// lateCommit commits the slow transaction when the drain has long passed its
// row, and kills the host once more.
func (c *crash) lateCommit(s slow) {
	c.t.Helper()
	until(c.t, "the drain passes the row of the slow transaction", func() bool {
		if len(c.driver.tickets) == 0 {
			c.driver.grant(1) // a floor moves when newer rows come and go
		}
		return c.traps.passed(s)
	})
	if err := s.tx.Commit(); err != nil {
		c.t.Fatal(err)
	}
	c.die()
}

// quiet waits until the host says that nothing is on its way.
func (c *crash) quiet() {
	c.t.Helper()
	until(c.t, "everything is sent", func() bool {
		if len(c.driver.tickets) > 0 {
			return false
		}
		status, st := c.driver.call(c.t.Context(), "GET", "/api/integrations/hubspot/status", nil)
		if status != http.StatusOK {
			return false
		}
		run, _ := st["run"].(map[string]any)
		return st["pending"] == 0.0 && run != nil && run["finishedAt"] != nil && st["members"].(map[string]any)["waiting"] == 0.0
	})
}

func (c *crash) contactOf(member string) hubspottest.Record {
	for _, one := range c.portal.Contacts() {
		if one.Properties["memberpulse_member_id"] == member {
			return one
		}
	}
	return hubspottest.Record{}
}
