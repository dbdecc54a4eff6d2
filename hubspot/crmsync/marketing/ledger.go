package marketing

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/uptrace/bun"
	"github.com/uptrace/bun/dialect/pgdialect"

	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/attendance"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/kinds"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/ledger"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/verdict"
	"github.com/memberpulse/hubspotplugin/integration"
)

// marketingLedger is the store of what a portal was told of the tenant's events
// and of who takes part in them.
type marketingLedger struct {
	db *bun.DB
	ledger.Tables
}

// Begin notes since when events are sent, within tx.
func (l *marketingLedger) Begin(ctx context.Context, tx bun.IConn, at ledger.Place, now time.Time) error {
	_, err := l.db.NewRaw(`insert into ? (client_id, portal_id, since) values (?, ?, ?)
		on conflict (client_id, portal_id) do update set since = excluded.since`,
		l.Marketing(), at.ClientID, at.PortalID, now).Conn(tx).Exec(ctx)
	if err != nil {
		return fmt.Errorf("crmsync: begin marketing events: %w", err)
	}
	return nil
}

// Since returns from when on events are sent; the zero time if it was never
// noted.
func (l *marketingLedger) Since(ctx context.Context, db bun.IDB, at ledger.Place) (time.Time, error) {
	var since time.Time
	err := db.NewRaw(`select since from ? where client_id = ? and portal_id = ?`, l.Marketing(), at.ClientID, at.PortalID).Scan(ctx, &since)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return time.Time{}, fmt.Errorf("crmsync: since when marketing events are sent: %w", err)
	}
	return since, nil
}

// eventRow is what is stored of one event. The zero row: nothing was tried.
type eventRow struct {
	Key         string `bun:"key,type:uuid"`
	Sent        bool   `bun:"sent"`
	HubSpotID   string `bun:"hubspot_id"`
	Fingerprint []byte `bun:"fingerprint"`
}

// events returns the rows of keys, by key.
func (l *marketingLedger) events(ctx context.Context, db bun.IDB, at ledger.Place, keys []string) (map[string]eventRow, error) {
	if len(keys) == 0 {
		return nil, nil
	}
	var rows []eventRow
	err := db.NewRaw(`select key::text, sent, hubspot_id, fingerprint from ? where client_id = ? and portal_id = ? and key in (?)`,
		l.MarketingEvent(), at.ClientID, at.PortalID, bun.List(keys)).Scan(ctx, &rows)
	if err != nil {
		return nil, fmt.Errorf("crmsync: load marketing events: %w", err)
	}
	out := make(map[string]eventRow, len(rows))
	for _, r := range rows {
		out[r.Key] = r
	}
	return out, nil
}

// saveEvents writes rows as they are. Only one batch at a time has a key.
func (l *marketingLedger) saveEvents(ctx context.Context, db bun.IDB, at ledger.Place, rows []eventRow, now time.Time) error {
	if len(rows) == 0 {
		return nil
	}
	type stored struct {
		bun.BaseModel `bun:"table:marketing_events"`

		ClientID string `bun:"client_id,type:uuid"`
		PortalID int64  `bun:"portal_id"`
		eventRow
		TouchedAt time.Time `bun:"touched_at"`
	}
	all := make([]stored, len(rows))
	for i, r := range rows {
		all[i] = stored{ClientID: at.ClientID, PortalID: at.PortalID, eventRow: r, TouchedAt: now}
	}
	_, err := db.NewInsert().Model(&all).ModelTableExpr("?", l.MarketingEvent()).
		On("conflict (client_id, portal_id, key) do update").
		Set("sent = excluded.sent, hubspot_id = excluded.hubspot_id, fingerprint = excluded.fingerprint, touched_at = excluded.touched_at").
		Exec(ctx)
	if err != nil {
		return fmt.Errorf("crmsync: save marketing events: %w", err)
	}
	return nil
}

// Between lists, in order, the keys behind after and up to upTo ("" = without
// that end) of events that HubSpot may have, confirmed or not, and of which no
// sync record says yet that the host has them no more.
func (l *marketingLedger) Between(ctx context.Context, tx bun.Tx, at ledger.Place, after, upTo string) ([]string, error) {
	var keys []string
	err := tx.NewRaw(`select key::text from (
			select key from ? where client_id = ? and portal_id = ?
				and (? = '' or key > nullif(?, '')::uuid) and (? = '' or key <= nullif(?, '')::uuid)
			except select entity_id from ? where client_id = ? and portal_id = ? and entity_type = ? and gone
				and (? = '' or entity_id > nullif(?, '')::uuid) and (? = '' or entity_id <= nullif(?, '')::uuid)
		) e order by key`,
		l.MarketingEvent(), at.ClientID, at.PortalID, after, after, upTo, upTo,
		l.Record(), at.ClientID, at.PortalID, kinds.EntityEvent, after, after, upTo, upTo).Scan(ctx, &keys)
	if err != nil {
		return nil, fmt.Errorf("crmsync: list marketing events: %w", err)
	}
	return keys, nil
}

