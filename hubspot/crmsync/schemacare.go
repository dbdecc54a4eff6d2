package crmsync

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/uptrace/bun"

	"github.com/memberpulse/hubspotplugin/hubspot"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/propertymap"
)

// propertyRest is how long sending waits for a property that HubSpot has just
// made and does not show yet. It was seen to need up to 0.7 s.
const propertyRest = time.Second

// shortBelieved is how long it is believed that the plan allows no more
// properties.
const shortBelieved = time.Minute

// schemaOf returns the portal's properties of the pass's object, read anew if
// they are not known or no longer believed. What is missing and ours is made
// again; a mapped property of the customer's that is gone parks its field. It
// reports false if the pass must not go on.
func (p *pass) schemaOf(ctx context.Context, rules mapping) (schema, bool) {
	now := p.s.now()
	if p.ended() {
		return schema{}, false
	}
	if known, ok := p.portal.schemaKnown(p.road.object, rules.version, now); ok {
		return known, true
	}
	var have []hubspot.Property
	ok, err := p.call(ctx, func(ctx context.Context) (err error) {
		have, err = p.portal.client.Properties(ctx, p.road.object)
		return err
	})
	if !ok || err != nil {
		if err != nil && p.stop == nil {
			f := readFailure(err)
			f.tenant = true
			p.stop = &f
		}
		return schema{}, false
	}
	fields := propertymap.New(p.road.mapped, rules.rules, have)
	gap := compareSchema(p.road.object, wanted(p.road.object, fields, p.portal.options), have)
	if slices.Contains(gap.retyped, p.road.idProperty) || gap.noSlot {
		p.stop = &failure{code: codeSchema, tenant: true, hold: true, properties: []string{p.road.idProperty}}
		return schema{}, false
	}
	var m mending
	if len(gap.missing)+len(gap.options) > 0 {
		if m, ok = p.mend(ctx, gap); !ok {
			return schema{}, false
		}
		have = m.have
		fields = propertymap.New(p.road.mapped, rules.rules, have)
		late := namesOf(compareSchema(p.road.object, wanted(p.road.object, fields, p.portal.options), have).missing)
		if late = slices.DeleteFunc(late, func(name string) bool { return m.short != nil && !slices.Contains(m.made, name) }); len(late) > 0 {
			// HubSpot does not show yet what it has: a schema without it would leave
			// fields out for as long as it is believed.
			p.stop = &failure{code: codeNoProperty, tenant: true, after: propertyRest, properties: late}
			return schema{}, false
		}
	}
	out := schema{at: now, properties: have, parked: map[string]bool{}}
	why := map[string]parking{}
	for _, g := range fields.Gaps() {
		out.parked[g.Property], why[g.Property] = true, parking{why: g.Why}
	}
	for _, name := range gap.retyped {
		out.parked[name] = true
		why[name] = parking{why: "The property has another type than MemberPulse needs. In HubSpot rename or archive it; it is made again by itself."}
	}
	if m.short != nil {
		out.at = now.Add(shortBelieved - schemaBelieved)
		for _, name := range namesOf(compareSchema(p.road.object, gap.missing, have).missing) {
			out.parked[name] = true
			why[name] = parking{"The HubSpot account's plan allows no more custom properties.", &m.short.left}
		}
		if out.parked[p.road.idProperty] {
			p.stop = &failure{code: codePropertyLimit, tenant: true, hold: true, properties: []string{m.short.amount()}}
			return schema{}, false
		}
	}
	if err := p.s.mappings.setParked(ctx, p.portal.place, p.road.mapped, why, now); err != nil {
		p.s.log.Warn("parked properties could not be noted", "client_id", p.batch.Tenant, "error", err)
	}
	p.portal.knowSchema(p.road.object, rules.version, out)
	return out, true
}

// steady makes writes, unless properties were made again since the pass was
// planned: what it would fill there waits for the admin now. Its members are
// planned anew.
func (p *pass) steady(works []*work, do func()) {
	if p.portal.steady(p.mends, do) {
		return
	}
	for _, w := range works {
		w.put(codeNoProperty, 0)
	}
}

