package outbox

import (
	"context"
	"fmt"

	"github.com/uptrace/bun"
)

// sweepStrays deletes what was recorded for tenants that are not open, by
// processes that had seen them open or by transactions older than Shut.
func (d *drain) sweepStrays(ctx context.Context) error {
	if d.raw() {
		return nil
	}
	if err := d.o.gate.refresh(ctx); err != nil {
		return err
	}
	var shut []string
	err := d.o.conns.control(ctx, func() error {
		return d.o.db.NewRaw(`select t.tenant::text from ?0 t cross join lateral (
			(select 1 from ?1 o where o.tenant = t.tenant limit 1) union all
			(select 1 from ?2 a where a.tenant = t.tenant limit 1) limit 1) w
			where not t.open and t.topic is null`, d.o.table.tenants, d.o.table.rows, d.o.table.asides).Scan(ctx, &shut)
	})
	if err != nil {
		return fmt.Errorf("outbox: find strays: %w", err)
	}
	for _, tenant := range shut {
		err := d.o.conns.work(ctx, func() error {
			return d.o.db.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
				// Against a concurrent Open: what it lets in must stay.
				var still []bool
				err := tx.NewRaw(`select true from ? where tenant = ? and not open for update skip locked`,
					d.o.table.tenants, tenant).Scan(ctx, &still)
				if err != nil || len(still) == 0 {
					return err
				}
				return d.o.drop(ctx, tx.Tx, tenant)
			})
		})
		if err != nil {
			return fmt.Errorf("outbox: sweep strays: %w", err)
		}
	}
	return nil
}
