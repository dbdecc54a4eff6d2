package crmsync

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/uptrace/bun"
	"github.com/uptrace/bun/dialect/pgdialect"
)

// widen adds names to the properties that we filled, by key.
func (l *Links) widen(ctx context.Context, db bun.IDB, at place, kind string, more map[string][]string) error {
	if len(more) == 0 {
		return nil
	}
	keys, names := columns(more)
	_, err := db.NewRaw(`update ? l set sent = (select array_agg(distinct x order by x) from unnest(l.sent || string_to_array(v.names, ',')) x)
		from unnest(?::uuid[], ?::text[]) as v (key, names)
		where l.client_id = ? and l.portal_id = ? and l.kind = ? and l.key = v.key`,
		l.link(), pgdialect.Array(keys), pgdialect.Array(names), at.clientID, at.portalID, kind).Exec(ctx)
	if err != nil {
		return fmt.Errorf("crmsync: note what is sent: %w", err)
	}
	return nil
}

// unconfirmedOf returns which of keys HubSpot may have a record of without our
// knowing, and the properties that we may have filled there.
func (l *Links) unconfirmedOf(ctx context.Context, at place, kind string, keys []string) (map[string][]string, error) {
	var rows []struct {
		Key   string   `bun:"key"`
		Names []string `bun:"names,array"`
	}
	err := l.db.NewRaw(`select key::text, names from ? where client_id = ? and portal_id = ? and kind = ? and key in (?)`,
		l.unconfirmed(), at.clientID, at.portalID, kind, bun.List(keys)).Scan(ctx, &rows)
	if err != nil {
		return nil, fmt.Errorf("crmsync: load unconfirmed: %w", err)
	}
	out := make(map[string][]string, len(rows))
	for _, r := range rows {
		out[r.Key] = r.Names
	}
	return out, nil
}

// attempt notes, before calls for keys without a link, what they fill.
func (l *Links) attempt(ctx context.Context, at place, kind string, fills map[string][]string) error {
	if len(fills) == 0 {
		return nil
	}
	keys, names := columns(fills)
	_, err := l.db.NewRaw(`insert into ? as u (client_id, portal_id, kind, key, names)
		select ?::uuid, ?, ?, v.key, string_to_array(v.names, ',') from unnest(?::uuid[], ?::text[]) as v (key, names)
		on conflict (client_id, portal_id, kind, key) do update set names =
			(select array_agg(distinct x order by x) from unnest(u.names || excluded.names) x)`,
		l.unconfirmed(), at.clientID, at.portalID, kind, pgdialect.Array(keys), pgdialect.Array(names)).Exec(ctx)
	if err != nil {
		return fmt.Errorf("crmsync: note what is created: %w", err)
	}
	return nil
}

// confirm forgets what attempt noted, within Settle's transaction.
func (l *Links) confirm(ctx context.Context, tx bun.Tx, at place, kind string, keys []string) error {
	if len(keys) == 0 {
		return nil
	}
	_, err := tx.NewRaw(`delete from ? where client_id = ? and portal_id = ? and kind = ? and key in (?)`,
		l.unconfirmed(), at.clientID, at.portalID, kind, bun.List(keys)).Exec(ctx)
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

// mark notes, before the call, that records are archived.
func (l *Links) mark(ctx context.Context, at place, kind string, keys []string) error {
	_, err := l.db.NewRaw(`update ? set archived = true, fingerprint = null where client_id = ? and portal_id = ? and kind = ? and key = any(?)`,
		l.link(), at.clientID, at.portalID, kind, pgdialect.Array(keys)).Exec(ctx)
	if err != nil {
		return fmt.Errorf("crmsync: note what is archived: %w", err)
	}
	return nil
}
