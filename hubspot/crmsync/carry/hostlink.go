package carry

import (
	"slices"
	"strings"

	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/notetext"
	"github.com/memberpulse/hubspotplugin/integration"
)

// HostLinks makes links to the host's own pages, and lets only those out that
// lead where the deployer has said.
type HostLinks struct {
	Builder integration.LinkBuilder // nil: there are none
	Hosts   []string                // allowed host names, without port
}

// Link returns the link to ref, "" if there is none that may leave: https (or
// http to this machine) to one of the hosts allowed.
func (l HostLinks) Link(clientID string, ref integration.Ref) string {
	if l.Builder == nil || ref.Key == "" {
		return ""
	}
	link := l.Builder.Link(clientID, ref)
	host, safe := notetext.Host(link)
	if !safe || !slices.ContainsFunc(l.Hosts, func(h string) bool { return strings.EqualFold(h, host) }) {
		return ""
	}
	return link
}

// Linker is link for one tenant.
func (l HostLinks) Linker(clientID string) func(integration.Ref) string {
	return func(ref integration.Ref) string { return l.Link(clientID, ref) }
}
