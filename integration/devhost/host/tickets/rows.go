package tickets

import (
	"context"
	"fmt"
	"time"

	"github.com/uptrace/bun"

	"github.com/memberpulse/hubspotplugin/integration"
	"github.com/memberpulse/hubspotplugin/integration/devhost/host/members"
	"github.com/memberpulse/hubspotplugin/integration/devhost/host/problem"
	"github.com/memberpulse/hubspotplugin/integration/devhost/host/store"
)

type ticketRow struct {
	bun.BaseModel  `bun:"table:mp_tickets,alias:t"`
	ID             string    `bun:"id,pk,type:uuid"`
	ClientID       string    `bun:"client_id,type:uuid"`
	Number         int       `bun:"number"`
	Subject        string    `bun:"subject"`
	Description    string    `bun:"description"`
	Status         string    `bun:"status"`
	MemberID       string    `bun:"member_id,type:uuid,nullzero"`
	RequesterName  string    `bun:"requester_name"`
	RequesterEmail string    `bun:"requester_email"`
	CRMID          string    `bun:"crm_id"`
	CreatedAt      time.Time `bun:"created_at"`
	UpdatedAt      time.Time `bun:"updated_at"`
}

type statusRow struct {
	bun.BaseModel `bun:"table:mp_ticket_statuses,alias:h"`
	ID            string    `bun:"id,pk,type:uuid"`
	ClientID      string    `bun:"client_id,type:uuid"`
	TicketID      string    `bun:"ticket_id,type:uuid"`
	Status        string    `bun:"status"`
	At            time.Time `bun:"at"`
}

type replyRow struct {
	bun.BaseModel `bun:"table:mp_ticket_replies,alias:a"`
	ID            string    `bun:"id,pk,type:uuid"`
	ClientID      string    `bun:"client_id,type:uuid"`
	TicketID      string    `bun:"ticket_id,type:uuid"`
	Public        bool      `bun:"public"`
	Text          string    `bun:"text"`
	At            time.Time `bun:"at"`
}

func (r ticketRow) ticket() Ticket {
	return Ticket{
		Ticket: integration.Ticket{
			ID: r.ID, Number: number(r.Number), Subject: r.Subject, Status: r.Status, MemberID: r.MemberID,
			CreatedAt: r.CreatedAt, UpdatedAt: r.UpdatedAt,
		},
		Description: r.Description, Name: r.RequesterName, Email: r.RequesterEmail, CRMID: r.CRMID,
	}
}

// Query selects a page of tickets.
type Query struct {
	store.Query
	Status string // "" = all
}

// List returns one page, the newest ticket first.
func (m *Module) List(ctx context.Context, clientID string, q Query) (store.Page[Ticket], error) {
	if !integration.ValidUUID(clientID) {
		return store.Page[Ticket]{}, nil
	}
	var rows []ticketRow
	sel := m.db.NewSelect().Model(&rows).Where("t.client_id = ?", clientID).Order("t.number desc")
	if q.Status != "" {
		sel = sel.Where("t.status = ?", q.Status)
	}
	if like := q.Like(); like != "" {
		sel = sel.Where("(t.subject ilike ? or 'T-' || t.number = ? or t.id::text = ?)", like, q.Search, q.Search)
	}
	total, err := q.On(sel).ScanAndCount(ctx)
	if err != nil {
		return store.Page[Ticket]{}, fmt.Errorf("tickets: list: %w", err)
	}
	out := store.PageOf(q.Query, int(total), rows, ticketRow.ticket)
	return out, complete(ctx, m.db, clientID, out.Items)
}

// Get returns one ticket, or a 404 [problem.Problem].
func (m *Module) Get(ctx context.Context, clientID, id string) (Ticket, error) {
	return get(ctx, m.db, clientID, id)
}

func get(ctx context.Context, db bun.IDB, clientID, id string) (Ticket, error) {
	row, err := one(ctx, db, clientID, id)
	if err != nil {
		return Ticket{}, err
	}
	all := []Ticket{row.ticket()}
	err = complete(ctx, db, clientID, all)
	return all[0], err
}

