package carry

import (
	"context"
	"maps"
	"slices"

	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/kinds"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/ledger"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/settings"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/verdict"
	"github.com/memberpulse/hubspotplugin/integration"
)

// Addressee is where a member's notes go. At most one of Why, Waits and Silent
// is set; with none of them there is a contact.
type Addressee struct {
	Contact string       // record id
	Why     verdict.Code // there is no contact, and this is the reason
	Waits   bool         // there is none yet
	Silent  bool         // the host did not answer
	Due     bool         // nothing is known of the member here: it must be sent
	Company Companion
}

// Companion is the company that a note stands on too.
type Companion struct {
	ID    string // record id, "" = none
	Waits string // the organization that has none yet
}

// Addressees finds out where the notes of members go, by member. companies asks
// for their companies too. The error is the database's.
func (o *Outing) Addressees(ctx context.Context, members []string, companies bool) (map[string]Addressee, error) {
	members = slices.DeleteFunc(slices.Compact(slices.Sorted(slices.Values(members))), func(m string) bool { return m == "" })
	out := make(map[string]Addressee, len(members))
	if len(members) == 0 {
		return out, nil
	}
	s, at := o.Base, o.Portal.Place
	links, err := s.Links.Load(ctx, at, kinds.Member, members)
	if err != nil {
		return nil, err
	}
	unlinked := slices.DeleteFunc(slices.Clone(members), func(m string) bool { return links[m].HubSpotID != "" && !links[m].Archived })
	known, err := s.Records.Known(ctx, at, kinds.EntityContact, unlinked)
	if err != nil {
		return nil, err
	}
	ask := unlinked
	if companies {
		ask = members
	}
	loaded, err := s.LoadKeys(ctx, at.ClientID, integration.KindMember, ask)
	if err != nil {
		s.Log.Warn("the host could not be read", "client_id", at.ClientID, "kind", kinds.Member, "error", err)
	}
	organizations := map[string]string{} // by member
	for _, m := range members {
		a, organization := address(o.Portal.Options, m, links[m], loaded[m], known[m])
		if companies && links[m].HubSpotID != "" && Silent(loaded[m]) {
			a = Addressee{Silent: true}
		}
		if companies && organization != "" && a.Contact != "" {
			organizations[m] = organization
		}
		out[m] = a
	}
	found, err := o.companions(ctx, slices.Collect(maps.Values(organizations)))
	if err != nil {
		return nil, err
	}
	for m, organization := range organizations {
		a := out[m]
		a.Company = found[organization]
		out[m] = a
	}
	return out, nil
}

// address judges one member. known says that the sync log tells why it has no
// contact. It is pure.
func address(opts settings.Options, id string, l ledger.Link, answer integration.Loaded, known integration.SyncStatus) (a Addressee, organization string) {
	m, _ := answer.Entity.(integration.Member)
	switch {
	case l.Archived: // by us: whoever is back gets a contact again
	case l.Lost:
		return Addressee{Why: verdict.DeletedInHubSpot}, ""
	case l.HubSpotID != "":
		return Addressee{Contact: l.HubSpotID}, m.OrganizationID
	}
	switch {
	case answer.Gone:
		return Addressee{Why: verdict.NotMember}, ""
	case Silent(answer), m.ID != id:
		return Addressee{Silent: true}, ""
	}
	// What the host says now counts: the log may tell of yesterday.
	if why := opts.Excluded(m); why != "" {
		return Addressee{Why: why}, ""
	}
	return Addressee{Waits: true, Due: known != integration.SyncFailed && known != integration.SyncPending}, ""
}

// Silent reports that the host said nothing about an entity.
func Silent(a integration.Loaded) bool { return a.Err != nil || !a.Gone && a.Entity == nil }

// companions finds the companies of organizations, by organization. One that
// will have a company is waited for; one that will not has none.
func (o *Outing) companions(ctx context.Context, organizations []string) (map[string]Companion, error) {
	organizations = slices.Compact(slices.Sorted(slices.Values(organizations)))
	if len(organizations) == 0 {
		return nil, nil
	}
	links, err := o.Base.Links.Load(ctx, o.Portal.Place, kinds.Organization, organizations)
	if err != nil {
		return nil, err
	}
	out := map[string]Companion{}
	var ask []string
	for _, key := range organizations {
		switch l := links[key]; {
		case l.HubSpotID != "" && !l.Lost:
			out[key] = Companion{ID: l.HubSpotID}
		case l.HubSpotID == "" && o.Portal.Options.Companies:
			ask = append(ask, key)
		}
	}
	loaded, err := o.Base.LoadKeys(ctx, o.Portal.Place.ClientID, integration.KindOrganization, ask)
	if err != nil {
		o.Base.Log.Warn("the host could not be read", "client_id", o.Portal.Place.ClientID, "kind", kinds.Organization, "error", err)
	}
	for _, key := range ask {
		e, ok := loaded[key].Entity.(integration.Organization)
		if ok && settings.ExcludedOrganization(e) == "" || Silent(loaded[key]) {
			out[key] = Companion{Waits: key}
		}
	}
	return out, nil
}
