package hubspottest

// inlineLink is an association that is made together with a record.
type inlineLink struct {
	to    end
	specs []spec
}

// linkInput is one association in the body of a create.
type linkInput struct {
	To    refInput `json:"to"`
	Types []spec   `json:"types"`
}

// refInput is a record id, which the guides write as a number as well.
type refInput struct {
	ID text `json:"id"`
}

// inline checks the associations of a create. What they lead to follows from their
// types.
func (c *call) inline(o *objects, in []linkInput) ([]inlineLink, *failure) {
	var out []inlineLink
	for _, l := range in {
		if len(l.Types) == 0 {
			return nil, c.checkTypes("", "", nil)
		}
		_, kind, known := c.portal.links.anywhere(l.Types[0])
		if !known {
			kind = o.t.id
		}
		if f := c.checkTypes(o.t.id, kind, l.Types); f != nil {
			return nil, f
		}
		to := c.portal.objects(kind)
		r := c.target(to, string(l.To.ID), "")
		if r == nil {
			return nil, c.noSuchRecord([]end{{to.t.code, string(l.To.ID)}})
		}
		out = append(out, inlineLink{end{kind, r.id}, l.Types})
	}
	return out, nil
}

// create prepares a new record with the associations in its input.
func (c *call) create(o *objects, in batchInput) (*draft, *failure) {
	links, f := c.inline(o, in.Associations)
	if f != nil {
		return nil, f
	}
	d, f := c.portal.prepare(o, nil, plainMap(in.Properties), c.version, c.now)
	if f != nil {
		return nil, f
	}
	d.links = links
	return d, nil
}

// finish does what follows from a write that is certain: its associations, and the
// company of a new contact.
func (p *PortalState) finish(o *objects, d *draft) {
	self := end{o.t.id, d.rec.id}
	for _, l := range d.links {
		p.link(self, l.to, func() {
			for _, s := range l.specs {
				p.links.add(self, l.to, s)
			}
		})
	}
	if d.old == nil {
		p.autoCompany(o, d.rec)
	}
}
