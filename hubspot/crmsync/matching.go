package crmsync

import (
	"context"
	"fmt"
	"runtime/debug"
	"time"

	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/carry"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/kinds"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/ledger"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/likeness"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/verdict"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/words"
	"github.com/memberpulse/hubspotplugin/integration"
	"github.com/memberpulse/hubspotplugin/outbox"
)

// The pace of the matching.
const (
	matchPage  = 20               // organizations looked for at a time
	matchTurn  = time.Minute      // of one process, if it does not come back
	matchIdle  = time.Second      // until the next look for something to do
	matchPause = 10 * time.Second // after a failure

	matchesAtOnce = 8 // tenants of one process
)

// advanceMatching goes on with the matching of a tenant: organizations are
// looked for a few at a time, by one process for each tenant, beside the
// deliveries and never in their way. A search proposes; it writes nothing and
// decides nothing.
func (s *Syncer) advanceMatching(ctx context.Context, tenant string) error {
	now := s.Now()
	mine, err := s.matches.take(ctx, tenant, now, now.Add(matchTurn))
	if err != nil || !mine {
		return err
	}
	rest, err := s.matchSome(ctx, tenant)
	if err != nil && ctx.Err() == nil {
		s.Log.Warn("a matching could not go on and will be tried again", "client_id", tenant, "error", err)
		rest = matchPause
	}
	return s.matches.rest(ctx, tenant, s.Now().Add(rest))
}

// matchSome looks for the tenant's next organizations, or ends its matching if
// all are decided, and tells how long to rest.
func (s *Syncer) matchSome(ctx context.Context, tenant string) (rest time.Duration, err error) {
	defer func() {
		if r := recover(); r != nil {
			// The value may quote data: its type is enough, the stack says where.
			s.Log.Error("panic while organizations were matched", "client_id", tenant, "panic_type", fmt.Sprintf("%T", r), "stack", string(debug.Stack()))
			err = errPanic
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
	rows, err := s.matches.list(ctx, s.DB, portal.Place, matchUnsearched, matchPage)
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
		if err := s.matches.rest(ctx, tenant, s.Now().Add(matchTurn)); err != nil {
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
func (s *Syncer) provenPortal(ctx context.Context, portal *carry.Portal) error {
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
func (s *Syncer) closeMatching(ctx context.Context, portal *carry.Portal) error {
	if !portal.Matching {
		return nil
	}
	asides, err := s.Outbox.Asides(ctx, portal.Place.ClientID, outbox.AsideQuery{Kind: kinds.Organization, Limit: 1000})
	if err != nil {
		return err
	}
	for _, a := range asides {
		if !a.DueAt.IsZero() || a.Class == classMatch {
			return nil // it is tried again first
		}
	}
	return s.matches.close(ctx, portal.Place)
}

// matched reports whether a run may leave the organizations behind: each has its
// company, or waits for an admin. Contacts come later, for HubSpot can make
// companies of their addresses' domains by itself.
func (s *Syncer) matched(ctx context.Context, run *runRow) (bool, error) {
	if len(run.Kinds) == 0 || run.Kinds[0] != kinds.Organization {
		return true, nil
	}
	conn, err := s.Connections.Get(ctx, s.DB, run.ClientID)
	if err != nil {
		return false, err
	}
	if !s.optionsOn(ctx, run.ClientID).Companies {
		return true, nil // nobody looks for one any more
	}
	c, err := s.matches.counts(ctx, s.DB, ledger.Place{ClientID: run.ClientID, PortalID: conn.PortalID})
	return c.Underway == 0, err
}

// matchIncident asks an admin to decide.
func matchIncident(c matchCounts) []integration.Incident {
	if c.Undecided == 0 {
		return nil
	}
	t := words.Tell(verdict.MatchNeeded, kinds.EntityCompany, nil)
	return []integration.Incident{{Code: string(verdict.MatchNeeded), Title: t.Title, Meaning: t.Meaning, Fix: t.Fix, Action: t.Action,
		EntityType: kinds.EntityCompany, Count: c.Undecided, Since: c.Since.Time}}
}
