package crmsync

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/uptrace/bun"
	"github.com/uptrace/bun/dialect/pgdialect"

	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/ledger"
)

// tagLedger is the store of which tags HubSpot has of whom, for one portal.
type tagLedger struct {
	db *bun.DB
	ledger.Tables
}

type tagLedgerRow struct {
	bun.BaseModel `bun:"table:tags"`

	ClientID  string     `bun:"client_id,type:uuid"`
	PortalID  int64      `bun:"portal_id"`
	MemberID  string     `bun:"member_id,type:uuid"`
	Tag       string     `bun:"tag"`
	Sent      bool       `bun:"sent"`
	Maybe     bool       `bun:"maybe"`
	Held      string     `bun:"held"`
	Since     *time.Time `bun:"since"`
	LastAt    *time.Time `bun:"last_at"`
	Cause     string     `bun:"cause"`
	ByHand    bool       `bun:"by_hand"`
	ChangedAt *time.Time `bun:"changed_at"`
	ListID    string     `bun:"list_id"`
}

func (r tagLedgerRow) row() tagRow {
	return tagRow{Tag: r.Tag, Sent: r.Sent, Maybe: r.Maybe, Held: r.Held, Since: timeOf(r.Since), LastAt: timeOf(r.LastAt),
		Cause: r.Cause, ByHand: r.ByHand, ChangedAt: timeOf(r.ChangedAt), ListID: r.ListID}
}

func timeOf(t *time.Time) time.Time {
	if t == nil {
		return time.Time{}
	}
	return t.UTC()
}

