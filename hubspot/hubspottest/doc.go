// Package hubspottest is a stateful simulator of the HubSpot CRM API.
//
// It keeps portals, tokens, properties, records, their associations, lists and events in
// memory and serves them under the v3 (associations: v4), 2026-03 and 2026-09 paths over one store. It knows nothing of the client
// in package hubspot: its JSON types are its own, so that a mistake in the client
// cannot hide in a type that both share.
//
// The simulator copies HubSpot as it is: results come back in another order, search
// lags behind writes, a batch is rejected as a whole unless every input carries a
// trace id, and a 2xx reply may hold errors. What HubSpot's documentation leaves open
// is a switch in [Options]; tests should run both ways.
//
// Workflows are switched on by hand, see [PortalState.PutWorkflow]: they show what a
// write sets off in a portal.
//
// A [Simulator] is an http.Handler and starts no goroutine. [NewServer] puts one
// behind a loopback listener for a test; the program hubspotsim does it for a shell.
//
// Everything under the path /_sim/ is the simulator's own control surface and not
// part of HubSpot: state, requests, faults and portals.
package hubspottest
