package console_test

import (
	"context"
	"database/sql"
	"slices"

	"github.com/memberpulse/hubspotplugin/integration"
)

// Three organizations: one with a suggestion, one with two equal candidates,
// one without any.
const (
	orgOne   = "0a000000-0000-4000-8000-000000000001"
	orgTwo   = "0a000000-0000-4000-8000-000000000002"
	orgThree = "0a000000-0000-4000-8000-000000000003"
)

func acmeMatches() integration.Matching {
	return integration.Matching{Open: true, Total: 12, Searched: 9, Proposals: []integration.MatchProposal{
		{OrganizationID: orgOne, Name: "Harbour <Works>", Suggested: "501", Candidates: []integration.MatchCandidate{
			{ID: "501", Name: "Harbour Works Ltd", Domain: "harbour.example", By: "name and domain", URL: "https://crm.example/501"},
			{ID: "502", Name: "Harbor Works", By: "name", URL: "javascript:alert(1)"}}},
		{OrganizationID: orgTwo, Name: "Mill", Candidates: []integration.MatchCandidate{{ID: "503", Name: "Mill A", By: "name"}, {ID: "504", Name: "Mill B", By: "name"}}},
		{OrganizationID: orgThree, Name: "Kiln", Note: "There may be <more> kilns."},
	}}
}

func (v *vendor) Matching(_ context.Context, clientID string) (integration.Matching, error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.matches[clientID], v.matchErr
}

func (v *vendor) DecideMatches(_ context.Context, _ *sql.Tx, clientID string, decisions []integration.MatchDecision) error {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.decideErr != nil {
		return v.decideErr
	}
	m := v.matches[clientID]
	left := slices.Clone(m.Proposals)
	for _, d := range decisions {
		i := slices.IndexFunc(left, func(p integration.MatchProposal) bool { return p.OrganizationID == d.OrganizationID })
		if i < 0 {
			return integration.FieldErrors{d.OrganizationID: {"This organization does not wait for a decision."}}
		}
		left = slices.Delete(left, i, i+1)
	}
	m.Proposals = left
	v.l.stage(func() {
		v.change(func() {
			v.matches[clientID] = m
			v.decided = append(v.decided, decisions...)
		})
	})
	return nil
}

func (v *vendor) decisions() []integration.MatchDecision {
	v.mu.Lock()
	defer v.mu.Unlock()
	return slices.Clone(v.decided)
}
