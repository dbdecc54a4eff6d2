package hubspot

import (
	"context"
	"net/http"
	"slices"
)

// BatchRead reads up to MaxInputs records, by record id or by a unique
// property, in one call. Missing records are no error: see ReadResult. Unlike a
// search, it sees what was written just before.
// See https://developers.hubspot.com/docs/api-reference/latest/crm/objects/contacts/guide
func (c *Client) BatchRead(ctx context.Context, t ObjectType, q BatchRead) (ReadResult, error) {
	return c.read(ctx, t, q, nil)
}

func (c *Client) read(ctx context.Context, t ObjectType, q BatchRead, history []string) (ReadResult, error) {
	if err := checkBatch(t, q.IDs); err != nil {
		return ReadResult{}, err
	}
	if len(q.IDs) == 0 {
		return ReadResult{}, nil
	}
	if q.IDProperty == propertyRecordID {
		q.IDProperty = "" // HubSpot takes record ids only without a property
	}
	inputs := make([]wireInput, len(q.IDs))
	for i, id := range q.IDs {
		inputs[i] = wireInput{ID: id}
	}
	body := map[string]any{
		"inputs":                inputs,
		"properties":            q.wanted(),
		"propertiesWithHistory": append([]string{}, history...),
	}
	if q.IDProperty != "" {
		body["idProperty"] = q.IDProperty
	}
	cl := call{
		op:         string(t) + " batch read",
		method:     http.MethodPost,
		path:       c.paths.batch(t, "read"),
		body:       body,
		repeatable: true,
	}
	r := newRoster(q.IDProperty, q.IDs, nil)
	rep, e := c.send(ctx, cl)
	if e != nil {
		e.Inputs = r.blamed(rep.blame)
		return ReadResult{}, e
	}
	parts, ok := readBatch(rep.body)
	if !ok {
		return ReadResult{}, unreadable(cl, rep)
	}
	return answers(cl, rep, parts, r, q.IDs), nil
}

// wanted adds the properties by which the answers are told apart.
func (q BatchRead) wanted() []string {
	out := slices.Clone(q.Properties)
	switch q.IDProperty {
	case "":
		return addNew(out, propertyMergedIDs)
	case propertyEmail:
		return addNew(out, propertyEmail, propertyMoreEmails)
	default:
		return addNew(out, q.IDProperty)
	}
}

// answers accounts for every id that was asked for.
func answers(cl call, rep reply, parts batchReply, r roster, ids []string) ReadResult {
	out := ReadResult{found: map[string]int{}}
	at := map[string]int{} // record id -> index in Records
	for _, w := range parts.records {
		asked := r.askedBy(w)
		if len(asked) == 0 {
			continue // nobody asked for it
		}
		k, seen := at[w.id()]
		if !seen {
			k = len(out.Records)
			at[w.id()] = k
			out.Records = append(out.Records, w.record())
		}
		// What the record is itself outweighs what was merged into it.
		own := fold(r.names(w)[0])
		for _, i := range asked {
			if _, taken := out.found[ids[i]]; !taken || fold(ids[i]) == own {
				out.found[ids[i]] = k
			}
		}
	}
	missing := map[int]bool{}
	for _, raw := range parts.entries {
		e, b := entryError(cl, rep, raw)
		for _, i := range r.blamed(b) {
			if IsNotFound(e) {
				missing[i] = parts.complete
				continue
			}
			if out.Failed == nil {
				out.Failed = map[string]*Error{}
			}
			out.Failed[ids[i]] = e
		}
	}
	for i, id := range ids {
		_, found := out.found[id]
		switch {
		case found:
			delete(out.Failed, id)
		case out.Failed[id] != nil:
		case missing[i]:
			out.Missing = append(out.Missing, id)
		default:
			out.Unmentioned = append(out.Unmentioned, id)
		}
	}
	return out
}
