package main

import (
	"context"
	"database/sql"
	"fmt"
	"sync/atomic"
	"testing"

	"github.com/uptrace/bun"

	"github.com/memberpulse/hubspotplugin"
	"github.com/memberpulse/hubspotplugin/integration"
	"github.com/memberpulse/hubspotplugin/integration/devhost/host/check"
	"github.com/memberpulse/hubspotplugin/integration/devhost/host/hosttest"
	"github.com/memberpulse/hubspotplugin/integration/devhost/host/members"
	"github.com/memberpulse/hubspotplugin/integration/integrationtest"
)

// ported is a host with what it gives its plugins, as main wires it. The suites
// share its database and take new clients for each rule.
type ported struct {
	*hosttest.Host
	hubspotplugin.Deps
	clients atomic.Int64
}

const portedAddress = "https://portal.example.org:8443"

func newPorted(t *testing.T) *ported {
	t.Helper()
	h := hosttest.New(t)
	s := setup{DB: h.DB, Address: portedAddress, Now: h.Now}
	return &ported{Host: h, Deps: newDeps(s, newSource(s), nil)}
}

// client adds a client who has plans and nothing else.
func (p *ported) client(t *testing.T) string {
	t.Helper()
	c, err := p.Seeder().Add(t.Context(), fmt.Sprint("Client of a rule, no. ", p.clients.Add(1)), 0)
	if err != nil {
		t.Fatal(err)
	}
	return c.ID
}

// add creates an entity through the module that owns it.
func (p *ported) add(ctx context.Context, clientID string, kind integration.Kind) (string, error) {
	switch kind {
	case integration.KindMember:
		m, err := p.Members.Create(ctx, clientID, members.Patch{"firstName": "Ada", "lastName": "Byron"}, nil)
		return m.ID, err
	case integration.KindOrganization:
		o, err := p.Organizations.Create(ctx, clientID, check.Values{"name": "Acme"})
		return o.ID, err
	case integration.KindTicket:
		k, err := p.Tickets.Open(ctx, clientID, check.Values{"subject": "Help", "name": "Jo"})
		return k.ID, err
	case integration.KindEvent:
		e, err := p.Events.Create(ctx, clientID, check.Values{"name": "Gala", "start": "2030-05-01T18:00"})
		return e.ID, err
	}
	return "", fmt.Errorf("this host has no %s", kind)
}

// This host's own ports keep the contract that it offers to plugins.
func TestPortsConform(t *testing.T) {
	t.Parallel()
	p := newPorted(t)
	t.Run("source", func(t *testing.T) {
		t.Parallel()
		integrationtest.TestSource(t, func(t *testing.T) integrationtest.SourceHarness {
			return integrationtest.SourceHarness{Source: p.Source, ClientID: p.client(t), OtherClientID: p.client(t), Add: p.add, DeleteMember: p.Members.Delete}
		})
	})
	t.Run("CRM IDs", func(t *testing.T) {
		t.Parallel()
		integrationtest.TestCRMIDs(t, func(t *testing.T) integrationtest.CRMIDHarness { return p.crmIDs(t) })
	})
	t.Run("links", func(t *testing.T) {
		t.Parallel()
		integrationtest.TestLinks(t, func(t *testing.T) integrationtest.LinkHarness { return p.links(t) })
	})
	t.Run("calendar", func(t *testing.T) {
		t.Parallel()
		integrationtest.TestCalendar(t, func(*testing.T) integrationtest.CalendarHarness {
			return integrationtest.CalendarHarness{Calendar: p.Calendar, Zones: map[string]string{p.One: "Australia/Sydney", p.Two: "UTC"}}
		})
	})
	t.Run("plans", func(t *testing.T) {
		t.Parallel()
		integrationtest.TestPlans(t, func(t *testing.T) integrationtest.PlanHarness { return p.planned(t) })
	})
}

func (p *ported) crmIDs(t *testing.T) integrationtest.CRMIDHarness {
	t.Helper()
	one, two := p.client(t), p.client(t)
	add := func(clientID string, kind integration.Kind) integration.Ref {
		key, err := p.add(t.Context(), clientID, kind)
		if err != nil {
			t.Fatal(err)
		}
		return integration.Ref{Kind: kind, Key: key}
	}
	const member, ticket = integration.KindMember, integration.KindTicket
	gone := add(one, member)
	if err := p.Members.Delete(t.Context(), one, gone.Key); err != nil {
		t.Fatal(err)
	}
	table := map[integration.Kind]string{member: "mp_members", ticket: "mp_tickets"}
	return integrationtest.CRMIDHarness{
		Writer: p.CRMIDs, ClientID: one, OtherClientID: two,
		Begin:   func(ctx context.Context) (*sql.Tx, error) { return p.Host.DB.DB.BeginTx(ctx, nil) },
		Own:     []integration.Ref{add(one, member), add(one, member), add(one, ticket), add(one, ticket)},
		Foreign: []integration.Ref{add(two, member), add(two, ticket)},
		Gone:    gone,
		Stored: func(ctx context.Context, clientID string, ref integration.Ref) (id string, err error) {
			err = p.Host.DB.NewRaw("select crm_id from ? where client_id = ? and id = ?", bun.Ident(table[ref.Kind]), clientID, ref.Key).Scan(ctx, &id)
			return id, err
		},
		Rest: func(ctx context.Context) (rest string, err error) {
			list := bun.List([]string{one, two})
			err = p.Host.DB.NewRaw(`select jsonb_build_array(
				(select jsonb_agg(to_jsonb(m) - 'crm_id' order by m.id) from mp_members as m where m.client_id in (?)),
				(select jsonb_agg(to_jsonb(k) - 'crm_id' order by k.id) from mp_tickets as k where k.client_id in (?)),
				(select count(*) from recorded where client_id in (?)))::text`, list, list, list).Scan(ctx, &rest)
			return rest, err
		},
	}
}

// links leads to one thing of each kind, and to a member with a name.
func (p *ported) links(t *testing.T) integrationtest.LinkHarness {
	t.Helper()
	clientID := p.client(t)
	h := integrationtest.LinkHarness{
		Links: p.LinkBuilder, ClientID: clientID, Hosts: newPluginConfig(setup{Address: portedAddress}).LinkHosts, Personal: []string{"Ada", "Byron", "Acme", "Gala"},
	}
	for _, kind := range []integration.Kind{integration.KindMember, integration.KindOrganization, integration.KindTicket, integration.KindEvent} {
		for range 2 {
			key, err := p.add(t.Context(), clientID, kind)
			if err != nil {
				t.Fatal(err)
			}
			h.Pages = append(h.Pages, integration.Ref{Kind: kind, Key: key})
		}
	}
	return h
}

// planned is a client one of whose members has a membership.
func (p *ported) planned(t *testing.T) integrationtest.PlanHarness {
	t.Helper()
	m := p.Member(t, p.One, "")
	if _, err := p.Members.SetMembership(t.Context(), p.One, m.ID, members.MembershipPatch{Plan: "Professional", Status: "active"}); err != nil {
		t.Fatal(err)
	}
	loaded, err := p.Source.Load(t.Context(), p.One, []integration.Ref{m.Ref()})
	if err != nil {
		t.Fatal(err)
	}
	h := integrationtest.PlanHarness{Plans: p.Plans, ClientID: p.One, OtherClientID: p.Two, Names: []string{"Standard", "Professional"}}
	for _, held := range loaded[0].Entity.(integration.Member).Memberships {
		h.Held = append(h.Held, held.PlanID)
	}
	return h
}
