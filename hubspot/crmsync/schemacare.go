package crmsync

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/memberpulse/hubspotplugin/hubspot"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/carry"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/kinds"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/propertymap"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/schema"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/settings"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/values"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/verdict"
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
func (p *pass) schemaOf(ctx context.Context, rules mapping) (carry.Schema, bool) {
	now := p.s.Now()
	if p.Ended() {
		return carry.Schema{}, false
	}
	if known, ok := p.Portal.SchemaKnown(p.road.object, rules.version, now); ok {
		return known, true
	}
	var have []hubspot.Property
	ok, err := p.Call(ctx, func(ctx context.Context) (err error) {
		have, err = p.Portal.Client.Properties(ctx, p.road.object)
		return err
	})
	if !ok || err != nil {
		if err != nil && p.Stop == nil {
			f := verdict.Read(err)
			f.Tenant = true
			p.Stop = &f
		}
		return carry.Schema{}, false
	}
	fields := propertymap.New(p.road.mapped, rules.rules, have)
	gap := schema.Compare(p.road.object, wanted(p.road.object, fields, p.Portal.Options), have)
	if slices.Contains(gap.Retyped, p.road.idProperty) || gap.NoSlot {
		p.Stop = &verdict.Failure{Code: verdict.Schema, Tenant: true, Hold: true, Properties: []string{p.road.idProperty}}
		return carry.Schema{}, false
	}
	var m mending
	if options := optionGaps(p.targets(have)); len(gap.Missing)+len(gap.Options)+len(options) > 0 {
		if m, ok = p.mend(ctx, gap, options); !ok {
			return carry.Schema{}, false
		}
		have = m.have
		fields = propertymap.New(p.road.mapped, rules.rules, have)
		after := schema.Compare(p.road.object, wanted(p.road.object, fields, p.Portal.Options), have)
		gap.Retyped = values.Union(gap.Retyped, after.Retyped)
		if slices.Contains(gap.Retyped, p.road.idProperty) {
			p.Stop = &verdict.Failure{Code: verdict.Schema, Tenant: true, Hold: true, Properties: []string{p.road.idProperty}}
			return carry.Schema{}, false
		}
		late := namesOf(after.Missing)
		if late = slices.DeleteFunc(late, func(name string) bool { return m.short != nil && !slices.Contains(m.made, name) }); len(late) > 0 {
			// HubSpot does not show yet what it has: a schema without it would leave
			// fields out for as long as it is believed.
			p.Stop = &verdict.Failure{Code: verdict.NoProperty, Tenant: true, After: propertyRest, Properties: late}
			return carry.Schema{}, false
		}
	}
	out := carry.Schema{At: now, Properties: have, Parked: map[string]bool{}}
	why := map[string]parking{}
	for _, g := range fields.Gaps() {
		why[g.Property] = parking{why: g.Why}
	}
	for _, t := range p.targets(have) {
		switch refusal := m.refused[t.Property.Name]; {
		case t.refused != "":
			why[t.Property.Name] = parking{why: t.refused}
		case refusal != "":
			why[t.Property.Name] = parking{why: "HubSpot does not take the options of these tags for it: " + refusal + "."}
		}
	}
	for _, name := range gap.Retyped {
		why[name] = parking{why: "The property has another type than MemberPulse needs. In HubSpot archive it and then delete it for good from the archived properties; it is made again by itself. Archiving alone brings the old one back."}
	}
	if m.short != nil {
		out.At = now.Add(shortBelieved - carry.SchemaBelieved)
		for _, name := range namesOf(schema.Compare(p.road.object, gap.Missing, have).Missing) {
			why[name] = parking{"The HubSpot account's plan allows no more custom properties.", &m.short.Left}
		}
		if _, ours := why[p.road.idProperty]; ours {
			p.Stop = &verdict.Failure{Code: verdict.PropertyLimit, Tenant: true, Hold: true, Properties: []string{m.short.Amount()}}
			return carry.Schema{}, false
		}
	}
	for name := range why {
		out.Parked[name] = true
	}
	if !p.park(ctx, why, m.made, fields) {
		return carry.Schema{}, false
	}
	p.Portal.KnowSchema(p.road.object, rules.version, out)
	return out, true
}

// targets are the properties of the customer's that receive tags, as far as they
// concern the pass.
func (p *pass) targets(have []hubspot.Property) []*tagTarget {
	if p.road.kind != kinds.Member || !p.Portal.Options.Tags {
		return nil
	}
	return tagTargets(p.Portal.Options, have)
}

// optionGaps are the options that those of the targets lack that can receive tags.
func optionGaps(targets []*tagTarget) []schema.OptionGap {
	var out []schema.OptionGap
	for _, t := range targets {
		if t.refused == "" && len(t.Add) > 0 {
			out = append(out, t.OptionGap)
		}
	}
	return out
}

