package hubspot

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
)

// AssociationsResult answers every id that was asked for: it is in Found, in Failed, or
// Unmentioned.
type AssociationsResult struct {
	// Found holds the associated records by the id that was asked for. An empty list
	// says that there are none, or that the record itself does not exist: HubSpot gives
	// the same answer to both.
	Found map[string][]Association
	// Unmentioned are the ids that the reply said nothing about. Nothing follows. Ids
	// that were merged away may be among them.
	Unmentioned []string
	// Failed are the ids that HubSpot named in another error.
	Failed map[string]*Error
}

// Associations reads which records of type to up to MaxAssociationReads records of type
// from are associated with, all pages of it. After an error nothing is known.
// See https://developers.hubspot.com/docs/api-reference/latest/crm/associations/associate-records/guide
func (c *Client) Associations(ctx context.Context, from, to ObjectType, ids []string) (AssociationsResult, error) {
	if !from.valid() || !to.valid() {
		return AssociationsResult{}, fmt.Errorf("%w: object type", ErrInvalidInput)
	}
	if err := checkIDs(ids, MaxAssociationReads); err != nil || len(ids) == 0 {
		return AssociationsResult{}, err
	}
	cl := call{
		op:         string(from) + " to " + string(to) + " batch read",
		method:     http.MethodPost,
		path:       c.paths.associationBatch(from, to, "read"),
		lane:       laneAssociations,
		repeatable: true,
	}
	reading := reading{roster: newRoster("", ids, nil), ids: ids, out: AssociationsResult{Found: map[string][]Association{}}}
	for next := reading.first(); len(next) > 0; {
		cl.body = map[string]any{"inputs": next}
		rep, e := c.send(ctx, cl)
		if e != nil {
			e.Inputs = reading.blamed(rep.blame)
			return AssociationsResult{}, e
		}
		parts, ok := readList(rep.body)
		if !ok {
			return AssociationsResult{}, unreadable(cl, rep)
		}
		next, ok = reading.take(cl, rep, parts, next)
		if !ok {
			return AssociationsResult{}, unreadable(cl, rep)
		}
	}
	return reading.out, nil
}

// pageOf asks for one page of one record's associations.
type pageOf struct {
	ID    string `json:"id"`
	After string `json:"after,omitempty"`
}

// reading gathers the pages of a read.
type reading struct {
	roster roster
	ids    []string
	out    AssociationsResult
}

func (r *reading) first() []pageOf {
	out := make([]pageOf, len(r.ids))
	for i, id := range r.ids {
		out[i] = pageOf{ID: id}
	}
	return out
}

func (r *reading) blamed(b blame) []int {
	b.ids = append(b.ids, b.from...)
	return r.roster.blamed(b)
}

type wireAssociations struct {
	From struct{ ID json.RawMessage } `json:"from"`
	To   []struct {
		ID    json.RawMessage `json:"toObjectId"`
		Types []wireLabel     `json:"associationTypes"`
	} `json:"to"`
	Paging struct {
		Next struct{ After json.RawMessage } `json:"next"`
	} `json:"paging"`
}

// take reads one reply, and answers what to ask next. ok is false if a page leads back
// to itself.
func (r *reading) take(cl call, rep reply, parts listReply, asked []pageOf) (next []pageOf, ok bool) {
	before := map[string]string{}
	open := map[string]bool{}
	for _, p := range asked {
		before[p.ID], open[p.ID] = p.After, true
	}
	for _, raw := range parts.results {
		var w wireAssociations
		if json.Unmarshal(raw, &w) != nil {
			continue
		}
		i, known := r.roster.byID[fold(text(w.From.ID))]
		if !known || !open[r.ids[i]] || !parts.complete {
			continue
		}
		id := r.ids[i]
		delete(open, id)
		list := r.out.Found[id]
		if list == nil {
			list = []Association{}
		}
		for _, to := range w.To {
			if toID := recordID(text(to.ID)); toID != "" {
				list = append(list, Association{ToID: toID, Types: labelsOf(to.Types)})
			}
		}
		r.out.Found[id] = list
		if after := text(w.Paging.Next.After); after != "" {
			if after == before[id] {
				return nil, false
			}
			next = append(next, pageOf{id, after})
		}
	}
	for _, raw := range parts.entries {
		e, b := entryError(cl, rep, raw)
		for _, i := range r.blamed(b) {
			r.fail(r.ids[i], e, open, parts.complete)
		}
	}
	for _, id := range r.ids {
		if open[id] {
			delete(r.out.Found, id) // a further page is missing: half an answer is none
			r.out.Unmentioned = append(r.out.Unmentioned, id)
		}
	}
	return next, true
}

// fail records an error entry. A record without associations is one, and no failure.
func (r *reading) fail(id string, e *Error, open map[string]bool, complete bool) {
	if !open[id] {
		return
	}
	none := IsNotFound(e) && e.SubCategory == "crm.associations.NO_ASSOCIATIONS_FOUND"
	switch {
	case none && !complete:
		return
	case none && r.out.Found[id] == nil:
		r.out.Found[id] = []Association{}
	case none:
		// the last page is empty
	default:
		delete(r.out.Found, id)
		if r.out.Failed == nil {
			r.out.Failed = map[string]*Error{}
		}
		r.out.Failed[id] = e
	}
	delete(open, id)
}
