package crmsync

import (
	"context"
	"fmt"
	"runtime/debug"
	"time"

	"github.com/uptrace/bun"

	"github.com/memberpulse/hubspotplugin/hubspot"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/carry"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/kinds"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/ledger"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/likeness"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/values"
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
)

// advanceMatchings goes on with the matching of all tenants: organizations are
// looked for a few at a time, by one process for each tenant, beside the
// deliveries and never in their way. A search proposes; it writes nothing and
// decides nothing.
func (s *Syncer) advanceMatchings(ctx context.Context) error {
	tenants, err := s.matches.due(ctx, s.Now())
	if err != nil {
		return err
	}
	for _, tenant := range tenants {
		now := s.Now()
		mine, err := s.matches.take(ctx, tenant, now, now.Add(matchTurn))
		if err != nil {
			return err
		}
		if !mine {
			continue
		}
		rest, err := s.advanceMatching(ctx, tenant)
		if err != nil {
			s.Log.Warn("a matching could not go on and will be tried again", "client_id", tenant, "error", err)
			rest = matchPause
		}
		if err := s.matches.rest(ctx, tenant, s.Now().Add(rest)); err != nil {
			return err
		}
	}
	return nil
}

// advanceMatching looks for the tenant's next organizations, or ends its
// matching if all are decided, and tells how long to rest.
func (s *Syncer) advanceMatching(ctx context.Context, tenant string) (rest time.Duration, err error) {
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

// searchFor makes one search and stores what it has found.
func (s *Syncer) searchFor(ctx context.Context, portal *carry.Portal, q likeness.Search) error {
	page, err := s.searchCompanies(ctx, portal, q)
	switch f := verdict.Read(err); {
	case err == nil:
	case f.Tenant || !f.Hold:
		return err
	case len(q.Of) > 1: // HubSpot cannot look for one of them: the others are looked for alone
		for _, l := range q.Of {
			if err := s.searchFor(ctx, portal, likeness.Search{Of: []likeness.Organization{l}, Groups: l.Groups()}); err != nil {
				return err
			}
		}
		return nil
	default:
		s.Log.Warn("HubSpot cannot look for an organization; its company is created", "client_id", portal.Place.ClientID, "code", string(f.Code), "correlation_id", f.Correlation)
	}
	ids := make([]string, len(page.Records))
	for i, r := range page.Records {
		ids[i] = r.ID
	}
	owners, err := s.Links.Owners(ctx, portal.Place, kinds.Organization, ids)
	if err != nil {
		return err
	}
	var free []hubspot.Record
	for _, r := range page.Records {
		if owners[r.ID] == "" {
			free = append(free, r)
		}
	}
	tenant := portal.Place.ClientID
	err = s.DB.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
		keys := make([]string, len(q.Of))
		for i, l := range q.Of {
			list, suggested := l.Candidates(free, values.PropOrganizationID)
			if err := s.matches.found(ctx, tx, portal.Place, l, list, suggested, s.Now()); err != nil {
				return err
			}
			keys[i] = l.Key
		}
		_, err := s.Outbox.Resend(ctx, tx.Tx, tenant, kinds.Organization, keys...)
		return err
	})
	if err != nil {
		return err
	}
	s.Outbox.Wake(tenant)
	return nil
}

func (s *Syncer) searchCompanies(ctx context.Context, portal *carry.Portal, q likeness.Search) (hubspot.SearchPage, error) {
	if len(q.Groups) == 0 { // nothing to look for it by
		return hubspot.SearchPage{}, nil
	}
	ctx, cancel := context.WithTimeout(ctx, carry.CallNeed)
	defer cancel()
	return portal.Client.Search(ctx, hubspot.Companies, hubspot.SearchQuery{
		Groups: q.Groups, Properties: []string{"name", "domain", values.PropOrganizationID}, Limit: 200,
	})
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
