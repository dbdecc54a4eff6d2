package crmsync

import (
	"context"
	"slices"

	"github.com/memberpulse/hubspotplugin/hubspot"
)

// sharedRounds bounds the rewrites of one property in a pass.
const sharedRounds = 3

// checkShared reads back, with their history, the properties that were
// rewritten, and merges what somebody else wrote between our read and our
// write. What cannot be checked is done once more.
func (p *pass) checkShared(ctx context.Context, works []*work) {
	for range sharedRounds {
		var again []*work
		for chunk := range slices.Chunk(slices.DeleteFunc(slices.Clone(works), func(w *work) bool { return !w.written || len(w.rewrite) == 0 }), hubspot.MaxHistoryInputs) {
			again = append(again, p.compareShared(ctx, chunk)...)
		}
		if len(again) == 0 {
			return
		}
		write(ctx, p.outing, again, func(ctx context.Context, ws []*work) (hubspot.WriteResult, error) {
			inputs := make([]hubspot.Input, len(ws))
			for i, w := range ws {
				inputs[i] = hubspot.Input{ID: w.link.HubSpotID, Properties: w.rewrite}
			}
			return p.portal.client.BatchUpdate(ctx, p.road.object, inputs)
		}, func(w *work, r hubspot.InputResult) {
			if r.Err != nil {
				w.unproven()
			}
		})
		works = again
	}
}

// compareShared returns the members of works whose property must be written
// again, with the values to write in rewrite.
func (p *pass) compareShared(ctx context.Context, works []*work) []*work {
	ids := make([]string, len(works))
	for i, w := range works {
		ids[i] = w.link.HubSpotID
	}
	var result hubspot.ReadResult
	ok, err := p.call(ctx, func(ctx context.Context) (err error) {
		result, err = p.portal.client.BatchReadHistory(ctx, p.road.object, hubspot.BatchRead{IDs: ids}, sharedNames(works))
		return err
	})
	if !ok || err != nil {
		for _, w := range works {
			w.unproven()
		}
		return nil
	}
	var again []*work
	for _, w := range works {
		rec, found := result.Find(w.link.HubSpotID)
		if !found {
			w.unproven()
			continue
		}
		fix := map[string]string{}
		for name, ours := range w.rewrite {
			if base, differs := overwritten(rec.History[name], w.seen[name], ours); differs {
				if merged := w.tags.targets[name].merge(base); merged != ours {
					fix[name] = merged
				}
				w.seen[name] = ours
			}
		}
		if w.rewrite = fix; len(fix) > 0 {
			again = append(again, w)
		}
	}
	return again
}

// overwritten looks in the versions of a property, newest first, for one of
// somebody else's that came between the value that we read and the one that we
// wrote, or after it.
func overwritten(versions []hubspot.PropertyValue, read, wrote string) (base string, differs bool) {
	if len(versions) == 0 {
		return "", false
	}
	if !sameValues(versions[0].Value, wrote) {
		return versions[0].Value, true
	}
	if len(versions) > 1 && !sameValues(versions[1].Value, read) && !sameValues(versions[1].Value, wrote) {
		return versions[1].Value, true
	}
	return "", false
}

// unproven settles a member whose rewritten property could not be looked at
// afterwards: the whole is done once more.
func (w *work) unproven() {
	w.written = false
	w.fail(failure{code: codeUnconfirmed, unknown: true})
}
