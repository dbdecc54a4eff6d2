package clients

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/uptrace/bun"

	"github.com/memberpulse/hubspotplugin/integration"
	"github.com/memberpulse/hubspotplugin/integration/devhost/host/problem"
)

// Users returns everybody who can sign in: platform admins first, then client
// by client.
func (m *Module) Users(ctx context.Context) ([]User, error) {
	var rows []userRow
	err := m.db.NewSelect().Model(&rows).
		Join("left join mp_clients as c on c.id = user_row.client_id").
		OrderExpr("c.created_at nulls first, c.name, user_row.role, user_row.name").
		Scan(ctx)
	if err != nil {
		return nil, fmt.Errorf("clients: users: %w", err)
	}
	out := make([]User, len(rows))
	for i, r := range rows {
		out[i] = r.user()
	}
	return out, nil
}

// User returns one user, or a 404 [problem.Problem].
func (m *Module) User(ctx context.Context, id string) (User, error) {
	if !integration.ValidUUID(id) {
		return User{}, problem.Missing("user")
	}
	return m.oneUser(ctx, func(q *bun.SelectQuery) *bun.SelectQuery { return q.Where("id = ?", id) })
}

// UserIn returns a user of a client ("" = of the platform) who has this role,
// or a 404 [problem.Problem].
func (m *Module) UserIn(ctx context.Context, clientID string, role integration.Role) (User, error) {
	return m.oneUser(ctx, func(q *bun.SelectQuery) *bun.SelectQuery {
		if clientID == "" {
			return q.Where("client_id is null and role = ?", role)
		}
		return q.Where("client_id = ? and role = ?", clientID, role)
	})
}

func (m *Module) oneUser(ctx context.Context, where func(*bun.SelectQuery) *bun.SelectQuery) (User, error) {
	var row userRow
	err := where(m.db.NewSelect().Model(&row)).Order("name", "id").Limit(1).Scan(ctx)
	if errors.Is(err, sql.ErrNoRows) {
		return User{}, problem.Missing("user")
	}
	if err != nil {
		return User{}, fmt.Errorf("clients: user: %w", err)
	}
	return row.user(), nil
}
