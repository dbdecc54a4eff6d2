package crmsync

import (
	"context"
	"slices"

	"github.com/memberpulse/hubspotplugin/hubspot"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/carry"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/sharedvalue"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/values"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/verdict"
)

// sharedRounds bounds the rewrites of one property in a pass.
const sharedRounds = 3

// lookShared reads the history of the customer's properties that are to be
// rewritten, and works out their new values. Who could not be looked at is
// settled for another try.
func (p *pass) lookShared(ctx context.Context, works []*work) {
	works = slices.DeleteFunc(slices.Clone(works), func(w *work) bool {
		return w.step != stepUpdate || w.lookedAt == w.link.HubSpotID || len(w.shared()) == 0
	})
	for chunk := range slices.Chunk(works, hubspot.MaxHistoryInputs) {
		result, ok, err := p.histories(ctx, chunk)
		if !ok {
			return
		}
		for _, w := range chunk {
			rec, found := result.Find(w.link.HubSpotID)
			switch {
			case found:
				w.lookedAt, w.base, w.rewrite = w.link.HubSpotID, map[string]sharedvalue.Version{}, map[string]string{}
				for _, name := range w.shared() {
					w.merge(name, rec.History[name])
				}
			case err != nil:
				w.Fail(verdict.Read(err))
			case slices.Contains(result.Missing, w.link.HubSpotID):
				w.step = stepLost
			default:
				w.Fail(verdict.Failure{Code: verdict.Unconfirmed})
			}
		}
	}
}

// histories reads the histories of the customer's properties of at most
// [hubspot.MaxHistoryInputs] members. It is false if the pass must not go on.
func (p *pass) histories(ctx context.Context, works []*work) (result hubspot.ReadResult, ok bool, err error) {
	var ids, names []string
	for _, w := range works {
		ids, names = append(ids, w.link.HubSpotID), values.Union(names, w.shared())
	}
	ok, err = p.Call(ctx, func(ctx context.Context) (err error) {
		result, err = p.Portal.Client.BatchReadHistory(ctx, p.road.object, hubspot.BatchRead{IDs: ids}, names)
		return err
	})
	return result, ok, err
}

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
		for _, w := range again {
			w.repaired = false
		}
		carry.Write(ctx, p.Outing, again, func(ctx context.Context, ws []*work) (hubspot.WriteResult, error) {
			inputs := make([]hubspot.Input, len(ws))
			for i, w := range ws {
				inputs[i] = hubspot.Input{ID: w.link.HubSpotID, Properties: w.rewrite}
			}
			return p.Portal.Client.BatchUpdate(ctx, p.road.object, inputs)
		}, func(w *work, r hubspot.InputResult) { w.repaired = r.Err == nil })
		for _, w := range again {
			if !w.repaired { // refused, or what stopped the whole pass left no answer
				w.unproven()
			}
		}
		works = again
	}
}

// compareShared returns the members of works whose property must be written
// again, with the values to write in rewrite.
func (p *pass) compareShared(ctx context.Context, works []*work) []*work {
	result, ok, err := p.histories(ctx, works)
	var again []*work
	for _, w := range works {
		rec, found := result.Find(w.link.HubSpotID)
		if !ok || err != nil || !found {
			w.unproven()
			continue
		}
		fix := map[string]string{}
		for name := range w.rewrite {
			to, versions := w.tags.targets[name], rec.History[name]
			present := sharedvalue.Newest(versions)
			if want := to.Join(to.Theirs(versions, w.base[name].Find(versions)), present); !sharedvalue.Same(present, want) {
				fix[name] = want
			}
		}
		if w.rewrite = fix; len(fix) > 0 {
			again = append(again, w)
		}
	}
	return again
}

// unproven settles a member whose rewritten property could not be looked at
// afterwards: the whole is done once more.
func (w *work) unproven() {
	w.written = false
	w.Fail(verdict.Failure{Code: verdict.Unconfirmed, Unknown: true})
}
