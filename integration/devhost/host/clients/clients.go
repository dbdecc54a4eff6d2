// Package clients is the reference host's module of tenants (clients, in
// MemberPulse's words) and the people who work for them.
package clients

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/uptrace/bun"

	"github.com/memberpulse/hubspotplugin/integration"
	"github.com/memberpulse/hubspotplugin/integration/devhost/host/problem"
	"github.com/memberpulse/hubspotplugin/integration/devhost/host/store"
)

// Client is one association: a tenant.
type Client struct {
	ID        string
	Name      string
	TimeZone  string // IANA name
	Seeded    bool   // its first members are invented
	CreatedAt time.Time
}

// User is somebody who signs in.
type User struct {
	ID       string
	ClientID string // "" for platform admins
	Name     string
	Role     integration.Role
}

// Module reads and writes clients and users.
type Module struct{ db *bun.DB }

// New returns the module over db.
func New(db *bun.DB) *Module { return &Module{db: db} }

type clientRow struct {
	bun.BaseModel `bun:"table:mp_clients"`
	ID            string    `bun:"id,pk,type:uuid"`
	Name          string    `bun:"name"`
	TimeZone      string    `bun:"time_zone"`
	Seeded        bool      `bun:"seeded"`
	CreatedAt     time.Time `bun:"created_at"`
}

type userRow struct {
	bun.BaseModel `bun:"table:mp_users"`
	ID            string           `bun:"id,pk,type:uuid"`
	ClientID      string           `bun:"client_id,type:uuid,nullzero"`
	Name          string           `bun:"name"`
	Role          integration.Role `bun:"role"`
}

func (r clientRow) client() Client {
	return Client{ID: r.ID, Name: r.Name, TimeZone: r.TimeZone, Seeded: r.Seeded, CreatedAt: r.CreatedAt}
}

func (r userRow) user() User {
	return User{ID: r.ID, ClientID: r.ClientID, Name: r.Name, Role: r.Role}
}

// List returns all clients, oldest first.
func (m *Module) List(ctx context.Context) ([]Client, error) {
	var rows []clientRow
	if err := m.db.NewSelect().Model(&rows).Order("created_at", "name").Scan(ctx); err != nil {
		return nil, fmt.Errorf("clients: list: %w", err)
	}
	out := make([]Client, len(rows))
	for i, r := range rows {
		out[i] = r.client()
	}
	return out, nil
}

// Get returns one client, or a 404 [problem.Problem].
func (m *Module) Get(ctx context.Context, id string) (Client, error) {
	if !integration.ValidUUID(id) {
		return Client{}, problem.Missing("client")
	}
	var row clientRow
	err := m.db.NewSelect().Model(&row).Where("id = ?", id).Scan(ctx)
	if errors.Is(err, sql.ErrNoRows) {
		return Client{}, problem.Missing("client")
	}
	if err != nil {
		return Client{}, fmt.Errorf("clients: get: %w", err)
	}
	return row.client(), nil
}

// Add writes a client with its users in tx. A name that exists is a 409
// [problem.Problem].
func (m *Module) Add(ctx context.Context, tx bun.Tx, c Client, users []User) error {
	row := clientRow{ID: c.ID, Name: c.Name, TimeZone: c.TimeZone, Seeded: c.Seeded, CreatedAt: c.CreatedAt}
	if _, err := tx.NewInsert().Model(&row).Exec(ctx); err != nil {
		if store.Violates(err) == "mp_clients_name_key" {
			return &problem.Problem{
				Status: 409, Title: "A client of this name exists already.", Detail: "Nothing was changed.",
				Fix: "Choose another name.", Errors: map[string][]string{"name": {"This name is taken."}},
			}
		}
		return fmt.Errorf("clients: add: %w", err)
	}
	return m.AddUsers(ctx, tx, users)
}

// AddUsers writes users in tx; those whose id exists are left as they are.
func (m *Module) AddUsers(ctx context.Context, tx bun.Tx, users []User) error {
	if len(users) == 0 {
		return nil
	}
	rows := make([]userRow, len(users))
	for i, u := range users {
		rows[i] = userRow{ID: u.ID, ClientID: u.ClientID, Name: u.Name, Role: u.Role}
	}
	if _, err := tx.NewInsert().Model(&rows).On("conflict (id) do nothing").Exec(ctx); err != nil {
		return fmt.Errorf("clients: add users: %w", err)
	}
	return nil
}
