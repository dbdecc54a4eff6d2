package hubspottest

import (
	"net/http"
	"slices"
	"strconv"
)

// maxAssociationPage is the number of associated records on one page.
const maxAssociationPage = 500

// associatedRecord is the other side of an association in a reply.
type associatedRecord struct {
	ToID  objectRef  `json:"toObjectId"`
	Types []labelRow `json:"associationTypes"`
}

// associationPage lists what a record is associated with, in the order of ids: at most limit
// records after an id, and the id to go on after. Archived records are left out.
func (c *call) associationPage(from end, to *objects, after string, limit int) (rows []associatedRecord, next string) {
	a := c.portal.links
	ids := a.order[towards{from, to.t.id}]
	start, found := slices.BinarySearch(ids, parseID(after))
	if found {
		start++
	}
	rows = []associatedRecord{}
	for _, n := range ids[start:] {
		other := end{to.t.id, formatID(n)}
		if r := to.byID[other.id]; r == nil || r.archived() {
			continue
		}
		if len(rows) == limit {
			return rows, rows[limit-1].ToID.id
		}
		row := associatedRecord{ToID: c.ref(other.id)}
		for _, s := range a.types[[2]end{from, other}] {
			row.Types = append(row.Types, a.definition(from.typeID, other.typeID, s).row())
		}
		rows = append(rows, row)
	}
	return rows, ""
}

// batchReadAssociations answers the associations of many records. One without any, and
// one that does not exist, is an error entry, not an empty result.
func batchReadAssociations(c *call) reply {
	from, to, f := c.sides(toRead)
	if f != nil {
		return f.reply(c)
	}
	var req struct {
		Inputs []struct {
			ID    string `json:"id"`
			After string `json:"after"`
		} `json:"inputs"`
	}
	if f := c.decode(&req); f != nil {
		return f.reply(c)
	}
	if len(req.Inputs) > maxAssociationReads {
		return tooMany(maxAssociationReads).reply(c)
	}
	type result struct {
		From   idOnly             `json:"from"`
		To     []associatedRecord `json:"to"`
		Paging *paging            `json:"paging,omitempty"`
	}
	var results []result
	var errors []entry
	for _, in := range halved(c, req.Inputs) {
		id := from.resolve(in.ID)
		var rows []associatedRecord
		next := ""
		if r := from.get(id); r != nil {
			rows, next = c.associationPage(end{from.t.id, id}, to, in.After, maxAssociationPage)
		}
		if len(rows) == 0 && !c.sim.opts.NoAssociationsEmpty {
			errors = append(errors, noAssociations(from, to, in.ID).entry(c, ""))
			continue
		}
		if rows == nil {
			rows = []associatedRecord{}
		}
		results = append(results, result{idOnly{id}, rows, pagingTo(next)})
	}
	return associated(c, http.StatusOK, http.StatusMultiStatus, results, errors)
}

func noAssociations(from, to *objects, id string) *failure {
	return &failure{
		status: http.StatusNotFound, category: "OBJECT_NOT_FOUND", subCategory: "crm.associations.NO_ASSOCIATIONS_FOUND",
		message: "No " + to.t.singular + " is associated with " + from.t.singular + " " + id + ".",
		context: map[string][]string{"fromObjectId": {id}, "fromObjectType": {from.t.singular}, "toObjectType": {to.t.singular}},
	}
}

// associationsOf answers the associations of one record. 2026-09 has no such call.
func associationsOf(c *call) reply {
	if c.version == v2609 {
		return plain(http.StatusMethodNotAllowed, "HTTP 405 Method Not Allowed").reply(c)
	}
	from, to, f := c.sides(toRead)
	if f != nil {
		return f.reply(c)
	}
	limit := maxAssociationPage
	if raw := c.query.Get("limit"); raw != "" {
		n, err := strconv.Atoi(raw)
		if err != nil || n < 1 || n > maxAssociationPage {
			return badRequest("The limit must be between 1 and 500").reply(c)
		}
		limit = n
	}
	r := from.get(c.params["id"])
	if r == nil {
		return notFound(c.params["id"]).reply(c)
	}
	rows, next := c.associationPage(end{from.t.id, r.id}, to, c.query.Get("after"), limit)
	return reply{http.StatusOK, struct {
		Results []associatedRecord `json:"results"`
		Paging  *paging            `json:"paging,omitempty"`
	}{rows, pagingTo(next)}}
}