func one(ctx context.Context, db bun.IDB, clientID, id string) (ticketRow, error) {
	if !integration.ValidUUID(clientID) || !integration.ValidUUID(id) {
		return ticketRow{}, problem.Missing("ticket")
	}
	var rows []ticketRow
	if err := db.NewSelect().Model(&rows).Where("t.client_id = ? and t.id = ?", clientID, id).Scan(ctx); err != nil {
		return ticketRow{}, fmt.Errorf("tickets: get: %w", err)
	}
	if len(rows) == 0 {
		return ticketRow{}, problem.Missing("ticket")
	}
	return rows[0], nil
}

func locked(ctx context.Context, tx bun.Tx, clientID, id string) (ticketRow, error) {
	if !integration.ValidUUID(clientID) || !integration.ValidUUID(id) {
		return ticketRow{}, problem.Missing("ticket")
	}
	if _, err := tx.NewRaw("select from mp_tickets where client_id = ? and id = ? for no key update", clientID, id).Exec(ctx); err != nil {
		return ticketRow{}, fmt.Errorf("tickets: lock: %w", err)
	}
	return one(ctx, tx, clientID, id)
}

// complete adds histories, replies and the names of members to tickets, with
// three queries, however many.
func complete(ctx context.Context, db bun.IDB, clientID string, all []Ticket) error {
	at := make(map[string]*Ticket, len(all))
	var ids, who []string
	for i := range all {
		at[all[i].ID] = &all[i]
		ids = append(ids, all[i].ID)
		if all[i].MemberID != "" {
			who = append(who, all[i].MemberID)
		}
	}
	if err := story(ctx, db, clientID, ids, func(id string) *integration.Ticket { return &at[id].Ticket }); err != nil {
		return err
	}
	people, err := members.People(ctx, db, clientID, who)
	if err != nil {
		return err
	}
	for i := range all {
		if p, ok := people[all[i].MemberID]; ok {
			all[i].Name, all[i].Email = p.Name, p.Email
		}
	}
	return nil
}

// story adds what happened to tickets.
func story(ctx context.Context, db bun.IDB, clientID string, ids []string, of func(id string) *integration.Ticket) error {
	if len(ids) == 0 {
		return nil
	}
	var steps []statusRow
	if err := db.NewSelect().Model(&steps).Where("h.client_id = ?", clientID).Where("h.ticket_id in (?)", bun.List(ids)).OrderExpr("h.at, h.id").Scan(ctx); err != nil {
		return fmt.Errorf("tickets: histories: %w", err)
	}
	for _, s := range steps {
		t := of(s.TicketID)
		t.History = append(t.History, integration.TicketStatusChange{Status: s.Status, At: s.At})
	}
	var replies []replyRow
	if err := db.NewSelect().Model(&replies).Where("a.client_id = ?", clientID).Where("a.ticket_id in (?)", bun.List(ids)).OrderExpr("a.at, a.id").Scan(ctx); err != nil {
		return fmt.Errorf("tickets: replies: %w", err)
	}
	for _, r := range replies {
		t := of(r.TicketID)
		t.Replies = append(t.Replies, integration.TicketReply{Public: r.Public, At: r.At, Text: r.Text})
	}
	return nil
}

// Rows are the tickets that there are.
func Rows() store.Rows { return store.Rows{Table: "mp_tickets"} }

// Load returns those of these tickets that exist, by id, with three queries,
// however many.
func Load(ctx context.Context, db bun.IDB, clientID string, ids []string) (map[string]integration.Ticket, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	var rows []ticketRow
	if err := db.NewSelect().Model(&rows).Where("t.client_id = ?", clientID).Where("t.id in (?)", bun.List(ids)).Scan(ctx); err != nil {
		return nil, fmt.Errorf("tickets: load: %w", err)
	}
	found := make(map[string]*integration.Ticket, len(rows))
	var there []string
	for _, r := range rows {
		t := r.ticket().Ticket
		found[r.ID] = &t
		there = append(there, r.ID)
	}
	if err := story(ctx, db, clientID, there, func(id string) *integration.Ticket { return found[id] }); err != nil {
		return nil, err
	}
	out := make(map[string]integration.Ticket, len(found))
	for id, t := range found {
		out[id] = *t
	}
	return out, nil
}
