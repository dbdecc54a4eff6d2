package hubspottest

import "net/http"

func (c *call) propertyReply(ok int, results []*property, errors []entry) reply {
	if results == nil {
		results = []*property{}
	}
	if len(errors) > 0 && (c.version != v2609 || c.sim.opts.MultiStatus2609) {
		ok = http.StatusMultiStatus
	}
	return reply{ok, propertyBatch{
		Status: "COMPLETE", Results: results, NumErrors: len(errors), Errors: errors, StartedAt: stamp(c.now), CompletedAt: stamp(c.sim.now()),
	}}
}

func batchCreateProperties(c *call) reply {
	o, f := c.objectsOf()
	if f != nil {
		return f.reply(c)
	}
	var req struct {
		Inputs []propertyInput `json:"inputs"`
	}
	if f := c.decode(&req); f != nil {
		return f.reply(c)
	}
	var results []*property
	var errors []entry
	for _, in := range req.Inputs {
		p, f := c.portal.define(o, in, c.now)
		if f != nil {
			errors = append(errors, f.entry(c, ""))
			continue
		}
		results = append(results, p)
	}
	ok := http.StatusCreated
	if c.version == v2609 {
		ok = http.StatusOK // its document has 200 here and 201 for a single property
	}
	return c.propertyReply(ok, results, errors)
}

type nameInputs struct {
	Archived bool `json:"archived"`
	Inputs   []struct {
		Name string `json:"name"`
	} `json:"inputs"`
}

func batchReadProperties(c *call) reply {
	o, f := c.objectsOf()
	if f != nil {
		return f.reply(c)
	}
	var req nameInputs
	if f := c.decode(&req); f != nil {
		return f.reply(c)
	}
	var results []*property
	var errors []entry
	for _, in := range req.Inputs {
		p := o.schema.find(in.Name, c.now)
		if req.Archived {
			p = o.schema.archived[in.Name]
		}
		if p == nil {
			errors = append(errors, noProperty(o, in.Name).entry(c, ""))
			continue
		}
		results = append(results, p)
	}
	return c.propertyReply(http.StatusOK, results, errors)
}

func batchArchiveProperties(c *call) reply {
	o, f := c.objectsOf()
	if f != nil {
		return f.reply(c)
	}
	var req nameInputs
	if f := c.decode(&req); f != nil {
		return f.reply(c)
	}
	for _, in := range req.Inputs {
		if f := o.shelve(in.Name, c.now); f != nil && f.status != http.StatusNotFound {
			return f.reply(c)
		}
	}
	return reply{status: http.StatusNoContent}
}
