package hubspottest

import (
	"net/http"
	"strconv"
)

// The bounds of association batches.
// https://developers.hubspot.com/docs/api-reference/latest/crm/associations/associate-records/guide
const (
	maxAssociate        = 2_000
	maxAssociationReads = 1_000
)

func associationRoutes() []route {
	return []route{
		{http.MethodPost, "associations", "{type}/{to}/batch/associate/default", writes, batchAssociate},
		{http.MethodPost, "associations", "{type}/{to}/batch/create", writes, batchLabel},
		{http.MethodPost, "associations", "{type}/{to}/batch/archive", writes, batchUnlink},
		{http.MethodPost, "associations", "{type}/{to}/batch/labels/archive", writes, batchUnlabel},
		{http.MethodPost, "associations", "{type}/{to}/batch/read", reads, batchReadAssociations},
		{http.MethodGet, "associations", "{type}/{to}/labels", reads, listLabels},
		{http.MethodPost, "associations", "{type}/{to}/labels", writes, createLabel},
		{http.MethodDelete, "associations", "{type}/{to}/labels/{label}", writes, deleteLabel},
		{http.MethodPut, "objects", "{type}/{id}/associations/default/{to}/{toID}", writes, associateOne},
		{http.MethodPut, "objects", "{type}/{id}/associations/{to}/{toID}", writes, labelOne},
		{http.MethodDelete, "objects", "{type}/{id}/associations/{to}/{toID}", writes, unlinkOne},
		{http.MethodGet, "objects", "{type}/{id}/associations/{to}", reads, associationsOf},
	}
}

type idOnly struct {
	ID string `json:"id"`
}

// pairInput is one input of an association batch. To is a list for archive alone.
type pairInput struct {
	From  idOnly `json:"from"`
	To    idOnly `json:"to"`
	Types []spec `json:"types"`
}

// sides resolves the object types of a call and checks that the token has the scope
// of both. Associations have no scope of their own.
func (c *call) sides(scopes func(*objectType) string) (from, to *objects, f *failure) {
	from, f = c.objectsOf()
	if f != nil {
		return nil, nil, f
	}
	if to = c.portal.objects(c.params["to"]); to == nil {
		return nil, nil, plain(http.StatusBadRequest, "Unable to infer object type from: "+c.params["to"])
	}
	if f := c.authorize([]string{scopes(to.t)}); f != nil {
		return nil, nil, f
	}
	if c.portal.links.unlabelled(from.t.id, to.t.id) == (spec{}) {
		return nil, nil, badRequest("There are no associations from " + from.t.id + " to " + to.t.id)
	}
	return from, to, nil
}

func toWrite(t *objectType) string { return t.writeScope }

func toRead(t *objectType) string { return t.readScope }

// pairs opens a batch of pairs. One that names a pair twice is refused as a whole.
func (c *call) pairs() (from, to *objects, inputs []pairInput, f *failure) {
	if from, to, f = c.sides(toWrite); f != nil {
		return nil, nil, nil, f
	}
	var req struct {
		Inputs []pairInput `json:"inputs"`
	}
	if f := c.decode(&req); f != nil {
		return nil, nil, nil, f
	}
	if len(req.Inputs) > maxAssociate {
		return nil, nil, nil, tooMany(maxAssociate)
	}
	inputs = halved(c, req.Inputs)
	seen := map[[2]string]bool{}
	for _, in := range inputs {
		key := [2]string{in.From.ID, in.To.ID}
		if seen[key] {
			f := badRequest("Duplicate IDs found in batch input: [" + key[0] + ":" + key[1] + "]. IDs must be unique")
			f.context = map[string][]string{"ids": {key[0], key[1]}}
			return nil, nil, nil, f
		}
		seen[key] = true
	}
	return from, to, inputs, nil
}

func tooMany(limit int) *failure {
	return badRequest("The maximum number of inputs supported in a batch request is " + strconv.Itoa(limit))
}

// halved forgets every second input under Fault.Short.
func halved[T any](c *call, inputs []T) []T {
	if !c.short {
		return inputs
	}
	var kept []T
	for i, in := range inputs {
		if i%2 == 1 {
			kept = append(kept, in)
		}
	}
	return kept
}

// associationBatch is the reply to a batch of associations.
type associationBatch[T any] struct {
	Status      string  `json:"status"`
	Results     []T     `json:"results"`
	NumErrors   int     `json:"numErrors,omitempty"`
	Errors      []entry `json:"errors,omitempty"`
	StartedAt   stamp   `json:"startedAt"`
	CompletedAt stamp   `json:"completedAt"`
}

// associated answers a batch. ok is the status of full success, partly the one with
// errors, where the version knows one.
func associated[T any](c *call, ok, partly int, results []T, errors []entry) reply {
	if results == nil {
		results = []T{}
	}
	if !c.sim.opts.OrderedResults {
		c.sim.shuffle(len(results), func(i, j int) { results[i], results[j] = results[j], results[i] })
	}
	if len(errors) > 0 && (c.version != v2609 || c.sim.opts.MultiStatus2609) {
		ok = partly
	}
	return reply{ok, associationBatch[T]{
		Status: "COMPLETE", Results: results, NumErrors: len(errors), Errors: errors, StartedAt: stamp(c.now), CompletedAt: stamp(c.sim.now()),
	}}
}

