package ledger

import (
	"context"
	"fmt"
	"time"

	"github.com/uptrace/bun"
	"github.com/uptrace/bun/dialect/pgdialect"

	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/kinds"
)

// Links is the store of identity links: which HubSpot record is which entity,
// for one portal. Links survive a disconnection; they mean nothing in another
// portal.
type Links struct {
	db *bun.DB
	Tables
}

// NewLinks returns the store over the tables in schema.
func NewLinks(db *bun.DB, schema string) *Links { return &Links{db: db, Tables: Tables{schema}} }

// Link is one identity link.
type Link struct {
	Key         string
	HubSpotID   string
	CreatedHere bool
	Lost        bool     // HubSpot no longer has the record
	Archived    bool     // we archive it, or have
	Fingerprint []byte   // of what was last settled; nil = not known
	Sent        []string // properties that we filled
}

// Live is the record to write to, "" = there is none.
func (l Link) Live() string {
	if l.Lost || l.Archived {
		return ""
	}
	return l.HubSpotID
}

// Place is where links belong.
type Place struct {
	ClientID string
	PortalID int64
}

// The routes of a batch: linked and unlinked keys take different calls.
const (
	routeLinked   = "linked"
	routeUnlinked = "unlinked"
)

// Route labels keys as linked or not, for the outbox. It reads the links of
// the portal that the tenant is connected to now.
func (l *Links) Route(ctx context.Context, tenant, kind string, keys []string) ([]string, error) {
	if kind != kinds.Member && kind != kinds.Organization {
		return make([]string, len(keys)), nil
	}
	var found []string
	err := l.db.NewRaw(`select l.key::text from ? l join ? c on c.client_id = l.client_id and c.portal_id = l.portal_id
		where l.client_id = ? and l.kind = ? and l.key in (?)`,
		l.Link(), l.Connection(), tenant, kind, bun.List(keys)).Scan(ctx, &found)
	if err != nil {
		return nil, fmt.Errorf("crmsync: route: %w", err)
	}
	linked := make(map[string]bool, len(found))
	for _, k := range found {
		linked[k] = true
	}
	labels := make([]string, len(keys))
	for i, k := range keys {
		labels[i] = routeUnlinked
		if linked[k] {
			labels[i] = routeLinked
		}
	}
	return labels, nil
}

type linkRow struct {
	Key         string    `bun:"key"`
	HubSpotID   string    `bun:"hubspot_id"`
	CreatedHere bool      `bun:"created_here"`
	Lost        bool      `bun:"lost"`
	Archived    bool      `bun:"archived"`
	Fingerprint []byte    `bun:"fingerprint"`
	Sent        []string  `bun:"sent,array"`
	LinkedAt    time.Time `bun:"linked_at"`
}

// Load returns the links of keys, by key.
func (l *Links) Load(ctx context.Context, at Place, kind string, keys []string) (map[string]Link, error) {
	return l.LoadIn(ctx, l.db, at, kind, keys)
}

// LoadIn is Load within a transaction.
func (l *Links) LoadIn(ctx context.Context, db bun.IDB, at Place, kind string, keys []string) (map[string]Link, error) {
	if len(keys) == 0 {
		return nil, nil
	}
	var rows []linkRow
	err := db.NewRaw(`select key::text, hubspot_id, created_here, lost, archived, fingerprint, sent from ?
		where client_id = ? and portal_id = ? and kind = ? and key in (?)`,
		l.Link(), at.ClientID, at.PortalID, kind, bun.List(keys)).Scan(ctx, &rows)
	if err != nil {
		return nil, fmt.Errorf("crmsync: load links: %w", err)
	}
	out := make(map[string]Link, len(rows))
	for _, r := range rows {
		out[r.Key] = Link{r.Key, r.HubSpotID, r.CreatedHere, r.Lost, r.Archived, r.Fingerprint, r.Sent}
	}
	return out, nil
}

// Owners returns which key each HubSpot id is linked to; ids without a link
// are left out.
func (l *Links) Owners(ctx context.Context, at Place, kind string, ids []string) (map[string]string, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	var rows []struct {
		Key       string `bun:"key"`
		HubSpotID string `bun:"hubspot_id"`
	}
	err := l.db.NewRaw(`select key::text, hubspot_id from ? where client_id = ? and portal_id = ? and kind = ? and hubspot_id in (?)`,
		l.Link(), at.ClientID, at.PortalID, kind, bun.List(ids)).Scan(ctx, &rows)
	if err != nil {
		return nil, fmt.Errorf("crmsync: load link owners: %w", err)
	}
	out := make(map[string]string, len(rows))
	for _, r := range rows {
		out[r.HubSpotID] = r.Key
	}
	return out, nil
}

