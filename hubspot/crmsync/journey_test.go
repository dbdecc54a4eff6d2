package crmsync_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/uptrace/bun"

	"github.com/memberpulse/hubspotplugin/hubspot"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync"
	"github.com/memberpulse/hubspotplugin/hubspot/hubspottest"
	"github.com/memberpulse/hubspotplugin/integration"
)

func TestMemberArrivesAndChangeFollows(t *testing.T) {
	t.Parallel()
	for _, version := range []hubspot.Version{hubspot.Version202603, hubspot.Version202609} {
		t.Run(string(version), func(t *testing.T) {
			t.Parallel()
			b := start(t, withVersion(version))
			b.connect(tenantA, portalA, tokenA)
			b.settled(tenantA)
			m := member(1)
			b.save(tenantA, m)
			b.eventually("the contact", func() bool { _, ok := b.contact(portalA, m.ID); return ok })
			c, _ := b.contact(portalA, m.ID)
			for name, want := range map[string]string{
				"email": "member1@example.org", "firstname": "First1", "lastname": "Last1",
				"memberpulse_member_status": "active", "memberpulse_membership_plan": "Gold",
				"memberpulse_membership_status": "active", "memberpulse_membership_end": "2026-12-31",
			} {
				if got := c.Properties[name]; got != want {
					t.Errorf("%s = %q, want %q", name, got, want)
				}
			}
			m.FirstName, m.Memberships[0].Status = "Renamed", integration.MembershipExpiring
			b.save(tenantA, m)
			b.eventually("the change", func() bool {
				c, _ := b.contact(portalA, m.ID)
				return c.Properties["firstname"] == "Renamed" && c.Properties["memberpulse_membership_status"] == "expiring"
			})
			st := b.settled(tenantA)
			if st.Members.InSync != 1 || st.Health != integration.HealthOK {
				t.Errorf("status = %+v", st)
			}
		})
	}
}

func TestRolledBackChangeIsNotSent(t *testing.T) {
	t.Parallel()
	b := start(t)
	b.connect(tenantA, portalA, tokenA)
	b.settled(tenantA)
	ghost, real := member(1), member(2)
	errNo := errors.New("no")
	err := b.db.RunInTx(context.Background(), nil, func(ctx context.Context, tx bun.Tx) error {
		entries, err := crmsync.Entries([]integration.Change{integration.MemberChanged(tenantA, ghost.ID)})
		must(t, err)
		must(t, b.box.Append(ctx, tx, entries...))
		b.host.Put(tenantA, ghost)
		return errNo
	})
	if !errors.Is(err, errNo) {
		t.Fatal(err)
	}
	b.save(tenantA, real)
	b.eventually("the committed member", func() bool { _, ok := b.contact(portalA, real.ID); return ok })
	if _, ok := b.contact(portalA, ghost.ID); ok {
		t.Error("a rolled back change reached HubSpot")
	}
}

func TestUnchangedMemberCostsNoCall(t *testing.T) {
	t.Parallel()
	b := start(t)
	b.connect(tenantA, portalA, tokenA)
	b.save(tenantA, member(1))
	b.eventually("the contact", func() bool { _, ok := b.contact(portalA, memberID(1)); return ok })
	b.settled(tenantA)
	b.sim.ResetRequests()
	b.save(tenantA, member(1))
	b.save(tenantA, member(2)) // behind it in the queue
	b.eventually("the second contact", func() bool { _, ok := b.contact(portalA, memberID(2)); return ok })
	b.settled(tenantA)
	if n := b.calls("/batch/update"); n != 0 {
		t.Errorf("%d updates for a member that did not change", n)
	}
}

func TestClearedFieldIsCleared(t *testing.T) {
	t.Parallel()
	b := start(t)
	b.connect(tenantA, portalA, tokenA)
	existing := b.sim.Portal(portalA).PutContact(map[string]string{"email": "member1@example.org", "jobtitle": "Baker", "city": "Bern"})
	m := member(1)
	m.Company = "ACME"
	b.save(tenantA, m)
	b.eventually("adoption", func() bool { c, _ := b.contact(portalA, m.ID); return c.ID == existing.ID })
	b.settled(tenantA)
	m.Company = ""
	b.save(tenantA, m)
	b.eventually("the cleared company", func() bool { c, _ := b.contact(portalA, m.ID); return c.Properties["company"] == "" })
	c, _ := b.contact(portalA, m.ID)
	if c.Properties["jobtitle"] != "Baker" || c.Properties["city"] != "Bern" {
		t.Errorf("a blank here cleared what people had typed there: %v", c.Properties)
	}
}

