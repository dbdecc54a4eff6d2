package matching

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"time"

	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/carry"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/kinds"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/likeness"
	"github.com/memberpulse/hubspotplugin/outbox"
)

// The pace of the matching.
const (
	matchPage  = 20               // organizations looked for at a time
	matchTurn  = time.Minute      // of one process, if it does not come back
	matchIdle  = time.Second      // until the next look for something to do
	matchPause = 10 * time.Second // after a failure
)

// AtOnce is how many tenants' matchings one process goes on with at a time: each
// waits for HubSpot most of its turn.
const AtOnce = 8

// Due lists the tenants whose matching is to be gone on with.
func (s *Matcher) Due(ctx context.Context) ([]string, error) { return s.store.due(ctx, s.Now()) }

// Advance goes on with the matching of a tenant: organizations are
// looked for a few at a time, by one process for each tenant, beside the
// deliveries and never in their way. A search proposes; it writes nothing and
// decides nothing.
func (s *Matcher) Advance(ctx context.Context, tenant string) error {
	now := s.Now()
	mine, err := s.store.take(ctx, tenant, now, now.Add(matchTurn))
	if err != nil || !mine {
		return err
	}
	rest, err := s.matchSome(ctx, tenant)
	if err != nil && ctx.Err() == nil {
		s.Log.Warn("a matching could not go on and will be tried again", "client_id", tenant, "error", err)
		rest = matchPause
	}
	return s.store.rest(ctx, tenant, s.Now().Add(rest))
}

// matchSome looks for the tenant's next organizations, or ends its matching if
// all are decided, and tells how long to rest.
func (s *Matcher) matchSome(ctx context.Context, tenant string) (rest time.Duration, err error) {
	defer func() {
		if r := recover(); r != nil {
			// The value may quote data: its type is enough, the stack says where.
			s.Log.Error("panic while organizations were matched", "client_id", tenant, "panic_type", fmt.Sprintf("%T", r), "stack", string(debug.Stack()))
			err = errors.New("matching: panic")
		}
	}()
	portal, err := s.portals.Of(ctx, tenant)
	if err != nil || !portal.Options.Companies {
		return matchPause, err
	}
	backlog, err := s.Outbox.Backlog(ctx, tenant)
	if err != nil || backlog.Paused || backlog.Parked != nil {
		return matchIdle, err
	}
	rows, err := s.store.list(ctx, s.DB, portal.Place, unsearched, matchPage)
	if err != nil {
		return 0, err
	}
	if len(rows) == 0 {
		return matchIdle, s.closeMatching(ctx, portal)
	}
	if err := s.provenPortal(ctx, portal); err != nil {
		return 0, err
	}
	all := make([]likeness.Organization, len(rows))
	for i, r := range rows {
		all[i] = likeness.Organization{Key: r.Key, Name: r.Name, Domain: r.Domain}
	}
	for _, one := range likeness.Searches(all) {
		// One that takes many pages must not end the turn of this process in the middle.
		if err := s.store.rest(ctx, tenant, s.Now().Add(matchTurn)); err != nil {
			return 0, err
		}
		if err := s.searchFor(ctx, portal, one); err != nil {
			return 0, err
		}
	}
	return 0, nil
}

// provenPortal makes sure that the key belongs to the portal that is connected:
// another portal's companies must not be proposed.
func (s *Matcher) provenPortal(ctx context.Context, portal *carry.Portal) error {
	if portal.IsVerified() {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, carry.CallNeed)
	defer cancel()
	details, err := portal.Client.AccountDetails(ctx)
	if err != nil {
		return err
	}
	if details.PortalID != portal.Place.PortalID {
		return fmt.Errorf("crmsync: the key belongs to another portal")
	}
	return nil
}

// closeMatching ends the matching once nothing is left of the first sync of
// organizations: later ones are created without a search.
func (s *Matcher) closeMatching(ctx context.Context, portal *carry.Portal) error {
	if !portal.Matching {
		return nil
	}
	asides, err := s.Outbox.Asides(ctx, portal.Place.ClientID, outbox.AsideQuery{Kind: kinds.Organization, Limit: 1000})
	if err != nil {
		return err
	}
	for _, a := range asides {
		if !a.DueAt.IsZero() || a.Class == Class {
			return nil // it is tried again first
		}
	}
	return s.store.close(ctx, portal.Place)
}
