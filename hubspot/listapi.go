package hubspot

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
)

// What errors of the calls that make lists are recognised by.
const (
	opListCreate  = "list create"
	opListRestore = "list restore"
)

// List returns a list with its filter. An unknown or deleted one is
// IsNotFound. Scope crm.lists.read.
// See https://developers.hubspot.com/docs/api-reference/latest/crm/lists/guide
func (c *Client) List(ctx context.Context, id string) (List, error) {
	if recordID(id) == "" {
		return List{}, fmt.Errorf("%w: list id", ErrInvalidInput)
	}
	return c.list(ctx, call{op: "list", method: http.MethodGet, path: c.paths.list(id), query: withFilters(), repeatable: true})
}

// ListByName returns the list of an object type that has a name, without
// regard to case. IsNotFound if there is none. The list may not be what the
// caller expects under that name: compare Type, and Filter by AnyOf.Matches.
// See https://developers.hubspot.com/docs/api-reference/latest/crm/lists/guide
func (c *Client) ListByName(ctx context.Context, t ObjectType, name string) (List, error) {
	if !t.valid() || name == "" || name == "." || name == ".." {
		return List{}, fmt.Errorf("%w: list name", ErrInvalidInput)
	}
	return c.list(ctx, call{op: "list by name", method: http.MethodGet, path: c.paths.listNamed(t, name), query: withFilters(), repeatable: true})
}

// CreateList creates a list. IsConflict if the name is taken: ask ListByName
// and compare. IsListLimit if the plan allows no more. A DynamicList is filled
// later, see List.Status. Never repeated by itself; after an unknown outcome
// ask ListByName too. Scope crm.lists.write.
// See https://developers.hubspot.com/docs/api-reference/latest/crm/lists/guide
func (c *Client) CreateList(ctx context.Context, l NewList) (List, error) {
	if !l.valid() {
		return List{}, fmt.Errorf("%w: list", ErrInvalidInput)
	}
	body := map[string]any{"name": l.Name, "objectTypeId": l.ObjectType.id(), "processingType": string(l.Type)}
	if l.Filter != nil {
		body["filterBranch"] = l.Filter.branch()
	}
	if l.FolderID != "" {
		body["listFolderId"] = json.Number(l.FolderID)
	}
	return c.list(ctx, call{op: opListCreate, method: http.MethodPost, path: c.paths.lists, body: body, write: true})
}

// RestoreList brings a deleted list back with its id, so that the workflows
// and emails that point at it work again; a new list of the same name does not
// do that. It is possible for 90 days, IsNotFound after that. IsConflict if
// the name is taken by now. Scopes crm.lists.read and crm.lists.write.
// See https://developers.hubspot.com/docs/api-reference/latest/crm/lists/guide
func (c *Client) RestoreList(ctx context.Context, id string) error {
	if recordID(id) == "" {
		return fmt.Errorf("%w: list id", ErrInvalidInput)
	}
	_, e := c.send(ctx, call{op: opListRestore, method: http.MethodPut, path: c.paths.listRestore(id), write: true, repeatable: true})
	if e != nil {
		return e
	}
	return nil
}

// RefilterList replaces the whole filter of a DynamicList. Its members follow
// later. Those that come in by the new filter are not enrolled in workflows
// that the list triggers, those that meet it later are. Scopes crm.lists.read
// and crm.lists.write.
// See https://developers.hubspot.com/docs/api-reference/latest/crm/lists/lists-filters
func (c *Client) RefilterList(ctx context.Context, id string, filter AnyOf) error {
	if recordID(id) == "" || !filter.valid() {
		return fmt.Errorf("%w: list id or filter", ErrInvalidInput)
	}
	_, e := c.send(ctx, call{
		op: "list filter", method: http.MethodPut, path: c.paths.listFilter(id),
		query: url.Values{"enrollObjectsInWorkflows": {"false"}},
		body:  map[string]any{"filterBranch": filter.branch()},
		write: true, repeatable: true,
	})
	if e != nil {
		return e
	}
	return nil
}

// ListsOf returns the ids of the lists that a record is in, in no particular
// order. IsNotFound for a record that does not exist. Scope crm.lists.read.
// See https://developers.hubspot.com/docs/api-reference/latest/crm/lists/guide
func (c *Client) ListsOf(ctx context.Context, t ObjectType, id string) ([]string, error) {
	if !t.valid() || recordID(id) == "" {
		return nil, fmt.Errorf("%w: record", ErrInvalidInput)
	}
	cl := call{op: "lists of a record", method: http.MethodGet, path: c.paths.listsOf(t, id), repeatable: true}
	var w struct {
		Results []struct {
			ID json.RawMessage `json:"listId"`
		} `json:"results"`
	}
	if err := c.fetch(ctx, cl, &w); err != nil {
		return nil, err
	}
	if w.Results == nil {
		return nil, unreadable(cl, reply{status: http.StatusOK})
	}
	out := make([]string, len(w.Results))
	for i, r := range w.Results {
		if out[i] = recordID(text(r.ID)); out[i] == "" {
			return nil, unreadable(cl, reply{status: http.StatusOK})
		}
	}
	return out, nil
}

// list sends a call that answers with one list.
func (c *Client) list(ctx context.Context, cl call) (List, error) {
	var w struct {
		List wireList `json:"list"`
	}
	if err := c.fetch(ctx, cl, &w); err != nil {
		return List{}, err
	}
	l := w.List.list()
	if l.ID == "" || l.Type == "" {
		return List{}, unreadable(cl, reply{status: http.StatusOK})
	}
	return l, nil
}

func withFilters() url.Values { return url.Values{"includeFilters": {"true"}} }
