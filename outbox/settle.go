package outbox

import (
	"context"

	"github.com/uptrace/bun"
)

// Settlement is what Settle commits for a batch.
type Settlement struct {
	// Outcomes has one entry per delivery, in the batch's order. A missing or
	// zero one is a retry that is logged as an error.
	Outcomes []Outcome
	// Park parks the tenant's whole partition.
	Park *Park
	// Apply makes the handler's own writes, in the same transaction, before the
	// fence. It must not commit or roll back, and must not call anybody else.
	Apply func(ctx context.Context, tx bun.Tx) error
}
