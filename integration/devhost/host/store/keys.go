package store

import (
	"context"
	"fmt"

	"github.com/uptrace/bun"

	"github.com/memberpulse/hubspotplugin/integration"
)

// Rows are the living rows of one table of clients' things. The table has the
// columns client_id and id.
type Rows struct {
	Table string
	Live  string // a condition, "" for all
}

// Keys returns ids of one client's rows in ascending order, after the id after,
// at most limit. PostgreSQL orders UUIDs as their text is ordered.
func (r Rows) Keys(ctx context.Context, db bun.IDB, clientID, after string, limit int) ([]string, error) {
	if !integration.ValidUUID(clientID) || limit < 1 {
		return nil, nil
	}
	if after != "" && !integration.ValidUUID(after) {
		return nil, fmt.Errorf("store: keys of %s: the key to go on from is not a UUID", r.Table)
	}
	q := r.of(db, clientID).Column("id")
	if after != "" {
		q = q.Where("id > ?", after)
	}
	var keys []string
	if err := q.Order("id").Limit(int64(limit)).Scan(ctx, &keys); err != nil {
		return nil, fmt.Errorf("store: keys of %s: %w", r.Table, err)
	}
	return keys, nil
}

// Count returns how many there are.
func (r Rows) Count(ctx context.Context, db bun.IDB, clientID string) (int, error) {
	if !integration.ValidUUID(clientID) {
		return 0, nil
	}
	n, err := r.of(db, clientID).Count(ctx)
	if err != nil {
		return 0, fmt.Errorf("store: count %s: %w", r.Table, err)
	}
	return int(n), nil
}

func (r Rows) of(db bun.IDB, clientID string) *bun.SelectQuery {
	q := db.NewSelect().TableExpr("?", bun.Ident(r.Table)).Where("client_id = ?", clientID)
	if r.Live != "" {
		q = q.Where(r.Live)
	}
	return q
}
