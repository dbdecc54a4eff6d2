package tickets

import (
	"context"
	"fmt"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"github.com/memberpulse/hubspotplugin/integration"
)

// Add writes tickets that come from elsewhere in tx, with their histories and
// replies, and records them. Their numbers are the next ones of the client.
func (m *Module) Add(ctx context.Context, tx bun.Tx, clientID string, all []Ticket) error {
	if len(all) == 0 {
		return nil
	}
	var last int
	err := tx.NewRaw("update mp_clients set last_ticket = last_ticket + ? where id = ? returning last_ticket", len(all), clientID).Scan(ctx, &last)
	if err != nil {
		return fmt.Errorf("tickets: numbers: %w", err)
	}
	var rows []ticketRow
	var steps []statusRow
	var replies []replyRow
	var changes []integration.Change
	for i, t := range all {
		rows = append(rows, ticketRow{
			ID: t.ID, ClientID: clientID, Number: last - len(all) + 1 + i, Subject: t.Subject, Description: t.Description, Status: t.Status,
			MemberID: t.MemberID, RequesterName: t.Name, RequesterEmail: t.Email, CreatedAt: t.CreatedAt, UpdatedAt: t.UpdatedAt,
		})
		for _, h := range t.History {
			steps = append(steps, statusRow{ID: newID(), ClientID: clientID, TicketID: t.ID, Status: h.Status, At: h.At})
		}
		for _, r := range t.Replies {
			replies = append(replies, replyRow{ID: newID(), ClientID: clientID, TicketID: t.ID, Public: r.Public, Text: r.Text, At: r.At})
		}
		changes = append(changes, integration.TicketChanged(clientID, t.ID, t.MemberID))
	}
	if _, err := tx.NewInsert().Model(&rows).Exec(ctx); err != nil {
		return fmt.Errorf("tickets: add: %w", err)
	}
	if len(steps) > 0 {
		if _, err := tx.NewInsert().Model(&steps).Exec(ctx); err != nil {
			return fmt.Errorf("tickets: add histories: %w", err)
		}
	}
	if len(replies) > 0 {
		if _, err := tx.NewInsert().Model(&replies).Exec(ctx); err != nil {
			return fmt.Errorf("tickets: add replies: %w", err)
		}
	}
	return m.rec.Record(ctx, tx, changes...)
}

func newID() string { return uuid.Must(uuid.NewV7()).String() }
