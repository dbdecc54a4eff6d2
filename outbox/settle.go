package outbox

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

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

// Settle ends a batch in one transaction: the handler's own writes, then the
// fence, then the rows that are done with are deleted and what must wait is set
// aside. Afterwards the message is acked.
//
// ErrClaimLost means that the tenant is somebody else's now, or was shut, and
// that nothing was committed. After any other error the batch may be settled
// again; if it is not, its deliveries come back marked Doubt.
func (o *Outbox) Settle(ctx context.Context, b Batch, s Settlement) error {
	f := o.flights.find(b)
	if f == nil {
		return ErrClaimLost
	}
	if err := f.begin(); err != nil {
		return err
	}
	err := o.settleBegun(ctx, f, s)
	if errors.Is(err, ErrClaimLost) {
		f.p.lease.lose()
	}
	return err
}

// settleBegun ends what begin has begun, also if Apply panics: the panic goes on
// to whoever called, and the batch may be settled again.
func (o *Outbox) settleBegun(ctx context.Context, f *flight, s Settlement) (err error) {
	settled := false
	defer func() { f.finishSettle(settled) }()
	err = o.settleFlight(ctx, f, s)
	settled = err == nil
	return err
}

// writes is what a settlement does to the tables.
type writes struct {
	rows      [lanes][]int64 // to delete
	asides    []asideWrite
	settled   []string // "kind:key", whose waiting entries become due
	cleared   []string // keys whose asides go
	snoozed   time.Duration
	snooze    bool
	landed    []fate
	wellEnded bool
}

type asideWrite struct {
	item     *item
	outcome  Outcome
	attempts int
	bugs     int
	wait     time.Duration
	human    bool
	doubt    bool
	waitsFor string
}

func (o *Outbox) settleFlight(ctx context.Context, f *flight, s Settlement) error {
	w := o.plan(f, s.Outcomes)
	p := f.p
	p.mu.Lock()
	if len(w.asides) > 0 {
		p.asides = true
	}
	// From before anything is committed until all of it is: a record that is about
	// to wait for one of these keys, in another batch, must not miss it, also if its
	// batch began in between and read what was before.
	p.settledKeys.under(w.settled)
	plain := s.Apply == nil && s.Park == nil && !p.asides
	p.mu.Unlock()
	if err := o.commit(ctx, f, w, s, plain); err != nil {
		return err
	}
	p.landed(f, w, s.Park)
	return nil
}

// commit makes the writes in one transaction. Whatever becomes of it, Apply's
// panic too, the keys are not under way any more.
func (o *Outbox) commit(ctx context.Context, f *flight, w *writes, s Settlement, plain bool) error {
	p := f.p
	defer func() {
		p.mu.Lock()
		p.counter++
		p.settledKeys.done(w.settled, p.counter)
		p.mu.Unlock()
	}()
	return o.conns.work(ctx, func() error {
		if plain {
			return o.fencedDelete(ctx, o.db, f, w)
		}
		return o.db.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
			if s.Apply != nil {
				if err := s.Apply(ctx, tx); err != nil {
					return fmt.Errorf("outbox: apply: %w", err)
				}
			}
			if err := o.fencedDelete(ctx, tx, f, w); err != nil {
				return err
			}
			return o.writeAsides(ctx, tx, f, w, s.Park)
		})
	})
}

// plan decides, without the database, what the outcomes mean.
func (o *Outbox) plan(f *flight, outcomes []Outcome) *writes {
	w := &writes{landed: make([]fate, len(f.items)), wellEnded: true}
	for i, it := range f.items {
		out := Outcome{}
		if i < len(outcomes) {
			out = outcomes[i]
		}
		switch out.Verdict {
		case VerdictDelivered, VerdictDiscard:
			w.settled = append(w.settled, it.kind+":"+it.key)
			w.cleared = append(w.cleared, it.key)
		case VerdictSnooze:
			w.landed[i], w.snooze, w.wellEnded = stay, true, false
			w.snoozed = max(w.snoozed, out.After)
			continue
		case VerdictHold:
			w.asides = append(w.asides, asideWrite{item: it, outcome: out, attempts: it.attempts + 1, bugs: it.bugs, human: true})
		case VerdictWait:
			wait := backoff(1, o.cfg.WaitRecheck, o.cfg.WaitRecheck, o.cfg.WaitRecheck/2, o.cfg.Rand())
			w.asides = append(w.asides, asideWrite{item: it, outcome: out, attempts: it.attempts, bugs: it.bugs, wait: wait, waitsFor: out.WaitsFor})
		default:
			a := asideWrite{item: it, outcome: out, attempts: it.attempts + 1, bugs: it.bugs}
			if out.Verdict != VerdictRetry {
				f.p.log.Error("outbox: delivery without outcome", "kind", it.kind, "attempt", a.attempts)
				a.outcome.Class, a.outcome.Reason = ClassBug, "the handler said nothing"
			}
			if a.doubt = a.outcome.Class == ClassBug; a.doubt {
				a.bugs++
				a.human = a.bugs >= o.cfg.MaxAttempts
			}
			a.wait = backoff(a.attempts, o.cfg.RetryMin, o.cfg.RetryMax, out.After, o.cfg.Rand())
			w.asides = append(w.asides, a)
		}
		for lane, ids := range it.rows {
			w.rows[lane] = append(w.rows[lane], ids...)
		}
	}
	for lane := range w.rows {
		slices.Sort(w.rows[lane])
	}
	return w
}

