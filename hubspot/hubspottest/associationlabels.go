package hubspottest

import (
	"net/http"
)

// pairLabels is the reply to an association with labels. Ids are numbers on v4.
type pairLabels struct {
	FromType string    `json:"fromObjectTypeId"`
	FromID   objectRef `json:"fromObjectId"`
	ToType   string    `json:"toObjectTypeId"`
	ToID     objectRef `json:"toObjectId"`
	Labels   []string  `json:"labels"`
}

// objectRef is a record id that v4 answers as a number.
type objectRef struct {
	id     string
	number bool
}

func (r objectRef) MarshalJSON() ([]byte, error) {
	if r.number {
		return []byte(r.id), nil
	}
	return []byte(`"` + r.id + `"`), nil
}

func (c *call) ref(id string) objectRef { return objectRef{id, c.version == v4} }

// label puts labels on a pair. They replace the labels that it had.
func (c *call) label(from, to end, specs []spec) pairLabels {
	c.portal.link(from, to, func() { c.portal.links.relabel(from, to, specs) })
	return pairLabels{from.typeID, c.ref(from.id), to.typeID, c.ref(to.id), c.portal.links.labels(from, to)}
}

// batchLabel associates with labels.
func batchLabel(c *call) reply {
	from, to, inputs, f := c.pairs()
	if f != nil {
		return f.reply(c)
	}
	var results []pairLabels
	var errors []entry
	type ready struct {
		one, other end
		specs      []spec
	}
	var all []ready
	for _, in := range inputs {
		one, other, f := c.pair(from, to, in)
		if f == nil {
			f = c.checkTypes(from.t.id, to.t.id, in.Types)
		}
		if f != nil && c.sim.opts.AssociationErrorsReject {
			return f.reply(c)
		}
		if f != nil {
			errors = append(errors, f.entry(c, ""))
			continue
		}
		all = append(all, ready{one, other, in.Types})
	}
	for _, r := range all {
		results = append(results, c.label(r.one, r.other, r.specs))
	}
	ok := http.StatusCreated
	if c.version == v2609 {
		ok = http.StatusOK
	}
	return associated(c, ok, http.StatusMultiStatus, results, errors)
}

// batchUnlink ends associations with all their labels. What is not associated is no
// error.
func batchUnlink(c *call) reply {
	from, to, f := c.sides(toWrite)
	if f != nil {
		return f.reply(c)
	}
	var req struct {
		Inputs []struct {
			From idOnly   `json:"from"`
			To   []idOnly `json:"to"`
		} `json:"inputs"`
	}
	if f := c.decode(&req); f != nil {
		return f.reply(c)
	}
	if len(req.Inputs) > maxAssociate {
		return tooMany(maxAssociate).reply(c)
	}
	for _, in := range halved(c, req.Inputs) {
		for _, other := range in.To {
			c.portal.links.unlink(end{from.t.id, from.resolve(in.From.ID)}, end{to.t.id, to.resolve(other.ID)})
		}
	}
	return c.removed()
}

// batchUnlabel takes single labels off pairs; the unlabelled one takes all along.
func batchUnlabel(c *call) reply {
	from, to, inputs, f := c.pairs()
	if f != nil {
		return f.reply(c)
	}
	for _, in := range inputs {
		if f := c.checkTypes(from.t.id, to.t.id, in.Types); f != nil {
			return f.reply(c)
		}
	}
	for _, in := range inputs {
		for _, s := range in.Types {
			c.portal.links.remove(end{from.t.id, from.resolve(in.From.ID)}, end{to.t.id, to.resolve(in.To.ID)}, s)
		}
	}
	return c.removed()
}

// removed is the answer to a removal: nothing on v4, an empty batch on dated paths.
func (c *call) removed() reply {
	if c.version == v4 {
		return reply{status: http.StatusNoContent}
	}
	return associated(c, http.StatusOK, http.StatusOK, []struct{}{}, nil)
}

// pathPair resolves the two records in the path of a call.
func (c *call) pathPair() (one, other end, f *failure) {
	from, to, f := c.sides(toWrite)
	if f != nil {
		return end{}, end{}, f
	}
	return c.pair(from, to, pairInput{From: idOnly{c.params["id"]}, To: idOnly{c.params["toID"]}})
}

func associateOne(c *call) reply {
	one, other, f := c.pathPair()
	if f != nil {
		return f.reply(c)
	}
	return associated(c, http.StatusOK, http.StatusOK, c.portal.associate(one, other), nil)
}

func labelOne(c *call) reply {
	one, other, f := c.pathPair()
	if f != nil {
		return f.reply(c)
	}
	var specs []spec
	if f = c.decode(&specs); f == nil {
		f = c.checkTypes(one.typeID, other.typeID, specs)
	}
	if f != nil {
		return f.reply(c)
	}
	return reply{http.StatusCreated, c.label(one, other, specs)}
}

func unlinkOne(c *call) reply {
	from, to, f := c.sides(toWrite)
	if f != nil {
		return f.reply(c)
	}
	c.portal.links.unlink(end{from.t.id, from.resolve(c.params["id"])}, end{to.t.id, to.resolve(c.params["toID"])})
	return reply{status: http.StatusNoContent}
}

// deleteLabel ends a custom label, in both directions and on every pair that has it.
func deleteLabel(c *call) reply {
	from, to, f := c.sides(toWrite)
	if f != nil {
		return f.reply(c)
	}
	s := spec{userDefined, int(parseID(c.params["label"]))}
	if f := c.checkTypes(from.t.id, to.t.id, []spec{s}); f != nil {
		return f.reply(c)
	}
	c.portal.links.undefine(from.t.id, to.t.id, s)
	return reply{status: http.StatusNoContent}
}

type labelRow struct {
	Category string  `json:"category"`
	TypeID   int     `json:"typeId"`
	Label    *string `json:"label"`
}

func (d definition) row() labelRow {
	r := labelRow{Category: d.Category, TypeID: d.TypeID}
	if d.label != "" {
		r.Label = &d.label
	}
	return r
}

func listLabels(c *call) reply {
	from, to, f := c.sides(toRead)
	if f != nil {
		return f.reply(c)
	}
	rows := []labelRow{}
	for _, d := range c.portal.links.defs[[2]string{from.t.id, to.t.id}] {
		rows = append(rows, d.row())
	}
	return reply{http.StatusOK, map[string]any{"results": rows}}
}

// createLabel defines a custom label and answers it in both directions.
func createLabel(c *call) reply {
	from, to, f := c.sides(toWrite)
	if f != nil {
		return f.reply(c)
	}
	var in struct {
		Name    string `json:"name"`
		Label   string `json:"label"`
		Inverse string `json:"inverseLabel"`
	}
	if f := c.decode(&in); f != nil {
		return f.reply(c)
	}
	if in.Name == "" || in.Label == "" {
		return badRequest("An association label needs a name and a label").reply(c)
	}
	for _, d := range c.portal.links.defs[[2]string{from.t.id, to.t.id}] {
		if d.label == in.Label || d.name == in.Name {
			return badRequest("An association label of this name exists already").reply(c)
		}
	}
	there, back := c.portal.links.define(from.t.id, to.t.id, in.Name, in.Label, in.Inverse)
	rows := []labelRow{there.row()}
	if back.spec != there.spec {
		rows = append(rows, back.row())
	}
	return reply{http.StatusOK, map[string]any{"results": rows}}
}
