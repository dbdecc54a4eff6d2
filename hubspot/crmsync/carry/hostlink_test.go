package carry_test

import (
	"testing"

	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/carry"
	"github.com/memberpulse/hubspotplugin/integration"
)

type oneLink string

func (l oneLink) Link(string, integration.Ref) string { return string(l) }

func TestHostLinkLeavesToAllowedHostsOnly(t *testing.T) {
	t.Parallel()
	ref := integration.Ref{Kind: integration.KindEvent, Key: "e"}
	hosts := []string{"club.example", "localhost"}
	for link, want := range map[string]bool{
		"https://club.example/e": true, "https://CLUB.example:8443/e": true, "http://localhost:8080/e": true, "https://localhost/e": true,
		"http://club.example/e": false, "https://club.example.evil.example/e": false, "https://www.club.example/e": false,
		"http://127.0.0.1/e": false, "javascript:alert(1)": false, "": false,
	} {
		if got := carry.HostLink(oneLink(link), hosts, ref); (got == link && got != "") != want {
			t.Errorf("%q became %q", link, got)
		}
	}
	if carry.HostLink(oneLink("https://club.example/e"), nil, ref) != "" || carry.HostLink(nil, hosts, ref) != "" ||
		carry.HostLink(oneLink("https://club.example/e"), hosts, integration.Ref{}) != "" {
		t.Error("a link without a builder, a host or something to lead to")
	}
}
