package crmsync_test

import (
	"testing"

	"github.com/memberpulse/hubspotplugin/hubspot/hubspottest"
	"github.com/memberpulse/hubspotplugin/integration"
)

// A call fills a property, its reply is lost, and the host clears the field
// before the call is repeated: nothing that was settled says that the value in
// HubSpot is ours.
func TestFieldFilledByALostCallIsCleared(t *testing.T) {
	t.Parallel()
	for _, linked := range []bool{true, false} {
		t.Run(map[bool]string{true: "of a known contact", false: "of a new contact"}[linked], func(t *testing.T) {
			t.Parallel()
			b := start(t)
			b.connect(tenantA, portalA, tokenA)
			m := member(1)
			if linked {
				b.save(tenantA, m)
				b.settled(tenantA)
			}
			b.sim.Inject(hubspottest.Fault{PathContains: "/batch/up", Commit: true, Status: 504, Times: 3})
			m.Company = "ACME"
			b.save(tenantA, m)
			b.eventually("the write whose reply is lost", func() bool {
				c, _ := b.contact(portalA, m.ID)
				return c.Properties["company"] == "ACME"
			})
			m.Company, m.City = "", "Bern"
			b.save(tenantA, m)
			b.eventually("the write after it", func() bool {
				c, _ := b.contact(portalA, m.ID)
				return c.Properties["city"] == "Bern"
			})
			b.settled(tenantA)
			if c, _ := b.contact(portalA, m.ID); c.Properties["company"] != "" {
				t.Errorf("company = %q, want it cleared", c.Properties["company"])
			}
		})
	}
}

// A contact is made, the reply is lost, and before the call is repeated the
// member becomes one that is left out: the contact must not keep saying that
// it is active.
func TestMemberLeftOutAfterALostCreateIsNotForgotten(t *testing.T) {
	t.Parallel()
	b := start(t)
	b.connect(tenantA, portalA, tokenA)
	b.settled(tenantA)
	b.sim.Inject(hubspottest.Fault{PathContains: "/batch/upsert", Commit: true, Status: 504, Times: 3})
	m := member(1)
	b.save(tenantA, m)
	b.eventually("the write whose reply is lost", func() bool { _, ok := b.contact(portalA, m.ID); return ok })
	m.Status = integration.MemberPending
	b.save(tenantA, m)
	b.eventually("the new status", func() bool {
		c, _ := b.contact(portalA, m.ID)
		return c.Properties["memberpulse_member_status"] == "pending"
	})
	b.settled(tenantA)
	var left int
	must(t, b.db.NewRaw("select count(*) from hubspot_unconfirmed").Scan(t.Context(), &left))
	if left != 0 {
		t.Errorf("%d keys are still unconfirmed", left)
	}
}