// planning notes how things stand before the pass is planned.
func (p *pass) planning() { p.mends = p.portal.plannedAt() }

// mending is what came of it: the portal's properties afterwards, those that were
// made, and what the plan does not allow.
type mending struct {
	have  []hubspot.Property
	made  []string
	short *shortage
}

// mend makes again what somebody removed from the portal's schema of ours. New
// properties are empty: they fill with every change, and for everybody once the
// admin confirms, for no write in HubSpot is quiet. If the plan does not allow
// them all, none is made but the one without which nothing can be sent.
func (p *pass) mend(ctx context.Context, gap schemaGap) (m mending, ok bool) {
	p.portal.mend(func(made func() int) { m, ok = p.mendAlone(ctx, gap, made) })
	return m, ok
}

func (p *pass) mendAlone(ctx context.Context, gap schemaGap, made func() int) (m mending, ok bool) {
	ok, err := p.call(ctx, func(ctx context.Context) (err error) {
		if m.short, err = gap.short(ctx, p.portal.client); err != nil {
			return err
		}
		if m.short != nil {
			gap.missing = slices.DeleteFunc(slices.Clone(gap.missing), func(q hubspot.Property) bool {
				return q.Name != p.road.idProperty || m.short.left == 0
			})
		}
		if m.made, err = ensureSchema(ctx, p.portal.client, gap); err != nil && !errors.As(err, &m.short) {
			return err
		}
		m.have, err = p.portal.client.Properties(ctx, p.road.object)
		return err
	})
	switch {
	case !ok:
		return mending{}, false
	case err != nil:
		p.stop = &failure{code: codeSchema, tenant: true, hold: true, properties: namesOf(gap.missing)}
		return mending{}, false
	}
	if len(m.made) == 0 { // all that was missing had just been made, and was not known yet
		return m, true
	}
	p.mends = made()
	tags := p.road.kind == kindMember && slices.ContainsFunc(m.made, isTagProperty)
	err = p.s.db.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
		return p.s.tags.refill(ctx, tx, p.portal.place, tags, p.s.now())
	})
	if err != nil {
		p.lost = err
		return mending{}, false
	}
	p.s.log.Warn("properties that somebody removed were made again", "client_id", p.batch.Tenant, "object", string(gap.object), "properties", strings.Join(m.made, " "))
	return m, true
}

// lookAtSchema has the portal's schema read again within tx, if properties are
// parked: one entity of each kind concerned is looked at, which does it.
func (s *Syncer) lookAtSchema(ctx context.Context, tx *sql.Tx, clientID string) error {
	conn, err := s.connections.get(ctx, tx, clientID)
	if err != nil {
		return storeFault(err)
	}
	parked, err := s.mappings.parkedOf(ctx, tx, place{clientID, conn.PortalID})
	if err != nil {
		return storeFault(err)
	}
	if l, ok := s.portals.peek(clientID); ok {
		l.doubtSchemas()
	}
	for kind, road := range s.roads {
		if !slices.ContainsFunc(parked, func(p parkedProperty) bool { return p.Object == road.mapped }) {
			continue
		}
		keys, err := s.source.Keys(ctx, clientID, carriers()[kind].lists, "", 1)
		if err != nil {
			return storeFault(err)
		}
		if err := s.outbox.AppendSQL(ctx, tx, liveEntries(clientID, kind, keys)...); err != nil {
			return storeFault(err)
		}
	}
	return nil
}

// wanted are the properties that the plugin makes on an object, given the map
// and what is switched on.
func wanted(object hubspot.ObjectType, fields propertymap.Map, o options) []hubspot.Property {
	out := fields.OwnProperties()
	if object == hubspot.Contacts && o.tags {
		out = append(out, tagContactProperties(o)...)
	}
	return out
}

func namesOf(properties []hubspot.Property) []string {
	out := make([]string, len(properties))
	for i, p := range properties {
		out[i] = p.Name
	}
	return out
}
