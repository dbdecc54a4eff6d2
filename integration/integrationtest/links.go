package integrationtest

import (
	"net"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/memberpulse/hubspotplugin/integration"
)

// LinkHarness is one LinkBuilder under test.
type LinkHarness struct {
	Links    integration.LinkBuilder
	ClientID string
	// Pages are what the host has pages about, one of each kind at least. Two
	// pages have two addresses.
	Pages []integration.Ref
	// Hosts are the host names, without a port, to which links may lead.
	Hosts []string
	// Personal are texts that stand in the data of Pages and are nobody else's
	// business: names, e-mail addresses.
	Personal []string
}

// TestLinks holds a LinkBuilder to its contract, one subtest for each rule.
// newLinks makes a new builder for each of them; they run in parallel.
func TestLinks(t *testing.T, newLinks func(t *testing.T) LinkHarness) {
	hold(t, linkRules(), newLinks)
}

func linkRules() []rule[LinkHarness] {
	return []rule[LinkHarness]{
		{"every page has a link of its own", linkPages},
		{"a link can be followed from anywhere", linkAbsolute},
		{"a link leads to an allowed host", linkHosts},
		{"what has no page has no link", linkNone},
		{"the same ref has the same link", linkStable},
		{"a link tells nothing of a person", linkPersonal},
	}
}

func (h LinkHarness) link(ref integration.Ref) string { return h.Links.Link(h.ClientID, ref) }

// parsed returns the links of all pages that there are.
func (h LinkHarness) parsed(t testing.TB) map[integration.Ref]*url.URL {
	t.Helper()
	out := map[integration.Ref]*url.URL{}
	for _, ref := range h.Pages {
		link := h.link(ref)
		if link == "" {
			continue
		}
		u, err := url.Parse(link)
		if err != nil {
			t.Errorf("the link of %s is no address", ref)
			continue
		}
		out[ref] = u
	}
	return out
}

func linkPages(t testing.TB, h LinkHarness) {
	if len(h.Pages) == 0 {
		t.Fatal("the harness has no pages")
	}
	owner := map[string]integration.Ref{}
	for _, ref := range h.Pages {
		link := h.link(ref)
		if link == "" {
			t.Errorf("%s has no link", ref)
			continue
		}
		if other, taken := owner[link]; taken && other != ref {
			t.Errorf("%s and %s have the same link", ref, other)
		}
		owner[link] = ref
	}
}

func linkAbsolute(t testing.TB, h LinkHarness) {
	for ref, u := range h.parsed(t) {
		host := u.Hostname()
		ip := net.ParseIP(host)
		local := host == "localhost" || ip != nil && ip.IsLoopback()
		switch {
		case host == "" || u.Opaque != "":
			t.Errorf("the link of %s is not absolute: %s", ref, u)
		case u.Scheme != "https" && (u.Scheme != "http" || !local):
			t.Errorf("the link of %s is neither https nor http to this machine: %s", ref, u)
		case u.User != nil:
			t.Errorf("the link of %s signs somebody in", ref)
		}
		link := h.link(ref)
		if strings.ContainsFunc(link, func(r rune) bool { return r <= ' ' || r > '~' }) {
			t.Errorf("the link of %s has spaces, or letters that are not ASCII; escape them", ref)
		}
		if len(link) > 2048 {
			t.Errorf("the link of %s is %d bytes long, want at most 2048", ref, len(link))
		}
	}
}

func linkHosts(t testing.TB, h LinkHarness) {
	if len(h.Hosts) == 0 {
		t.Fatal("the harness allows no host, so there would be no links at all")
	}
	for ref, u := range h.parsed(t) {
		if !slices.ContainsFunc(h.Hosts, func(host string) bool { return strings.EqualFold(host, u.Hostname()) }) {
			t.Errorf("the link of %s leads to %q, want one of %q", ref, u.Hostname(), h.Hosts)
		}
	}
}

func linkNone(t testing.TB, h LinkHarness) {
	refs := []integration.Ref{{}, {Key: nowhere}, {Kind: "no-such-kind", Key: nowhere}, {Kind: integration.KindActivity, Key: nowhere}}
	for _, page := range h.Pages {
		for _, key := range []string{"", "not-a-uuid", "../signout", "x?next=//evil.example", strings.ToUpper(nowhere) + "/..", page.Key + "/edit"} {
			refs = append(refs, integration.Ref{Kind: page.Kind, Key: key})
		}
	}
	for _, ref := range refs {
		if link := h.link(ref); link != "" {
			t.Errorf("kind %q, key %q: the link %s, want none", ref.Kind, ref.Key, link)
		}
	}
}

func linkStable(t testing.TB, h LinkHarness) {
	first := map[integration.Ref]string{}
	for _, ref := range h.Pages {
		first[ref] = h.link(ref)
	}
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for _, ref := range slices.Backward(h.Pages) {
				if again := h.link(ref); again != first[ref] {
					t.Errorf("%s: the link %s, and before %s; a note would be written anew", ref, again, first[ref])
					return
				}
			}
		})
	}
	wg.Wait()
}

func linkPersonal(t testing.TB, h LinkHarness) {
	for ref, u := range h.parsed(t) {
		text := strings.ReplaceAll(strings.ToLower(u.Path+"?"+u.RawQuery+"#"+u.Fragment), ref.Key, "") // in which "ada" is a number
		for range 2 {                                                                                  // a value may be escaped twice
			if plain, err := url.QueryUnescape(text); err == nil {
				text += "\n" + plain
			}
		}
		if strings.Contains(text, "@") {
			t.Errorf("the link of %s holds an e-mail address, or something like it", ref)
		}
		for _, personal := range h.Personal {
			if personal != "" && strings.Contains(text, strings.ToLower(personal)) {
				t.Errorf("the link of %s holds a value of the person's", ref)
			}
		}
		for key := range u.Query() {
			for _, word := range []string{"token", "session", "password", "signature", "secret"} {
				if strings.Contains(strings.ToLower(key), word) {
					t.Errorf("the link of %s has the parameter %q: whoever reads the vendor's page could use it", ref, key)
				}
			}
		}
	}
}
