package hubspottest

import (
	"net/http"
	"slices"
)

// writer gathers the outcome of a batch of writes.
type writer struct {
	c       *call
	o       *objects
	partial bool
	done    []*draft
	results []result
	errors  []entry
	missing []string
}

// each runs one write per input. A failure ends a batch without trace ids, and what
// was written is taken back.
func (w *writer) each(inputs []batchInput, one func(in batchInput) (*draft, *failure)) *failure {
	for _, in := range inputs {
		d, f := one(in)
		switch {
		case f == nil:
			w.c.portal.commit(w.o, d)
			w.done = append(w.done, d)
			res := w.c.written(w.o, d)
			if w.c.sim.opts.ResultsEchoTraceID {
				res.TraceID = in.TraceID
			}
			w.results = append(w.results, res)
			continue
		case f.status == http.StatusNotFound && (w.partial || !w.c.sim.opts.NotFoundRejectsUpdate):
			w.missing = append(w.missing, in.ID)
			continue
		case w.partial && !(f.isConflict() && w.c.sim.opts.EmailConflict != EmailConflictEntry):
			w.errors = append(w.errors, f.entry(w.c, in.TraceID))
			continue
		}
		for _, d := range slices.Backward(w.done) {
			w.o.undo(d)
		}
		if f.isConflict() && w.partial && w.c.sim.opts.EmailConflict == EmailConflictBatchNoID {
			f = &failure{status: f.status, category: f.category, message: "Contact already exists."}
		}
		return f
	}
	for _, d := range w.done {
		w.c.portal.finish(w.o, d)
	}
	return nil
}

// reply closes the batch. ok is the status of full success.
func (w *writer) reply(ok int) reply {
	if len(w.missing) > 0 {
		w.errors = append(w.errors, lost(w.o.t, w.missing).entry(w.c, ""))
	}
	return w.c.multi(ok, w.results, w.errors)
}

// multi answers a batch: 207 when there are errors, except on 2026-09, whose
// documents know no 207 and put the errors into the reply of success.
func (c *call) multi(ok int, results []result, errors []entry) reply {
	if results == nil {
		results = []result{}
	}
	if !c.sim.opts.OrderedResults {
		c.sim.shuffle(len(results), func(i, j int) { results[i], results[j] = results[j], results[i] })
	}
	if len(errors) > 0 && (c.version != v2609 || c.sim.opts.MultiStatus2609) {
		ok = http.StatusMultiStatus
	}
	return reply{ok, batchReply{
		Status: "COMPLETE", Results: results, NumErrors: len(errors), Errors: errors,
		StartedAt: stamp(c.now), CompletedAt: stamp(c.sim.now()),
	}}
}
