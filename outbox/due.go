package outbox

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"github.com/uptrace/bun"
)

// readAsides merges the asides that are due.
func (p *partition) readAsides(ctx context.Context, now time.Time) error {
	p.mu.Lock()
	p.w.startRead()
	p.nextAsides = now.Add(p.o.cfg.Poll)
	p.mu.Unlock()
	list, err := p.o.readHeld(ctx, `due_at <= now() order by due_at limit ?2`, p.lease.tenant, asidePage)
	p.mu.Lock()
	defer p.mu.Unlock()
	defer p.w.endRead()
	if err != nil {
		return err
	}
	for _, h := range list {
		p.w.addHeld(h, p.doubts(h), now)
		p.nonsense = p.nonsense || !p.sane(h.kind, h.key, h.subject, h.payload)
	}
	return nil
}

func (p *partition) doubts(h held) bool {
	return p.doubtAsides || !p.doubtAt.IsZero() && !h.since.After(p.doubtAt)
}

// readHeld reads asides of a tenant; where may use ?2 and following.
func (o *Outbox) readHeld(ctx context.Context, where, tenant string, args ...any) ([]held, error) {
	var list []held
	all := append([]any{o.table.asides, tenant}, args...)
	err := o.query(ctx, `select lane, kind, key, subject, attempts, bugs, class, doubt, payload::text, recorded_at, since
		from ?0 where tenant = ?1 and `+where, all, func(r *sql.Rows) error {
		var h held
		var payload sql.NullString
		err := r.Scan(&h.lane, &h.kind, &h.key, &h.subject, &h.attempts, &h.bugs, &h.class, &h.doubt, &payload, &h.recordedAt, &h.since)
		if err != nil {
			return err
		}
		if payload.Valid {
			h.payload = []byte(payload.String)
		}
		list = append(list, h)
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("outbox: read asides: %w", err)
	}
	return list, nil
}

// lookUp gives waiting items their asides, so that attempts go on counting and
// success ends both.
func (p *partition) lookUp(ctx context.Context) error {
	p.mu.Lock()
	if !p.asides || p.d.raw() {
		p.mu.Unlock()
		return nil
	}
	items := p.w.unchecked(2 * p.batchSize())
	byKind := map[string][]string{}
	for _, it := range items {
		byKind[it.kind] = append(byKind[it.kind], it.key)
		it.checked = true // unless an aside of its key is made meanwhile
	}
	p.mu.Unlock()
	for kind, keys := range byKind {
		list, err := p.o.readHeld(ctx, `kind = ?2 and key in (?3)`, p.lease.tenant, kind, bun.List(keys))
		p.mu.Lock()
		if err != nil {
			for _, it := range items {
				it.checked = false
			}
			p.mu.Unlock()
			return err
		}
		for _, h := range list {
			if it := p.w.items[itemKey{h.kind, h.key}]; it != nil && it.checked && !it.aside {
				it.annotate(h, p.doubts(h))
			}
		}
		p.mu.Unlock()
	}
	return nil
}
