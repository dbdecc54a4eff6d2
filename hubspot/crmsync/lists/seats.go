package lists

import (
	"context"
	"fmt"
	"slices"

	"github.com/uptrace/bun"
	"github.com/uptrace/bun/dialect/pgdialect"

	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/ledger"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/settings"
)

// seat is what is known of one member's contact and the static list of one tag.
type seat struct {
	MemberID string `bun:"member_id"`
	Tag      string `bun:"tag"`
	Sent     bool   `bun:"sent"`
	Held     string `bun:"held"`
	// ListID is the list that the contact is in, "" for none. Ours: a call of ours
	// put it there or, without a ListID, perhaps did.
	ListID string `bun:"list_id"`
	Ours   bool   `bun:"list_ours"`
}

// move is what a contact needs of a list.
type move int

const (
	stay   move = iota
	enter       // put it in
	leave       // take it out: we have put it in
	forget      // it stays where it is, and is no longer ours to know
)

// move compares the seat with the list of its tag. A tag that is kept back does
// not end: whoever is in the list stays in it. It is pure.
func (s seat) move(listID string) move {
	in := s.ListID == listID
	switch {
	case s.Sent && !in:
		return enter
	case s.Sent, s.Held != "":
		return stay
	case in && s.Ours, s.ListID == "" && s.Ours:
		return leave
	case s.ListID != "":
		return forget // put in by somebody else, or a list that we no longer write
	}
	return stay
}

// seats loads what is known of members and tags.
func (l *listStore) seats(ctx context.Context, db bun.IConn, at ledger.Place, members, tags []string) ([]seat, error) {
	var out []seat
	err := l.db.NewRaw(`select member_id::text, tag, sent, held, list_id, list_ours from ?
		where client_id = ? and portal_id = ? and member_id in (?) and tag in (?)`,
		l.Tag(), at.ClientID, at.PortalID, bun.List(members), bun.List(tags)).Conn(db).Scan(ctx, &out)
	if err != nil {
		return nil, fmt.Errorf("crmsync: load list members: %w", err)
	}
	return out, nil
}

// seated stores who is in which list within Settle's transaction.
func (l *listStore) seated(ctx context.Context, tx bun.Tx, at ledger.Place, seats []seat) error {
	if len(seats) == 0 {
		return nil
	}
	members, tags, ids, ours := make([]string, len(seats)), make([]string, len(seats)), make([]string, len(seats)), make([]bool, len(seats))
	for i, s := range seats {
		members[i], tags[i], ids[i], ours[i] = s.MemberID, s.Tag, s.ListID, s.Ours
	}
	_, err := tx.NewRaw(`update ? as t set list_id = v.list_id, list_ours = v.ours
		from unnest(?::uuid[], ?::text[], ?::text[], ?::boolean[]) as v (member, tag, list_id, ours)
		where t.client_id = ? and t.portal_id = ? and t.member_id = v.member and t.tag = v.tag`,
		l.Tag(), pgdialect.Array(members), pgdialect.Array(tags), pgdialect.Array(ids), pgdialect.Array(ours), at.ClientID, at.PortalID).Exec(ctx)
	if err != nil {
		return fmt.Errorf("crmsync: save list members: %w", err)
	}
	return nil
}

// Unseat forgets the seats of members whose contact is another one now, or
// gone: what its lists hold is not known any more, or nothing.
func (l *listStore) Unseat(ctx context.Context, tx bun.Tx, at ledger.Place, members []string, gone bool) error {
	if len(members) == 0 {
		return nil
	}
	_, err := tx.NewRaw(`update ? set list_id = '', list_ours = list_ours and not ? where client_id = ? and portal_id = ? and member_id = any(?)
		and (list_id <> '' or list_ours)`, l.Tag(), gone, at.ClientID, at.PortalID, pgdialect.Array(members)).Exec(ctx)
	if err != nil {
		return fmt.Errorf("crmsync: forget list members: %w", err)
	}
	return nil
}

// Moving returns those of members whom a static list, ready to be written, has
// to take in or let go. It mirrors seat.move, so that whoever needs nothing
// costs nothing.
func (l *listStore) Moving(ctx context.Context, db bun.IConn, at ledger.Place, o settings.Options, members []string) ([]string, error) {
	var tags []string
	for _, w := range o.WantedLists() {
		if w.Mode == settings.ListStatic {
			tags = append(tags, w.Tag.Slug)
		}
	}
	if len(tags) == 0 || len(members) == 0 {
		return nil, nil
	}
	var out []string
	err := l.db.NewRaw(`select distinct t.member_id::text from ? t
		join ? l on l.client_id = t.client_id and l.portal_id = t.portal_id and l.tag = t.tag
		where t.client_id = ? and t.portal_id = ? and t.member_id = any(?) and t.tag = any(?)
			and l.mode = ? and l.state = ? and l.asked = l.looked
			and case when t.sent then t.list_id <> l.list_id else t.held = '' and (t.list_id <> '' or t.list_ours) end`,
		l.Tag(), l.List(), at.ClientID, at.PortalID, pgdialect.Array(members), pgdialect.Array(tags), settings.ListStatic, listOK).Conn(db).Scan(ctx, &out)
	if err != nil {
		return nil, fmt.Errorf("crmsync: look for list members: %w", err)
	}
	slices.Sort(out)
	return out, nil
}
