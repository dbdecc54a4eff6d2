package crmsync

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/uptrace/bun"
	"github.com/uptrace/bun/dialect/pgdialect"
)

// A link's list of properties that we filled decides what a blank field may
// clear. A call whose result is never stored (the process is killed, the reply
// lost) can have filled more than the last settled one; if the host then clears
// such a field, nobody would know that the value in HubSpot is ours. So the
// list grows before the call and shrinks after it.

// announce notes, before an update is sent, which properties it fills. The
// error is the database's: nothing may be sent then.
func (p *pass) announce(ctx context.Context, works []*work) error {
	more := map[string][]string{}
	for _, w := range works {
		fills := filled(w.props)
		if w.prior.HubSpotID == "" {
			p.portal.try(w.d.Key, fills)
			continue
		}
		if all := union(w.prior.Sent, fills); len(all) > len(w.prior.Sent) {
			more[w.d.Key] = fills
			if !w.announced {
				w.announced, w.sent = true, w.prior.Sent
			}
			w.prior.Sent = all
			w.link.Sent = union(w.link.Sent, all)
		}
	}
	return p.s.links.widen(ctx, p.s.db, p.portal.place, kindMember, more)
}

// widen adds names to the properties that we filled, by key.
func (l *Links) widen(ctx context.Context, db bun.IDB, at place, kind string, more map[string][]string) error {
	if len(more) == 0 {
		return nil
	}
	keys, names := make([]string, 0, len(more)), make([]string, 0, len(more))
	for k := range more {
		keys = append(keys, k)
	}
	slices.Sort(keys) // one order of locks
	for _, k := range keys {
		names = append(names, strings.Join(more[k], ","))
	}
	_, err := db.NewRaw(`update ? l set sent = (select array_agg(distinct x order by x) from unnest(l.sent || string_to_array(v.names, ',')) x)
		from unnest(?::uuid[], ?::text[]) as v (key, names)
		where l.client_id = ? and l.portal_id = ? and l.kind = ? and l.key = v.key`,
		l.link(), pgdialect.Array(keys), pgdialect.Array(names), at.clientID, at.portalID, kind).Exec(ctx)
	if err != nil {
		return fmt.Errorf("crmsync: note what is sent: %w", err)
	}
	return nil
}

// union returns the names of both, sorted.
func union(a, b []string) []string {
	out := slices.Concat(a, b)
	slices.Sort(out)
	return slices.Compact(out)
}

// try notes what a call for a member without a link fills. There is no row for
// it yet, so a killed process takes this with it.
func (l *live) try(key string, names []string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.tried[key] = union(l.tried[key], names)
}

// triedFor returns what calls of unknown outcome may have filled.
func (l *live) triedFor(key string) []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.tried[key]
}

// forgetTried ends that for members whose outcome is known and stored.
func (l *live) forgetTried(works []*work) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, w := range works {
		if !w.unknown {
			delete(l.tried, w.d.Key)
		}
	}
}
