package notes

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/uptrace/bun"
	"github.com/uptrace/bun/dialect/pgdialect"

	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/kinds"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/ledger"
)

// noteLedger is the store of which notes HubSpot has, for one portal. It is
// what makes a note exactly one: a row is there before a note can be, and says
// how far it got.
type noteLedger struct {
	db *bun.DB
	ledger.Tables
}

// The states of a note.
const (
	noteKeyed   = "keyed"   // being made by its key: repeating that is safe
	noteUnkeyed = "unkeyed" // being made without a key: it must be looked for first
	noteWritten = "written" // there, and not yet where it belongs
	noteSettled = "settled"
	noteNone    = "none" // not there, and made when its member gets a contact
)

// noteRow is what is known of a note. The zero row: nothing was ever tried.
type noteRow struct {
	Key         string    `bun:"key,type:uuid"`
	MemberID    *string   `bun:"member_id,type:uuid"`
	State       string    `bun:"state"`
	NoteID      string    `bun:"note_id"`
	ContactIDs  []string  `bun:"contact_ids,array"`
	CompanyIDs  []string  `bun:"company_ids,array"`
	Fingerprint []byte    `bun:"fingerprint"`
	Lost        bool      `bun:"lost"`
	TouchedAt   time.Time `bun:"touched_at"`
}

// load returns the rows of keys, by key.
func (l *noteLedger) load(ctx context.Context, at ledger.Place, kind string, keys []string) (map[string]noteRow, error) {
	var rows []noteRow
	err := l.db.NewRaw(`select key::text, member_id::text, state, note_id, contact_ids, company_ids, fingerprint, lost, touched_at from ?
		where client_id = ? and portal_id = ? and kind = ? and key in (?)`,
		l.Note(), at.ClientID, at.PortalID, kind, bun.List(keys)).Scan(ctx, &rows)
	if err != nil {
		return nil, fmt.Errorf("crmsync: load notes: %w", err)
	}
	out := make(map[string]noteRow, len(rows))
	for _, r := range rows {
		out[r.Key] = r
	}
	return out, nil
}

// save writes rows as they are, whatever was there. Only one batch at a time
// has a key.
func (l *noteLedger) save(ctx context.Context, db bun.IDB, at ledger.Place, kind string, rows []noteRow, now time.Time) error {
	if len(rows) == 0 {
		return nil
	}
	type stored struct {
		bun.BaseModel `bun:"table:notes"`

		ClientID string `bun:"client_id,type:uuid"`
		PortalID int64  `bun:"portal_id"`
		Kind     string `bun:"kind"`
		noteRow
	}
	all := make([]stored, len(rows))
	for i, r := range rows {
		r.TouchedAt = now
		if r.ContactIDs == nil {
			r.ContactIDs = []string{}
		}
		if r.CompanyIDs == nil {
			r.CompanyIDs = []string{}
		}
		all[i] = stored{ClientID: at.ClientID, PortalID: at.PortalID, Kind: kind, noteRow: r}
	}
	_, err := db.NewInsert().Model(&all).ModelTableExpr("?", l.Note()).
		On("conflict (client_id, portal_id, kind, key) do update").
		Set(`member_id = excluded.member_id, state = excluded.state, note_id = excluded.note_id, contact_ids = excluded.contact_ids,
			company_ids = excluded.company_ids, fingerprint = excluded.fingerprint, lost = excluded.lost, touched_at = excluded.touched_at`).
		Exec(ctx)
	if err != nil {
		return fmt.Errorf("crmsync: save notes: %w", err)
	}
	return nil
}

// drop forgets notes that HubSpot is known not to have, within tx.
func (l *noteLedger) drop(ctx context.Context, tx bun.Tx, at ledger.Place, kind string, keys []string) error {
	if len(keys) == 0 {
		return nil
	}
	_, err := tx.NewRaw(`delete from ? where client_id = ? and portal_id = ? and kind = ? and key in (?)`,
		l.Note(), at.ClientID, at.PortalID, kind, bun.List(keys)).Exec(ctx)
	if err != nil {
		return fmt.Errorf("crmsync: drop notes: %w", err)
	}
	return nil
}

// Forget makes the next write of tickets happen even if nothing changed, within
// tx.
func (l *noteLedger) Forget(ctx context.Context, tx bun.Tx, at ledger.Place, kind string, keys []string) error {
	_, err := tx.NewRaw(`update ? set fingerprint = null where client_id = ? and portal_id = ? and kind = ? and key = any(?) and fingerprint is not null`,
		l.Note(), at.ClientID, at.PortalID, kind, pgdialect.Array(keys)).Exec(ctx)
	if err != nil {
		return fmt.Errorf("crmsync: forget notes: %w", err)
	}
	return nil
}

// unplacedRow is a ticket whose note is not on its member's contact.
type unplacedRow struct {
	Key      string `bun:"key"`
	MemberID string `bun:"member_id"`
}

// unplaced lists the tickets of members whose notes are not on the members'
// contacts, within tx. contacts are record ids, by member.
func (l *noteLedger) unplaced(ctx context.Context, tx bun.Tx, at ledger.Place, contacts map[string]string) ([]unplacedRow, error) {
	if len(contacts) == 0 {
		return nil, nil
	}
	members := slices.Sorted(maps.Keys(contacts))
	ids := make([]string, len(members))
	for i, m := range members {
		ids[i] = contacts[m]
	}
	var rows []unplacedRow
	err := tx.NewRaw(`select n.key::text, n.member_id::text from ? n join unnest(?::uuid[], ?::text[]) as v (member, contact) on n.member_id = v.member
		where n.client_id = ? and n.portal_id = ? and n.kind = ? and not n.lost and not (n.contact_ids @> array[v.contact]) order by n.key`,
		l.Note(), pgdialect.Array(members), pgdialect.Array(ids), at.ClientID, at.PortalID, kinds.Ticket).Scan(ctx, &rows)
	if err != nil {
		return nil, fmt.Errorf("crmsync: list tickets without a place: %w", err)
	}
	return rows, nil
}
