package hubspottest

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// The bounds of a search for lists. https://developers.hubspot.com/docs/api-reference/latest/crm/lists/guide
const (
	listPage    = 20
	maxListPage = 500
)

func listReads(*call) []string   { return []string{"crm.lists.read"} }
func listCreates(*call) []string { return []string{"crm.lists.write"} }
func listWrites(*call) []string  { return []string{"crm.lists.read crm.lists.write"} }

func listRoutes() []route {
	return []route{
		{http.MethodGet, "lists", "", listReads, getLists},
		{http.MethodPost, "lists", "", listCreates, createList},
		{http.MethodPost, "lists", "search", listReads, searchLists},
		{http.MethodGet, "lists", "object-type-id/{type}/name/{name}", listReads, getListByName},
		{http.MethodGet, "lists", "{list}", listReads, getList},
		{http.MethodDelete, "lists", "{list}", listWrites, deleteList},
		{http.MethodPut, "lists", "{list}/restore", listWrites, restoreList},
		{http.MethodPut, "lists", "{list}/update-list-name", listWrites, renameList},
		{http.MethodPut, "lists", "{list}/update-list-filters", listWrites, refilterList},
	}
}

// listBody is a list in a reply. The size is a number here, and a string among the
// additional properties of a search.
type listBody struct {
	ID           string            `json:"listId"`
	Version      int               `json:"listVersion"`
	CreatedAt    stamp             `json:"createdAt"`
	UpdatedAt    stamp             `json:"updatedAt"`
	FiltersAt    stamp             `json:"filtersUpdatedAt"`
	Status       string            `json:"processingStatus"`
	CreatedBy    string            `json:"createdById"`
	UpdatedBy    string            `json:"updatedById"`
	Kind         string            `json:"processingType"`
	ObjectTypeID string            `json:"objectTypeId"`
	Name         string            `json:"name"`
	Size         *int              `json:"size,omitempty"`
	Additional   map[string]string `json:"additionalProperties,omitempty"`
	Filter       *branch           `json:"filterBranch,omitempty"`
}

func (c *call) listed(l *list) listBody {
	return listBody{
		ID: l.id, Version: l.version, CreatedAt: stamp(l.createdAt), UpdatedAt: stamp(l.updatedAt), FiltersAt: stamp(l.filtersAt),
		Status: l.status(c.now), CreatedBy: "1", UpdatedBy: "1", Kind: l.kind, ObjectTypeID: l.o.t.id, Name: l.name,
	}
}

// fetched is a list as it is read by itself.
func (c *call) fetched(l *list) listBody {
	b := c.listed(l)
	b.Size = &l.size
	if c.flag("includeFilters") {
		b.Filter = l.filter
	}
	return b
}

// listOf finds the list in the path of a call.
func (c *call) listOf() (*list, *failure) {
	id := c.params["list"]
	if l := c.portal.lists.get(id); l != nil {
		return l, nil
	}
	return nil, noList("List does not exist with ID " + id + ".")
}

func noList(message string) *failure {
	return &failure{status: http.StatusNotFound, category: "OBJECT_NOT_FOUND", message: message}
}

func getLists(c *call) reply {
	out := []listBody{}
	for _, id := range c.list("listIds") {
		if l := c.portal.lists.get(id); l != nil {
			out = append(out, c.fetched(l))
		}
	}
	return reply{http.StatusOK, map[string]any{"lists": out}}
}

func getList(c *call) reply {
	l, f := c.listOf()
	if f != nil {
		return f.reply(c)
	}
	return reply{http.StatusOK, map[string]any{"list": c.fetched(l)}}
}

func getListByName(c *call) reply {
	l := c.portal.lists.named(c.params["name"])
	if l == nil || !l.o.t.is(c.params["type"]) {
		return noList("List does not exist with name " + c.params["name"] + " and object type ID " + c.params["type"] + ".").reply(c)
	}
	return reply{http.StatusOK, map[string]any{"list": c.fetched(l)}}
}

// newList is the body of a creation.
type newList struct {
	Name         string  `json:"name"`
	ObjectTypeID string  `json:"objectTypeId"`
	Kind         string  `json:"processingType"`
	Filter       *branch `json:"filterBranch"`
	Folder       text    `json:"listFolderId"`
}

func createList(c *call) reply {
	var in newList
	if f := c.decode(&in); f != nil {
		return f.reply(c)
	}
	l, f := c.makeList(in)
	if f != nil {
		return f.reply(c)
	}
	return reply{http.StatusOK, map[string]any{"list": c.fetched(l)}}
}

// makeList creates a list; a filter is processed after the lag.
func (c *call) makeList(in newList) (*list, *failure) {
	s := &c.portal.lists
	l := &list{
		version: 1, name: in.Name, o: c.portal.objects(in.ObjectTypeID), kind: in.Kind, folder: string(in.Folder), filter: in.Filter,
		createdAt: c.now, updatedAt: c.now, filtersAt: c.now, readyAt: c.now, members: map[string]*membership{},
	}
	if l.folder == "" {
		l.folder = rootFolder
	}
	switch {
	case strings.TrimSpace(in.Name) == "":
		return nil, badRequest("name must not be empty")
	case l.o == nil:
		return nil, badRequest("Invalid object type id: " + in.ObjectTypeID)
	case !slices.Contains([]string{manual, snapshot, dynamic}, in.Kind):
		return nil, badRequest("processingType must be one of MANUAL, SNAPSHOT, DYNAMIC")
	case in.Kind == manual && in.Filter != nil:
		return nil, badFilter("A MANUAL list has no filters")
	case in.Kind == dynamic && in.Filter == nil:
		return nil, badFilter("A DYNAMIC list needs filters")
	case !s.hasFolder(l.folder):
		return nil, noFolder(l.folder)
	}
	if in.Filter != nil {
		if f := in.Filter.check(l.o, c); f != nil {
			return nil, f
		}
	}
	if f := c.room(in.Name, nil); f != nil {
		return nil, f
	}
	l.num = s.nextID()
	l.id = formatID(l.num)
	s.all = append(s.all, l)
	c.process(l, false)
	return l, nil
}

