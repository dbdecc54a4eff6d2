package crmsync

import (
	"context"
	"fmt"
	"runtime/debug"
	"time"

	"github.com/uptrace/bun"

	"github.com/memberpulse/hubspotplugin/hubspot"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/likeness"
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
	tenants, err := s.matches.due(ctx, s.now())
	if err != nil {
		return err
	}
	for _, tenant := range tenants {
		now := s.now()
		mine, err := s.matches.take(ctx, tenant, now, now.Add(matchTurn))
		if err != nil {
			return err
		}
		if !mine {
			continue
		}
		rest, err := s.advanceMatching(ctx, tenant)
		if err != nil {
			s.log.Warn("a matching could not go on and will be tried again", "client_id", tenant, "error", err)
			rest = matchPause
		}
		if err := s.matches.rest(ctx, tenant, s.now().Add(rest)); err != nil {
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
			s.log.Error("panic while organizations were matched", "client_id", tenant, "panic_type", fmt.Sprintf("%T", r), "stack", string(debug.Stack()))
			err = errPanic
		}
	}()
	portal, err := s.portals.of(ctx, tenant)
	if err != nil || !portal.options.companies {
		return matchPause, err
	}
	backlog, err := s.outbox.Backlog(ctx, tenant)
	if err != nil || backlog.Paused || backlog.Parked != nil {
		return matchIdle, err
	}
	rows, err := s.matches.list(ctx, s.db, portal.place, matchUnsearched, matchPage)
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
func (s *Syncer) provenPortal(ctx context.Context, portal *Portal) error {
	if portal.isVerified() {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, callNeed)
	defer cancel()
	details, err := portal.client.AccountDetails(ctx)
	if err != nil {
		return err
	}
	if details.PortalID != portal.place.portalID {
		return fmt.Errorf("crmsync: the key belongs to another portal")
	}
	return nil
}

// searchFor makes one search and stores what it has found.
func (s *Syncer) searchFor(ctx context.Context, portal *Portal, q likeness.Search) error {
	page, err := s.searchCompanies(ctx, portal, q)
	switch f := readFailure(err); {
	case err == nil:
	case f.tenant || !f.hold:
		return err
	case len(q.Of) > 1: // HubSpot cannot look for one of them: the others are looked for alone
		for _, l := range q.Of {
			if err := s.searchFor(ctx, portal, likeness.Search{Of: []likeness.Organization{l}, Groups: l.Groups()}); err != nil {
				return err
			}
		}
		return nil
	default:
		s.log.Warn("HubSpot cannot look for an organization; its company is created", "client_id", portal.place.clientID, "code", string(f.code), "correlation_id", f.correlation)
	}
	ids := make([]string, len(page.Records))
	for i, r := range page.Records {
		ids[i] = r.ID
	}
	owners, err := s.links.owners(ctx, portal.place, kindOrganization, ids)
	if err != nil {
		return err
	}
	var free []hubspot.Record
	for _, r := range page.Records {
		if owners[r.ID] == "" {
			free = append(free, r)
		}
	}
	tenant := portal.place.clientID
	err = s.db.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
		keys := make([]string, len(q.Of))
		for i, l := range q.Of {
			list, suggested := l.Candidates(free, propOrganizationID)
			if err := s.matches.found(ctx, tx, portal.place, l, list, suggested, s.now()); err != nil {
				return err
			}
			keys[i] = l.Key
		}
		_, err := s.outbox.Resend(ctx, tx.Tx, tenant, kindOrganization, keys...)
		return err
	})
	if err != nil {
		return err
	}
	s.outbox.Wake(tenant)
	return nil
}

func (s *Syncer) searchCompanies(ctx context.Context, portal *Portal, q likeness.Search) (hubspot.SearchPage, error) {
	if len(q.Groups) == 0 { // nothing to look for it by
		return hubspot.SearchPage{}, nil
	}
	ctx, cancel := context.WithTimeout(ctx, callNeed)
	defer cancel()
	return portal.client.Search(ctx, hubspot.Companies, hubspot.SearchQuery{
		Groups: q.Groups, Properties: []string{"name", "domain", propOrganizationID}, Limit: 200,
	})
}

// closeMatching ends the matching once nothing is left of the first sync of
// organizations: later ones are created without a search.
func (s *Syncer) closeMatching(ctx context.Context, portal *Portal) error {
	if !portal.matching {
		return nil
	}
	asides, err := s.outbox.Asides(ctx, portal.place.clientID, outbox.AsideQuery{Kind: kindOrganization, Limit: 1000})
	if err != nil {
		return err
	}
	for _, a := range asides {
		if !a.DueAt.IsZero() || a.Class == classMatch {
			return nil // it is tried again first
		}
	}
	return s.matches.close(ctx, portal.place)
}

// matched reports whether a run may leave the organizations behind: each has its
// company, or waits for an admin. Contacts come later, for HubSpot can make
// companies of their addresses' domains by itself.
func (s *Syncer) matched(ctx context.Context, run *runRow) (bool, error) {
	if len(run.Kinds) == 0 || run.Kinds[0] != kindOrganization {
		return true, nil
	}
	conn, err := s.connections.get(ctx, s.db, run.ClientID)
	if err != nil {
		return false, err
	}
	c, err := s.matches.counts(ctx, s.db, place{run.ClientID, conn.PortalID})
	return c.Underway == 0, err
}

// matchIncident asks an admin to decide.
func matchIncident(c matchCounts) []integration.Incident {
	if c.Undecided == 0 {
		return nil
	}
	t := tell(codeMatchNeeded, entityCompany, nil)
	return []integration.Incident{{Code: string(codeMatchNeeded), Title: t.title, Meaning: t.meaning, Fix: t.fix, Action: t.action,
		EntityType: entityCompany, Count: c.Undecided, Since: c.Since.Time}}
}
