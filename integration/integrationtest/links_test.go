package integrationtest_test

import (
	"fmt"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/memberpulse/hubspotplugin/integration"
	"github.com/memberpulse/hubspotplugin/integration/integrationtest"
)

// links is a builder made of a function.
type links func(ref integration.Ref) string

func (l links) Link(_ string, ref integration.Ref) string { return l(ref) }

func linkHarness(l integration.LinkBuilder) integrationtest.LinkHarness {
	h := integrationtest.LinkHarness{Links: l, ClientID: one, Hosts: []string{integrationtest.MemoryLinkHost},
		Personal: []string{"Ada", "Byron", "ada@example.org"}}
	for _, kind := range []integration.Kind{integration.KindMember, integration.KindEvent} {
		h.Pages = append(h.Pages, integration.Ref{Kind: kind, Key: two}, integration.Ref{Kind: kind, Key: "33333333-0000-4000-8000-000000000003"})
	}
	return h
}

func TestMemoryHostMakesLinks(t *testing.T) {
	t.Parallel()
	integrationtest.TestLinks(t, func(*testing.T) integrationtest.LinkHarness {
		return linkHarness(integrationtest.NewMemoryHost())
	})
}

func TestLinkSuiteCatches(t *testing.T) {
	t.Parallel()
	const own, followed, none = "every page has a link of its own", "a link can be followed from anywhere", "what has no page has no link"
	const allowed, same, nothing = "a link leads to an allowed host", "the same ref has the same link", "a link tells nothing of a person"
	good := integrationtest.NewMemoryHost()
	// with changes good links that there are.
	with := func(change func(link string, ref integration.Ref) string) links {
		return func(ref integration.Ref) string {
			link := good.Link(one, ref)
			if link == "" {
				return ""
			}
			return change(link, ref)
		}
	}
	after := func(text string) links {
		return with(func(link string, _ integration.Ref) string { return link + text })
	}
	instead := func(old, text string) links {
		return with(func(link string, _ integration.Ref) string { return strings.Replace(link, old, text, 1) })
	}
	var calls atomic.Int64
	for defect, tc := range map[string]struct {
		links links
		rule  string
	}{
		"one page has none":      {instead("https://portal.example.org/event/"+two, ""), own},
		"the same page for all":  {with(func(string, integration.Ref) string { return "https://portal.example.org/members" }), own},
		"the kind is left out":   {with(func(_ string, ref integration.Ref) string { return "https://portal.example.org/" + ref.Key }), own},
		"a path":                 {instead("https://portal.example.org", ""), followed},
		"no scheme":              {instead("https:", ""), followed},
		"http":                   {instead("https:", "http:"), followed},
		"a script":               {with(func(string, integration.Ref) string { return "javascript:alert(1)" }), followed},
		"somebody signed in":     {instead("https://", "https://ada:pw@"), followed},
		"a space":                {after("?tab=all members"), followed},
		"endless":                {after("?x=" + strings.Repeat("x", 2048)), followed},
		"another host":           {instead("portal.example.org", "evil.example"), allowed},
		"a host that looks like": {instead("portal.example.org", "portal.example.org.evil.example"), allowed},
		"any kind": {func(ref integration.Ref) string {
			return "https://portal.example.org/" + string(ref.Kind) + "/" + ref.Key
		}, none},
		"any key": {func(ref integration.Ref) string {
			if ref.Kind != integration.KindMember && ref.Kind != integration.KindEvent || ref.Key == "" {
				return ""
			}
			return "https://portal.example.org/" + string(ref.Kind) + "/" + ref.Key
		}, none},
		"another one each time":  {with(func(link string, _ integration.Ref) string { return fmt.Sprint(link, "?n=", calls.Add(1)) }), same},
		"an e-mail":              {after("?for=ada@example.org"), nothing},
		"an e-mail, escaped":     {after("?for=ada%40example.org"), nothing},
		"an e-mail, twice so":    {after("?for=ada%2540example.org"), nothing},
		"a name":                 {after("/lady-BYRON"), nothing},
		"a name in the fragment": {after("#byron"), nothing},
		"a token":                {after("?accessToken=x"), nothing},
	} {
		t.Run(defect, func(t *testing.T) {
			t.Parallel()
			wantBroken(t, broken(t, integrationtest.LinkRules(), func() integrationtest.LinkHarness { return linkHarness(tc.links) }), tc.rule)
		})
	}
}
