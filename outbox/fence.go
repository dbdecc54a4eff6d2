package outbox

import (
	"context"
	"fmt"

	"github.com/uptrace/bun"
)

// Fence names transactions of this database by their virtual transaction ids.
// It is plain text and may be stored; after a restart of the server it may hold
// a new transaction for an old one, which only makes Passed wait for that one.
type Fence []string

// RunningTransactions returns the transactions now running in this database,
// except the one that asks. Reading or writing, idle or not, READ COMMITTED or
// REPEATABLE READ: each that may have met the state before a commit that
// precedes this call is in it. Prepared transactions are not: the outbox is not
// for hosts with two-phase commit.
//
// A snapshot's xmin would not do: a REPEATABLE READ transaction that has only
// read so far has no transaction id, and writes later by its old snapshot.
func (o *Outbox) RunningTransactions(ctx context.Context) (Fence, error) {
	fence := Fence{}
	err := o.db.NewRaw(running).Scan(ctx, (*[]string)(&fence))
	if err != nil {
		return nil, fmt.Errorf("outbox: running transactions: %w", err)
	}
	return fence, nil
}

// Passed says whether all transactions of the fence have ended.
func (o *Outbox) Passed(ctx context.Context, f Fence) (bool, error) {
	if len(f) == 0 {
		return true, nil
	}
	var left bool
	err := o.db.NewRaw(`select exists (select 1 from (`+running+`) r (id) where r.id in (?))`, bun.List([]string(f))).Scan(ctx, &left)
	if err != nil {
		return false, fmt.Errorf("outbox: fence: %w", err)
	}
	return !left, nil
}

// Every transaction holds its own virtual id exclusively from start to end. The
// join leaves out other databases of the cluster; backend_type is hidden from
// roles without pg_read_all_stats, who then see all backends.
const running = `select l.virtualxid from pg_locks l join pg_stat_activity a on a.pid = l.pid
	where l.locktype = 'virtualxid' and l.granted and l.virtualxid = l.virtualtransaction
	and a.datname = current_database() and l.pid <> pg_backend_pid()
	and coalesce(a.backend_type, 'client backend') = 'client backend'`
