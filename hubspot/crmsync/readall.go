package crmsync

import (
	"context"
	"maps"
	"slices"

	"github.com/memberpulse/hubspotplugin/hubspot"
)

// readings are the answers to ids of one object.
type readings struct {
	parts   []hubspot.ReadResult
	missing map[string]bool
}

// add takes further answers in.
func (r *readings) add(more readings) {
	r.parts = append(r.parts, more.parts...)
	maps.Copy(r.missing, more.missing)
}

func (r readings) find(id string) (hubspot.Record, bool) {
	for _, p := range r.parts {
		if rec, found := p.Find(id); found {
			return rec, true
		}
	}
	return hubspot.Record{}, false
}

// readAll reads records by id, however many. It reports false if the outing
// must not go on. An id without an answer is neither found nor missing.
func (o *outing) readAll(ctx context.Context, object hubspot.ObjectType, idProperty string, ids []string, properties ...string) (readings, bool) {
	out := readings{missing: map[string]bool{}}
	for chunk := range slices.Chunk(ids, hubspot.MaxInputs) {
		var part hubspot.ReadResult
		ok, err := o.call(ctx, func(ctx context.Context) (err error) {
			part, err = o.portal.client.BatchRead(ctx, object, hubspot.BatchRead{IDProperty: idProperty, IDs: chunk, Properties: properties})
			return err
		})
		if !ok {
			return out, false
		}
		if err != nil {
			continue
		}
		out.parts = append(out.parts, part)
		for _, id := range part.Missing {
			out.missing[id] = true
		}
	}
	return out, true
}
