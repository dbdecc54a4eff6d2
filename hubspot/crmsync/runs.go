package crmsync

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/uptrace/bun"
	"github.com/uptrace/bun/dialect/pgdialect"

	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/ledger"
	"github.com/memberpulse/hubspotplugin/integration"
)

// Runs is the store of full syncs. A run's row is its whole state, so that a
// killed process loses nothing and any replica can go on with it.
type Runs struct {
	db *bun.DB
	ledger.Tables
}

// NewRuns returns the store over the tables in schema.
func NewRuns(db *bun.DB, schema string) *Runs {
	return &Runs{db: db, Tables: ledger.Tables{Schema: schema}}
}

// The phases of a run.
const (
	phaseWaiting    = "waiting"    // for transactions that began before the gate opened
	phaseListing    = "listing"    // keys go into the outbox
	phaseDelivering = "delivering" // the outbox drains them
	phaseDone       = "done"
)

type runRow struct {
	ID         string     `bun:"id"`
	ClientID   string     `bun:"client_id"`
	Kinds      []string   `bun:"kinds,array"` // still to be walked over, the present one first
	Phase      string     `bun:"phase"`
	Fence      []string   `bun:"fence,array"`
	Fenced     bool       `bun:"fenced"` // the fence has been noted, even if it is empty
	Again      bool       `bun:"again"`
	Cursor     string     `bun:"cursor"`
	Total      int        `bun:"total"`
	Listed     int        `bun:"listed"`
	StartedAt  time.Time  `bun:"started_at"`
	PhaseAt    time.Time  `bun:"phase_at"`
	FinishedAt *time.Time `bun:"finished_at"`
	Cancelled  bool       `bun:"cancelled"`

	Reason string         `bun:"reason"`
	Parts  []string       `bun:"parts,array"`
	Walked map[string]int `bun:"walked,type:jsonb"` // keys listed, by kind that is behind it
	KindAt time.Time      `bun:"kind_at"`           // when the present kind was begun
}

const runColumns = `id::text, client_id::text, kinds, phase, fence, fence is not null as fenced, again, cursor, total, listed,
	started_at, phase_at, finished_at, cancelled, reason, parts, walked, coalesce(kind_at, started_at) as kind_at`

// begin starts a run of the tenant over the errand's kinds, in their order,
// within tx; started is false, and nothing is changed, while one is active.
func (r *Runs) begin(ctx context.Context, tx bun.IConn, clientID string, e errand, now time.Time) (started bool, err error) {
	if len(e.kinds) == 0 {
		return false, nil
	}
	res, err := r.db.NewRaw(`insert into ? (client_id, kind, kinds, phase, started_at, phase_at, kind_at, reason, parts) values (?, ?, ?, ?, ?, ?, ?, ?, ?)
		on conflict (client_id) where finished_at is null do nothing`,
		r.Run(), clientID, e.kinds[0], pgdialect.Array(e.kinds), phaseWaiting, now, now, now, e.reason, pgdialect.Array(append([]string{}, e.parts...))).Conn(tx).Exec(ctx)
	if err != nil {
		return false, fmt.Errorf("crmsync: start run: %w", err)
	}
	n, err := res.RowsAffected()
	if err != nil {
		return false, fmt.Errorf("crmsync: start run: %w", err)
	}
	if n == 0 {
		return false, nil
	}
	return true, r.prune(ctx, tx, clientID)
}

// runsKept is how many ended runs of a tenant are remembered, the newest ones.
const runsKept = 20

// prune drops the tenant's older runs within tx, some more than one at a time:
// it catches up with what was there before.
func (r *Runs) prune(ctx context.Context, tx bun.IConn, clientID string) error {
	_, err := r.db.NewRaw(`delete from ?0 where id in (select id from ?0 where client_id = ?1 and finished_at is not null order by started_at desc offset ?2 limit ?2)`,
		r.Run(), clientID, runsKept).Conn(tx).Exec(ctx)
	if err != nil {
		return fmt.Errorf("crmsync: drop old runs: %w", err)
	}
	return nil
}

// restart starts a run that looks at everything of the errand's kinds from now
// on: one that is active has some of it behind it already, so it is cancelled,
// and what it had still to do is done by the new one.
func (r *Runs) restart(ctx context.Context, tx bun.IConn, clientID string, e errand, now time.Time) error {
	var rest struct {
		Kinds  []string `bun:"kinds,array"`
		Reason string   `bun:"reason"`
		Parts  []string `bun:"parts,array"`
	}
	err := r.db.NewRaw(`select kinds, reason, parts from ? where client_id = ? and finished_at is null`, r.Run(), clientID).Conn(tx).Scan(ctx, &rest)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return fmt.Errorf("crmsync: load run: %w", err)
	}
	if err := r.cancel(ctx, tx, clientID, now); err != nil {
		return err
	}
	_, err = r.begin(ctx, tx, clientID, e.joined(errand{rest.Kinds, rest.Reason, rest.Parts}), now)
	return err
}