// Save writes links within Settle's transaction. Those whose fingerprint was
// known when they were loaded may have lost it to another settlement since,
// which found that it had written to their record: then it stays forgotten.
func (l *Links) Save(ctx context.Context, tx bun.Tx, at Place, kind string, links []Link, known bool, now time.Time) error {
	if len(links) == 0 {
		return nil
	}
	type row struct {
		bun.BaseModel `bun:"table:links"`

		ClientID    string    `bun:"client_id,type:uuid"`
		PortalID    int64     `bun:"portal_id"`
		Kind        string    `bun:"kind"`
		Key         string    `bun:"key,type:uuid"`
		HubSpotID   string    `bun:"hubspot_id"`
		CreatedHere bool      `bun:"created_here"`
		Lost        bool      `bun:"lost"`
		Archived    bool      `bun:"archived"`
		Fingerprint []byte    `bun:"fingerprint"`
		Sent        []string  `bun:"sent,array"`
		LinkedAt    time.Time `bun:"linked_at"`
	}
	rows := make([]row, len(links))
	for i, k := range links {
		sent := k.Sent
		if sent == nil {
			sent = []string{}
		}
		rows[i] = row{ClientID: at.ClientID, PortalID: at.PortalID, Kind: kind, Key: k.Key, HubSpotID: k.HubSpotID,
			CreatedHere: k.CreatedHere, Lost: k.Lost, Archived: k.Archived, Fingerprint: k.Fingerprint, Sent: sent, LinkedAt: now}
	}
	written := `fingerprint = excluded.fingerprint, sent = excluded.sent`
	if known {
		written = `fingerprint = case when l.fingerprint is not null then excluded.fingerprint end,
			sent = case when l.fingerprint is not null then excluded.sent else
				(select coalesce(array_agg(distinct x order by x), '{}') from unnest(l.sent || excluded.sent) x) end`
	}
	_, err := tx.NewInsert().Model(&rows).ModelTableExpr("? as l", l.Link()).
		On("conflict (client_id, portal_id, kind, key) do update").
		Set("hubspot_id = excluded.hubspot_id, created_here = excluded.created_here, lost = excluded.lost, archived = excluded.archived, " + written).
		Exec(ctx)
	if err != nil {
		return fmt.Errorf("crmsync: save links: %w", err)
	}
	return nil
}

// ForgetFingerprints makes the next write of keys happen even if nothing
// changed, within tx.
func (l *Links) ForgetFingerprints(ctx context.Context, tx bun.Tx, at Place, kind string, keys []string) error {
	if len(keys) == 0 {
		return nil
	}
	_, err := tx.NewRaw(`update ? set fingerprint = null where client_id = ? and portal_id = ? and kind = ? and key = any(?) and fingerprint is not null`,
		l.Link(), at.ClientID, at.PortalID, kind, pgdialect.Array(keys)).Exec(ctx)
	if err != nil {
		return fmt.Errorf("crmsync: forget fingerprints: %w", err)
	}
	return nil
}

// Drop forgets the links of keys whose record is another one's now, within tx.
func (l *Links) Drop(ctx context.Context, tx bun.Tx, at Place, kind string, keys []string) error {
	if len(keys) == 0 {
		return nil
	}
	_, err := tx.NewRaw(`delete from ? where client_id = ? and portal_id = ? and kind = ? and key in (?)`,
		l.Link(), at.ClientID, at.PortalID, kind, bun.List(keys)).Exec(ctx)
	if err != nil {
		return fmt.Errorf("crmsync: drop links: %w", err)
	}
	return nil
}

// Between lists, in order, the keys behind after and up to upTo ("" = without
// that end) whose record HubSpot has, as far as we know, and of which no sync
// record says yet that the host has them no more.
func (l *Links) Between(ctx context.Context, tx bun.Tx, at Place, kind, entity, after, upTo string) ([]string, error) {
	var keys []string
	// Not a join: freshly filled tables without statistics would make it cost the square.
	err := tx.NewRaw(`select key::text from (
			select key from ? where client_id = ? and portal_id = ? and kind = ? and not lost and not archived
				and (? = '' or key > nullif(?, '')::uuid) and (? = '' or key <= nullif(?, '')::uuid)
			except select entity_id from ? where client_id = ? and portal_id = ? and entity_type = ? and gone
				and (? = '' or entity_id > nullif(?, '')::uuid) and (? = '' or entity_id <= nullif(?, '')::uuid)
		) l order by key`,
		l.Link(), at.ClientID, at.PortalID, kind, after, after, upTo, upTo,
		l.Record(), at.ClientID, at.PortalID, entity, after, after, upTo, upTo).Scan(ctx, &keys)
	if err != nil {
		return nil, fmt.Errorf("crmsync: list links: %w", err)
	}
	return keys, nil
}
