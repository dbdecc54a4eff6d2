package crmsync

import (
	"context"

	"github.com/memberpulse/hubspotplugin/outbox"
)

// carryActivities tells activities as notes, and hands them over to become
// custom events, whichever is on.
func (s *Syncer) carryActivities(ctx context.Context, b outbox.Batch, portal *Portal) (result, error) {
	r := same(b, outbox.Discard("activities are off"))
	if portal.options.activities {
		var err error
		if r, err = s.notes.carryActivities(ctx, b, portal); err != nil {
			return result{}, err
		}
	}
	if portal.options.customEventsOn() {
		r.apply = append(r.apply, s.customEvents.handOver(b, portal))
	}
	return r, nil
}