// fencedDelete locks the tenant's row if the term still holds and deletes the
// rows, in one statement. The SQL is literal, bounded on both sides: no cached
// plan that was made for an empty table can stick, and dead entries outside the
// bounds are not visited.
func (o *Outbox) fencedDelete(ctx context.Context, db bun.IDB, f *flight, w *writes) error {
	var q strings.Builder
	args := []any{o.table.tenants, o.table.rows, f.batch.Tenant, f.batch.Term}
	q.WriteString(`with ok as (select 1 from ?0 where tenant = ?2 and term = ?3 for update)`)
	for lane, ids := range w.rows {
		if len(ids) == 0 {
			continue
		}
		fmt.Fprintf(&q, `, gone%d as (delete from ?1 where tenant = ?2 and lane = %d and id between %d and %d
			and id = any('%s'::bigint[]) and exists (select 1 from ok))`, lane, lane, ids[0], ids[len(ids)-1], array(ids))
	}
	q.WriteString(` select count(*) from ok`)
	var ok int
	if err := db.NewRaw(q.String(), args...).Scan(ctx, &ok); err != nil {
		return fmt.Errorf("outbox: settle: %w", err)
	}
	if ok == 0 {
		return ErrClaimLost
	}
	return nil
}

func array(ids []int64) string {
	var b strings.Builder
	b.WriteByte('{')
	for i, id := range ids {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString(strconv.FormatInt(id, 10))
	}
	b.WriteByte('}')
	return b.String()
}

// writeAsides follows the fence, in statements of their own: settlements of one
// tenant pass the fence one after the other, so each sees what those before it
// have set aside.
func (o *Outbox) writeAsides(ctx context.Context, tx bun.Tx, f *flight, w *writes, park *Park) error {
	tenant := f.batch.Tenant
	if len(w.cleared) > 0 {
		_, err := tx.NewRaw(`delete from ? where tenant = ? and kind = ? and key in (?)`,
			o.table.asides, tenant, f.batch.Kind, bun.List(w.cleared)).Exec(ctx)
		if err != nil {
			return fmt.Errorf("outbox: settle asides: %w", err)
		}
		_, err = tx.NewRaw(`update ? set due_at = clock_timestamp(), waits_for = null where tenant = ? and waits_for in (?)`,
			o.table.asides, tenant, bun.List(w.settled)).Exec(ctx)
		if err != nil {
			return fmt.Errorf("outbox: release waiting: %w", err)
		}
	}
	if len(w.asides) > 0 {
		if err := o.insertAsides(ctx, tx, f, w.asides); err != nil {
			return err
		}
	}
	if park != nil {
		var until any = bun.Safe(`'infinity'`)
		if !park.Until.IsZero() {
			until = park.Until
		}
		_, err := tx.NewRaw(`update ? set due_at = ?, park_class = ?, park_reason = ? where tenant = ?`,
			o.table.tenants, until, storable(park.Class), storable(park.Reason), tenant).Exec(ctx)
		if err != nil {
			return fmt.Errorf("outbox: park: %w", err)
		}
	}
	return nil
}

func (o *Outbox) insertAsides(ctx context.Context, tx bun.Tx, f *flight, list []asideWrite) error {
	var q strings.Builder
	args := []any{o.table.asides, f.batch.Tenant}
	q.WriteString(`insert into ?0 as a (tenant, kind, key, subject, lane, due_at, waits_for, attempts, bugs, class, reason, doubt, payload, recorded_at) values `)
	for i, a := range list {
		if i > 0 {
			q.WriteString(", ")
		}
		due, waitsFor := any(bun.Safe(`'infinity'`)), any(nil)
		if !a.human {
			due = bun.Safe(fmt.Sprintf("clock_timestamp() + %d * interval '1 microsecond'", a.wait.Microseconds()))
		}
		if a.waitsFor != "" && f.p.settledSince(a.waitsFor, f.began) {
			due = bun.Safe("clock_timestamp()")
		} else if a.waitsFor != "" {
			waitsFor = a.waitsFor
		}
		var payload any
		if a.item.payload != nil {
			payload = string(a.item.payload)
		}
		n := len(args)
		fmt.Fprintf(&q, "(?1, ?%d, ?%d, ?%d, ?%d, ?%d, ?%d::text, ?%d, ?%d, ?%d, ?%d, ?%d, ?%d::json, ?%d)",
			n, n+1, n+2, n+3, n+4, n+5, n+6, n+7, n+8, n+9, n+10, n+11, n+12)
		args = append(args, a.item.kind, a.item.key, a.item.subject, int(a.item.lane), due, waitsFor, a.attempts, a.bugs,
			storable(a.outcome.Class), storable(a.outcome.Reason), a.doubt, payload, a.item.recordedAt)
	}
	q.WriteString(` on conflict (tenant, kind, key) do update set subject = excluded.subject, lane = excluded.lane, due_at = excluded.due_at,
		waits_for = excluded.waits_for, attempts = excluded.attempts, bugs = excluded.bugs, class = excluded.class, reason = excluded.reason,
		doubt = excluded.doubt, payload = coalesce(excluded.payload, a.payload), recorded_at = least(a.recorded_at, excluded.recorded_at)`)
	if _, err := tx.NewRaw(q.String(), args...).Exec(ctx); err != nil {
		return fmt.Errorf("outbox: set aside: %w", err)
	}
	return nil
}

// storable makes text of others fit for the database.
func storable(s string) string {
	s = strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\x00", "")
	const most = 2000
	if len(s) > most {
		s = strings.ToValidUTF8(s[:most], "")
	}
	return s
}
