package ledger

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/uptrace/bun"
	"github.com/uptrace/bun/dialect/pgdialect"
)

// Widen adds names to the properties that we filled, by key.
func (l *Links) Widen(ctx context.Context, db bun.IDB, at Place, kind string, more map[string][]string) error {
	if len(more) == 0 {
		return nil
	}
	keys, names := columns(more)
	_, err := db.NewRaw(`update ? l set sent = (select array_agg(distinct x order by x) from unnest(l.sent || string_to_array(v.names, ',')) x)
		from unnest(?::uuid[], ?::text[]) as v (key, names)
		where l.client_id = ? and l.portal_id = ? and l.kind = ? and l.key = v.key`,
		l.Link(), pgdialect.Array(keys), pgdialect.Array(names), at.ClientID, at.PortalID, kind).Exec(ctx)
	if err != nil {
		return fmt.Errorf("crmsync: note what is sent: %w", err)
	}
	return nil
}

// UnconfirmedOf returns which of keys HubSpot may have a record of without our
// knowing, and the properties that we may have filled there.
func (l *Links) UnconfirmedOf(ctx context.Context, at Place, kind string, keys []string) (map[string][]string, error) {
	var rows []struct {
		Key   string   `bun:"key"`
		Names []string `bun:"names,array"`
	}
	err := l.db.NewRaw(`select key::text, names from ? where client_id = ? and portal_id = ? and kind = ? and key in (?)`,
		l.Unconfirmed(), at.ClientID, at.PortalID, kind, bun.List(keys)).Scan(ctx, &rows)
	if err != nil {
		return nil, fmt.Errorf("crmsync: load unconfirmed: %w", err)
	}
	out := make(map[string][]string, len(rows))
	for _, r := range rows {
		out[r.Key] = r.Names
	}
	return out, nil
}

// Attempt notes, before calls for keys without a link, what they fill.
func (l *Links) Attempt(ctx context.Context, at Place, kind string, fills map[string][]string) error {
	if len(fills) == 0 {
		return nil
	}
	keys, names := columns(fills)
	_, err := l.db.NewRaw(`insert into ? as u (client_id, portal_id, kind, key, names)
		select ?::uuid, ?, ?, v.key, string_to_array(v.names, ',') from unnest(?::uuid[], ?::text[]) as v (key, names)
		on conflict (client_id, portal_id, kind, key) do update set names =
			(select array_agg(distinct x order by x) from unnest(u.names || excluded.names) x)`,
		l.Unconfirmed(), at.ClientID, at.PortalID, kind, pgdialect.Array(keys), pgdialect.Array(names)).Exec(ctx)
	if err != nil {
		return fmt.Errorf("crmsync: note what is created: %w", err)
	}
	return nil
}

// Confirm forgets what attempt noted, within Settle's transaction.
func (l *Links) Confirm(ctx context.Context, tx bun.Tx, at Place, kind string, keys []string) error {
	if len(keys) == 0 {
		return nil
	}
	_, err := tx.NewRaw(`delete from ? where client_id = ? and portal_id = ? and kind = ? and key in (?)`,
		l.Unconfirmed(), at.ClientID, at.PortalID, kind, bun.List(keys)).Exec(ctx)
	if err != nil {
		return fmt.Errorf("crmsync: confirm: %w", err)
	}
	return nil
}

// columns returns keys in one order, so that statements take locks in one
// order, and each key's names joined by commas.
func columns(by map[string][]string) (keys, names []string) {
	keys = slices.Sorted(maps.Keys(by))
	names = make([]string, len(keys))
	for i, k := range keys {
		names[i] = strings.Join(by[k], ",")
	}
	return keys, names
}

// Mark notes, before the call, that records are archived.
func (l *Links) Mark(ctx context.Context, at Place, kind string, keys []string) error {
	_, err := l.db.NewRaw(`update ? set archived = true, fingerprint = null where client_id = ? and portal_id = ? and kind = ? and key = any(?)`,
		l.Link(), at.ClientID, at.PortalID, kind, pgdialect.Array(keys)).Exec(ctx)
	if err != nil {
		return fmt.Errorf("crmsync: note what is archived: %w", err)
	}
	return nil
}