// process queues the building of a list by its filter.
func (c *call) process(l *list, quiet bool) {
	if l.filter == nil {
		return
	}
	l.readyAt = c.now.Add(c.sim.opts.ListLag)
	c.portal.lists.later(due{at: l.readyAt, list: l, filter: l.filter, quiet: quiet})
	c.portal.follow(c.now)
}

// room checks that the name is free for a list, and that one more is allowed.
func (c *call) room(name string, own *list) *failure {
	s, opts := &c.portal.lists, c.sim.opts
	for _, l := range s.all {
		if l == own || !strings.EqualFold(l.name, name) {
			continue
		}
		if !l.deleted() || opts.DeletedListKeepsName && c.now.Before(l.deletedAt.Add(restorable)) {
			f := badRequest("The following list names already exist: [" + name + "]. Names must be unique.")
			f.subCategory = "ILS.DUPLICATE_LIST_NAMES"
			return f
		}
	}
	most := c.portal.portal.MaxLists
	if most == 0 || s.count() < most || own != nil && !own.deleted() {
		return nil
	}
	f := badRequest("The account has reached its limit of " + strconv.Itoa(most) + " lists.")
	f.subCategory = "ILS.LIST_LIMIT_EXCEEDED"
	if opts.ListLimitForbidden {
		f.status = http.StatusForbidden
	}
	return f
}

func deleteList(c *call) reply {
	l, f := c.listOf()
	if f != nil {
		return f.reply(c)
	}
	l.deletedAt = c.now
	return reply{status: http.StatusNoContent}
}

// restoreList brings a deleted list back, with its id and its members. A live one is
// left as it is.
func restoreList(c *call) reply {
	for _, l := range c.portal.lists.all {
		switch {
		case l.id != c.params["list"]:
			continue
		case !l.deleted():
			return reply{status: http.StatusNoContent}
		case !c.now.Before(l.deletedAt.Add(restorable)):
			return noList("List with ID " + l.id + " can no longer be restored.").reply(c)
		}
		if f := c.room(l.name, l); f != nil {
			return f.reply(c)
		}
		l.deletedAt = time.Time{}
		return reply{status: http.StatusNoContent}
	}
	return noList("List does not exist with ID " + c.params["list"] + ".").reply(c)
}

func renameList(c *call) reply {
	l, f := c.listOf()
	name := c.query.Get("listName")
	if f == nil && strings.TrimSpace(name) == "" {
		f = badRequest("listName must not be empty")
	}
	if f == nil {
		f = c.room(name, l)
	}
	if f != nil {
		return f.reply(c)
	}
	l.name, l.updatedAt, l.version = name, c.now, l.version+1
	return reply{http.StatusOK, map[string]any{"updatedList": c.fetched(l)}}
}

// refilterList replaces the whole filter. The members follow after the lag; those that
// come in enrol in workflows only when the call says so.
func refilterList(c *call) reply {
	l, f := c.listOf()
	var in struct {
		Filter *branch `json:"filterBranch"`
	}
	if f == nil {
		f = c.decode(&in)
	}
	switch {
	case f != nil:
	case l.kind != dynamic:
		f = badRequest("The filters of a list of type " + l.kind + " cannot be changed")
	case in.Filter == nil:
		f = badFilter("filterBranch must be set")
	default:
		f = in.Filter.check(l.o, c)
	}
	if f != nil {
		return f.reply(c)
	}
	l.filter, l.filtersAt, l.updatedAt, l.version = in.Filter, c.now, c.now, l.version+1
	c.process(l, !c.flag("enrollObjectsInWorkflows"))
	return reply{http.StatusOK, map[string]any{"updatedList": c.fetched(l)}}
}

func searchLists(c *call) reply {
	in := struct {
		Query        string   `json:"query"`
		ListIDs      []text   `json:"listIds"`
		Kinds        []string `json:"processingTypes"`
		ObjectTypeID string   `json:"objectTypeId"`
		Offset       int      `json:"offset"`
		Count        int      `json:"count"`
	}{Count: listPage}
	f := c.decode(&in)
	if f == nil && (in.Count < 1 || in.Count > maxListPage || in.Offset < 0) {
		f = badRequest("count must be between 1 and 500, and offset not negative")
	}
	if f != nil {
		return f.reply(c)
	}
	var hits []*list
	for _, l := range c.portal.lists.all {
		if !l.deleted() && strings.Contains(strings.ToLower(l.name), strings.ToLower(in.Query)) &&
			(len(in.ListIDs) == 0 || slices.Contains(in.ListIDs, text(l.id))) &&
			(len(in.Kinds) == 0 || slices.Contains(in.Kinds, l.kind)) &&
			(in.ObjectTypeID == "" || in.ObjectTypeID == l.o.t.id) {
			hits = append(hits, l)
		}
	}
	from := min(in.Offset, len(hits))
	to := min(from+in.Count, len(hits))
	out := []listBody{}
	for _, l := range hits[from:to] {
		b := c.listed(l)
		b.Additional = map[string]string{"hs_list_size": strconv.Itoa(l.size)}
		out = append(out, b)
	}
	return reply{http.StatusOK, map[string]any{"lists": out, "offset": to, "hasMore": to < len(hits), "total": len(hits)}}
}
