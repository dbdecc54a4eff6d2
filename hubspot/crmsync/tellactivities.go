package crmsync

import (
	"context"

	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/carry"
	"github.com/memberpulse/hubspotplugin/outbox"
)

// carryActivities tells activities as notes, and hands them over to become
// custom events, whichever is on.
func (s *Syncer) carryActivities(ctx context.Context, b outbox.Batch, portal *carry.Portal) (carry.Result, error) {
	r := carry.Same(b, outbox.Discard("activities are off"))
	if portal.Options.Activities {
		var err error
		if r, err = s.notes.Activities(ctx, b, portal); err != nil {
			return carry.Result{}, err
		}
	}
	if portal.Options.CustomEventsOn() {
		r.Apply = append(r.Apply, s.customEvents.HandOver(b, portal))
	}
	return r, nil
}
