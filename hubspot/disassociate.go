package hubspot

import "context"

// Disassociate ends the associations of up to MaxAssociations pairs, with all their
// labels, in one call. Pairs that are not associated are no error, and the call may be
// repeated. HubSpot confirms by silence: a pair has an Err only if the reply names one.
// Errors are otherwise those of AssociateDefault.
// See https://developers.hubspot.com/docs/api-reference/latest/crm/associations/associate-records/guide
func (c *Client) Disassociate(ctx context.Context, from, to ObjectType, pairs []Pair) ([]PairResult, error) {
	type input struct {
		From wireID   `json:"from"`
		To   []wireID `json:"to"`
	}
	var inputs []input
	at := map[string]int{}
	for _, p := range pairs {
		i, known := at[p.From]
		if !known {
			i = len(inputs)
			at[p.From] = i
			inputs = append(inputs, input{From: wireID{p.From}})
		}
		inputs[i].To = append(inputs[i].To, wireID{p.To})
	}
	return c.pairCall(ctx, from, to, "archive", pairs, inputs, nil)
}

// RemoveLabels takes the given types off up to MaxAssociations pairs, in one call; their
// other labels stay, and so does the association, unless the unlabelled type is among
// them. Errors are those of Disassociate.
// See https://developers.hubspot.com/docs/api-reference/latest/crm/associations/associate-records/guide
func (c *Client) RemoveLabels(ctx context.Context, from, to ObjectType, pairs []LabelledPair) ([]PairResult, error) {
	plain, err := plainPairs(pairs)
	if err != nil {
		return nil, err
	}
	return c.pairCall(ctx, from, to, "labels/archive", plain, labelledInputs(pairs), nil)
}