// defaultResult is one direction of an unlabelled association.
type defaultResult struct {
	From idOnly `json:"from"`
	To   idOnly `json:"to"`
	Spec spec   `json:"associationSpec"`
}

// batchAssociate associates without labels. It answers 200 even with errors inside, and
// each pair in both directions.
func batchAssociate(c *call) reply {
	from, to, inputs, f := c.pairs()
	if f != nil {
		return f.reply(c)
	}
	ends, errors, f := c.resolve(from, to, inputs)
	if f != nil {
		return f.reply(c)
	}
	var results []defaultResult
	for _, e := range ends {
		results = append(results, c.portal.associate(e[0], e[1])...)
	}
	return associated(c, http.StatusOK, http.StatusOK, results, errors)
}

// associate links two records without a label and answers both directions. The first
// company of a contact becomes its primary one.
func (p *PortalState) associate(from, to end) []defaultResult {
	a := p.links
	p.link(from, to, func() { a.link(from, to) })
	plain := a.unlabelled(from.typeID, to.typeID)
	return []defaultResult{
		{idOnly{from.id}, idOnly{to.id}, plain},
		{idOnly{to.id}, idOnly{from.id}, a.inverse(from.typeID, to.typeID, plain)},
	}
}

// link runs what associates two records; if it made their association, and it is the
// first one of a contact with a company, that company becomes the primary one.
func (p *PortalState) link(from, to end, associate func()) {
	known := len(p.links.types[[2]end{from, to}]) > 0
	associate()
	if known {
		return
	}
	if from.typeID == companyType {
		from, to = to, from
	}
	def := p.links.primaryOf(from.typeID, to.typeID)
	if def == nil || p.sim.opts.FirstCompanyNotPrimary || p.links.primary(from) != (end{}) || len(p.links.order[towards{from, to.typeID}]) > 1 {
		return
	}
	p.links.add(from, to, def.spec)
}

// resolve finds the records of pairs. A pair of which one does not exist is an error
// entry, or by the option the end of the batch.
func (c *call) resolve(from, to *objects, inputs []pairInput) (found [][2]end, errors []entry, f *failure) {
	for _, in := range inputs {
		one, other, f := c.pair(from, to, in)
		if f != nil && c.sim.opts.AssociationErrorsReject {
			return nil, nil, f
		}
		if f != nil {
			errors = append(errors, f.entry(c, ""))
			continue
		}
		found = append(found, [2]end{one, other})
	}
	return found, errors, nil
}

func (c *call) pair(from, to *objects, in pairInput) (one, other end, f *failure) {
	var missing []end
	if r := c.target(from, in.From.ID, ""); r != nil {
		one = end{from.t.id, r.id}
	} else {
		missing = append(missing, end{from.t.code, in.From.ID})
	}
	if r := c.target(to, in.To.ID, ""); r != nil {
		other = end{to.t.id, r.id}
	} else {
		missing = append(missing, end{to.t.code, in.To.ID})
	}
	if missing != nil {
		return end{}, end{}, c.noSuchRecord(missing)
	}
	if one == other {
		return end{}, end{}, badRequest("A record cannot be associated with itself")
	}
	return one, other, nil
}

// noSuchRecord is the failure of an association with what does not exist. The type of
// a missing end is its code.
func (c *call) noSuchRecord(missing []end) *failure {
	f := badRequest("One or more associations are invalid")
	f.context = map[string][]string{}
	for _, m := range missing {
		f.context["INVALID_OBJECT_IDS"] = append(f.context["INVALID_OBJECT_IDS"], m.typeID+"="+m.id+" is not valid")
		if !c.sim.opts.AssociationErrorsTerse {
			f.context["objectId"] = append(f.context["objectId"], m.id)
			f.context["objectType"] = append(f.context["objectType"], m.typeID)
		}
	}
	return f
}

// checkTypes finds association types that are not those of the direction.
func (c *call) checkTypes(from, to string, specs []spec) *failure {
	if len(specs) == 0 {
		return badRequest("Invalid input JSON: each association needs at least one type")
	}
	for _, s := range specs {
		name := s.Category + "=" + strconv.Itoa(s.TypeID)
		start, _, known := c.portal.links.anywhere(s)
		switch {
		case !known:
			f := badRequest("One or more associations are invalid")
			f.context = map[string][]string{
				"associationSpec": {name}, "INVALID_ASSOCIATION_TYPE_ID": {name + " is not a valid association definition id"},
			}
			return f
		case c.portal.links.definition(from, to, s) == nil:
			return badRequest("invalid from object type " + from + " for associations to be created. expected: " + start)
		}
	}
	return nil
}
