package hubspot

import (
	"context"
	"net/http"
)

// AssociateDefault associates up to MaxAssociations pairs without a label, in one call.
// A pair that is associated already stays as it is, labels included, so the call may be
// repeated, and it is within its time. HubSpot may make the first company of a contact
// its primary one. By an id that was merged away the survivor is associated, and the
// pair may be left CodeUnmentioned: read the record by id, and use the id that it has.
//
// The error is nil if HubSpot dealt with the pairs one by one: look at each PairResult,
// in the order of the pairs. Otherwise it is the *Error of the whole call, and also that
// of every pair; Error.Inputs names the pairs that HubSpot blamed, if it did.
// See https://developers.hubspot.com/docs/api-reference/latest/crm/associations/associate-records/guide
func (c *Client) AssociateDefault(ctx context.Context, from, to ObjectType, pairs []Pair) ([]PairResult, error) {
	inputs := make([]wirePair, len(pairs))
	for i, p := range pairs {
		inputs[i] = wirePair{From: wireID{p.From}, To: wireID{p.To}}
	}
	return c.pairCall(ctx, from, to, "associate/default", pairs, inputs, bothWays)
}

// AssociateLabelled associates up to MaxAssociations pairs with the given types, in one
// call. The types REPLACE the labels that a pair had, those that people set among them:
// read with Associations, merge, then write. Errors are those of AssociateDefault.
// See https://developers.hubspot.com/docs/api-reference/latest/crm/associations/associate-records/guide
func (c *Client) AssociateLabelled(ctx context.Context, from, to ObjectType, pairs []LabelledPair) ([]PairResult, error) {
	plain, err := plainPairs(pairs)
	if err != nil {
		return nil, err
	}
	return c.pairCall(ctx, from, to, "create", plain, labelledInputs(pairs), oneWay)
}

func labelledInputs(pairs []LabelledPair) []wirePair {
	out := make([]wirePair, len(pairs))
	for i, p := range pairs {
		out[i] = wirePair{From: wireID{p.From}, To: wireID{p.To}, Types: wireTypes(p.Types)}
	}
	return out
}

// pairCall carries out a batch of pairs. confirms reads which pairs a result confirms;
// nil if the call confirms by silence.
func (c *Client) pairCall(ctx context.Context, from, to ObjectType, verb string, pairs []Pair, inputs any, confirms confirmation) ([]PairResult, error) {
	if err := checkPairs(from, to, pairs); err != nil {
		return nil, err
	}
	if len(pairs) == 0 {
		return nil, nil
	}
	cl := call{
		op:         string(from) + " to " + string(to) + " batch " + verb,
		method:     http.MethodPost,
		path:       c.paths.associationBatch(from, to, verb),
		body:       map[string]any{"inputs": inputs},
		lane:       laneAssociations,
		write:      true,
		repeatable: true,
	}
	r := newPairRoster(from, to, pairs)
	rep, e := c.send(ctx, cl)
	if e != nil {
		e.Inputs = r.blamed(rep.blame)
		return allPairsFailed(len(pairs), e), e
	}
	if len(rep.body) == 0 && confirms == nil {
		return make([]PairResult, len(pairs)), nil
	}
	parts, ok := readList(rep.body)
	if !ok {
		e := unreadable(cl, rep)
		return allPairsFailed(len(pairs), e), e
	}
	return settlePairs(cl, rep, parts, r, confirms), nil
}

func allPairsFailed(n int, e *Error) []PairResult {
	out := make([]PairResult, n)
	for i := range out {
		out[i].Err = e
	}
	return out
}
