package hubspot

import (
	"context"
	"encoding/json"
	"fmt"
	"time"
)

// MaxHistoryInputs is how many records one read with the history of their values may
// ask for.
// See https://developers.hubspot.com/docs/api-reference/latest/crm/objects/contacts/guide
const MaxHistoryInputs = 50

// PropertyValue is a value that a property has, or had.
type PropertyValue struct {
	Value string // empty: it was cleared
	At    time.Time
	// Source is what set it, in HubSpot's words: INTEGRATION, CRM_UI, WORKFLOWS and
	// others. Empty if it is no such word.
	Source string
}

// BatchReadHistory is BatchRead with the former values of some properties: each Record
// has them in History, by property, the latest first, the present one included. HubSpot
// keeps a bounded number of them. At most MaxHistoryInputs ids.
//
// It answers whether anybody else wrote to a property between a read and a write of it.
// See https://developers.hubspot.com/docs/api-reference/latest/crm/objects/contacts/guide
func (c *Client) BatchReadHistory(ctx context.Context, t ObjectType, q BatchRead, properties []string) (ReadResult, error) {
	if len(q.IDs) > MaxHistoryInputs {
		return ReadResult{}, fmt.Errorf("%w: %d, at most %d", ErrTooManyInputs, len(q.IDs), MaxHistoryInputs)
	}
	return c.read(ctx, t, q, properties)
}

// history reads the former values that came with a record.
func (r wireRecord) history() map[string][]PropertyValue {
	if len(r.History) == 0 {
		return nil
	}
	out := make(map[string][]PropertyValue, len(r.History))
	for name, raw := range r.History {
		values := []PropertyValue{}
		for _, one := range list(raw) {
			var w struct {
				Value     json.RawMessage `json:"value"`
				Timestamp instant         `json:"timestamp"`
				Source    json.RawMessage `json:"sourceType"`
			}
			if json.Unmarshal(one, &w) == nil {
				values = append(values, PropertyValue{Value: text(w.Value), At: w.Timestamp.Time, Source: codeWord(text(w.Source))})
			}
		}
		out[name] = values
	}
	return out
}
