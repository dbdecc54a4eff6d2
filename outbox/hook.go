package outbox

import (
	"context"

	"github.com/uptrace/bun"
)

// QueryHook returns a hook for the host's database handle,
//
//	db = db.WithQueryHook(box.QueryHook())
//
// (a clone: the handle that recording uses must be the clone). It sees COMMIT
// and wakes at once the tenants that the transaction recorded for. Without it
// they are found a few milliseconds later.
func (o *Outbox) QueryHook() bun.QueryHook { return queryHook{o.wake} }

type queryHook struct{ wake *waker }

// BeforeQuery gives every transaction its own list of tenants. bun hands the
// returned context of BEGIN to the transaction and with it to COMMIT.
func (h queryHook) BeforeQuery(ctx context.Context, e *bun.QueryEvent) context.Context {
	if e.IQuery == nil && e.Query == "BEGIN" {
		ctx, _ = h.wake.collect(ctx)
	}
	return ctx
}

// AfterQuery wakes after a COMMIT that succeeded.
func (h queryHook) AfterQuery(ctx context.Context, e *bun.QueryEvent) {
	if e.IQuery == nil && e.Query == "COMMIT" && e.Err == nil {
		h.wake.committed(h.wake.collected(ctx))
	}
}
