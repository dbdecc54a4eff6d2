package crmsync

import (
	"slices"
	"strings"

	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/notetext"
	"github.com/memberpulse/hubspotplugin/integration"
)

// hostLinks makes links to the host's own pages, and lets only those out that
// lead where the deployer has said.
type hostLinks struct {
	builder integration.LinkBuilder // nil: there are none
	hosts   []string                // allowed host names, without port
}

// link returns the link to ref, "" if there is none that may leave: https (or
// http to this machine) to one of the hosts allowed.
func (l hostLinks) link(clientID string, ref integration.Ref) string {
	if l.builder == nil || ref.Key == "" {
		return ""
	}
	link := l.builder.Link(clientID, ref)
	host, safe := notetext.Host(link)
	if !safe || !slices.ContainsFunc(l.hosts, func(h string) bool { return strings.EqualFold(h, host) }) {
		return ""
	}
	return link
}

// linker is link for one tenant.
func (l hostLinks) linker(clientID string) func(integration.Ref) string {
	return func(ref integration.Ref) string { return l.link(clientID, ref) }
}