func TestDeletedMemberIsKeptWithItsStatus(t *testing.T) {
	t.Parallel()
	b := start(t)
	b.connect(tenantA, portalA, tokenA)
	m := member(1)
	b.save(tenantA, m)
	b.eventually("the contact", func() bool { _, ok := b.contact(portalA, m.ID); return ok })
	b.settled(tenantA)
	b.host.Delete(tenantA, m.ID)
	b.record(integration.MemberChanged(tenantA, m.ID))
	b.eventually("the status", func() bool {
		c, ok := b.contact(portalA, m.ID)
		return ok && c.Properties["memberpulse_member_status"] == "deleted"
	})
	st := b.settled(tenantA)
	if st.Members.Total != 0 {
		t.Errorf("members = %+v", st.Members)
	}
	if r := b.logOf(tenantA, m.ID); r.Code != "member-deleted" || r.Status != integration.SyncSynced {
		t.Errorf("record = %+v", r)
	}
}

func TestNotIncludedMembersHaveTheirReason(t *testing.T) {
	t.Parallel()
	b := start(t)
	b.connect(tenantA, portalA, tokenA)
	silent, pending := member(1), member(2)
	silent.Email = " "
	pending.Status = integration.MemberPending
	b.save(tenantA, silent, pending, member(3))
	b.eventually("the contact", func() bool { _, ok := b.contact(portalA, memberID(3)); return ok })
	st := b.settled(tenantA)
	if st.Members.NotIncluded != 2 || st.Members.InSync != 1 {
		t.Errorf("members = %+v", st.Members)
	}
	if r := b.logOf(tenantA, silent.ID); r.Code != "no-email" || r.Status != integration.SyncExcluded || r.Fix == "" {
		t.Errorf("record = %+v", r)
	}
	if r := b.logOf(tenantA, pending.ID); r.Code != "member-pending" {
		t.Errorf("record = %+v", r)
	}
	silent.Email = "member1@example.org"
	b.save(tenantA, silent)
	b.eventually("the member with an address", func() bool { _, ok := b.contact(portalA, silent.ID); return ok })
}

func TestUnknownEnumValueIsRefusedAndSaid(t *testing.T) {
	t.Parallel()
	b := start(t)
	b.connect(tenantA, portalA, tokenA)
	m := member(1)
	m.Memberships[0].Status = "lapsed"
	b.save(tenantA, m, member(2))
	b.eventually("the other member", func() bool { _, ok := b.contact(portalA, memberID(2)); return ok })
	st := b.settled(tenantA)
	if st.Members.NeedsAttention != 1 {
		t.Fatalf("members = %+v", st.Members)
	}
	r := b.logOf(tenantA, m.ID)
	if r.Code != "unknown-value" || !strings.Contains(r.Error, `"lapsed"`) {
		t.Errorf("record = %+v", r)
	}
	m.Memberships[0].Status = integration.MembershipActive
	b.save(tenantA, m)
	b.eventually("the mended member", func() bool { _, ok := b.contact(portalA, m.ID); return ok })
	if st := b.settled(tenantA); st.Members.NeedsAttention != 0 || len(st.Incidents) != 0 {
		t.Errorf("status = %+v", st)
	}
}

func TestTenantsAreApart(t *testing.T) {
	t.Parallel()
	b := start(t)
	b.connect(tenantA, portalA, tokenA)
	b.connect(tenantB, portalB, tokenB)
	b.save(tenantA, member(1))
	b.save(tenantB, member(2))
	b.eventually("both contacts", func() bool {
		_, a := b.contact(portalA, memberID(1))
		_, bb := b.contact(portalB, memberID(2))
		return a && bb
	})
	if n := len(b.sim.Portal(portalA).Contacts()) + len(b.sim.Portal(portalB).Contacts()); n != 2 {
		t.Errorf("%d contacts in both portals", n)
	}
	// A portal that answers nothing delays its own tenant only.
	b.sim.Inject(hubspottest.Fault{PortalID: portalA, Status: 503})
	b.save(tenantA, member(3))
	b.save(tenantB, member(4))
	b.eventually("the other tenant's contact", func() bool { _, ok := b.contact(portalB, memberID(4)); return ok })
	if _, ok := b.contact(portalA, memberID(3)); ok {
		t.Error("a call went through a dead portal")
	}
	b.sim.ClearFaults()
	b.eventually("recovery", func() bool { _, ok := b.contact(portalA, memberID(3)); return ok })
	page, err := b.syncer.SyncLog(context.Background(), tenantB, integration.SyncQuery{Search: memberID(1)})
	must(t, err)
	if len(page.Records) != 0 {
		t.Error("a tenant sees another's record")
	}
	foreign := b.logOf(tenantA, memberID(1))
	if _, _, err := b.syncer.SyncRecord(context.Background(), tenantB, foreign.ID); !errors.Is(err, integration.ErrNotFound) {
		t.Errorf("foreign record: %v", err)
	}
	if err := b.syncer.Retry(context.Background(), tenantB, foreign.ID); !errors.Is(err, integration.ErrNotFound) {
		t.Errorf("foreign retry: %v", err)
	}
}
