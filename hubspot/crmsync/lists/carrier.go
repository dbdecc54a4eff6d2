package lists

import (
	"context"
	"time"

	"github.com/uptrace/bun"

	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/carry"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/ledger"
)

// Carrier carries a tenant's lists, and contacts into static ones.
type Carrier struct {
	*carry.Base
	Store *listStore
	// again has a tenant's contacts looked at again for their static lists.
	again func(ctx context.Context, tx bun.IConn, clientID, kind string, now time.Time) error
}

// New returns a carrier over the tables in schema. again has all
// keys of a kind looked at again.
func New(b *carry.Base, schema string, again func(ctx context.Context, tx bun.IConn, clientID, kind string, now time.Time) error) *Carrier {
	return &Carrier{b, &listStore{b.DB, ledger.Tables{Schema: schema}}, again}
}
