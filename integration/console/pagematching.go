package console

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/memberpulse/hubspotplugin/integration"
)

const (
	matchPrefix  = "match." // marks form fields: "match.<organization>"
	noneOfThese  = "none"   // the value that stands for no candidate; no id of a company's
	matchPerPage = 50
)

// matchingView is a page of proposals.
type matchingView struct {
	view
	Matching   integration.Matching
	Waits      int // proposals on all pages
	Proposals  []proposalView
	Range      string
	Page       int
	Prev, Next string
}

type proposalView struct {
	integration.MatchProposal
	Name, ID string // of the form field, of the element
	Picked   string // the candidate that is marked, noneOfThese, "" = nothing
	Errors   []string
}

func (c *Console) showMatching(k *call) error {
	return c.matchingPage(k, http.StatusOK, pageOf(k.r.URL.Query().Get("page")), nil, nil)
}

// pageOf reads the number of a page; what is none is the first.
func pageOf(text string) int {
	n, err := strconv.Atoi(text)
	if err != nil {
		return 1
	}
	return min(max(n, 1), maxPage)
}

// matchingPage renders proposals, with what was picked in a refused post.
func (c *Console) matchingPage(k *call, status, page int, picked map[string]string, p *problem) error {
	m, err := c.matching(k)
	if err != nil {
		return err
	}
	v := matchingView{view: c.newView(k), Matching: m, Waits: len(m.Proposals)}
	v.Tab = "matching"
	last := max((len(m.Proposals)+matchPerPage-1)/matchPerPage, 1)
	v.Page = min(page, last)
	from := (v.Page - 1) * matchPerPage
	links := map[string]fieldLink{}
	for _, prop := range m.Proposals[from:min(from+matchPerPage, len(m.Proposals))] {
		pv := proposalView{MatchProposal: prop, Name: matchPrefix + prop.OrganizationID, ID: "match-" + prop.OrganizationID, Picked: prop.Suggested}
		if entered, ok := picked[prop.OrganizationID]; ok {
			pv.Picked = entered
		}
		if p != nil {
			pv.Errors = p.Errors[prop.OrganizationID]
		}
		links[prop.OrganizationID] = fieldLink{prop.Name, pv.ID}
		v.Proposals = append(v.Proposals, pv)
	}
	if last > 1 {
		v.Range = number(from+1) + " to " + number(from+len(v.Proposals)) + " of " + number(len(m.Proposals))
	}
	at := func(n int) string { return v.Self + "/matching?page=" + strconv.Itoa(n) }
	if v.Page > 1 {
		v.Prev = at(v.Page - 1)
	}
	if v.Page < last {
		v.Next = at(v.Page + 1)
	}
	c.blame(k, &v.view, p, links)
	return c.render(k, status, "matching", k.spec.Name+" match companies", v)
}

// postMatching confirms the proposals of one page. One of which nothing was
// picked stays open.
func (c *Console) postMatching(k *call) error {
	form, err := c.readForm(k)
	if err != nil {
		return err
	}
	decisions, picked := decisionsOf(form)
	if err := c.decide(k, decisions); err != nil {
		return c.refused(k, err, func(k *call, status int, p *problem) error {
			return c.matchingPage(k, status, pageOf(form.Get("page")), picked, p)
		})
	}
	return c.redirect(k, c.self(k)+"/matching"+flash("matching", len(decisions)))
}

func decisionsOf(form url.Values) (decisions []integration.MatchDecision, picked map[string]string) {
	picked = map[string]string{}
	for name := range form {
		id, ok := strings.CutPrefix(name, matchPrefix)
		company := form.Get(name)
		if !ok || company == "" {
			continue
		}
		picked[id] = company
		if company == noneOfThese {
			company = ""
		}
		decisions = append(decisions, integration.MatchDecision{OrganizationID: id, CompanyID: company})
	}
	slices.SortFunc(decisions, func(a, b integration.MatchDecision) int { return strings.Compare(a.OrganizationID, b.OrganizationID) })
	return decisions, picked
}
