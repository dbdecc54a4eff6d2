package carry

import (
	"context"
	"maps"
	"slices"

	"github.com/memberpulse/hubspotplugin/hubspot"
)

// Readings are the answers to ids of one object.
type Readings struct {
	Parts   []hubspot.ReadResult
	Missing map[string]bool
}

// Add takes further answers in.
func (r *Readings) Add(more Readings) {
	r.Parts = append(r.Parts, more.Parts...)
	maps.Copy(r.Missing, more.Missing)
}

// Find returns the record that was read by id, also under the id that it has
// since a merge.
func (r Readings) Find(id string) (hubspot.Record, bool) {
	for _, p := range r.Parts {
		if rec, found := p.Find(id); found {
			return rec, true
		}
	}
	return hubspot.Record{}, false
}

// ReadAll reads records by id, however many. It reports false if the outing
// must not go on. An id without an answer is neither found nor missing.
func (o *Outing) ReadAll(ctx context.Context, object hubspot.ObjectType, idProperty string, ids []string, properties ...string) (Readings, bool) {
	out := Readings{Missing: map[string]bool{}}
	for chunk := range slices.Chunk(ids, hubspot.MaxInputs) {
		var part hubspot.ReadResult
		ok, err := o.Call(ctx, func(ctx context.Context) (err error) {
			part, err = o.Portal.Client.BatchRead(ctx, object, hubspot.BatchRead{IDProperty: idProperty, IDs: chunk, Properties: properties})
			return err
		})
		if !ok {
			return out, false
		}
		if err != nil {
			continue
		}
		out.Parts = append(out.Parts, part)
		for _, id := range part.Missing {
			out.Missing[id] = true
		}
	}
	return out, true
}
