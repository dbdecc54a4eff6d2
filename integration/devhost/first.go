package main

import (
	"context"
	"errors"
	"time"

	"github.com/memberpulse/hubspotplugin/integration"
	"github.com/memberpulse/hubspotplugin/integration/devhost/host/clients"
)

// connectTime is how long the first connections may take together.
const connectTime = 40 * time.Second

// connectFirst connects what is to be connected at the start and returns whose
// first sync begins. A refusal is told and is no reason not to serve: the pages
// are where it is mended.
func (h *host) connectFirst(ctx context.Context, o options, s setup, list []clients.Client, say func(string, ...any)) []clients.Client {
	ctx, cancel := context.WithTimeout(ctx, connectTime)
	defer cancel()
	var joined []clients.Client
	for i, c := range h.andTheRest(ctx, list) {
		to, ok := h.accountFor(ctx, o, s, i, c, say)
		if !ok {
			continue
		}
		if err := h.connectTo(ctx, c.ID, to); err != nil {
			if ctx.Err() == nil {
				say("%s is not connected to portal %s: %v", c.Name, to.portalID, err)
			}
			continue
		}
		say("%s is connected to portal %s", c.Name, to.portalID)
		joined = append(joined, c)
	}
	if s.HubSpot == nil && o.portalID == "" {
		say("nobody is connected by the host: set HUBSPOT_PORTAL_ID and HUBSPOT_API_KEY, or connect on the page")
	}
	return joined
}

// accountFor decides whether client number i is connected now, and to what: the
// first to the account of the environment, or once to its simulated one; and
// whoever is connected already to the new simulated account, for the one before
// ended with the process before.
func (h *host) accountFor(ctx context.Context, o options, s setup, i int, c clients.Client, say func(string, ...any)) (account, bool) {
	named := i == 0 && o.portalID != ""
	to := account{o.portalID, o.apiKey}
	if s.HubSpot == nil {
		return to, named
	}
	s.furnishAs(o, i, c, say)
	stored, err := h.Settings.Load(ctx, c.ID, h.Plugin.Spec().ID)
	never := errors.Is(err, integration.ErrNotFound)
	if err != nil && !never {
		say("%s: the stored settings cannot be read: %v", c.Name, err)
		return to, named
	}
	was := stored.Version > 0 && !stored.Settings.Secret("apiKey").IsZero() // disconnecting destroys the key
	if !named && !was && !(never && i == 0) {
		return to, false
	}
	if named && stored.Settings.Text("portalId") == o.portalID {
		say("%s was in portal %s before, and the simulated portal is empty again: members sent before count as deleted there; -fresh starts anew", c.Name, o.portalID)
	}
	id, key, ok := s.HubSpot.Portal(c.ID)
	return account{id, integration.NewSecret(key)}, ok
}

// andTheRest adds the clients that were made by hand to the invented ones.
func (h *host) andTheRest(ctx context.Context, list []clients.Client) []clients.Client {
	all, err := h.Clients.List(ctx)
	if err != nil {
		return list
	}
	known := map[string]bool{}
	for _, c := range list {
		known[c.ID] = true
	}
	for _, c := range all {
		if !known[c.ID] {
			list = append(list, c)
		}
	}
	return list
}

func (s setup) furnishAs(o options, i int, c clients.Client, say func(string, ...any)) {
	if i == 0 && o.portalID != "" {
		if err := s.HubSpot.Open(c.ID, parseID(o.portalID), o.apiKey.Reveal()); err != nil {
			say("%v", err)
		}
	}
	s.furnish(i, c, o.clients)
}
