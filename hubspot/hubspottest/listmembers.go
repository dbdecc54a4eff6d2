package hubspottest

import (
	"net/http"
	"slices"
	"strconv"
)

// maxMemberPage is the number of members on one page.
const maxMemberPage = 250

func membershipRoutes() []route {
	change := func(read func(c *call, into *memberChange) *failure) func(c *call) reply {
		return func(c *call) reply { return changeMembers(c, read) }
	}
	return []route{
		{http.MethodGet, "lists", "{list}/memberships", listReads, listMembers},
		{http.MethodPut, "lists", "{list}/memberships/add", listWrites, change(func(c *call, in *memberChange) *failure { return c.decode(&in.Add) })},
		{http.MethodPut, "lists", "{list}/memberships/remove", listWrites, change(func(c *call, in *memberChange) *failure { return c.decode(&in.Remove) })},
		{http.MethodPut, "lists", "{list}/memberships/add-and-remove", listWrites, change(func(c *call, in *memberChange) *failure { return c.decode(in) })},
		{http.MethodGet, "lists", "records/{type}/{id}/memberships", listReads, recordMemberships},
	}
}

// memberChange is the body of add-and-remove. Those of add and remove are bare arrays.
type memberChange struct {
	Add    []text `json:"recordIdsToAdd"`
	Remove []text `json:"recordIdsToRemove"`
}

// memberReply spells its first member as HubSpot does.
type memberReply struct {
	Added   []string `json:"recordsIdsAdded"`
	Removed []string `json:"recordIdsRemoved"`
	Missing []string `json:"recordIdsMissing"`
}

// changeMembers adds and removes. Members that are added and others that are removed
// are ignored, and ids of no record are named as missing.
func changeMembers(c *call, read func(c *call, into *memberChange) *failure) reply {
	l, f := c.listOf()
	var in memberChange
	if f == nil {
		f = read(c, &in)
	}
	if f == nil {
		f = c.writable(l, &in)
	}
	if f != nil {
		return f.reply(c)
	}
	out := memberReply{Added: []string{}, Removed: []string{}, Missing: []string{}}
	for _, id := range c.known(l, in.Add, &out) {
		if c.portal.enter(l, id, c.now, false) || c.sim.opts.AddNamesMembers {
			out.Added = append(out.Added, id)
		}
	}
	for _, id := range c.known(l, in.Remove, &out) {
		if l.remove(id) {
			out.Removed = append(out.Removed, id)
		}
	}
	if len(out.Added)+len(out.Removed) > 0 {
		l.updatedAt = c.now
	}
	if !c.sim.opts.OrderedResults {
		for _, ids := range [][]string{out.Added, out.Removed, out.Missing} {
			c.sim.shuffle(len(ids), func(i, j int) { ids[i], ids[j] = ids[j], ids[i] })
		}
	}
	return reply{http.StatusOK, out}
}

// writable checks that members may be changed by hand. Under Fault.Short some ids are
// forgotten.
func (c *call) writable(l *list, in *memberChange) *failure {
	switch {
	case l.kind == dynamic:
		return badRequest("The memberships of a DYNAMIC list cannot be changed")
	case l.status(c.now) != "COMPLETE":
		return badRequest("The list is still being processed")
	}
	if most := c.sim.opts.MaxMembershipIDs; most > 0 && len(in.Add)+len(in.Remove) > most {
		return badRequest("A request may name at most " + strconv.Itoa(most) + " records")
	}
	if c.short {
		in.Add, in.Remove = everySecond(in.Add), everySecond(in.Remove)
	}
	return nil
}

func everySecond(ids []text) []text {
	var out []text
	for i := 1; i < len(ids); i += 2 {
		out = append(out, ids[i])
	}
	return out
}

// known answers the records that exist, each once, and puts the others among the
// missing. The id of a merged record stands for the survivor.
func (c *call) known(l *list, ids []text, out *memberReply) []string {
	var found []string
	for _, raw := range ids {
		id := string(raw)
		r := c.target(l.o, id, "")
		switch {
		case r == nil && !slices.Contains(out.Missing, id):
			out.Missing = append(out.Missing, id)
		case r != nil && !slices.Contains(found, r.id):
			found = append(found, r.id)
		}
	}
	return found
}

type joined struct {
	RecordID string `json:"recordId"`
	At       stamp  `json:"membershipTimestamp"`
}

type membersPage struct {
	Total   int      `json:"total"`
	Results []joined `json:"results"`
	Paging  *paging  `json:"paging,omitempty"`
}

// listMembers pages through the members in the order of their ids.
func listMembers(c *call) reply {
	l, f := c.listOf()
	limit := 100
	if raw := c.query.Get("limit"); f == nil && raw != "" {
		n, err := strconv.Atoi(raw)
		if err != nil || n < 1 || n > maxMemberPage {
			f = badRequest("The limit must be between 1 and 250")
		}
		limit = n
	}
	if f != nil {
		return f.reply(c)
	}
	ids, after := l.ids(), c.query.Get("after")
	from := 0
	if after != "" {
		i, found := slices.BinarySearchFunc(ids, after, compareIDs)
		if from = i; found {
			from++
		}
	}
	to := min(from+limit, len(ids))
	out := membersPage{Total: len(ids), Results: []joined{}}
	for _, id := range ids[from:to] {
		out.Results = append(out.Results, joined{id, stamp(l.members[id].last)})
	}
	if to < len(ids) {
		out.Paging = pagingTo(ids[to-1])
	}
	return reply{http.StatusOK, out}
}

// recordMemberships answers the lists that a record is in.
func recordMemberships(c *call) reply {
	o, f := c.objectsOf()
	if f != nil {
		return f.reply(c)
	}
	r := o.get(c.params["id"])
	if r == nil {
		return notFound(c.params["id"]).reply(c)
	}
	type row struct {
		ListID   string `json:"listId"`
		Version  int    `json:"listVersion"`
		First    stamp  `json:"firstAddedTimestamp"`
		Last     stamp  `json:"lastAddedTimestamp"`
		IsPublic bool   `json:"isPublicList"`
	}
	out := []row{}
	for _, l := range c.portal.lists.all {
		if l.o == o && !l.deleted() && l.has(r.id) {
			m := l.members[r.id]
			out = append(out, row{l.id, l.version, stamp(m.first), stamp(m.last), true})
		}
	}
	return reply{http.StatusOK, map[string]any{"results": out, "total": len(out)}}
}
