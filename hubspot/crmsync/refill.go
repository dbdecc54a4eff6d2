package crmsync

import (
	"context"
	"database/sql"
	"slices"
	"time"

	"github.com/uptrace/bun"

	"github.com/memberpulse/hubspotplugin/hubspot"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/carry"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/inspect"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/kinds"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/ledger"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/propertymap"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/schema"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/settings"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/values"
	"github.com/memberpulse/hubspotplugin/tagging"
)

// park notes what of the pass's object cannot be written. What could not be
// written before and can be now, or was just made, is empty in HubSpot, or
// behind: in the same transaction it is left to the admin when it fills for
// everybody. It reports false if the pass must not go on.
func (p *pass) park(ctx context.Context, why map[string]parking, made []string, fields propertymap.Map) bool {
	at := p.Portal.Place
	before, err := p.s.parkings.of(ctx, p.s.DB, at)
	if err != nil {
		p.Lost = err
		return false
	}
	empty := slices.Clone(made)
	for _, b := range before {
		if b.Object == p.road.mapped {
			empty = append(empty, b.Property)
		}
	}
	used := p.used(fields)
	back := slices.DeleteFunc(empty, func(name string) bool { // that can be written again
		_, still := why[name]
		return still || !slices.Contains(used, name)
	})
	note := func() {
		p.Lost = p.s.DB.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
			now := p.s.Now()
			if err := p.s.parkings.set(ctx, tx, at, p.road.mapped, why, now); err != nil || len(back) == 0 {
				return err
			}
			return p.s.tags.refill(ctx, tx, at, p.lostTags(back), now)
		})
	}
	if len(back) == 0 {
		note()
		return p.Lost == nil
	}
	// Whoever was planned before is planned anew: the ledger says something else.
	p.alone(func(made func() int) {
		if note(); p.Lost == nil {
			p.mends = made()
		}
	})
	return !p.Ended()
}

// used are the properties that the pass's object has of us, and those of the
// customer's that receive fields or tags.
func (p *pass) used(fields propertymap.Map) []string {
	out := namesOf(wanted(p.road.object, fields, p.Portal.Options))
	for _, name := range fields.Fields() {
		out = append(out, name)
	}
	if p.road.kind == kinds.Member && p.Portal.Options.Tags {
		for _, f := range tagging.Families() {
			out = append(out, p.Portal.Options.TagTarget(f))
		}
	}
	return out
}

// lostTags are those that HubSpot has no more because it has lost these
// properties. The facts about a tag are lost without it.
func (p *pass) lostTags(properties []string) []string {
	if p.road.kind != kinds.Member {
		return nil
	}
	var out []string
	for _, f := range tagging.Families() {
		if slices.Contains(properties, p.Portal.Options.TagTarget(f)) {
			out = append(out, tagsOf(f)...)
		}
	}
	return out
}

// moveTags notes, within tx, that families of tags go to other properties from now
// on: HubSpot has none of them there, and the admin says when it gets them.
func (s *Syncer) moveTags(ctx context.Context, tx *sql.Tx, at ledger.Place, opts, was settings.Options, now time.Time) error {
	var moved []string
	for _, f := range opts.Moved(was) {
		moved = append(moved, tagsOf(f)...)
	}
	switch {
	case len(moved) == 0:
		return nil
	case !opts.TagsOn(): // whoever switches them on is asked then
		return s.tags.lose(ctx, tx, at, moved)
	}
	return s.tags.refill(ctx, tx, at, moved, now)
}

// ensure makes, for a save of settings, what the portal lacks. Properties that a
// connected tenant has had are noted first: they are empty then.
func (s *Syncer) ensure(ctx context.Context, client *hubspot.Client, clientID string, in portalCheck) error {
	had, at, err := s.had(ctx, clientID, in)
	if err != nil {
		return inspect.StoreFault(err)
	}
	for _, gap := range in.gaps {
		mapped := s.mappedOf(gap.Object)
		noted, err := s.parkings.lose(ctx, at, mapped, values.Common(namesOf(gap.Missing), had[gap.Object]), s.Now())
		if err != nil {
			return inspect.StoreFault(err)
		}
		made, err := schema.Ensure(ctx, client, gap)
		if err != nil {
			return schema.Refusal(gap.Object, err)
		}
		if err := s.parkings.found(ctx, at, mapped, values.Without(noted, made)); err != nil {
			return inspect.StoreFault(err)
		}
	}
	return nil
}

// had are the properties, by object, that a connected tenant's settings have had.
func (s *Syncer) had(ctx context.Context, clientID string, in portalCheck) (map[hubspot.ObjectType][]string, ledger.Place, error) {
	conn, err := s.Connections.Get(ctx, s.DB, clientID)
	if err != nil || !conn.Connected {
		return nil, ledger.Place{}, err
	}
	at := ledger.Place{ClientID: clientID, PortalID: conn.PortalID}
	stored, err := s.portals.Settings.Load(ctx, clientID, settings.PluginID)
	if err != nil {
		return nil, at, nil //nolint:nilerr // settings that cannot be read tell of nothing that was there
	}
	old := settings.Of(stored.Settings)
	out := map[hubspot.ObjectType][]string{}
	for _, road := range s.roads {
		if road.kind == kinds.Member && !old.Contacts || road.kind == kinds.Organization && !old.Companies {
			continue
		}
		out[road.object] = namesOf(wanted(road.object, in.maps[road.object], old))
	}
	return out, at, nil
}

// mappedOf is what an object is called where its properties are stored.
func (s *Syncer) mappedOf(object hubspot.ObjectType) string {
	for _, road := range s.roads {
		if road.object == object {
			return road.mapped
		}
	}
	return string(object)
}

// lookAtSchema has the portal's schema read again within tx, if properties are
// parked: one entity of each kind concerned is looked at, which does it.
func (s *Syncer) lookAtSchema(ctx context.Context, tx *sql.Tx, clientID string) error {
	conn, err := s.Connections.Get(ctx, tx, clientID)
	if err != nil {
		return inspect.StoreFault(err)
	}
	parked, err := s.parkings.of(ctx, tx, ledger.Place{ClientID: clientID, PortalID: conn.PortalID})
	if err != nil {
		return inspect.StoreFault(err)
	}
	if l, ok := s.portals.Peek(clientID); ok {
		l.DoubtSchemas()
	}
	for kind, road := range s.roads {
		if !slices.ContainsFunc(parked, func(p parkedProperty) bool { return p.Object == road.mapped }) {
			continue
		}
		keys, err := s.Source.Keys(ctx, clientID, carriers()[kind].lists, "", 1)
		if err != nil {
			return inspect.StoreFault(err)
		}
		if err := s.Outbox.AppendSQL(ctx, tx, carry.LiveEntries(clientID, kind, keys)...); err != nil {
			return inspect.StoreFault(err)
		}
	}
	return nil
}
