package hubspottest

import (
	"net/http"
	"slices"
	"time"
)

func mergeCall(c *call) reply {
	o, f := c.objectsOf()
	if f != nil {
		return f.reply(c)
	}
	if !o.t.merges {
		return plain(http.StatusNotFound, "resource not found").reply(c)
	}
	var in struct {
		Primary string `json:"primaryObjectId"`
		Other   string `json:"objectIdToMerge"`
	}
	if f := c.decode(&in); f != nil {
		return f.reply(c)
	}
	r, f := c.portal.merge(o, in.Primary, in.Other, c.now)
	if f != nil {
		return f.reply(c)
	}
	return reply{http.StatusOK, c.shown(o, r, nil, nil)}
}

// merge makes one record of two. The primary's values win, the other fills the gaps,
// its addresses become secondary emails, and both old ids lead to the survivor.
// https://knowledge.hubspot.com/records/merge-records
func (p *PortalState) merge(o *objects, primary, other string, now time.Time) (*record, *failure) {
	a, b := o.get(primary), o.get(other)
	if a == nil {
		return nil, notFound(primary)
	}
	if b == nil {
		return nil, notFound(other)
	}
	if a.id == b.id {
		return nil, badRequest("A record cannot be merged with itself")
	}
	merged := append(append(slices.Clone(a.merged), b.merged...), b.id)
	n := a.next(now)
	if !p.sim.opts.MergeKeepsPrimaryID {
		merged = append(merged, a.id)
		n.num = p.sim.nextID()
		n.id = formatID(n.num)
		n.prev = nil
	}
	if len(merged) > maxMerged {
		return nil, &failure{status: http.StatusRequestURITooLong, message: "The record has too many merged identities"}
	}
	for name, v := range b.props {
		if n.props[name] == "" {
			n.props[name] = v
		}
	}
	n.merged, n.updatedAt = merged, now
	if o.t.computed != nil {
		for name, v := range o.t.computed(n.id) {
			n.props[name] = v
		}
	}
	n.secondary = slices.Clone(a.secondary)
	for _, email := range append([]string{b.props["email"]}, b.secondary...) {
		if o.t.emails && email != "" && email != n.props["email"] {
			n.secondary = append(n.secondary, email)
		}
	}
	if n.id != a.id {
		p.links.move(end{o.t.id, a.id}, end{o.t.id, n.id})
	}
	p.links.move(end{o.t.id, b.id}, end{o.t.id, n.id})
	o.drop(b)
	o.alias[b.id] = n.id
	if n.id == a.id {
		o.put(a, n)
		return n, nil
	}
	o.drop(a)
	o.alias[a.id] = n.id
	o.put(nil, n)
	return n, nil
}

// gdprDelete erases a contact for good. An email that no contact has goes to the
// block list. https://developers.hubspot.com/docs/api-reference/crm-contacts-v3/guide
func gdprDelete(c *call) reply {
	o, f := c.objectsOf()
	if f != nil {
		return f.reply(c)
	}
	if !o.t.erasable {
		return plain(http.StatusNotFound, "resource not found").reply(c)
	}
	var in struct {
		ObjectID   string `json:"objectId"`
		IDProperty string `json:"idProperty"`
	}
	if f := c.decode(&in); f != nil {
		return f.reply(c)
	}
	if in.ObjectID == "" {
		return badRequest("objectId must be set").reply(c)
	}
	var r *record
	switch {
	case in.IDProperty == "" || in.IDProperty == "hs_object_id":
		if r = o.byID[o.resolve(in.ObjectID)]; r == nil {
			return notFound(in.ObjectID).reply(c)
		}
	case !o.isUnique(in.IDProperty):
		return notUnique(o, in.IDProperty).reply(c)
	default:
		r = o.byKey(in.IDProperty, in.ObjectID)
	}
	if r == nil {
		if in.IDProperty != "email" {
			return notFound(in.ObjectID).reply(c)
		}
		o.blocked[foldEmail(in.ObjectID)] = true
		return reply{status: http.StatusNoContent}
	}
	if email := r.props["email"]; email != "" && c.sim.opts.ErasureBlocksEmail {
		o.blocked[email] = true
	}
	o.drop(r)
	c.portal.links.forget(end{o.t.id, r.id})
	return reply{status: http.StatusNoContent}
}
