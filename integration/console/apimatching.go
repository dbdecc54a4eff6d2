package console

import (
	"strconv"

	"github.com/memberpulse/hubspotplugin/integration"
)

func (c *Console) apiMatching(k *call) (reply, error) {
	m, err := c.matching(k)
	return reply{body: newMatchDoc(m)}, err
}

// newMatchDoc is a matching whose lists are never null.
func newMatchDoc(m integration.Matching) integration.Matching {
	proposals := make([]integration.MatchProposal, len(m.Proposals))
	for i, p := range m.Proposals {
		p.Candidates = append([]integration.MatchCandidate{}, p.Candidates...)
		proposals[i] = p
	}
	m.Proposals = proposals
	return m
}

// apiDecide reads {"decisions": [{"organizationId": "...", "companyId": "..."}]};
// a company that is empty or null means none of the candidates.
func (c *Console) apiDecide(k *call) (reply, error) {
	decisions, err := c.readDecisions(k)
	if err != nil {
		return reply{}, err
	}
	if err := c.decide(k, decisions); err != nil {
		return reply{}, err
	}
	m, err := c.matching(k)
	if err != nil { // decided it is
		return reply{body: map[string]int{"decided": len(decisions)}}, nil
	}
	return reply{body: newMatchDoc(m)}, nil
}

func (c *Console) readDecisions(k *call) ([]integration.MatchDecision, error) {
	members, err := c.readMembers(k)
	if err != nil {
		return nil, err
	}
	errs := integration.FieldErrors{}
	onlyMembers(members, errs, "", "decisions")
	list, ok, err := objects(members["decisions"])
	if err != nil {
		return nil, err
	}
	if !ok {
		errs.Add("decisions", "This is an array of objects, each with an organizationId and a companyId.")
	}
	out := make([]integration.MatchDecision, len(list))
	for i, d := range list {
		at := "decisions[" + strconv.Itoa(i) + "]."
		onlyMembers(d, errs, at, "organizationId", "companyId")
		out[i] = integration.MatchDecision{OrganizationID: said(d, "organizationId", at, errs), CompanyID: said(d, "companyId", at, errs)}
	}
	if len(errs) > 0 {
		return nil, refusedMatches(errs)
	}
	return out, nil
}
