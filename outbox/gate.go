package outbox

import (
	"context"
	"database/sql"
	"fmt"
	"sync"
	"time"

	"github.com/uptrace/bun"
)

// Open opens a tenant's gate: from tx's commit on, changes are recorded. It is
// idempotent and undoes Shut.
//
// Transactions that were running at the commit may have found the gate closed
// and recorded nothing: take RunningTransactions after the commit, and read the
// tenant's present state once Passed says that all of them have ended.
func (o *Outbox) Open(ctx context.Context, tx *sql.Tx, tenant string) error {
	tenant, err := parseTenant(tenant)
	if err != nil {
		return err
	}
	_, err = o.exec(ctx, tx, `insert into ? as t (tenant, open) values (?, true)
		on conflict (tenant) do update set open = true where not t.open`, o.table.tenants, tenant)
	if err != nil {
		return fmt.Errorf("outbox: open: %w", err)
	}
	return nil
}

// Shut closes a tenant's gate and drops its rows and its records set aside; its
// park and pause end too. The term advances, so that batches in flight can no
// longer be settled. Entries that transactions commit after it are swept later.
// It is idempotent.
func (o *Outbox) Shut(ctx context.Context, tx *sql.Tx, tenant string) error {
	tenant, err := parseTenant(tenant)
	if err != nil {
		return err
	}
	o.gate.forget(tenant)
	// The lease's end stays: calls of its holder may be out until then.
	_, err = o.exec(ctx, tx, `update ? set open = false, paused = false, due_at = '-infinity', park_class = '', park_reason = '',
		term = term + 1 where tenant = ? and topic is null`, o.table.tenants, tenant)
	if err != nil {
		return fmt.Errorf("outbox: shut: %w", err)
	}
	return o.drop(ctx, tx, tenant)
}

func (o *Outbox) drop(ctx context.Context, tx *sql.Tx, tenant string) error {
	if _, err := o.exec(ctx, tx, `delete from ? where tenant = ?`, o.table.rows, tenant); err != nil {
		return fmt.Errorf("outbox: drop rows: %w", err)
	}
	if _, err := o.exec(ctx, tx, `delete from ? where tenant = ?`, o.table.asides, tenant); err != nil {
		return fmt.Errorf("outbox: drop asides: %w", err)
	}
	return nil
}

// gate remembers which tenants this process has seen open. "Open" may be
// outdated, which costs strays that a sweep removes. "Closed" is never
// remembered: that would lose changes.
type gate struct {
	o       *Outbox
	mu      sync.Mutex
	open    map[string]bool
	asking  map[string]bool
	closed  bool
	pending sync.WaitGroup
}

func newGate(o *Outbox) *gate {
	return &gate{o: o, open: map[string]bool{}, asking: map[string]bool{}}
}

func (g *gate) seen(tenants []string) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	for _, t := range tenants {
		if !g.open[t] {
			return false
		}
	}
	return true
}

// learn asks, apart from the caller's transaction, whether tenants are open. The
// caller's own insert proves nothing: its transaction may be the one that opens
// the tenant and may still roll back, and rows inserted plainly by others
// meanwhile would belong to nobody.
func (g *gate) learn(tenants []string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.closed {
		return
	}
	var ask []string
	for _, t := range tenants {
		if !g.open[t] && !g.asking[t] {
			g.asking[t] = true
			ask = append(ask, t)
		}
	}
	if len(ask) == 0 {
		return
	}
	g.pending.Go(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		defer cancel()
		open, err := g.committed(ctx, ask)
		g.mu.Lock()
		defer g.mu.Unlock()
		for _, t := range ask {
			delete(g.asking, t)
		}
		if err != nil {
			return // it is asked again at the next Append
		}
		for _, t := range open {
			g.open[t] = true
		}
	})
}

// close ends learning and waits for what is being asked. Afterwards every Append
// asks for itself.
func (g *gate) close() {
	g.mu.Lock()
	g.closed = true
	g.mu.Unlock()
	g.pending.Wait()
}

func (g *gate) committed(ctx context.Context, tenants []string) ([]string, error) {
	var open []string
	err := g.o.conns.control(ctx, func() error {
		return g.o.db.NewRaw(`select tenant::text from ? where open and topic is null and tenant in (?)`,
			g.o.table.tenants, bun.List(tenants)).Scan(ctx, &open)
	})
	return open, err
}

func (g *gate) forget(tenant string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	delete(g.open, tenant)
}

// refresh forgets tenants that are no longer open.
func (g *gate) refresh(ctx context.Context) error {
	g.mu.Lock()
	known := make([]string, 0, len(g.open))
	for t := range g.open {
		known = append(known, t)
	}
	g.mu.Unlock()
	if len(known) == 0 {
		return nil
	}
	open, err := g.committed(ctx, known)
	if err != nil {
		return err
	}
	still := make(map[string]bool, len(open))
	for _, t := range open {
		still[t] = true
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	for _, t := range known {
		if !still[t] {
			delete(g.open, t)
		}
	}
	return nil
}
