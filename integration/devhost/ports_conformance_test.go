package main

import (
	"context"
	"fmt"
	"sync/atomic"
	"testing"

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

func newPorted(t *testing.T) *ported {
	t.Helper()
	h := hosttest.New(t)
	s := setup{DB: h.DB, Address: "https://portal.example.org", Now: h.Now}
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
}
