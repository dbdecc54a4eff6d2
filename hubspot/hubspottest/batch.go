package hubspottest

import "net/http"

// maxBatch is the number of inputs of one object batch.
// https://developers.hubspot.com/docs/api-reference/crm-contacts-v3/guide
const maxBatch = 100

func batchRoutes() []route {
	return []route{
		{http.MethodPost, "objects", "{type}/batch/read", reads, batchRead},
		{http.MethodPost, "objects", "{type}/batch/create", writes, batchCreate},
		{http.MethodPost, "objects", "{type}/batch/update", writes, batchUpdate},
		{http.MethodPost, "objects", "{type}/batch/upsert", writes, batchUpsert},
		{http.MethodPost, "objects", "{type}/batch/archive", writes, batchArchive},
	}
}

type batchInput struct {
	ID         string           `json:"id"`
	IDProperty string           `json:"idProperty"`
	TraceID    string           `json:"objectWriteTraceId"`
	Properties map[string]*text `json:"properties"`

	Associations []linkInput `json:"associations"` // of a create
}

type batchRequest struct {
	Inputs []batchInput `json:"inputs"`
}

type batchReadRequest struct {
	Inputs      []batchInput `json:"inputs"`
	IDProperty  string       `json:"idProperty"`
	Properties  []string     `json:"properties"`
	WithHistory []string     `json:"propertiesWithHistory"`
}

type batchReply struct {
	Status      string   `json:"status"`
	Results     []result `json:"results"`
	NumErrors   int      `json:"numErrors,omitempty"`
	Errors      []entry  `json:"errors,omitempty"`
	StartedAt   stamp    `json:"startedAt"`
	CompletedAt stamp    `json:"completedAt"`
}

// result is a record in a reply.
type result struct {
	ID         string                  `json:"id"`
	Properties map[string]*string      `json:"properties"`
	History    map[string][]historyRow `json:"propertiesWithHistory,omitempty"`
	CreatedAt  stamp                   `json:"createdAt"`
	UpdatedAt  stamp                   `json:"updatedAt"`
	Archived   bool                    `json:"archived"`
	ArchivedAt *stamp                  `json:"archivedAt,omitempty"`
	New        *bool                   `json:"new,omitempty"`
	TraceID    string                  `json:"objectWriteTraceId,omitempty"`
	Warnings   []warning               `json:"warnings,omitempty"`
}

// open reads the body of a batch of writes.
func (c *call) open() (*objects, *batchRequest, *failure) {
	o, f := c.objectsOf()
	if f != nil {
		return nil, nil, f
	}
	var req batchRequest
	if f := c.decode(&req); f != nil {
		return nil, nil, f
	}
	req.Inputs, f = c.bounded(req.Inputs)
	return o, &req, f
}

// bounded checks the number of inputs, and forgets some under Fault.Short.
func (c *call) bounded(inputs []batchInput) ([]batchInput, *failure) {
	if len(inputs) > maxBatch {
		return nil, badRequest("The maximum number of inputs supported in a batch request is 100")
	}
	return halved(c, inputs), nil
}

// twice finds keys that occur more than once; HubSpot rejects such a batch whole.
func twice(inputs []batchInput) *failure {
	seen, named := map[string]bool{}, map[string]bool{}
	var ids []string
	for _, in := range inputs {
		key := fold(in.ID)
		if in.ID != "" && seen[key] && !named[key] {
			named[key] = true
			ids = append(ids, key)
		}
		seen[key] = true
	}
	if len(ids) == 0 {
		return nil
	}
	f := badRequest("Duplicate IDs found in batch input: [" + join(ids) + "]. IDs must be unique")
	f.context = map[string][]string{"ids": ids}
	return f
}

// traced reports whether partial success is possible: each input has a trace id of
// its own. https://developers.hubspot.com/docs/api-reference/error-handling
func traced(inputs []batchInput) bool {
	seen := map[string]bool{}
	for _, in := range inputs {
		if in.TraceID == "" || seen[in.TraceID] {
			return false
		}
		seen[in.TraceID] = true
	}
	return len(inputs) > 0
}

