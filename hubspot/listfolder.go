package hubspot

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
)

// RootFolder is the id of the folder that holds all others.
const RootFolder = "0"

// ListFolder is a folder for lists, with those below it.
type ListFolder struct {
	ID       string
	Name     string
	ParentID string
	// ListIDs are the lists in the folder that was asked for; the folders below
	// it name none.
	ListIDs []string
	Folders []ListFolder
}

// ListFolder returns a folder with all folders below it. Empty means the root.
// IsNotFound for one that does not exist. Scope crm.lists.read.
// See https://developers.hubspot.com/docs/api-reference/latest/crm/lists/guide
func (c *Client) ListFolder(ctx context.Context, id string) (ListFolder, error) {
	if id != "" && recordID(id) == "" {
		return ListFolder{}, fmt.Errorf("%w: folder id", ErrInvalidInput)
	}
	cl := call{op: "list folder", method: http.MethodGet, path: c.paths.listFolders(), repeatable: true}
	if id != "" {
		cl.query = url.Values{"folderId": {id}}
	}
	return c.listFolder(ctx, cl)
}

// CreateListFolder creates a folder below another, RootFolder for the top.
// HubSpot may take one name twice, so look first. Never repeated by itself.
// Scopes crm.lists.read and crm.lists.write.
// See https://developers.hubspot.com/docs/api-reference/latest/crm/lists/guide
func (c *Client) CreateListFolder(ctx context.Context, name, parentID string) (ListFolder, error) {
	if name == "" || recordID(parentID) == "" {
		return ListFolder{}, fmt.Errorf("%w: folder", ErrInvalidInput)
	}
	return c.listFolder(ctx, call{
		op:     "list folder create",
		method: http.MethodPost,
		path:   c.paths.listFolders(),
		body:   map[string]string{"name": name, "parentFolderId": parentID},
		write:  true,
	})
}

// MoveList puts a list into a folder. Scopes crm.lists.read and
// crm.lists.write.
// See https://developers.hubspot.com/docs/api-reference/latest/crm/lists/guide
func (c *Client) MoveList(ctx context.Context, listID, folderID string) error {
	if recordID(listID) == "" || recordID(folderID) == "" {
		return fmt.Errorf("%w: list or folder id", ErrInvalidInput)
	}
	_, e := c.send(ctx, call{
		op:         "list move",
		method:     http.MethodPut,
		path:       c.paths.listMove(),
		body:       map[string]string{"listId": listID, "newFolderId": folderID},
		write:      true,
		repeatable: true,
	})
	if e != nil {
		return e
	}
	return nil
}

type wireFolder struct {
	ID       json.RawMessage   `json:"id"`
	Name     string            `json:"name"`
	ParentID json.RawMessage   `json:"parentFolderId"`
	Lists    []json.RawMessage `json:"childLists"` // numbers
	Nodes    []wireFolder      `json:"childNodes"`
}

func (w wireFolder) folder() ListFolder {
	f := ListFolder{ID: recordID(text(w.ID)), Name: w.Name, ParentID: recordID(text(w.ParentID))}
	for _, raw := range w.Lists {
		if id := recordID(text(raw)); id != "" {
			f.ListIDs = append(f.ListIDs, id)
		}
	}
	for _, n := range w.Nodes {
		f.Folders = append(f.Folders, n.folder())
	}
	return f
}

func (c *Client) listFolder(ctx context.Context, cl call) (ListFolder, error) {
	var w struct {
		Folder wireFolder `json:"folder"`
	}
	if err := c.fetch(ctx, cl, &w); err != nil {
		return ListFolder{}, err
	}
	f := w.Folder.folder()
	if f.ID == "" {
		return ListFolder{}, unreadable(cl, reply{status: http.StatusOK})
	}
	return f, nil
}
