package hubspottest

import (
	"net/http"
	"time"
)

// rootFolder is the id of the folder that holds all others.
const rootFolder = "0"

func folderRoutes() []route {
	return []route{
		{http.MethodGet, "lists", "folders", listReads, getFolder},
		{http.MethodPost, "lists", "folders", listWrites, createFolder},
		{http.MethodPut, "lists", "folders/move-list", listWrites, moveList},
		{http.MethodPut, "lists", "folders/{folder}/move/{parent}", listWrites, moveFolder},
		{http.MethodPut, "lists", "folders/{folder}/rename", listWrites, renameFolder},
	}
}

type folder struct {
	id, name, parent     string
	createdAt, updatedAt time.Time
}

type folderBody struct {
	ID         string       `json:"id"`
	ParentID   string       `json:"parentFolderId"`
	Name       string       `json:"name"`
	CreatedAt  *stamp       `json:"createdAt,omitempty"`
	UpdatedAt  *stamp       `json:"updatedAt,omitempty"`
	ChildLists []int64      `json:"childLists"`
	ChildNodes []folderBody `json:"childNodes"`
}

func (s *listStore) folder(id string) *folder {
	for _, f := range s.folders {
		if f.id == id {
			return f
		}
	}
	return nil
}

func (s *listStore) hasFolder(id string) bool { return id == rootFolder || s.folder(id) != nil }

func noFolder(id string) *failure { return noList("Folder does not exist with ID " + id + ".") }

// tree is a folder with those below it. Only the top one names its lists.
func (s *listStore) tree(id string, top bool) folderBody {
	b := folderBody{ID: id, ParentID: rootFolder, ChildLists: []int64{}, ChildNodes: []folderBody{}}
	if f := s.folder(id); f != nil {
		b.ParentID, b.Name = f.parent, f.name
		b.CreatedAt, b.UpdatedAt = stampOf(f.createdAt), stampOf(f.updatedAt)
	}
	for _, l := range s.all {
		if top && !l.deleted() && l.folder == id {
			b.ChildLists = append(b.ChildLists, l.num)
		}
	}
	for _, f := range s.folders {
		if f.parent == id {
			b.ChildNodes = append(b.ChildNodes, s.tree(f.id, false))
		}
	}
	return b
}

// within reports whether a folder is the other one or lies below it.
func (s *listStore) within(id, other string) bool {
	for id != other {
		f := s.folder(id)
		if f == nil {
			return false
		}
		id = f.parent
	}
	return true
}

func (c *call) folderReply(id string) reply {
	return reply{http.StatusOK, map[string]any{"folder": c.portal.lists.tree(id, true)}}
}

// getFolder answers the root when no folder is named.
func getFolder(c *call) reply {
	id := c.query.Get("folderId")
	if id == "" {
		id = rootFolder
	}
	if !c.portal.lists.hasFolder(id) {
		return noFolder(id).reply(c)
	}
	return c.folderReply(id)
}

// createFolder takes a name twice: that HubSpot refuses it is documented nowhere.
func createFolder(c *call) reply {
	in := struct {
		Name   string `json:"name"`
		Parent text   `json:"parentFolderId"`
	}{Parent: rootFolder}
	f := c.decode(&in)
	s := &c.portal.lists
	switch {
	case f != nil:
	case in.Name == "":
		f = badRequest("name must not be empty")
	case !s.hasFolder(string(in.Parent)):
		f = noFolder(string(in.Parent))
	}
	if f != nil {
		return f.reply(c)
	}
	made := &folder{id: formatID(s.nextID()), name: in.Name, parent: string(in.Parent), createdAt: c.now, updatedAt: c.now}
	s.folders = append(s.folders, made)
	return c.folderReply(made.id)
}

func moveList(c *call) reply {
	var in struct {
		ListID text `json:"listId"`
		Folder text `json:"newFolderId"`
	}
	if f := c.decode(&in); f != nil {
		return f.reply(c)
	}
	c.params = map[string]string{"list": string(in.ListID)}
	l, f := c.listOf()
	if f == nil && !c.portal.lists.hasFolder(string(in.Folder)) {
		f = noFolder(string(in.Folder))
	}
	if f != nil {
		return f.reply(c)
	}
	l.folder = string(in.Folder)
	return reply{status: http.StatusNoContent}
}

func moveFolder(c *call) reply {
	s, id, to := &c.portal.lists, c.params["folder"], c.params["parent"]
	own := s.folder(id)
	switch {
	case own == nil:
		return noFolder(id).reply(c)
	case !s.hasFolder(to):
		return noFolder(to).reply(c)
	case s.within(to, id):
		return badRequest("A folder cannot be moved below itself").reply(c)
	}
	own.parent, own.updatedAt = to, c.now
	return c.folderReply(id)
}

func renameFolder(c *call) reply {
	own, name := c.portal.lists.folder(c.params["folder"]), c.query.Get("newFolderName")
	switch {
	case own == nil:
		return noFolder(c.params["folder"]).reply(c)
	case name == "":
		return badRequest("newFolderName must not be empty").reply(c)
	}
	own.name, own.updatedAt = name, c.now
	return c.folderReply(own.id)
}
