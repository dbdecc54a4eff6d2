package outbox_test

import (
	"context"
	"database/sql"
	"testing"

	"github.com/uptrace/bun"

	"github.com/memberpulse/hubspotplugin/migrations/migrationstest"
)

// Writers that were running when the tenant was opened must have ended before
// the backfill reads: those who asked before saw the gate closed, and REPEATABLE
// READ ones go on seeing it closed, also if they have not written yet.
func TestFenceHoldsEveryEarlierWriter(t *testing.T) {
	t.Parallel()
	for _, level := range []sql.IsolationLevel{sql.LevelReadCommitted, sql.LevelRepeatableRead} {
		t.Run(level.String(), func(t *testing.T) {
			t.Parallel()
			ctx := context.Background()
			b := setup(t)
			o := b.box()
			tenant := uuid()
			writer, err := b.db.BeginTx(ctx, &sql.TxOptions{Isolation: level})
			if err != nil {
				t.Fatal(err)
			}
			defer writer.Rollback()
			if _, err := writer.ExecContext(ctx, "select count(*) from hubspot_outbox_tenant"); err != nil {
				t.Fatal(err)
			}
			b.tx(func(tx bun.Tx) error { return o.Open(ctx, tx.Tx, tenant) })
			fence, err := o.RunningTransactions(ctx)
			if err != nil {
				t.Fatal(err)
			}
			if passed, err := o.Passed(ctx, fence); err != nil || passed {
				t.Fatalf("passed %v, %v while the writer runs", passed, err)
			}
			if err := o.Append(ctx, writer, member(tenant, 1)); err != nil {
				t.Fatal(err)
			}
			// The old snapshot records nothing: only the fence keeps this change.
			if err := writer.Commit(); err != nil {
				t.Fatal(err)
			}
			want := 1
			if level == sql.LevelRepeatableRead {
				want = 0
			}
			if n := b.rows(tenant); n != want {
				t.Errorf("%d rows, want %d", n, want)
			}
			if passed, err := o.Passed(ctx, fence); err != nil || !passed {
				t.Errorf("passed %v, %v after the writer ended", passed, err)
			}
		})
	}
}

func TestFenceIgnoresLaterAndForeignTransactions(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	b := setup(t)
	o := b.box()
	foreign, err := migrationstest.NewEmptyDB(t).BeginTx(ctx, nil) // same server
	if err != nil {
		t.Fatal(err)
	}
	defer foreign.Rollback()
	if _, err := foreign.ExecContext(ctx, "create table x ()"); err != nil {
		t.Fatal(err)
	}
	fence, err := o.RunningTransactions(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if len(fence) != 0 {
		t.Errorf("%d transactions, none runs in this database", len(fence))
	}
	later, err := b.db.BeginTx(ctx, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer later.Rollback()
	if _, err := later.ExecContext(ctx, "select 1"); err != nil {
		t.Fatal(err)
	}
	if passed, err := o.Passed(ctx, fence); err != nil || !passed {
		t.Errorf("passed %v, %v", passed, err)
	}
}