// Attendance returns what is stored of members, by member and event.
func (l *marketingLedger) Attendance(ctx context.Context, db bun.IDB, at ledger.Place, members []string) (map[string]map[string]attendance.Row, error) {
	if len(members) == 0 {
		return nil, nil
	}
	var rows []attendance.Row
	err := db.NewRaw(`select member_id::text, event_id::text, state, at, contact_id, epoch from ?
		where client_id = ? and portal_id = ? and member_id in (?)`,
		l.Attended(), at.ClientID, at.PortalID, bun.List(members)).Scan(ctx, &rows)
	if err != nil {
		return nil, fmt.Errorf("crmsync: load attendance: %w", err)
	}
	out := map[string]map[string]attendance.Row{}
	for _, r := range rows {
		if out[r.MemberID] == nil {
			out[r.MemberID] = map[string]attendance.Row{}
		}
		out[r.MemberID][r.EventID] = r
	}
	return out, nil
}

// saveAttendance writes rows as they are.
func (l *marketingLedger) saveAttendance(ctx context.Context, db bun.IDB, at ledger.Place, rows []attendance.Row) error {
	if len(rows) == 0 {
		return nil
	}
	type stored struct {
		bun.BaseModel `bun:"table:attendance"`

		ClientID string `bun:"client_id,type:uuid"`
		PortalID int64  `bun:"portal_id"`
		attendance.Row
	}
	all := make([]stored, len(rows))
	for i, r := range rows {
		all[i] = stored{ClientID: at.ClientID, PortalID: at.PortalID, Row: r}
	}
	_, err := db.NewInsert().Model(&all).ModelTableExpr("?", l.Attended()).
		On("conflict (client_id, portal_id, member_id, event_id) do update").
		Set("state = excluded.state, at = excluded.at, contact_id = excluded.contact_id, epoch = excluded.epoch").Exec(ctx)
	if err != nil {
		return fmt.Errorf("crmsync: save attendance: %w", err)
	}
	return nil
}

// dropAttendance forgets what was never told, within tx.
func (l *marketingLedger) dropAttendance(ctx context.Context, tx bun.Tx, at ledger.Place, rows []attendance.Row) error {
	if len(rows) == 0 {
		return nil
	}
	members, events := make([]string, len(rows)), make([]string, len(rows))
	for i, r := range rows {
		members[i], events[i] = r.MemberID, r.EventID
	}
	_, err := tx.NewRaw(`delete from ? where client_id = ? and portal_id = ? and (member_id, event_id) in (select * from unnest(?::uuid[], ?::uuid[]))`,
		l.Attended(), at.ClientID, at.PortalID, pgdialect.Array(members), pgdialect.Array(events)).Exec(ctx)
	if err != nil {
		return fmt.Errorf("crmsync: drop attendance: %w", err)
	}
	return nil
}

// lose notes, within tx, that HubSpot does not have events any more: they are
// made again, and everybody there is told again.
func (l *marketingLedger) lose(ctx context.Context, tx bun.Tx, at ledger.Place, events []string) error {
	if len(events) == 0 {
		return nil
	}
	_, err := tx.NewRaw(`update ? set sent = false, fingerprint = null where client_id = ? and portal_id = ? and key = any(?)`,
		l.MarketingEvent(), at.ClientID, at.PortalID, pgdialect.Array(events)).Exec(ctx)
	if err == nil {
		_, err = tx.NewRaw(`update ? set epoch = 0 where client_id = ? and portal_id = ? and event_id = any(?)`,
			l.Attended(), at.ClientID, at.PortalID, pgdialect.Array(events)).Exec(ctx)
	}
	if err != nil {
		return fmt.Errorf("crmsync: lose marketing events: %w", err)
	}
	return nil
}

// untold lists the members of whom HubSpot has not confirmed what they do at
// one of the events. Events that are the same records as before do not count for
// members whose contact or event HubSpot did not find time and again: a person
// looks into that, and whoever is tried still would have them tried, too.
func (l *marketingLedger) untold(ctx context.Context, tx bun.Tx, at ledger.Place, events, same []string) ([]string, error) {
	var keys []string
	err := tx.NewRaw(`select distinct a.member_id::text from ? a where a.client_id = ? and a.portal_id = ? and a.event_id = any(?) and a.epoch = 0
			and not (a.event_id = any(?) and exists (select from ? r where r.client_id = a.client_id and r.portal_id = a.portal_id
				and r.entity_type = ? and r.entity_id = a.member_id and r.sync_status = ? and r.code = ?))
		order by 1`,
		l.Attended(), at.ClientID, at.PortalID, pgdialect.Array(events), pgdialect.Array(append([]string{}, same...)),
		l.Record(), kinds.EntityAttendance, integration.SyncFailed, verdict.InvalidPair).Scan(ctx, &keys)
	if err != nil {
		return nil, fmt.Errorf("crmsync: list an event's members: %w", err)
	}
	return keys, nil
}

// Forget makes the next delivery of keys tell everything again, within tx.
func (l *marketingLedger) Forget(ctx context.Context, tx bun.Tx, at ledger.Place, kind string, keys []string) error {
	var err error
	switch kind {
	case kinds.Event:
		_, err = tx.NewRaw(`update ? set fingerprint = null where client_id = ? and portal_id = ? and key = any(?)`,
			l.MarketingEvent(), at.ClientID, at.PortalID, pgdialect.Array(keys)).Exec(ctx)
	case kinds.Attendance:
		_, err = tx.NewRaw(`update ? set epoch = 0 where client_id = ? and portal_id = ? and member_id = any(?)`,
			l.Attended(), at.ClientID, at.PortalID, pgdialect.Array(keys)).Exec(ctx)
	}
	if err != nil {
		return fmt.Errorf("crmsync: forget marketing events: %w", err)
	}
	return nil
}
