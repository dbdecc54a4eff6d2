package matching

import (
	"cmp"
	"context"
	"slices"

	"github.com/uptrace/bun"

	"github.com/memberpulse/hubspotplugin/hubspot"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/carry"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/kinds"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/likeness"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/values"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/verdict"
)

// The bounds of what is looked through for one organization: HubSpot shows the
// first 10,000 companies that a search finds.
// See https://developers.hubspot.com/docs/api-reference/latest/crm/search-the-crm
const (
	searchPage  = 200
	searchPages = 10_000 / searchPage
)

// searchFor makes one search and stores what it has found. Organizations whose
// companies are too many for one page are looked for alone; of one that is not
// looked for to the end an admin decides, even if no company was found.
func (s *Matcher) searchFor(ctx context.Context, portal *carry.Portal, q likeness.Search) error {
	found, whole, err := s.searchCompanies(ctx, portal, q)
	switch f := verdict.Read(err); {
	case err != nil && (f.Tenant || !f.Hold):
		return err
	case !whole && len(q.Of) > 1:
		for _, l := range q.Of {
			if err := s.searchFor(ctx, portal, likeness.Search{Of: []likeness.Organization{l}, Groups: l.Groups()}); err != nil {
				return err
			}
		}
		return nil
	case err != nil:
		s.Log.Warn("HubSpot cannot look for an organization; an admin decides", "client_id", portal.Place.ClientID, "code", string(f.Code), "correlation_id", f.Correlation)
	}
	free, err := s.freeCompanies(ctx, portal, found)
	if err != nil {
		return err
	}
	of := slices.SortedFunc(slices.Values(q.Of), func(a, b likeness.Organization) int { return cmp.Compare(a.Key, b.Key) }) // rows are locked in this order
	tenant := portal.Place.ClientID
	err = s.DB.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
		keys := make([]string, len(of))
		for i, l := range of {
			list, suggested := l.Candidates(free, values.PropOrganizationID)
			if !whole {
				suggested = "" // a better one may be among those that were not seen
			}
			if err := s.store.found(ctx, tx, portal.Place, l, finding{list, suggested, whole}, s.Now()); err != nil {
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

// searchCompanies returns the companies that a search finds; whole is false if
// there are more, or if HubSpot refuses to look. A search for several
// organizations ends with its first page.
func (s *Matcher) searchCompanies(ctx context.Context, portal *carry.Portal, q likeness.Search) (found []hubspot.Record, whole bool, err error) {
	if len(q.Groups) == 0 { // nothing to look for it by
		return nil, true, nil
	}
	query := hubspot.SearchQuery{Groups: q.Groups, Properties: []string{"name", "domain", values.PropOrganizationID}, Limit: searchPage}
	for range searchPages {
		page, err := s.searchOnce(ctx, portal, query)
		if err != nil {
			return found, false, err
		}
		found, query.After = append(found, page.Records...), page.After
		if query.After == "" || len(q.Of) > 1 {
			break
		}
	}
	return found, query.After == "", nil
}

func (s *Matcher) searchOnce(ctx context.Context, portal *carry.Portal, q hubspot.SearchQuery) (hubspot.SearchPage, error) {
	ctx, cancel := context.WithTimeout(ctx, carry.CallNeed)
	defer cancel()
	return portal.Client.Search(ctx, hubspot.Companies, q)
}

// freeCompanies are those of the companies that are no organization's yet.
func (s *Matcher) freeCompanies(ctx context.Context, portal *carry.Portal, found []hubspot.Record) ([]hubspot.Record, error) {
	ids := make([]string, len(found))
	for i, r := range found {
		ids[i] = r.ID
	}
	owners, err := s.Links.Owners(ctx, portal.Place, kinds.Organization, ids)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(found, func(r hubspot.Record) bool { return owners[r.ID] != "" }), nil
}
