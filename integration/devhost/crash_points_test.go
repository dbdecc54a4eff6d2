package main_test

import (
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/memberpulse/hubspotplugin/hubspot/hubspottest"
)

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
	// What a call fills is noted in the links before it: the records come after it.
	open := c.traps.hold(`lock table hubspot_sync_record in exclusive mode`)
	set("Elsewhere")
	c.springs("the change is sent and not yet settled", "hubspot_sync_record")
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
		until(c.t, "some calls", func() bool {
			c.driver.nudge() // changes that fold into few calls need more of them
			return len(c.hub.Requests()) >= calls
		})
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
