// Package matching compares a host's organizations, once for each portal, with
// the companies that the portal has before any is created: it searches by name and
// domain, proposes, and does what an admin decides. From then on companies are
// known by id.
//
// A search proposes; it writes nothing and decides nothing. See [likeness] for
// what is alike.
//
// [likeness]: https://pkg.go.dev/github.com/memberpulse/hubspotplugin/hubspot/crmsync/likeness
package matching
