package members

import (
	"context"
	"fmt"
	"strings"
	"unicode"

	"github.com/uptrace/bun"

	"github.com/memberpulse/hubspotplugin/integration"
	"github.com/memberpulse/hubspotplugin/integration/devhost/host/problem"
)

// Query selects a page of members.
type Query struct {
	Search       string // part of a name or email, or a whole id
	Status       integration.MemberStatus
	Page         int  // from 1
	ItemsPerPage int  // at most 100; 0 = 30
	Recent       bool // last changed first, else by name
}

// Page is one page of members.
type Page struct {
	Members      []Profile
	Total        int
	Page         int
	ItemsPerPage int
}

// List returns one page.
func (m *Module) List(ctx context.Context, clientID string, q Query) (Page, error) {
	q.Page = max(q.Page, 1)
	if q.ItemsPerPage < 1 {
		q.ItemsPerPage = 30
	}
	q.ItemsPerPage = min(q.ItemsPerPage, 100)
	out := Page{Page: q.Page, ItemsPerPage: q.ItemsPerPage}
	if !integration.ValidUUID(clientID) {
		return out, nil
	}
	var rows []memberRow
	sel := memberRows(m.db, &rows, clientID)
	if q.Status != "" {
		sel = sel.Where("m.status = ?", q.Status)
	}
	q.Search = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || r == unicode.ReplacementChar {
			return -1
		}
		return r
	}, strings.TrimSpace(q.Search))
	if q.Search != "" {
		like := "%" + strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(q.Search) + "%"
		sel = sel.Where("(m.first_name || ' ' || m.last_name ilike ? or m.email ilike ? or m.id::text = ?)", like, like, q.Search)
	}
	if q.Recent {
		sel = sel.Order("m.updated_at desc", "m.id")
	} else {
		sel = sel.Order("m.last_name", "m.first_name", "m.id")
	}
	total, err := sel.Limit(int64(q.ItemsPerPage)).Offset(int64(q.Page-1) * int64(q.ItemsPerPage)).ScanAndCount(ctx)
	if err != nil {
		return Page{}, fmt.Errorf("members: list: %w", err)
	}
	out.Total = int(total)
	out.Members, err = m.profiles(ctx, m.db, clientID, rows)
	return out, err
}

// Get returns one member, or a 404 [problem.Problem].
func (m *Module) Get(ctx context.Context, clientID, id string) (Profile, error) {
	return m.get(ctx, m.db, clientID, id, "")
}

// get reads one member through db; lock is "update" inside a write.
func (m *Module) get(ctx context.Context, db bun.IDB, clientID, id, lock string) (Profile, error) {
	if !integration.ValidUUID(clientID) || !integration.ValidUUID(id) {
		return Profile{}, problem.Missing("member")
	}
	var rows []memberRow
	sel := memberRows(db, &rows, clientID).Where("m.id = ?", id)
	if lock != "" {
		sel = sel.For(lock)
	}
	if err := sel.Scan(ctx); err != nil {
		return Profile{}, fmt.Errorf("members: get: %w", err)
	}
	if len(rows) == 0 {
		return Profile{}, problem.Missing("member")
	}
	all, err := m.profiles(ctx, db, clientID, rows)
	if err != nil {
		return Profile{}, err
	}
	return all[0], nil
}

// profiles adds the memberships to rows with one query.
func (m *Module) profiles(ctx context.Context, db bun.IDB, clientID string, rows []memberRow) ([]Profile, error) {
	ids := make([]string, len(rows))
	for i, r := range rows {
		ids[i] = r.ID
	}
	held, err := memberships(ctx, db, clientID, ids)
	if err != nil {
		return nil, err
	}
	out := make([]Profile, len(rows))
	for i, r := range rows {
		out[i] = r.profile(held[r.ID])
	}
	return out, nil
}

// Plans returns what the client sells.
func (m *Module) Plans(ctx context.Context, clientID string) ([]Plan, error) {
	return plans(ctx, m.db, clientID)
}

// PlansOf is Plans through any connection, for other modules.
func PlansOf(ctx context.Context, db bun.IDB, clientID string) ([]Plan, error) {
	return plans(ctx, db, clientID)
}

func plans(ctx context.Context, db bun.IDB, clientID string) ([]Plan, error) {
	if !integration.ValidUUID(clientID) {
		return nil, nil
	}
	var rows []planRow
	if err := db.NewSelect().Model(&rows).Where("p.client_id = ?", clientID).Order("p.position", "p.name").Scan(ctx); err != nil {
		return nil, fmt.Errorf("members: plans: %w", err)
	}
	out := make([]Plan, len(rows))
	for i, r := range rows {
		out[i] = Plan{ID: r.ID, Name: r.Name, Position: r.Position}
	}
	return out, nil
}
