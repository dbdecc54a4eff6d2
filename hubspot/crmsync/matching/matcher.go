package matching

import (
	"context"
	"slices"
	"time"

	"github.com/uptrace/bun"

	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/carry"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/ledger"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/likeness"
)

// Class is the outbox's class of organizations that wait to be matched.
const Class = "match"

// Matcher compares organizations with a portal's companies, once for each
// portal. It is safe for concurrent use.
type Matcher struct {
	*carry.Base
	portals *carry.Portals
	store   *store
}

// New returns the matcher over the tables in schema.
func New(b *carry.Base, schema string, portals *carry.Portals) *Matcher {
	return &Matcher{Base: b, portals: portals, store: &store{b.DB, ledger.Tables{Schema: schema}}}
}

// Open starts the matching of a portal, once for each portal, within tx.
func (s *Matcher) Open(ctx context.Context, tx bun.IConn, at ledger.Place) error {
	return s.store.open(ctx, tx, at)
}

// Rows returns what is known of organizations, by key.
func (s *Matcher) Rows(ctx context.Context, at ledger.Place, keys []string) (map[string]Row, error) {
	return s.store.load(ctx, s.DB, at, keys, false)
}

// Counts tells how far the matching of a portal is, for a page.
func (s *Matcher) Counts(ctx context.Context, db bun.IConn, at ledger.Place) (Counts, error) {
	return s.store.counts(ctx, db, at)
}

// Pass is what a batch of organizations brings to the matching.
type Pass struct {
	Seen     map[string]Row          // what was known when the batch was looked at
	Seek     []likeness.Organization // to be looked for, again if they were before
	Awaiting []string                // wait to be looked for or decided on
	Ended    []string                // have their company, or need none
}

// Settle stores a pass within Settle's transaction, and returns the keys of
// which more was found or decided while it was under way: they are to be
// delivered again.
func (s *Matcher) Settle(ctx context.Context, tx bun.Tx, at ledger.Place, p Pass, now time.Time) (missed []string, err error) {
	rows, err := s.store.load(ctx, tx, at, p.Awaiting, true)
	if err != nil {
		return nil, err
	}
	for key, row := range rows {
		if !p.Seen[key].same(row) {
			missed = append(missed, key)
		}
	}
	slices.Sort(missed)
	seek := slices.DeleteFunc(p.Seek, func(l likeness.Organization) bool { return slices.Contains(missed, l.Key) })
	if err := s.store.seek(ctx, tx, at, seek, now); err != nil {
		return nil, err
	}
	return missed, s.store.end(ctx, tx, at, p.Ended)
}
