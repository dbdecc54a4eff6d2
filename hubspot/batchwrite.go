package hubspot

import (
	"context"
	"crypto/rand"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
)

// BatchUpdate updates up to MaxInputs records by record id, in one call. It
// never creates: an id that does not exist, or was deleted, is an error of its
// input.
//
// The error is nil if HubSpot dealt with the inputs one by one; look at each
// InputResult then. Otherwise it is the *Error of the whole call, and also the
// Err of every input: nothing is confirmed. Error.Inputs names those that
// HubSpot blamed, if it did. The call may be repeated within its time.
// See https://developers.hubspot.com/docs/api-reference/latest/crm/objects/contacts/batch/update-contacts
func (c *Client) BatchUpdate(ctx context.Context, t ObjectType, inputs []Input) (WriteResult, error) {
	return c.batchWrite(ctx, t, "update", "", inputs)
}

// BatchUpsert updates or creates up to MaxInputs records by a unique property,
// in one call. The key is written along with the other properties. With "email"
// as the key HubSpot does not update in part: use a custom unique property.
//
// An upsert silently recreates a record that was deleted or merged away: write
// to a known record with BatchUpdate. Errors are those of BatchUpdate.
// See https://developers.hubspot.com/docs/api-reference/latest/crm/objects/contacts/batch/upsert-contacts
func (c *Client) BatchUpsert(ctx context.Context, t ObjectType, idProperty string, inputs []Input) (WriteResult, error) {
	if idProperty == "" || idProperty == propertyRecordID {
		return WriteResult{}, fmt.Errorf("%w: an upsert needs a unique property", ErrInvalidInput)
	}
	return c.batchWrite(ctx, t, "upsert", idProperty, inputs)
}

func (c *Client) batchWrite(ctx context.Context, t ObjectType, verb, idProperty string, inputs []Input) (WriteResult, error) {
	ids := make([]string, len(inputs))
	for i, in := range inputs {
		ids[i] = in.ID
	}
	if err := checkBatch(t, ids); err != nil {
		return WriteResult{}, err
	}
	if len(inputs) == 0 {
		return WriteResult{}, nil
	}
	traces := traceIDs(len(inputs))
	wire := make([]wireInput, len(inputs))
	for i, in := range inputs {
		wire[i] = wireInput{ID: in.ID, IDProperty: idProperty, TraceID: traces[i], Properties: in.sent(idProperty)}
	}
	cl := call{
		op:         string(t) + " batch " + verb,
		method:     http.MethodPost,
		path:       c.paths.batch(t, verb),
		body:       map[string]any{"inputs": wire},
		write:      true,
		repeatable: true,
	}
	r := newRoster(idProperty, ids, traces)
	rep, e := c.send(ctx, cl)
	if e != nil {
		e.Inputs = r.blamed(rep.blame)
		return allFailed(len(inputs), e), e
	}
	parts, ok := readBatch(rep.body)
	if !ok {
		// Also an empty reply: it says nothing about any input.
		e := unreadable(cl, rep)
		return allFailed(len(inputs), e), e
	}
	return WriteResult{Results: settle(cl, rep, parts, r, len(inputs))}, nil
}

// sent returns the properties of an input with its key among them.
func (in Input) sent(idProperty string) map[string]string {
	out := maps.Clone(in.Properties)
	if out == nil {
		out = map[string]string{}
	}
	if _, has := out[idProperty]; !has && idProperty != "" {
		out[idProperty] = in.ID
	}
	return out
}

// traceIDs returns ids that no other call shares.
func traceIDs(n int) []string {
	prefix := rand.Text()
	out := make([]string, n)
	for i := range out {
		out[i] = prefix + "-" + strconv.Itoa(i)
	}
	return out
}

func allFailed(n int, e *Error) WriteResult {
	return WriteResult{Results: slices.Repeat([]InputResult{{Err: e}}, n)}
}
