package hubspot

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
)

// MaxMembers is how many record ids one ChangeMembers may carry. HubSpot
// documents no bound.
const MaxMembers = 1000

// MemberResult answers every id of a ChangeMembers, in the order of the
// inputs: those to add first.
type MemberResult struct {
	// Added and Removed are what HubSpot confirmed.
	Added, Removed []string
	// Missing are ids that no record has: deleted, or merged into another. An
	// id that was to be removed is out of the list then.
	Missing []string
	// Unmentioned are the ids that the reply said nothing about: HubSpot is
	// silent about a record that was in the list already, or was not in it, but
	// silence is no proof. ListsOf tells.
	Unmentioned []string
	// Doubt: what is unmentioned may be the work of this very call. The reply to
	// an earlier attempt of it was lost, or the reply names records that nobody
	// asked for, as it does for an id that was merged into another.
	Doubt bool
}

// ChangeMembers adds records to a ManualList and removes others, by record id,
// in one call: at most MaxMembers ids, each of them once. Doing it again
// changes nothing. A DynamicList refuses it. Scopes crm.lists.read and
// crm.lists.write.
// See https://developers.hubspot.com/docs/api-reference/latest/crm/lists/guide
func (c *Client) ChangeMembers(ctx context.Context, listID string, add, remove []string) (MemberResult, error) {
	if err := checkMembers(listID, add, remove); err != nil {
		return MemberResult{}, err
	}
	if len(add)+len(remove) == 0 {
		return MemberResult{}, nil
	}
	cl := call{
		op:     "list members",
		method: http.MethodPut,
		path:   c.paths.listMembers(listID, "add-and-remove"),
		// Both are required, and null is not an empty list.
		body:       map[string]any{"recordIdsToAdd": orEmpty(add), "recordIdsToRemove": orEmpty(remove)},
		write:      true,
		repeatable: true,
	}
	var w struct {
		Added   json.RawMessage `json:"recordsIdsAdded"` // spelt like this
		Removed json.RawMessage `json:"recordIdsRemoved"`
		Missing json.RawMessage `json:"recordIdsMissing"`
	}
	rep, e := c.send(ctx, cl)
	if e != nil {
		return MemberResult{}, e
	}
	if json.Unmarshal(rep.body, &w) != nil || w.Added == nil && w.Removed == nil && w.Missing == nil {
		return MemberResult{}, unreadable(cl, rep)
	}
	missing := setOf(texts(w.Missing))
	asked := setOf(slices.Concat(add, remove))
	strange := func(id string) bool { return !asked[id] }
	out := MemberResult{Doubt: rep.doubt || slices.ContainsFunc(slices.Concat(texts(w.Added), texts(w.Removed)), strange)}
	place := func(ids []string, done map[string]bool, into *[]string) {
		for _, id := range ids {
			switch {
			case missing[id]:
				out.Missing = append(out.Missing, id)
			case done[id]:
				*into = append(*into, id)
			default:
				out.Unmentioned = append(out.Unmentioned, id)
			}
		}
	}
	place(add, setOf(texts(w.Added)), &out.Added)
	place(remove, setOf(texts(w.Removed)), &out.Removed)
	return out, nil
}

// checkMembers refuses what is no record id, and what is named twice. The
// errors name positions only.
func checkMembers(listID string, add, remove []string) error {
	if recordID(listID) == "" {
		return fmt.Errorf("%w: list id", ErrInvalidInput)
	}
	ids := slices.Concat(add, remove)
	if err := checkIDs(ids, MaxMembers); err != nil {
		return err
	}
	for i, id := range ids {
		if recordID(id) == "" {
			return fmt.Errorf("%w: input %d is no record id", ErrInvalidInput, i)
		}
	}
	return nil
}

func orEmpty(ids []string) []string {
	if ids == nil {
		return []string{}
	}
	return ids
}

func setOf(ids []string) map[string]bool {
	out := make(map[string]bool, len(ids))
	for _, id := range ids {
		out[id] = true
	}
	return out
}