// steady makes writes, unless properties were made again since the pass was
// planned: what it would fill there waits for the admin now. Its members are
// planned anew.
func (p *pass) steady(works []*work, do func()) {
	if p.Portal.Steady(p.mends, do) {
		return
	}
	for _, w := range works {
		w.Put(verdict.NoProperty, 0)
	}
}

// planning notes how things stand before the pass is planned.
func (p *pass) planning() { p.mends = p.Portal.PlannedAt() }

// mending is what came of it: the portal's properties afterwards, those that were
// made, what the plan does not allow, and the properties of the customer's that
// do not take options of ours, with HubSpot's word on it.
type mending struct {
	have    []hubspot.Property
	made    []string
	short   *schema.Shortage
	refused map[string]string
}

// mend makes again what somebody removed from the portal's schema of ours. New
// properties are empty: they fill with every change, and for everybody once the
// admin confirms, for no write in HubSpot is quiet. If the plan does not allow
// them all, none is made but the one without which nothing can be sent.
func (p *pass) mend(ctx context.Context, gap schema.Gap, options []schema.OptionGap) (m mending, ok bool) {
	p.alone(func(made func() int) { m, ok = p.mendAlone(ctx, gap, options, made) })
	return m, ok
}

// alone runs do while nobody writes. If another pass has made properties again
// since this one was planned, it is planned anew in a moment.
func (p *pass) alone(do func(made func() int)) {
	if !p.Portal.Mend(p.mends, do) {
		p.Stop = &verdict.Failure{Code: verdict.NoProperty, Tenant: true, After: propertyRest}
	}
}

func (p *pass) mendAlone(ctx context.Context, gap schema.Gap, options []schema.OptionGap, made func() int) (m mending, ok bool) {
	var noted, there []string
	if noted, p.Lost = p.s.parkings.lose(ctx, p.Portal.Place, p.road.mapped, namesOf(gap.Missing), p.s.Now()); p.Lost != nil {
		return mending{}, false
	}
	ok, err := p.Call(ctx, func(ctx context.Context) (err error) {
		if m.short, err = gap.Short(ctx, p.Portal.Client); err != nil {
			return err
		}
		if m.short != nil {
			gap.Missing = slices.DeleteFunc(slices.Clone(gap.Missing), func(q hubspot.Property) bool {
				return q.Name != p.road.idProperty || m.short.Left == 0
			})
		}
		var older *schema.OlderError // it is parked like one that was retyped by hand
		m.made, err = schema.Ensure(ctx, p.Portal.Client, gap)
		if err != nil && !errors.As(err, &m.short) && !errors.As(err, &older) {
			return err
		}
		if err == nil {
			there = values.Common(noted, namesOf(gap.Missing))
		}
		for _, o := range options {
			_, err := schema.Ensure(ctx, p.Portal.Client, schema.Gap{Object: gap.Object, Options: []schema.OptionGap{o}})
			if why, refused := refusedOptions(err); refused {
				m.refused = map[string]string{o.Property.Name: why}
			} else if err != nil {
				return err
			}
		}
		m.have, err = p.Portal.Client.Properties(ctx, p.road.object)
		return err
	})
	if len(m.made) > 0 {
		p.mends = made()
	}
	if p.Lost == nil {
		p.Lost = p.s.parkings.found(ctx, p.Portal.Place, p.road.mapped, values.Without(there, m.made))
	}
	switch {
	case !ok, p.Lost != nil:
		return mending{}, false
	case err != nil:
		p.Stop = &verdict.Failure{Code: verdict.Schema, Tenant: true, Hold: true, Properties: namesOf(gap.Missing)}
		return mending{}, false
	}
	if len(m.made) > 0 {
		p.s.Log.Warn("properties that HubSpot did not have were made", "client_id", p.Batch.Tenant, "object", string(gap.Object), "properties", strings.Join(m.made, " "))
	}
	return m, true
}

// refusedOptions tells why a property of the customer's takes no options of
// ours, if that is what an error means: it concerns the tags alone.
func refusedOptions(err error) (why string, refused bool) {
	var e *hubspot.Error
	if !errors.As(err, &e) || e.Status != http.StatusBadRequest && e.Status != http.StatusConflict {
		return "", false
	}
	return verdict.Read(err).Detail, true
}

// wanted are the properties that the plugin makes on an object, given the map
// and what is switched on.
func wanted(object hubspot.ObjectType, fields propertymap.Map, o settings.Options) []hubspot.Property {
	out := fields.OwnProperties()
	if object == hubspot.Contacts && o.Tags {
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
