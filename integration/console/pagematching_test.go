package console_test

import (
	"fmt"
	"net/url"
	"strings"
	"testing"

	"github.com/memberpulse/hubspotplugin/integration"
)

func TestTheMatchingPage(t *testing.T) {
	t.Parallel()
	b := setup(t).connected()
	page := b.page("admin", "GET", "/acme/matching").Body.String()
	mustContain(t, page, `aria-current="page">Match companies</a>`, "9 of 12 organizations looked for", `max="12" value="9"`, "3 organizations wait for your decision.", "Confirm all 3 shown",
		"Harbour &lt;Works&gt;", "harbour.example", "Same name and domain; suggested", `href="https://crm.example/501" target="_blank" rel="noopener noreferrer"`, "None of these: create a company",
		"There may be &lt;more&gt; kilns.", "<span>Create a company</span>")
	mustNotContain(t, page, "javascript:", `rel="next"`)
	// The suggestion is marked, and nothing where there is none.
	mustContain(t, page, `name="match.`+orgOne+`" value="501" checked>`)
	if n := strings.Count(page, " checked>"); n != 1 {
		t.Errorf("%d marks", n)
	}
	page = b.page("impersonator", "GET", "/acme/matching").Body.String()
	mustContain(t, page, "disabled", "but not decide")
	mustNotContain(t, page, "Confirm all")
	mustContain(t, b.page("adminB", "GET", "/acme/matching").Body.String(), "Nothing to match")
	b.vendor.matches[tenantA] = integration.Matching{Total: 12, Searched: 12}
	mustContain(t, b.page("admin", "GET", "/acme/matching").Body.String(), "Matching is done", "New ones are sent by themselves.")
	b.vendor.matches[tenantA] = integration.Matching{Open: true, Total: 12, Searched: 3}
	mustContain(t, b.page("admin", "GET", "/acme/matching").Body.String(), "Looking for companies", "Nothing to decide so far.")
}

func TestMatchesByForm(t *testing.T) {
	t.Parallel()
	b := setup(t).connected()
	w := b.post("admin", acmePage+"/matching", url.Values{"match." + orgOne: {"502"}, "match." + orgThree: {"none"}, "page": {"1"}})
	if w.Code != 303 || w.Header().Get("Location") != acmePage+"/matching?done=matching&n=2" {
		t.Fatalf("%d to %s: %s", w.Code, w.Header().Get("Location"), w.Body)
	}
	page := b.ask("admin", "GET", w.Header().Get("Location"), "").Body.String()
	mustContain(t, page, "2 organizations are decided.", "1 organization waits for your decision.", "Mill")
	mustNotContain(t, page, "Harbour")
	if got := b.vendor.decisions(); fmt.Sprint(got) != fmt.Sprint([]integration.MatchDecision{{OrganizationID: orgOne, CompanyID: "502"}, {OrganizationID: orgThree}}) {
		t.Errorf("%v", got)
	}
	if w := b.post("admin", acmePage+"/matching", url.Values{}); w.Code != 422 {
		t.Errorf("nothing marked: %d", w.Code)
	}
}

func TestRefusedMatchesKeepTheirMarks(t *testing.T) {
	t.Parallel()
	b := setup(t).connected()
	w := b.post("admin", acmePage+"/matching", url.Values{"match." + orgOne: {"502"}, "match." + orgTwo: {"502"}, "match." + orgThree: {"none"}})
	if w.Code != 422 {
		t.Fatalf("%d", w.Code)
	}
	page := w.Body.String()
	mustContain(t, page, `<a href="#match-`+orgTwo+`">Mill</a>: Two organizations cannot be the same company.`, `value="502" checked>`, `name="match.`+orgThree+`" value="none" checked>`)
	mustContain(t, between(page, `id="error-match-`+orgOne+`"`, "</div>"), "Two organizations cannot be the same company.")
	mustNotContain(t, page, `value="501" checked>`)
}

func TestProposalsArePaged(t *testing.T) {
	t.Parallel()
	b := setup(t).connected()
	m := integration.Matching{Open: true, Total: 130, Searched: 130}
	for i := range 120 {
		m.Proposals = append(m.Proposals, integration.MatchProposal{OrganizationID: fmt.Sprintf("0a000000-0000-4000-8000-%012d", i), Name: fmt.Sprintf("Organization %d.", i)})
	}
	b.vendor.matches[tenantA] = m
	page := b.page("admin", "GET", "/acme/matching").Body.String()
	mustContain(t, page, "1 to 50 of 120", "Confirm all 50 shown", `rel="next" href="/settings/integrations/acme/matching?page=2"`, "Organization 49.")
	mustNotContain(t, page, "Organization 50.", `rel="prev"`)
	page = b.page("admin", "GET", "/acme/matching?page=3").Body.String()
	mustContain(t, page, "101 to 120 of 120", "Organization 119.", `name="page" value="3"`, `rel="prev" href="/settings/integrations/acme/matching?page=2"`)
	mustNotContain(t, page, `rel="next"`)
	for _, n := range []string{"99", "-1", "x"} {
		if w := b.page("admin", "GET", "/acme/matching?page="+n); w.Code != 200 {
			t.Errorf("page %s: %d", n, w.Code)
		}
	}
	// A refused post stays on its page.
	b.vendor.decideErr = integration.FieldErrors{m.Proposals[110].OrganizationID: {"No."}}
	w := b.post("admin", acmePage+"/matching", url.Values{"page": {"3"}, "match." + m.Proposals[110].OrganizationID: {"none"}})
	mustContain(t, w.Body.String(), "101 to 120 of 120", "Organization 110.</a>: No.")
}
