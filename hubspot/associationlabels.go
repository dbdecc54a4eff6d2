package hubspot

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
)

// wireLabel is an association type in a reply. The label of the unlabelled one is null.
type wireLabel struct {
	Category json.RawMessage `json:"category"`
	TypeID   json.RawMessage `json:"typeId"`
	Label    json.RawMessage `json:"label"`
}

func labelsOf(in []wireLabel) []AssociationType {
	out := make([]AssociationType, 0, len(in))
	for _, w := range in {
		t := AssociationType{Category: codeWord(text(w.Category)), Label: text(w.Label)}
		if json.Unmarshal(w.TypeID, &t.TypeID) == nil {
			out = append(out, t)
		}
	}
	return out
}

// AssociationLabels returns the association types that records of two object types can
// have, in the direction asked for: the unlabelled one, HubSpot's own and the portal's.
// See https://developers.hubspot.com/docs/api-reference/latest/crm/associations/associations-schema/guide
func (c *Client) AssociationLabels(ctx context.Context, from, to ObjectType) ([]AssociationType, error) {
	if !from.valid() || !to.valid() {
		return nil, fmt.Errorf("%w: object type", ErrInvalidInput)
	}
	var out struct {
		Results []wireLabel `json:"results"`
	}
	err := c.fetch(ctx, call{
		op: string(from) + " to " + string(to) + " labels", method: http.MethodGet,
		path: c.paths.associationLabels(from, to), lane: laneAssociations, repeatable: true,
	}, &out)
	if err != nil {
		return nil, err
	}
	return labelsOf(out.Results), nil
}
