package events

import (
	"context"
	"fmt"

	"github.com/uptrace/bun"

	"github.com/memberpulse/hubspotplugin/integration"
)

// Add writes events with their registrations that come from elsewhere in tx. It
// records the events; who is registered is the change of members that whoever
// adds them records. Nothing has happened: activities are for what happens here.
func (m *Module) Add(ctx context.Context, tx bun.Tx, clientID string, all []Event, places []Registration) error {
	if len(all) == 0 {
		return nil
	}
	now := m.moment()
	rows, changes := make([]eventRow, len(all)), make([]integration.Change, len(all))
	for i, e := range all {
		rows[i], changes[i] = rowOf(clientID, e, now), integration.EventChanged(clientID, e.ID)
	}
	if _, err := tx.NewInsert().Model(&rows).Exec(ctx); err != nil {
		return fmt.Errorf("events: add: %w", err)
	}
	regs := make([]registrationRow, len(places))
	for i, p := range places {
		regs[i] = registrationRow{
			ID: p.ID, ClientID: clientID, EventID: p.EventID, MemberID: p.MemberID,
			AttendeeName: p.Name, AttendeeEmail: p.Email, CreatedAt: p.CreatedAt,
		}
		put(&regs[i], p.Registration)
	}
	if len(regs) > 0 {
		if _, err := tx.NewInsert().Model(&regs).Exec(ctx); err != nil {
			return fmt.Errorf("events: add registrations: %w", err)
		}
	}
	return m.rec.Record(ctx, tx, changes...)
}
