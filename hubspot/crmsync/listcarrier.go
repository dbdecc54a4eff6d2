package crmsync

import (
	"context"
	"time"

	"github.com/uptrace/bun"
)

// listCarrier carries a tenant's lists, and contacts into static ones.
type listCarrier struct {
	*base
	store *listStore
	// again has a tenant's contacts looked at again for their static lists.
	again func(ctx context.Context, tx bun.IConn, clientID, kind string, now time.Time) error
}

// newListCarrier returns a carrier over the tables in schema. again has all
// keys of a kind looked at again.
func newListCarrier(b *base, schema string, again func(ctx context.Context, tx bun.IConn, clientID, kind string, now time.Time) error) *listCarrier {
	return &listCarrier{b, &listStore{b.db, tables{schema}}, again}
}
