package crmsync_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/memberpulse/hubspotplugin/hubspot"
	"github.com/memberpulse/hubspotplugin/hubspot/hubspottest"
	"github.com/memberpulse/hubspotplugin/integration"
)

func TestARemovedPropertyIsMadeAgain(t *testing.T) {
	t.Parallel()
	b := start(t)
	b.save(tenantA, member(1))
	b.connect(tenantA, portalA, tokenA)
	b.settled(tenantA)
	b.sim.Portal(portalA).ArchiveProperty("contacts", "memberpulse_membership_plan")
	plan := func(n int) string {
		c, _ := b.contact(portalA, memberID(n))
		return c.Properties["memberpulse_membership_plan"]
	}
	b.save(tenantA, member(2))
	b.eventually("the change", func() bool { return plan(2) == "Gold" })
	st := b.settled(tenantA)
	if st.Health != integration.HealthOK || len(st.Incidents) != 1 || st.Incidents[0].Code != "refill" {
		t.Errorf("status = %+v", st)
	}
	// HubSpot has no quiet write: for everybody else the admin decides when.
	b.sim.Portal(portalA).EditContact(first(b.contact(portalA, memberID(1))).ID, map[string]string{"memberpulse_membership_plan": ""})
	b.confirmTags(false)
	b.eventually("the refill", func() bool { return plan(1) == "Gold" })
	if st := b.settled(tenantA); len(st.Incidents) != 0 {
		t.Errorf("incidents after the refill: %+v", st.Incidents)
	}
}

// Without the property that tells members apart nobody new can be looked for.
func TestTheKeysPropertyIsMadeAgain(t *testing.T) {
	t.Parallel()
	for _, version := range []hubspot.Version{hubspot.Version202603, hubspot.Version202609} {
		t.Run(string(version), func(t *testing.T) {
			t.Parallel()
			b := start(t, withVersion(version))
			b.save(tenantA, member(1))
			b.connect(tenantA, portalA, tokenA)
			b.settled(tenantA)
			b.sim.Portal(portalA).ArchiveProperty("contacts", "memberpulse_member_id")
			b.save(tenantA, member(2), member(3))
			b.eventually("the new members", func() bool {
				_, two := b.contact(portalA, memberID(2))
				_, three := b.contact(portalA, memberID(3))
				return two && three
			})
			if st := b.settled(tenantA); st.Members.InSync != 3 || st.Health != integration.HealthOK {
				t.Errorf("status = %+v", st)
			}
			if n := len(b.sim.Portal(portalA).Contacts()); n != 3 {
				t.Errorf("%d contacts", n)
			}
		})
	}
}

// What an admin of the portal demands is told as the portal's rule, with the
// property's name, and holds up nobody else.
func TestARuleOfThePortalIsToldByItsName(t *testing.T) {
	t.Parallel()
	b := start(t, withVersion(hubspot.Version202609))
	p := b.sim.Portal(portalA)
	p.SetValidationRule("contacts", "city", hubspottest.ValidationRule{MaxLength: 5})
	p.RequireProperty("contacts", "phone")
	for n := 1; n <= 4; n++ {
		m := member(n)
		m.ContactNumber, m.City = "+61 2 5550 0000", "Perth"
		switch n {
		case 2:
			m.City = "Melbourne"
		case 3:
			m.ContactNumber = ""
		}
		b.host.Put(tenantA, m)
	}
	b.connect(tenantA, portalA, tokenA)
	st := b.settled(tenantA)
	if st.Members.InSync != 2 || st.Members.NeedsAttention != 2 {
		t.Errorf("members = %+v", st.Members)
	}
	for n, want := range map[int][]string{
		2: {"PROPERTY_VALIDATION_RULE_FAILED", "rule of your HubSpot account", "city"},
		3: {"MISSING_REQUIRED_PROPERTY", "has a rule", "phone"},
	} {
		r := b.logOf(tenantA, memberID(n))
		if r.Code != want[0] || !strings.Contains(r.Error, want[1]) || !strings.Contains(r.Error, want[2]) || r.CorrelationID == "" || strings.Contains(r.Error, "Melbourne") {
			t.Errorf("member %d: %+v, want %v", n, r, want)
		}
	}
	for _, name := range []string{"city", "phone"} {
		if !slices.ContainsFunc(st.Incidents, func(i integration.Incident) bool {
			return strings.Contains(i.Title, name) && strings.Contains(i.Fix, "Settings > Properties")
		}) {
			t.Errorf("no incident names %s: %+v", name, st.Incidents)
		}
	}
}

// mapTo has a contact field written to another property.
func (b *bundle) mapTo(field, property string) {
	b.t.Helper()
	ctx := context.Background()
	m, err := b.syncer.PropertyMapping(ctx, tenantA)
	must(b.t, err)
	i := slices.IndexFunc(m.Rules, func(r integration.MappingRule) bool { return r.Object == "contact" && r.Field == field })
	m.Rules[i].Property = property
	must(b.t, b.syncer.CheckMapping(ctx, tenantA, m.Rules))
	must(b.t, b.inTx(func(ctx context.Context, tx txType) error {
		return b.syncer.SetMapping(ctx, tx, tenantA, m.Version, m.Rules)
	}))
}

func TestAMappedPropertyThatVanishesParksItsField(t *testing.T) {
	t.Parallel()
	b := start(t)
	b.define(hubspot.Contacts, hubspot.Property{Name: "shirt_size", Label: "Shirt size", GroupName: "contactinformation", Type: "string", FieldType: "text"})
	b.save(tenantA, member(1))
	b.connect(tenantA, portalA, tokenA)
	b.settled(tenantA)
	ctx := context.Background()
	m, err := b.syncer.PropertyMapping(ctx, tenantA)
	must(t, err)
	for i, r := range m.Rules {
		if r.Object == "contact" && r.Field == "position" {
			m.Rules[i].Property = "shirt_size"
		}
	}
	must(t, b.syncer.CheckMapping(ctx, tenantA, m.Rules))
	must(t, b.inTx(func(ctx context.Context, tx txType) error {
		return b.syncer.SetMapping(ctx, tx, tenantA, m.Version, m.Rules)
	}))
	if err := b.inTx(func(ctx context.Context, tx txType) error {
		return b.syncer.SetMapping(ctx, tx, tenantA, m.Version, m.Rules)
	}); !errors.Is(err, integration.ErrStale) {
		t.Errorf("a stale map: %v", err)
	}
	changed := member(1)
	changed.Position = "Secretary"
	b.save(tenantA, changed)
	b.eventually("the mapped field", func() bool { return first(b.contact(portalA, memberID(1))).Properties["shirt_size"] == "Secretary" })
	b.settled(tenantA)

	b.sim.Portal(portalA).ArchiveProperty("contacts", "shirt_size")
	changed.Position, changed.City = "Chair", "Perth"
	b.save(tenantA, changed)
	b.eventually("the rest of the member", func() bool { return first(b.contact(portalA, memberID(1))).Properties["city"] == "Perth" })
	st := b.settled(tenantA)
	if len(st.Incidents) != 1 || st.Incidents[0].Code != "property-parked" || !strings.Contains(st.Incidents[0].Title, "shirt_size") || st.Members.InSync != 1 {
		t.Errorf("status = %+v", st)
	}
}
