package main_test

import (
	"context"
	"flag"
	"fmt"
	"math/rand/v2"
	"net/http"
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
