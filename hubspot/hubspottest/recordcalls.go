package hubspottest

import (
	"net/http"
	"slices"
	"strconv"
	"time"
)

// maxMerged is the number of records that may end in one.
const maxMerged = 250

func recordRoutes() []route {
	return []route{
		{http.MethodPost, "objects", "{type}/merge", writes, mergeCall},
		{http.MethodPost, "objects", "{type}/gdpr-delete", writes, gdprDelete},
		{http.MethodGet, "objects", "{type}", reads, listRecords},
		{http.MethodPost, "objects", "{type}", writes, createRecord},
		{http.MethodGet, "objects", "{type}/{id}", reads, getRecord},
		{http.MethodPatch, "objects", "{type}/{id}", writes, updateRecord},
		{http.MethodDelete, "objects", "{type}/{id}", writes, archiveRecord},
	}
}

func listRecords(c *call) reply {
	o, f := c.objectsOf()
	if f != nil {
		return f.reply(c)
	}
	limit := 10
	if raw := c.query.Get("limit"); raw != "" {
		n, err := strconv.Atoi(raw)
		if err != nil || n < 1 || n > 100 {
			return badRequest("The limit must be between 1 and 100").reply(c)
		}
		limit = n
	}
	start, _ := slices.BinarySearch(o.order, parseID(c.query.Get("after")))
	archived, results, next := c.flag("archived"), []result{}, ""
	for _, n := range o.order[start:] {
		r := o.byID[formatID(n)]
		if r == nil || r.archived() != archived {
			continue
		}
		if len(results) == limit {
			next = r.id
			break
		}
		results = append(results, c.shown(o, r, c.list("properties"), c.list("propertiesWithHistory")))
	}
	return reply{http.StatusOK, page{Results: results, Paging: pagingTo(next)}}
}

type page struct {
	Total   *int     `json:"total,omitempty"`
	Results []result `json:"results"`
	Paging  *paging  `json:"paging,omitempty"`
}

type paging struct {
	Next struct {
		After string `json:"after"`
	} `json:"next"`
}

func pagingTo(after string) *paging {
	if after == "" {
		return nil
	}
	p := &paging{}
	p.Next.After = after
	return p
}

func createRecord(c *call) reply {
	o, f := c.objectsOf()
	if f != nil {
		return f.reply(c)
	}
	var in batchInput
	if f := c.decode(&in); f != nil {
		return f.reply(c)
	}
	d, f := c.create(o, in)
	if f != nil {
		return f.reply(c)
	}
	c.portal.commit(o, d)
	c.portal.finish(o, d)
	return reply{http.StatusCreated, c.written(o, d)}
}

// addressed finds the record in the path of a call.
func (c *call) addressed() (*objects, *record, *failure) {
	o, f := c.objectsOf()
	if f != nil {
		return nil, nil, f
	}
	key := c.query.Get("idProperty")
	if key != "" && key != "hs_object_id" && !o.isUnique(key) {
		return nil, nil, notUnique(o, key)
	}
	r := c.find(o, c.params["id"], key, c.flag("archived"))
	if r == nil {
		return nil, nil, notFound(c.params["id"])
	}
	return o, r, nil
}

func getRecord(c *call) reply {
	o, r, f := c.addressed()
	if f != nil {
		return f.reply(c)
	}
	return reply{http.StatusOK, c.shown(o, r, c.list("properties"), c.list("propertiesWithHistory"))}
}

func updateRecord(c *call) reply {
	o, r, f := c.addressed()
	if f == nil && c.sim.opts.MergedIDRejectsWrite && o.resolve(c.params["id"]) != c.params["id"] {
		f = notFound(c.params["id"])
	}
	if f != nil {
		return f.reply(c)
	}
	var in batchInput
	if f := c.decode(&in); f != nil {
		return f.reply(c)
	}
	d, f := c.portal.prepare(o, r, plainMap(in.Properties), c.version, c.now)
	if f != nil {
		return f.reply(c)
	}
	c.portal.commit(o, d)
	return reply{http.StatusOK, c.written(o, d)}
}

// archiveRecord answers 204 for unknown ids as well.
func archiveRecord(c *call) reply {
	o, f := c.objectsOf()
	if f != nil {
		return f.reply(c)
	}
	if r := o.get(c.params["id"]); r != nil {
		c.portal.archive(o, r, c.now)
	}
	return reply{status: http.StatusNoContent}
}

func (p *PortalState) archive(o *objects, r *record, now time.Time) {
	n := r.next(now)
	n.archivedAt, n.updatedAt = now, now
	p.trim(n)
	o.put(r, n)
}
