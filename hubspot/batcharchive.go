package hubspot

import (
	"context"
	"net/http"
	"slices"
)

// BatchArchive moves up to MaxInputs records, by record id, to HubSpot's
// recycle bin, from which people can restore them for 90 days. Archiving what
// does not exist is not an error. Otherwise a reply that names errors is one:
// Error.Inputs says for which ids, and the others are archived.
// See https://developers.hubspot.com/docs/api-reference/latest/crm/objects/contacts/batch/delete-contacts
func (c *Client) BatchArchive(ctx context.Context, t ObjectType, ids []string) error {
	if err := checkBatch(t, ids); err != nil {
		return err
	}
	if len(ids) == 0 {
		return nil
	}
	wire := make([]wireInput, len(ids))
	for i, id := range ids {
		wire[i] = wireInput{ID: id}
	}
	cl := call{
		op:         string(t) + " batch archive",
		method:     http.MethodPost,
		path:       c.paths.batch(t, "archive"),
		body:       map[string]any{"inputs": wire},
		write:      true,
		repeatable: true,
	}
	r := newRoster("", ids, nil)
	rep, e := c.send(ctx, cl)
	if e != nil {
		e.Inputs = r.blamed(rep.blame)
		return e
	}
	if len(rep.body) == 0 {
		return nil
	}
	parts, ok := readBatch(rep.body)
	if !ok {
		return unreadable(cl, rep)
	}
	var first *Error
	for _, raw := range parts.entries {
		e, b := entryError(cl, rep, raw)
		if IsNotFound(e) {
			continue
		}
		if first == nil {
			first = e
		}
		first.Inputs = addPositions(first.Inputs, r.blamed(b))
	}
	if first == nil {
		return nil
	}
	return first
}

func addPositions(to, more []int) []int {
	to = append(to, more...)
	slices.Sort(to)
	return slices.Compact(to)
}
