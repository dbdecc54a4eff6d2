package crmsync

import (
	"context"
	"maps"
	"slices"

	"github.com/memberpulse/hubspotplugin/integration"
)

// addressee is where a member's notes go. At most one of why, waits and silent
// is set; with none of them there is a contact.
type addressee struct {
	contact string // record id
	why     code   // there is no contact, and this is the reason
	waits   bool   // there is none yet
	silent  bool   // the host did not answer
	due     bool   // nothing is known of the member here: it must be sent
	company companion
}

// companion is the company that a note stands on too.
type companion struct {
	id    string // record id, "" = none
	waits string // the organization that has none yet
}

// addressees finds out where the notes of members go, by member. companies asks
// for their companies too. The error is the database's.
func (o *outing) addressees(ctx context.Context, members []string, companies bool) (map[string]addressee, error) {
	members = slices.DeleteFunc(slices.Compact(slices.Sorted(slices.Values(members))), func(m string) bool { return m == "" })
	out := make(map[string]addressee, len(members))
	if len(members) == 0 {
		return out, nil
	}
	s, at := o.base, o.portal.place
	links, err := s.links.load(ctx, at, kindMember, members)
	if err != nil {
		return nil, err
	}
	unlinked := slices.DeleteFunc(slices.Clone(members), func(m string) bool { return links[m].HubSpotID != "" })
	known, err := s.records.known(ctx, at, entityContact, unlinked)
	if err != nil {
		return nil, err
	}
	ask := unlinked
	if companies {
		ask = members
	}
	loaded, err := s.loadKeys(ctx, at.clientID, integration.KindMember, ask)
	if err != nil {
		s.log.Warn("the host could not be read", "client_id", at.clientID, "kind", kindMember, "error", err)
	}
	organizations := map[string]string{} // by member
	for _, m := range members {
		a, organization := address(o.portal.options, m, links[m], loaded[m], known[m])
		if companies && links[m].HubSpotID != "" && silent(loaded[m]) {
			a = addressee{silent: true}
		}
		if companies && organization != "" && a.contact != "" {
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
		a.company = found[organization]
		out[m] = a
	}
	return out, nil
}

// address judges one member. known says that the sync log tells why it has no
// contact. It is pure.
func address(opts options, id string, l link, answer integration.Loaded, known integration.SyncStatus) (a addressee, organization string) {
	m, _ := answer.Entity.(integration.Member)
	switch {
	case l.HubSpotID != "" && l.Lost:
		return addressee{why: codeDeletedInHubSpot}, ""
	case l.HubSpotID != "":
		return addressee{contact: l.HubSpotID}, m.OrganizationID
	case answer.Gone:
		return addressee{why: codeNotMember}, ""
	case silent(answer), m.ID != id:
		return addressee{silent: true}, ""
	}
	// What the host says now counts: the log may tell of yesterday.
	if why := opts.excluded(m); why != "" {
		return addressee{why: why}, ""
	}
	return addressee{waits: true, due: known != integration.SyncFailed && known != integration.SyncPending}, ""
}

// silent reports that the host said nothing about an entity.
func silent(a integration.Loaded) bool { return a.Err != nil || !a.Gone && a.Entity == nil }

// companions finds the companies of organizations, by organization. One that
// will have a company is waited for; one that will not has none.
func (o *outing) companions(ctx context.Context, organizations []string) (map[string]companion, error) {
	organizations = slices.Compact(slices.Sorted(slices.Values(organizations)))
	if len(organizations) == 0 {
		return nil, nil
	}
	links, err := o.base.links.load(ctx, o.portal.place, kindOrganization, organizations)
	if err != nil {
		return nil, err
	}
	out := map[string]companion{}
	var ask []string
	for _, key := range organizations {
		switch l := links[key]; {
		case l.HubSpotID != "" && !l.Lost:
			out[key] = companion{id: l.HubSpotID}
		case l.HubSpotID == "" && o.portal.options.companies:
			ask = append(ask, key)
		}
	}
	loaded, err := o.base.loadKeys(ctx, o.portal.place.clientID, integration.KindOrganization, ask)
	if err != nil {
		o.base.log.Warn("the host could not be read", "client_id", o.portal.place.clientID, "kind", kindOrganization, "error", err)
	}
	for _, key := range ask {
		e, ok := loaded[key].Entity.(integration.Organization)
		if ok && excludedOrganization(e) == "" || silent(loaded[key]) {
			out[key] = companion{waits: key}
		}
	}
	return out, nil
}
