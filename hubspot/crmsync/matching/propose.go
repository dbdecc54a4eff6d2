package matching

import (
	"context"
	"database/sql"
	"maps"
	"slices"

	"github.com/uptrace/bun"

	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/inspect"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/kinds"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/ledger"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/values"
	"github.com/memberpulse/hubspotplugin/integration"
)

// maxProposals bounds what one page is given; the next ones follow as these are
// decided.
const maxProposals = 1000

// Proposals implements [integration.Matcher].
func (s *Matcher) Proposals(ctx context.Context, clientID string) (integration.Matching, error) {
	conn, err := s.Connections.Get(ctx, s.DB, clientID)
	if err != nil {
		return integration.Matching{}, inspect.StoreFault(err)
	}
	at := ledger.Place{ClientID: clientID, PortalID: conn.PortalID}
	out := integration.Matching{Open: conn.Connected && conn.Matching, Proposals: []integration.MatchProposal{}}
	out.Total, err = s.Source.Count(ctx, clientID, integration.KindOrganization)
	if err != nil {
		return integration.Matching{}, inspect.StoreFault(err)
	}
	compared, err := s.store.compared(ctx, at)
	if err != nil {
		return integration.Matching{}, inspect.StoreFault(err)
	}
	out.Searched = min(compared, out.Total)
	rows, err := s.store.list(ctx, s.DB, at, undecided, maxProposals)
	if err != nil {
		return integration.Matching{}, inspect.StoreFault(err)
	}
	var companies []string
	for _, r := range rows {
		for _, c := range r.candidates() {
			companies = append(companies, c.ID)
		}
	}
	taken, err := s.taken(ctx, s.DB, at, companies)
	if err != nil {
		return integration.Matching{}, inspect.StoreFault(err)
	}
	suggestions := map[string]int{}
	for _, r := range rows {
		suggestions[r.Suggested]++
	}
	for _, r := range rows {
		p := integration.MatchProposal{OrganizationID: r.Key, Name: r.Name, Candidates: []integration.MatchCandidate{}}
		if !r.Whole {
			p.Note = notWhole(r.Key)
		}
		for _, c := range r.candidates() {
			if taken[c.ID] != "" {
				continue
			}
			c.URL = conn.RecordURL(at.PortalID, kinds.EntityCompany, c.ID)
			p.Candidates = append(p.Candidates, c)
			if c.ID == r.Suggested && suggestions[c.ID] == 1 {
				p.Suggested = c.ID
			}
		}
		out.Proposals = append(out.Proposals, p)
	}
	return out, nil
}

// notWhole tells how to find an organization's company by hand.
func notWhole(key string) string {
	return "MemberPulse could not look through all companies in HubSpot that may be this one: too many have a like name. Look for it there yourself. If it is there, enter " +
		key + " as its MemberPulse organization ID (" + values.PropOrganizationID + "), then choose to create a company here: MemberPulse takes the one with that ID instead."
}

// taken tells, of companies, which organization each is linked to, or has been
// chosen for.
func (s *Matcher) taken(ctx context.Context, db bun.IConn, at ledger.Place, companies []string) (map[string]string, error) {
	linked, err := s.Links.Owners(ctx, at, kinds.Organization, companies)
	if err != nil {
		return nil, err
	}
	chosen, err := s.store.chosen(ctx, db, at, companies)
	if err != nil {
		return nil, err
	}
	maps.Copy(chosen, linked)
	return chosen, nil
}

// Decide implements [integration.Matcher].
func (s *Matcher) Decide(ctx context.Context, tx *sql.Tx, clientID string, decisions []integration.MatchDecision) error {
	if err := s.Connections.Lock(ctx, tx, clientID); err != nil { // two admins decide one after the other
		return inspect.StoreFault(err)
	}
	conn, err := s.Connections.Get(ctx, tx, clientID)
	switch {
	case err != nil:
		return inspect.StoreFault(err)
	case !conn.Connected:
		return integration.ErrNotConnected
	}
	at := ledger.Place{ClientID: clientID, PortalID: conn.PortalID}
	refused, err := s.weigh(ctx, tx, at, decisions)
	if err != nil {
		return inspect.StoreFault(err)
	}
	if len(refused) > 0 {
		return refused
	}
	keys := make([]string, len(decisions))
	for i, d := range decisions {
		if err := s.store.decide(ctx, tx, at, d, s.Now()); err != nil {
			return inspect.StoreFault(err)
		}
		keys[i] = d.OrganizationID
	}
	if len(keys) == 0 {
		return nil
	}
	if _, err := s.Outbox.Resend(ctx, tx, clientID, kinds.Organization, keys...); err != nil {
		return inspect.StoreFault(err)
	}
	return nil
}

// weigh finds the decisions that cannot be.
func (s *Matcher) weigh(ctx context.Context, tx *sql.Tx, at ledger.Place, decisions []integration.MatchDecision) (integration.FieldErrors, error) {
	refused := integration.FieldErrors{}
	var keys, companies []string
	wanted, decided := map[string]int{}, map[string]int{}
	for _, d := range decisions {
		decided[d.OrganizationID]++
		if !integration.ValidUUID(d.OrganizationID) {
			continue
		}
		keys = append(keys, d.OrganizationID)
		if d.CompanyID != "" {
			wanted[d.CompanyID]++
			companies = append(companies, d.CompanyID)
		}
	}
	rows, err := s.store.load(ctx, tx, at, keys, true)
	if err != nil {
		return nil, err
	}
	taken, err := s.taken(ctx, tx, at, companies)
	if err != nil {
		return nil, err
	}
	for _, d := range decisions {
		row, known := rows[d.OrganizationID]
		owner := taken[d.CompanyID]
		switch {
		case decided[d.OrganizationID] > 1:
			refused[d.OrganizationID] = []string{"There are two decisions on this organization."}
		case !known || !row.Searched:
			refused[d.OrganizationID] = []string{"This organization does not wait for a decision. It may have its company by now."}
		case d.CompanyID == "":
		case !slices.ContainsFunc(row.candidates(), func(c integration.MatchCandidate) bool { return c.ID == d.CompanyID }):
			refused[d.OrganizationID] = []string{"This company was not proposed for this organization. Reload the page."}
		case wanted[d.CompanyID] > 1:
			refused[d.OrganizationID] = []string{"Another organization wants this company, too. A company belongs to one organization."}
		case owner != "" && owner != d.OrganizationID && decided[owner] == 0:
			refused[d.OrganizationID] = []string{"This company is another organization's by now. Choose another one, or create a company."}
		}
	}
	return refused, nil
}
