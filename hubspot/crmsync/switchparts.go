package crmsync

import (
	"context"
	"database/sql"
	"maps"
	"slices"
	"time"

	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/inspect"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/kinds"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/ledger"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/settings"
)

// stoppable are the kinds that can be set aside for want of a scope or a plan
// while everything else goes on.
func stoppable() []string { return []string{kinds.Event, kinds.Attendance, kinds.CustomEvent} }

// switchParts applies a change of settings, within tx: what is switched on
// begins now, what is switched off needs nobody's attention any more, and what
// has waited for a scope or a plan is tried again.
func (s *Syncer) switchParts(ctx context.Context, tx *sql.Tx, at ledger.Place, opts, old settings.Options, now time.Time) error {
	if opts.EventsOn() && !old.EventsOn() {
		if err := s.marketing.Ledger.Begin(ctx, tx, at, now); err != nil {
			return inspect.StoreFault(err)
		}
	}
	if opts.CustomEventsOn() && !old.CustomEventsOn() {
		if err := s.customEvents.Begin(ctx, tx, at); err != nil {
			return inspect.StoreFault(err)
		}
	}
	if !opts.Associated() && old.Associated() {
		if err := s.ties.Belongings.Unsettle(ctx, tx, at); err != nil {
			return inspect.StoreFault(err)
		}
	}
	parts := map[string]bool{
		kinds.EntityEvent: opts.EventsOn(), kinds.EntityAttendance: opts.EventsOn(), kinds.EntityCustomEvent: opts.CustomEventsOn(),
		kinds.EntityContact: opts.Contacts, kinds.EntityCompany: opts.Companies, kinds.EntityAssociation: opts.Associated(),
		kinds.EntityActivity: opts.Contacts && opts.Activities, kinds.EntityNote: opts.Contacts && opts.Tickets,
	}
	for _, entity := range slices.Sorted(maps.Keys(parts)) { // one order of locks
		if parts[entity] {
			continue
		}
		if err := s.Records.Dismiss(ctx, tx, at, entity, now); err != nil {
			return inspect.StoreFault(err)
		}
	}
	// What waits in the outbox for something is thrown away like what comes anew. Behind
	// Sync Contacts it is left: that may be on again in a moment.
	waiting := map[string]bool{
		kinds.Organization: !opts.Companies, kinds.Association: !opts.Companies,
		kinds.Activity: !opts.Activities && !opts.CustomEvents, kinds.Ticket: !opts.Tickets,
	}
	for _, kind := range slices.Sorted(maps.Keys(waiting)) {
		if !waiting[kind] || !opts.Contacts && kind != kinds.Organization {
			continue
		}
		if _, err := s.Outbox.Resend(ctx, tx, at.ClientID, kind); err != nil {
			return inspect.StoreFault(err)
		}
	}
	return s.resume(ctx, tx, at.ClientID)
}

// resume makes what waits for a scope or a plan due, within tx.
func (s *Syncer) resume(ctx context.Context, tx *sql.Tx, clientID string) error {
	for _, kind := range stoppable() {
		if _, err := s.Outbox.Resend(ctx, tx, clientID, kind); err != nil {
			return inspect.StoreFault(err)
		}
	}
	return nil
}
