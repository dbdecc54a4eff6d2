package lists

import (
	"context"
	"fmt"
	"time"

	"github.com/uptrace/bun"
	"github.com/uptrace/bun/dialect/pgdialect"

	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/ledger"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/settings"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/values"
)

// listStore is the store of the lists that tags have in a portal, and of who is
// in the static ones because of us.
type listStore struct {
	db *bun.DB
	ledger.Tables
}

// Row is what is stored of one list.
type Row struct {
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
func (r Row) due() bool { return r.Asked > r.Looked }

// usable reports whether contacts can be put into the list.
func (r Row) usable() bool { return r.State == listOK && r.ListID != "" && !r.due() }

// Load returns the tenant's lists in a portal, those of former settings
// included.
func (l *listStore) Load(ctx context.Context, db bun.IConn, at ledger.Place) (map[settings.ListKey]Row, error) {
	var rows []Row
	err := l.db.NewRaw(`select tag, mode, list_id, property, state, detail, correlation_id, asked, looked, since from ?
		where client_id = ? and portal_id = ?`, l.List(), at.ClientID, at.PortalID).Conn(db).Scan(ctx, &rows)
	if err != nil {
		return nil, fmt.Errorf("crmsync: load lists: %w", err)
	}
	out := make(map[settings.ListKey]Row, len(rows))
	for _, r := range rows {
		out[settings.ListKey{Tag: r.Tag, Mode: r.Mode}] = r
	}
	return out, nil
}

// gateOpen reports whether tags of before may be written: until then an active
// list stays with the property in which they are.
func (l *listStore) gateOpen(ctx context.Context, db bun.IConn, at ledger.Place) (open bool, err error) {
	err = l.db.NewRaw(`select exists (select 1 from ? where client_id = ? and portal_id = ? and open)`, l.TagGate(), at.ClientID, at.PortalID).Conn(db).Scan(ctx, &open)
	if err != nil {
		return false, fmt.Errorf("crmsync: load the tags' gate: %w", err)
	}
	return open, nil
}

// want makes the lists that the settings ask for due within tx: those that old
// settings did not ask for, and those in trouble. What is no longer chosen for a
// tag and was lost for good is forgotten, so that choosing it once more makes
// it anew; switching all lists off and on does not.
func (l *listStore) want(ctx context.Context, tx bun.IConn, at ledger.Place, o, old settings.Options, now time.Time) error {
	var tags, modes, keptTags, keptModes []string
	var chosen []bool
	for tag, mode := range o.TagLists {
		keptTags, keptModes = append(keptTags, tag), append(keptModes, mode)
	}
	for _, w := range o.WantedLists() {
		tags, modes = append(tags, w.Tag.Slug), append(modes, w.Mode)
		chosen = append(chosen, old.ListMode(w.Tag.Slug) != w.Mode || old.TagTarget(w.Tag.Family) != w.Property)
	}
	_, err := l.db.NewRaw(`delete from ? where client_id = ? and portal_id = ? and (state = ? or list_id = '')
			and (tag, mode) not in (select * from unnest(?::text[], ?::text[]))`,
		l.List(), at.ClientID, at.PortalID, listDeleted, pgdialect.Array(keptTags), pgdialect.Array(keptModes)).Conn(tx).Exec(ctx)
	if err == nil && len(tags) > 0 {
		_, err = l.db.NewRaw(`insert into ? as l (client_id, portal_id, tag, mode, since)
			select ?::uuid, ?, w.tag, w.mode, ? from unnest(?::text[], ?::text[]) as w (tag, mode) order by 3, 4
			on conflict (client_id, portal_id, tag, mode) do update set asked = l.asked + 1
				where l.state <> ? or (l.tag, l.mode) in (select c.tag, c.mode from unnest(?::text[], ?::text[], ?::boolean[]) as c (tag, mode, chosen) where c.chosen)`,
			l.List(), at.ClientID, at.PortalID, now, pgdialect.Array(tags), pgdialect.Array(modes), listOK,
			pgdialect.Array(tags), pgdialect.Array(modes), pgdialect.Array(chosen)).Conn(tx).Exec(ctx)
	}
	if err != nil {
		return fmt.Errorf("crmsync: ask for lists: %w", err)
	}
	return nil
}

// AskAgain makes every list due within tx that is not known to be well.
func (l *listStore) AskAgain(ctx context.Context, tx bun.IConn, at ledger.Place) error {
	_, err := l.db.NewRaw(`update ? set asked = asked + 1 where client_id = ? and portal_id = ? and state <> ?`,
		l.List(), at.ClientID, at.PortalID, listOK).Conn(tx).Exec(ctx)
	if err != nil {
		return fmt.Errorf("crmsync: ask for lists: %w", err)
	}
	return nil
}

// doubt makes one list due within tx: it is not as it was known.
func (l *listStore) doubt(ctx context.Context, tx bun.IConn, at ledger.Place, k settings.ListKey) error {
	_, err := l.db.NewRaw(`update ? set asked = asked + 1 where client_id = ? and portal_id = ? and tag = ? and mode = ? and asked = looked`,
		l.List(), at.ClientID, at.PortalID, k.Tag, k.Mode).Conn(tx).Exec(ctx)
	if err != nil {
		return fmt.Errorf("crmsync: ask for a list: %w", err)
	}
	return nil
}

// found stores what came of a look within Settle's transaction. A row that is
// gone stays gone, and a look that was asked for since stays due.
func (l *listStore) found(ctx context.Context, tx bun.Tx, at ledger.Place, r Row, now time.Time) error {
	_, err := tx.NewRaw(`update ? set list_id = ?, property = ?, detail = ?, correlation_id = ?, looked = greatest(looked, ?),
			since = case when state = ? then since else ? end, state = ?
		where client_id = ? and portal_id = ? and tag = ? and mode = ?`,
		l.List(), r.ListID, r.Property, values.Truncate(r.Detail, 500), r.Correlation, r.Looked, r.State, now, r.State,
		at.ClientID, at.PortalID, r.Tag, r.Mode).Exec(ctx)
	if err != nil {
		return fmt.Errorf("crmsync: save list: %w", err)
	}
	return nil
}
