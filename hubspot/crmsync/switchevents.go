package crmsync

import (
	"context"
	"database/sql"
	"time"
)

// stoppable are the kinds that can be set aside for want of a scope or a plan
// while everything else goes on.
func stoppable() []string { return []string{kindEvent, kindAttendance, kindCustomEvent} }

// switchEvents applies a change of settings, within tx: what is switched on
// begins now, what is switched off needs nobody's attention any more, and what
// has waited for a scope or a plan is tried again.
func (s *Syncer) switchEvents(ctx context.Context, tx *sql.Tx, at place, opts, old options, now time.Time) error {
	if opts.eventsOn() && !old.eventsOn() {
		if err := s.marketing.ledger.begin(ctx, tx, at, now); err != nil {
			return storeFault(err)
		}
	}
	for entity, on := range map[string]bool{
		entityEvent: opts.eventsOn(), entityAttendance: opts.eventsOn(), entityCustomEvent: opts.customEventsOn(),
	} {
		if on {
			continue
		}
		if err := s.records.dismiss(ctx, tx, at, entity, now); err != nil {
			return storeFault(err)
		}
	}
	return s.resume(ctx, tx, at.clientID)
}

// resume makes what waits for a scope or a plan due, within tx.
func (s *Syncer) resume(ctx context.Context, tx *sql.Tx, clientID string) error {
	for _, kind := range stoppable() {
		if _, err := s.outbox.Resend(ctx, tx, clientID, kind); err != nil {
			return storeFault(err)
		}
	}
	return nil
}
