package outbox

import (
	"context"
	"database/sql"
	"fmt"
	"math"
	"strings"
	"time"
)

const (
	// small is how many rows a window may hold to be read again from its floor
	// at every signal. A larger one is read forward at a signal, which costs
	// less, and from its floor, which finds late commits, only so often that
	// these reads take a small part of the time.
	small      = 512
	floorEvery = 20 * time.Millisecond
	floorShare = 8
	// asidePage is how many due asides are merged at once.
	asidePage = 500
	// readTimeout bounds one statement of the drain.
	readTimeout = 10 * time.Second
)

// span is what to read of each lane: ids over from, up to to, at most limit.
type span struct {
	from, to [lanes]int64
	limit    [lanes]int
}

// read brings the window up to date: from the floor after a signal, forward if
// the window runs dry before its lane does, below the floor when a sweep is due,
// and asides that are due.
func (p *partition) read(ctx context.Context) error {
	now := p.o.cfg.Now()
	p.mu.Lock()
	if p.leaving {
		p.mu.Unlock()
		return nil
	}
	p.again = time.Time{}
	fromFloor, forward := false, false
	if !p.dirty && !now.Before(p.nextFloor) {
		p.dirty = true // the poll is the truth, signals only make it sooner
	}
	if p.dirty {
		if p.w.size() <= small || !now.Before(p.nextFloor) {
			fromFloor, p.dirty = true, false
			p.nextFloor = now.Add(p.o.cfg.Poll)
		} else {
			forward = p.kicked
			p.look(p.nextFloor)
		}
	}
	p.kicked = false
	sweep := !now.Before(p.nextSweep)
	asides := p.asides && !now.Before(p.nextAsides)
	p.mu.Unlock()

	if fromFloor {
		if err := p.readSpan(ctx, now, p.floorSpan(now)); err != nil {
			return err
		}
		p.mu.Lock()
		if p.w.size() > small {
			end := p.o.cfg.Now()
			p.nextFloor = end.Add(max(floorEvery, floorShare*end.Sub(now)))
		}
		p.mu.Unlock()
	}
	if asides {
		if err := p.readAsides(ctx, now); err != nil {
			return err
		}
	}
	if s, need := p.forwardSpan(forward); need {
		if err := p.readSpan(ctx, now, s); err != nil {
			return err
		}
	}
	if sweep {
		if err := p.sweep(ctx, now); err != nil {
			return err
		}
	}
	return nil
}

// look makes the loop come back at t at the latest. p.mu is held.
func (p *partition) look(t time.Time) {
	if !t.IsZero() && (p.again.IsZero() || t.Before(p.again)) {
		p.again = t
	}
}

func (p *partition) floorSpan(now time.Time) span {
	p.mu.Lock()
	defer p.mu.Unlock()
	var s span
	for l := range s.from {
		s.from[l] = p.w.floors[l].advance(now)
		s.to[l] = math.MaxInt64
		s.limit[l] = p.w.known(Lane(l)) + p.o.cfg.Page
	}
	return s
}

// forwardSpan asks for more of the lanes that stopped at a limit and have few
// waiting items left, or of all after a signal, as far as the window's size
// allows.
func (p *partition) forwardSpan(all bool) (span, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	var s span
	need := false
	for l := range s.from {
		room := p.o.cfg.Window - p.w.known(Lane(l))
		dry := p.w.more[l] && len(p.w.queues[l]) < 5*p.batchSize()
		if room <= 0 || !dry && !(all && !p.w.more[l]) {
			continue
		}
		s.from[l], s.to[l], s.limit[l] = p.w.cursor[l], math.MaxInt64, min(p.o.cfg.Page, room)
		need = true
	}
	return s, need
}

// sweep looks below the floors, for rows whose transactions took longer than the
// floors trail behind.
func (p *partition) sweep(ctx context.Context, now time.Time) error {
	p.mu.Lock()
	var s span
	for l := range s.from {
		s.to[l] = p.w.floors[l].value
		s.limit[l] = p.w.known(Lane(l)) + p.o.cfg.Page
	}
	p.mu.Unlock()
	if err := p.readSpan(ctx, now, s); err != nil {
		return err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	// Holders must not sweep in step.
	p.nextSweep = now.Add(p.o.cfg.SweepEvery - time.Duration(p.o.cfg.Rand()*float64(p.o.cfg.SweepEvery)/4))
	return nil
}

// readSpan reads rows in one statement and folds them into the window.
func (p *partition) readSpan(ctx context.Context, now time.Time, s span) error {
	var q strings.Builder
	args := []any{p.o.table.rows, p.lease.tenant}
	for l := range s.from {
		if s.limit[l] <= 0 || s.to[l] <= 0 {
			continue
		}
		if len(args) > 2 {
			q.WriteString(" union all ")
		}
		n := len(args)
		fmt.Fprintf(&q, `(select lane, id, kind, key, subject, payload::text, recorded_at from ?0
			where tenant = ?1 and lane = %d and id > ?%d and id <= ?%d order by id limit ?%d)`, l, n, n+1, n+2)
		args = append(args, s.from[l], s.to[l], s.limit[l])
	}
	if q.Len() == 0 {
		return nil
	}
	p.mu.Lock()
	p.w.startRead()
	p.mu.Unlock()
	var rows []row
	err := p.o.query(ctx, q.String(), args, func(r *sql.Rows) error {
		var one row
		var payload sql.NullString
		if err := r.Scan(&one.lane, &one.id, &one.kind, &one.key, &one.subject, &payload, &one.recordedAt); err != nil {
			return err
		}
		if payload.Valid {
			one.payload = []byte(payload.String)
		}
		rows = append(rows, one)
		return nil
	})
	p.mu.Lock()
	defer p.mu.Unlock()
	defer p.w.endRead()
	if err != nil {
		return fmt.Errorf("outbox: read window: %w", err)
	}
	var count [lanes]int
	for _, r := range rows {
		count[r.lane]++
		p.w.cursor[r.lane] = max(p.w.cursor[r.lane], r.id)
		p.w.add(r, r.id <= p.doubtID, now)
		p.nonsense = p.nonsense || !p.sane(r.kind, r.key, r.subject, r.payload)
	}
	for l := range count {
		if s.to[l] == math.MaxInt64 && s.limit[l] > 0 {
			p.w.more[l] = count[l] >= s.limit[l]
		}
	}
	return nil
}

// query runs a statement of the drain and gives each row to scan.
func (o *Outbox) query(ctx context.Context, query string, args []any, scan func(*sql.Rows) error) error {
	ctx, cancel := context.WithTimeout(ctx, readTimeout)
	defer cancel()
	return o.conns.work(ctx, func() error {
		rows, err := o.db.QueryContext(ctx, query, args...)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			if err := scan(rows); err != nil {
				return err
			}
		}
		return rows.Err()
	})
}