func pointerTo(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

// load returns the rows of members, by member and tag.
func (l *tagLedger) load(ctx context.Context, db bun.IConn, at ledger.Place, members []string) (map[string]map[string]tagRow, error) {
	var rows []tagLedgerRow
	err := l.db.NewRaw(`select member_id::text, tag, sent, maybe, held, since, last_at, cause, by_hand, changed_at, list_id
		from ? where client_id = ? and portal_id = ? and member_id in (?)`,
		l.Tag(), at.ClientID, at.PortalID, bun.List(members)).Conn(db).Scan(ctx, &rows)
	if err != nil {
		return nil, fmt.Errorf("crmsync: load tags: %w", err)
	}
	out := map[string]map[string]tagRow{}
	for _, r := range rows {
		if out[r.MemberID] == nil {
			out[r.MemberID] = map[string]tagRow{}
		}
		out[r.MemberID][r.Tag] = r.row()
	}
	return out, nil
}

// save writes rows by member, within Settle's transaction. The list that a
// contact is in is the lists' own to say.
func (l *tagLedger) save(ctx context.Context, tx bun.Tx, at ledger.Place, by map[string][]tagRow) error {
	var rows []tagLedgerRow
	for member, list := range by {
		for _, r := range list {
			rows = append(rows, tagLedgerRow{ClientID: at.ClientID, PortalID: at.PortalID, MemberID: member, Tag: r.Tag, Sent: r.Sent, Maybe: r.Maybe,
				Held: r.Held, Since: pointerTo(r.Since), LastAt: pointerTo(r.LastAt), Cause: r.Cause, ByHand: r.ByHand, ChangedAt: pointerTo(r.ChangedAt)})
		}
	}
	if len(rows) == 0 {
		return nil
	}
	slices.SortFunc(rows, func(a, b tagLedgerRow) int { // one order of locks
		if a.MemberID != b.MemberID {
			if a.MemberID < b.MemberID {
				return -1
			}
			return 1
		}
		if a.Tag < b.Tag {
			return -1
		}
		return 1
	})
	_, err := tx.NewInsert().Model(&rows).ModelTableExpr("? as t", l.Tag()).ExcludeColumn("list_id").
		On("conflict (client_id, portal_id, member_id, tag) do update").
		Set(`sent = excluded.sent, maybe = excluded.maybe, held = excluded.held, since = excluded.since, last_at = excluded.last_at,
			cause = excluded.cause, by_hand = excluded.by_hand, changed_at = excluded.changed_at`).Exec(ctx)
	if err != nil {
		return fmt.Errorf("crmsync: save tags: %w", err)
	}
	return nil
}

// announce notes, before a call, the tags that it adds to properties of the
// customer's: if its result is never stored, they are taken out all the same
// once they end.
func (l *tagLedger) announce(ctx context.Context, at ledger.Place, adds map[string][]string) error {
	var members, tags []string
	for member, list := range adds {
		for _, t := range list {
			members, tags = append(members, member), append(tags, t)
		}
	}
	if len(members) == 0 {
		return nil
	}
	_, err := l.db.NewRaw(`insert into ? as t (client_id, portal_id, member_id, tag, maybe)
		select ?::uuid, ?, v.member, v.tag, true from unnest(?::uuid[], ?::text[]) as v (member, tag) order by 3, 4
		on conflict (client_id, portal_id, member_id, tag) do update set maybe = true`,
		l.Tag(), at.ClientID, at.PortalID, pgdialect.Array(members), pgdialect.Array(tags)).Exec(ctx)
	if err != nil {
		return fmt.Errorf("crmsync: note tags: %w", err)
	}
	return nil
}

// gate returns the tenant's gate; on is left to the settings.
func (l *tagLedger) gate(ctx context.Context, db bun.IConn, at ledger.Place) (tagGate, error) {
	var g tagGate
	err := l.db.NewRaw(`select open, history, gate_at, reason, refill from ? where client_id = ? and portal_id = ?`, l.TagGate(), at.ClientID, at.PortalID).
		Conn(db).Scan(ctx, &g.open, &g.history, &g.at, &g.reason, &g.refill)
	if errors.Is(err, sql.ErrNoRows) {
		return tagGate{}, nil
	}
	if err != nil {
		return tagGate{}, fmt.Errorf("crmsync: load the tags' gate: %w", err)
	}
	return g, nil
}

// The reasons of a closed gate.
const (
	gateFirstSync = "first-sync"
	gateRefill    = "refill"
)

// causeRefill stands in the ledger in place of the cause of a tag that HubSpot
// has lost.
const causeRefill = "refill"

// begin closes the gate of a new connection: everybody is sent in full.
func (l *tagLedger) begin(ctx context.Context, tx bun.IConn, at ledger.Place, now time.Time) error {
	if err := l.shut(ctx, tx, at, gateFirstSync, now); err != nil {
		return err
	}
	_, err := l.db.NewRaw(`update ? set refill = false where client_id = ? and portal_id = ?`, l.TagGate(), at.ClientID, at.PortalID).Conn(tx).Exec(ctx)
	if err != nil {
		return fmt.Errorf("crmsync: close the tags' gate: %w", err)
	}
	return nil
}

// shut closes the gate: what holds before now waits for the admin. A refill
// that waits goes on waiting.
func (l *tagLedger) shut(ctx context.Context, tx bun.IConn, at ledger.Place, reason string, now time.Time) error {
	_, err := l.db.NewRaw(`insert into ? as g (client_id, portal_id, reason, gate_at, refill) values (?, ?, ?, ?, ?)
		on conflict (client_id, portal_id) do update set open = false, history = false, reason = excluded.reason, gate_at = excluded.gate_at, opened_at = null,
			refill = g.refill or excluded.refill`,
		l.TagGate(), at.ClientID, at.PortalID, reason, now, reason == gateRefill).Conn(tx).Exec(ctx)
	if err != nil {
		return fmt.Errorf("crmsync: close the tags' gate: %w", err)
	}
	return nil
}

// refill closes the gate because properties of ours were lost and made again:
// they fill for everybody once the admin confirms. HubSpot has none of the lost
// tags any more, or perhaps it has; those that stand elsewhere are there.
func (l *tagLedger) refill(ctx context.Context, tx bun.IConn, at ledger.Place, lost []string, now time.Time) error {
	if len(lost) > 0 {
		if err := l.shut(ctx, tx, at, gateRefill, now); err != nil {
			return err
		}
		return l.lose(ctx, tx, at, lost)
	}
	_, err := l.db.NewRaw(`insert into ? as g (client_id, portal_id, open, reason, gate_at, refill) values (?, ?, true, ?, ?, true)
		on conflict (client_id, portal_id) do update set refill = true`,
		l.TagGate(), at.ClientID, at.PortalID, gateRefill, now).Conn(tx).Exec(ctx)
	if err != nil {
		return fmt.Errorf("crmsync: note a refill: %w", err)
	}
	return nil
}

// lose notes that HubSpot has tags no more where they belong.
func (l *tagLedger) lose(ctx context.Context, tx bun.IConn, at ledger.Place, lost []string) error {
	_, err := l.db.NewRaw(`update ? set sent = false, maybe = true, held = 'gate', last_at = null, cause = ? where client_id = ? and portal_id = ? and sent and tag in (?)`,
		l.Tag(), causeRefill, at.ClientID, at.PortalID, bun.List(lost)).Conn(tx).Exec(ctx)
	if err != nil {
		return fmt.Errorf("crmsync: note lost tags: %w", err)
	}
	return nil
}

// unlock opens the gate; history lets out what ended before, too.
func (l *tagLedger) unlock(ctx context.Context, tx bun.IConn, at ledger.Place, history bool, now time.Time) error {
	_, err := l.db.NewRaw(`update ? set open = true, refill = false, history = history or ?, opened_at = ? where client_id = ? and portal_id = ?`,
		l.TagGate(), history, now, at.ClientID, at.PortalID).Conn(tx).Exec(ctx)
	if err != nil {
		return fmt.Errorf("crmsync: open the tags' gate: %w", err)
	}
	return nil
}