func batchCreate(c *call) reply {
	o, req, f := c.open()
	if f != nil {
		return f.reply(c)
	}
	w := &writer{c: c, o: o, partial: traced(req.Inputs)}
	f = w.each(req.Inputs, func(in batchInput) (*draft, *failure) { return c.create(o, in) })
	if f != nil {
		return f.reply(c)
	}
	return w.reply(http.StatusCreated)
}

func batchUpdate(c *call) reply {
	o, req, f := c.open()
	if f == nil {
		f = twice(req.Inputs)
	}
	if f == nil {
		f = updateKeys(o, req.Inputs)
	}
	if f != nil {
		return f.reply(c)
	}
	w := &writer{c: c, o: o, partial: traced(req.Inputs) && !c.sim.opts.PartialCreatesOnly}
	f = w.each(req.Inputs, func(in batchInput) (*draft, *failure) {
		old := c.target(o, in.ID, in.IDProperty)
		if old == nil {
			return nil, notFound(in.ID)
		}
		return c.portal.prepare(o, old, plainMap(in.Properties), c.version, c.now)
	})
	if f != nil {
		return f.reply(c)
	}
	return w.reply(http.StatusOK)
}

// updateKeys checks the id properties of an update. The record id is addressed by
// leaving idProperty out, and contacts cannot be updated by email in a batch.
func updateKeys(o *objects, inputs []batchInput) *failure {
	for _, in := range inputs {
		if in.IDProperty != "" && (in.IDProperty == "email" || !o.isUnique(in.IDProperty)) {
			return notUnique(o, in.IDProperty)
		}
	}
	return nil
}

func notUnique(o *objects, name string) *failure {
	return badRequest("Unable to perform update/upsert by non-unique " + o.t.id + " property " + name + ".")
}

// target finds the record that an update addresses.
func (c *call) target(o *objects, id, idProperty string) *record {
	if idProperty != "" {
		return c.byKey(o, idProperty, id)
	}
	if c.sim.opts.MergedIDRejectsWrite && o.resolve(id) != id {
		return nil
	}
	return o.get(id)
}

// byKey finds a record by a unique property, by the option without secondary emails.
func (c *call) byKey(o *objects, name, value string) *record {
	r := o.byKey(name, value)
	if r != nil && name == "email" && c.sim.opts.SecondaryEmailHidden && fold(r.props["email"]) != fold(value) {
		return nil
	}
	return r
}

func batchUpsert(c *call) reply {
	o, req, f := c.open()
	if f == nil {
		f = twice(req.Inputs)
	}
	if f == nil {
		f = upsertKeys(o, req.Inputs)
	}
	if f != nil {
		return f.reply(c)
	}
	whole := c.sim.opts.PartialCreatesOnly || c.sim.opts.EmailUpsertsWhole && len(req.Inputs) > 0 && req.Inputs[0].IDProperty == "email"
	w := &writer{c: c, o: o, partial: traced(req.Inputs) && !whole}
	f = w.each(req.Inputs, func(in batchInput) (*draft, *failure) {
		props := plainMap(in.Properties)
		old := c.byKey(o, in.IDProperty, in.ID)
		if old == nil && props[in.IDProperty] == "" {
			props[in.IDProperty] = in.ID
		}
		return c.portal.prepare(o, old, props, c.version, c.now)
	})
	if f != nil {
		return f.reply(c)
	}
	for i, d := range w.done {
		created := d.old == nil
		w.results[i].New = &created
	}
	return w.reply(http.StatusOK)
}

func upsertKeys(o *objects, inputs []batchInput) *failure {
	for _, in := range inputs {
		if in.ID == "" || in.IDProperty == "" {
			return badRequest("id and idProperty must be set on every input")
		}
		if in.IDProperty != inputs[0].IDProperty {
			return badRequest("All inputs must have the same idProperty")
		}
		if !o.isUnique(in.IDProperty) {
			return notUnique(o, in.IDProperty)
		}
	}
	return nil
}

func batchArchive(c *call) reply {
	o, req, f := c.open()
	if f != nil {
		return f.reply(c)
	}
	for _, in := range req.Inputs {
		if r := o.get(in.ID); r != nil {
			c.portal.archive(o, r, c.now)
		}
	}
	return reply{status: http.StatusNoContent}
}