// include has kind walked over within tx: by a run of its own, or at the end of
// the active one, again if that one walks over it now.
func (r *Runs) include(ctx context.Context, tx bun.IConn, clientID, kind string, now time.Time) error {
	started, err := r.begin(ctx, tx, clientID, errand{kinds: []string{kind}, reason: runLists}, now)
	if err != nil || started {
		return err
	}
	res, err := r.db.NewRaw(`update ? set kinds = kinds || ?::text where client_id = ? and finished_at is null and not ? = any(kinds[2:])`,
		r.Run(), kind, clientID, kind).Conn(tx).Exec(ctx)
	if err != nil {
		return fmt.Errorf("crmsync: add to run: %w", err)
	}
	if n, err := res.RowsAffected(); err != nil || n > 0 {
		return err
	}
	// It is queued already, or the run has ended just now.
	_, err = r.begin(ctx, tx, clientID, errand{kinds: []string{kind}, reason: runLists}, now)
	return err
}

// cancel ends the tenant's active run, if there is one, within tx.
func (r *Runs) cancel(ctx context.Context, tx bun.IConn, clientID string, now time.Time) error {
	_, err := r.db.NewRaw(`update ? set phase = ?, finished_at = ?, cancelled = true where client_id = ? and finished_at is null`,
		r.Run(), phaseDone, now, clientID).Conn(tx).Exec(ctx)
	if err != nil {
		return fmt.Errorf("crmsync: cancel run: %w", err)
	}
	return nil
}

// active lists the tenants that have a run to go on with.
func (r *Runs) active(ctx context.Context) ([]string, error) {
	var ids []string
	err := r.db.NewRaw(`select client_id::text from ? where finished_at is null order by started_at limit 1000`, r.Run()).Scan(ctx, &ids)
	if err != nil {
		return nil, fmt.Errorf("crmsync: list runs: %w", err)
	}
	return ids, nil
}

// take locks the tenant's active run for tx; found is false if there is none
// or another replica works on it.
func (r *Runs) take(ctx context.Context, tx bun.Tx, clientID string) (row runRow, found bool, err error) {
	err = tx.NewRaw(`select `+runColumns+` from ? where client_id = ? and finished_at is null for update skip locked`,
		r.Run(), clientID).Scan(ctx, &row)
	if errors.Is(err, sql.ErrNoRows) {
		return runRow{}, false, nil
	}
	if err != nil {
		return runRow{}, false, fmt.Errorf("crmsync: take run: %w", err)
	}
	return row, true, nil
}

// store writes a run's state back within tx.
func (r *Runs) store(ctx context.Context, tx bun.Tx, row runRow) error {
	var fence any
	if row.Fenced {
		if row.Fence == nil {
			row.Fence = []string{}
		}
		fence = pgdialect.Array(row.Fence)
	}
	walked, err := json.Marshal(row.Walked)
	if err != nil {
		return fmt.Errorf("crmsync: store run: %w", err)
	}
	_, err = tx.NewRaw(`update ? set kind = coalesce(?, kind), kinds = ?, phase = ?, fence = ?, again = ?, cursor = ?, total = ?, listed = ?, phase_at = ?, finished_at = ?,
		walked = coalesce(nullif(?::jsonb, 'null'), '{}'), kind_at = ? where id = ?`,
		r.Run(), row.kind(), pgdialect.Array(row.Kinds), row.Phase, fence, row.Again, row.Cursor, row.Total, row.Listed, row.PhaseAt, row.FinishedAt,
		string(walked), row.KindAt, row.ID).Exec(ctx)
	if err != nil {
		return fmt.Errorf("crmsync: store run: %w", err)
	}
	return nil
}

// last returns the tenant's newest run.
func (r *Runs) last(ctx context.Context, db bun.IConn, clientID string) (row runRow, found bool, err error) {
	err = r.db.NewRaw(`select `+runColumns+` from ? where client_id = ? order by started_at desc limit 1`, r.Run(), clientID).Conn(db).Scan(ctx, &row)
	if errors.Is(err, sql.ErrNoRows) {
		return runRow{}, false, nil
	}
	if err != nil {
		return runRow{}, false, fmt.Errorf("crmsync: load run: %w", err)
	}
	return row, true, nil
}

// kind is the kind that the run walks over now, nil once it is done.
func (r runRow) kind() any {
	if len(r.Kinds) == 0 {
		return nil
	}
	return r.Kinds[0]
}

// lists is the kind of the host's keys that the run walks over now.
func (r runRow) lists() integration.Kind {
	if len(r.Kinds) == 0 {
		return ""
	}
	return carriers()[r.Kinds[0]].lists
}

// behind notes that all keys of the present kind have been looked at.
func (r *runRow) behind() {
	if r.Walked == nil {
		r.Walked = map[string]int{}
	}
	r.Walked[r.Kinds[0]] = r.Listed
}
