package crmsync

import (
	"context"
	"fmt"
	"time"

	"github.com/uptrace/bun"
	"github.com/uptrace/bun/dialect/pgdialect"
)

// listStore is the store of the lists that tags have in a portal, and of who is
// in the static ones because of us.
type listStore struct {
	db *bun.DB
	tables
}

// listRow is what is stored of one list.
type listRow struct {
	Tag         string    `bun:"tag"`
	Mode        string    `bun:"mode"`
	ListID      string    `bun:"list_id"`
	Property    string    `bun:"property"`
	State       string    `bun:"state"`
	Detail      string    `bun:"detail"`
	Correlation string    `bun:"correlation_id"`
	Asked       int64     `bun:"asked"`
	Looked      int64     `bun:"looked"`
	Since       time.Time `bun:"since"`
}

// due: somebody asked for a look at it that has not been answered. Until then
// nobody is put into it; whoever was left out meanwhile is looked at again when
// the answer is good.
func (r listRow) due() bool { return r.Asked > r.Looked }

// usable reports whether contacts can be put into the list.
func (r listRow) usable() bool { return r.State == listOK && r.ListID != "" && !r.due() }

// load returns the tenant's lists in a portal, those of former settings
// included.
func (l *listStore) load(ctx context.Context, db bun.IConn, at place) (map[listKey]listRow, error) {
	var rows []listRow
	err := l.db.NewRaw(`select tag, mode, list_id, property, state, detail, correlation_id, asked, looked, since from ?
		where client_id = ? and portal_id = ?`, l.list(), at.clientID, at.portalID).Conn(db).Scan(ctx, &rows)
	if err != nil {
		return nil, fmt.Errorf("crmsync: load lists: %w", err)
	}
	out := make(map[listKey]listRow, len(rows))
	for _, r := range rows {
		out[listKey{r.Tag, r.Mode}] = r
	}
	return out, nil
}

// want makes the lists that the settings ask for due within tx: those that old
// settings did not ask for, and those in trouble. What is no longer chosen for a
// tag and was lost for good is forgotten, so that choosing it once more makes
// it anew; switching all lists off and on does not.
func (l *listStore) want(ctx context.Context, tx bun.IConn, at place, o, old options, now time.Time) error {
	var tags, modes, keptTags, keptModes []string
	var chosen []bool
	for tag, mode := range o.tagLists {
		keptTags, keptModes = append(keptTags, tag), append(keptModes, mode)
	}
	for _, w := range o.wantedLists() {
		tags, modes = append(tags, w.tag.Slug), append(modes, w.mode)
		chosen = append(chosen, old.listMode(w.tag.Slug) != w.mode || old.tagTarget(w.tag.Family) != w.property)
	}
	_, err := l.db.NewRaw(`delete from ? where client_id = ? and portal_id = ? and (state = ? or list_id = '')
			and (tag, mode) not in (select * from unnest(?::text[], ?::text[]))`,
		l.list(), at.clientID, at.portalID, listDeleted, pgdialect.Array(keptTags), pgdialect.Array(keptModes)).Conn(tx).Exec(ctx)
	if err == nil && len(tags) > 0 {
		_, err = l.db.NewRaw(`insert into ? as l (client_id, portal_id, tag, mode, since)
			select ?::uuid, ?, w.tag, w.mode, ? from unnest(?::text[], ?::text[]) as w (tag, mode) order by 3, 4
			on conflict (client_id, portal_id, tag, mode) do update set asked = l.asked + 1
				where l.state <> ? or (l.tag, l.mode) in (select c.tag, c.mode from unnest(?::text[], ?::text[], ?::boolean[]) as c (tag, mode, chosen) where c.chosen)`,
			l.list(), at.clientID, at.portalID, now, pgdialect.Array(tags), pgdialect.Array(modes), listOK,
			pgdialect.Array(tags), pgdialect.Array(modes), pgdialect.Array(chosen)).Conn(tx).Exec(ctx)
	}
	if err != nil {
		return fmt.Errorf("crmsync: ask for lists: %w", err)
	}
	return nil
}

// askAgain makes every list in trouble due within tx.
func (l *listStore) askAgain(ctx context.Context, tx bun.IConn, at place) error {
	_, err := l.db.NewRaw(`update ? set asked = asked + 1 where client_id = ? and portal_id = ? and state not in ('', ?)`,
		l.list(), at.clientID, at.portalID, listOK).Conn(tx).Exec(ctx)
	if err != nil {
		return fmt.Errorf("crmsync: ask for lists: %w", err)
	}
	return nil
}

// doubt makes one list due within tx: it is not as it was known.
func (l *listStore) doubt(ctx context.Context, tx bun.IConn, at place, k listKey) error {
	_, err := l.db.NewRaw(`update ? set asked = asked + 1 where client_id = ? and portal_id = ? and tag = ? and mode = ? and asked = looked`,
		l.list(), at.clientID, at.portalID, k.tag, k.mode).Conn(tx).Exec(ctx)
	if err != nil {
		return fmt.Errorf("crmsync: ask for a list: %w", err)
	}
	return nil
}

// found stores what came of a look within Settle's transaction. A row that is
// gone stays gone, and a look that was asked for since stays due.
func (l *listStore) found(ctx context.Context, tx bun.Tx, at place, r listRow, now time.Time) error {
	_, err := tx.NewRaw(`update ? set list_id = ?, property = ?, detail = ?, correlation_id = ?, looked = greatest(looked, ?),
			since = case when state = ? then since else ? end, state = ?
		where client_id = ? and portal_id = ? and tag = ? and mode = ?`,
		l.list(), r.ListID, r.Property, truncate(r.Detail, 500), r.Correlation, r.Looked, r.State, now, r.State,
		at.clientID, at.portalID, r.Tag, r.Mode).Exec(ctx)
	if err != nil {
		return fmt.Errorf("crmsync: save list: %w", err)
	}
	return nil
}
