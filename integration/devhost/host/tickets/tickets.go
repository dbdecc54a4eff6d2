// Package tickets is the reference host's module of support tickets. Whoever
// asks need not be a member.
package tickets

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/uptrace/bun"

	"github.com/memberpulse/hubspotplugin/integration"
	"github.com/memberpulse/hubspotplugin/integration/devhost/host/check"
	"github.com/memberpulse/hubspotplugin/integration/devhost/host/journal"
	"github.com/memberpulse/hubspotplugin/integration/devhost/host/members"
	"github.com/memberpulse/hubspotplugin/integration/devhost/host/problem"
)

// Ticket is a ticket as the host shows it.
type Ticket struct {
	integration.Ticket
	Description string
	Name, Email string // of whoever asks
	CRMID       string // set by the integration alone
}

// Module reads and writes tickets. Every method takes the id of the client that
// the caller has authorised, and sees nothing of any other.
//
// Rows are locked in one order: the ticket, then the members by their ids.
type Module struct {
	db  *bun.DB
	rec *journal.Journal
	now func() time.Time
}

// New returns the module. now is the clock; nil means time.Now.
func New(db *bun.DB, rec journal.Recorder, now func() time.Time) *Module {
	if now == nil {
		now = time.Now
	}
	return &Module{db: db, rec: journal.New(rec), now: now}
}

// moment is now as PostgreSQL keeps it.
func (m *Module) moment() time.Time { return m.now().UTC().Truncate(time.Microsecond) }

// Statuses are the statuses of a ticket in the order of its life.
func Statuses() []string { return []string{"open", "in progress", "waiting", "resolved", "closed"} }

// Reply is an answer; only a public one is for whoever asks.
type Reply struct {
	Text   string
	Public bool
}

// Open adds a ticket: of a member by "memberId", or of anybody by "name" and
// "email". Without a "status" it is open.
func (m *Module) Open(ctx context.Context, clientID string, v check.Values) (Ticket, error) {
	row, err := opened(clientID, v)
	if err != nil {
		return Ticket{}, err
	}
	var out Ticket
	err = m.db.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
		if err := m.touch(ctx, tx, clientID, row.MemberID, ""); err != nil {
			return err
		}
		// The client's row hands out numbers one after the other. It comes last of
		// the locks, for everybody waits for it.
		if err := tx.NewRaw("update mp_clients set last_ticket = last_ticket + 1 where id = ? returning last_ticket", clientID).Scan(ctx, &row.Number); err != nil {
			return fmt.Errorf("tickets: number: %w", err)
		}
		row.CreatedAt = m.moment()
		row.UpdatedAt = row.CreatedAt
		if _, err := tx.NewInsert().Model(&row).Exec(ctx); err != nil {
			return fmt.Errorf("tickets: open: %w", err)
		}
		if err := turned(ctx, tx, row); err != nil {
			return err
		}
		if err := m.rec.Record(ctx, tx, integration.TicketChanged(clientID, row.ID, row.MemberID)); err != nil {
			return err
		}
		out, err = get(ctx, tx, clientID, row.ID)
		return err
	})
	return out, err
}

func opened(clientID string, v check.Values) (ticketRow, error) {
	row := ticketRow{ID: newID(), ClientID: clientID, Status: Statuses()[0]}
	c := check.Of(v)
	apply(c, &row)
	c.Lines("description", &row.Description, 10_000)
	c.Line("name", &row.RequesterName, 200)
	c.Email("email", &row.RequesterEmail)
	return row, c.Err()
}

func apply(c *check.Check, row *ticketRow) {
	c.Line("subject", &row.Subject, 200)
	c.Required("subject", row.Subject, "A subject")
	c.Choice("status", &row.Status, Statuses()...)
	c.ID("memberId", &row.MemberID, "member")
}

// Change changes the "subject", the "status" or the "memberId" of a ticket and
// adds a reply, if there is one. What is so already is neither written nor
// recorded.
func (m *Module) Change(ctx context.Context, clientID, id string, v check.Values, reply *Reply) (Ticket, error) {
	var out Ticket
	err := m.db.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
		old, err := locked(ctx, tx, clientID, id)
		if err != nil {
			return err
		}
		row, c := old, check.Of(v)
		apply(c, &row)
		answer, err := m.reply(clientID, id, reply, c)
		if err != nil {
			return err
		}
		if row == old && answer == nil {
			out, err = get(ctx, tx, clientID, id)
			return err
		}
		if err := m.touch(ctx, tx, clientID, row.MemberID, old.MemberID); err != nil {
			return err
		}
		row.UpdatedAt = m.moment()
		_, err = tx.NewUpdate().Model(&row).Column("subject", "status", "member_id", "updated_at").
			Where("t.client_id = ? and t.id = ?", clientID, id).Exec(ctx)
		if err != nil {
			return fmt.Errorf("tickets: change: %w", err)
		}
		if row.Status != old.Status {
			if err := turned(ctx, tx, row); err != nil {
				return err
			}
		}
		if answer != nil {
			if _, err := tx.NewInsert().Model(answer).Exec(ctx); err != nil {
				return fmt.Errorf("tickets: reply: %w", err)
			}
		}
		if err := m.rec.Record(ctx, tx, integration.TicketChanged(clientID, id, row.MemberID)); err != nil {
			return err
		}
		out, err = get(ctx, tx, clientID, id)
		return err
	})
	return out, err
}

// reply checks the rest of a change together with its reply.
func (m *Module) reply(clientID, id string, r *Reply, c *check.Check) (*replyRow, error) {
	if r == nil {
		return nil, c.Err()
	}
	text := check.Of(check.Values{"reply": r.Text})
	row := &replyRow{ID: newID(), ClientID: clientID, TicketID: id, Public: r.Public, At: m.moment()}
	text.Lines("reply", &row.Text, 10_000)
	text.Required("reply", row.Text, "A text")
	var p *problem.Problem
	if errors.As(text.Err(), &p) {
		c.Add("reply", p.Errors["reply"][0])
	}
	return row, c.Err()
}

// touch locks the members of a ticket: who asks now, and who asked before if
// that is somebody else.
func (m *Module) touch(ctx context.Context, tx bun.Tx, clientID, now, before string) error {
	var ids []string
	for _, id := range []string{now, before} {
		if id != "" {
			ids = append(ids, id)
		}
	}
	found, err := members.Touch(ctx, tx, clientID, m.moment(), ids...)
	if err != nil || now == "" || now == before { // who has been deleted since stays on the ticket
		return err
	}
	for _, id := range found {
		if id == now {
			return nil
		}
	}
	return problem.Invalid(map[string][]string{"memberId": {"There is no member with this id."}})
}

// turned notes that a ticket has the status that it has.
func turned(ctx context.Context, tx bun.Tx, row ticketRow) error {
	step := statusRow{ID: newID(), ClientID: row.ClientID, TicketID: row.ID, Status: row.Status, At: row.UpdatedAt}
	if _, err := tx.NewInsert().Model(&step).Exec(ctx); err != nil {
		return fmt.Errorf("tickets: history: %w", err)
	}
	return nil
}

func number(n int) string { return "T-" + strconv.Itoa(n) }
