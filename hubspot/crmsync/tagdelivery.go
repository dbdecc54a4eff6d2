package crmsync

import (
	"context"
	"maps"
	"slices"

	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/kinds"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/propertymap"
)

// lens loads what decides, beside the host's own data, what becomes of keys.
func (p *pass) lens(ctx context.Context, keys []string) (lens, error) {
	l := lens{options: p.Portal.Options, link: p.s.Pages.Linker(p.Batch.Tenant)}
	p.planning()
	rules, err := p.s.mappings.load(ctx, p.s.DB, p.Portal.Place)
	if err != nil {
		return lens{}, err
	}
	known, ok := p.schemaOf(ctx, rules)
	if !ok {
		return l, nil // nothing can be written; what stopped it is told
	}
	l.parked = known.Parked
	l.fields = propertymap.New(p.road.mapped, rules.rules, known.Properties).Without(slices.Collect(maps.Keys(known.Parked))...)
	p.fields = l.fields
	if p.s.Calendar != nil {
		if l.loc, err = p.s.Calendar.TimeZone(ctx, p.Batch.Tenant); err != nil {
			return lens{}, err
		}
	}
	if p.road.kind != kinds.Member || !l.options.Tags {
		return l, nil
	}
	if withoutTags(l.options, func(name string) bool { return l.parked[name] }) != "" {
		return l, nil // the ledger must not say that HubSpot has them
	}
	if l.gate, err = p.s.tags.gate(ctx, p.s.DB, p.Portal.Place); err != nil {
		return lens{}, err
	}
	l.gate.on = !l.gate.at.IsZero()
	if l.tags, err = p.s.tags.load(ctx, p.s.DB, p.Portal.Place, keys); err != nil {
		return lens{}, err
	}
	l.hands, err = p.s.hands.Load(ctx, p.s.DB, p.Portal.Place.ClientID, keys)
	return l, err
}

// tagAdds are the tags that a write adds to properties of the customer's and
// that HubSpot is not known to have.
func (p *pass) tagAdds(works []*work) map[string][]string {
	adds := map[string][]string{}
	for _, w := range works {
		for _, to := range w.tags.targets {
			for _, tag := range to.Has {
				if row := w.tags.prior[tag]; !row.Sent && !row.Maybe {
					adds[w.d.Key] = append(adds[w.d.Key], tag)
				}
			}
		}
	}
	return adds
}
