package hubspottest

import (
	"maps"
	"slices"
	"time"
)

// draft is a write of one record before it is stored.
type draft struct {
	rec      *record
	old      *record
	touched  []string // properties that the reply shows
	warnings []warning
	changed  bool
	links    []inlineLink // to make when the whole batch is written
}

// lifecycle is the order of the default stages; a write may only move forward.
func lifecycle() []string {
	return []string{"subscriber", "lead", "marketingqualifiedlead", "salesqualifiedlead", "opportunity", "customer", "evangelist", "other"}
}

// prepare checks the properties of a write and builds the version to store. old is
// nil for a create. It changes nothing.
func (p *PortalState) prepare(o *objects, old *record, in map[string]string, v version, now time.Time) (*draft, *failure) {
	d := &draft{old: old}
	if old == nil {
		d.rec = &record{props: map[string]string{}, createdAt: now, updatedAt: now, writtenAt: now}
		d.changed = true
	} else {
		d.rec = old.next(now)
	}
	var bad []propertyError
	for _, name := range slices.Sorted(maps.Keys(in)) {
		def := o.schema.find(name, now)
		if o.t.lenient && (def == nil || def.readOnly()) {
			continue
		}
		if def == nil {
			bad = append(bad, propertyError{name: name, code: "PROPERTY_DOESNT_EXIST", message: `Property "` + name + `" does not exist`})
			continue
		}
		if def.readOnly() {
			kind := "read only"
			if def.Calculated {
				kind = "calculated"
			}
			bad = append(bad, propertyError{name: name, code: "READ_ONLY_VALUE", message: `"` + name + `" is a ` + kind + ` property; its value cannot be set.`})
			continue
		}
		if e := p.assign(d, def, in[name], v); e != nil {
			bad = append(bad, *e)
		}
	}
	if len(bad) == 0 {
		bad = o.schema.missing(d.rec, in, old == nil, v)
	}
	if len(bad) > 0 {
		return nil, invalid(bad)
	}
	if old == nil && !slices.ContainsFunc(o.t.needOne, func(n string) bool { return d.rec.props[n] != "" }) {
		return nil, requiredAtCreate(o.t)
	}
	if old == nil && o.t.derive != nil {
		for name, value := range o.t.derive(d.rec.props) {
			d.rec.props[name] = value
			d.rec.note(name, value, v, now)
			d.touched = append(d.touched, name)
		}
	}
	if f := p.claim(o, d, in); f != nil {
		return nil, f
	}
	if d.changed || !p.sim.opts.IdenticalWriteKeepsUpdatedAt {
		d.rec.updatedAt = now
	}
	return d, nil
}

// assign puts one value into the draft.
func (p *PortalState) assign(d *draft, def *property, raw string, v version) *propertyError {
	current := d.rec.props[def.Name]
	d.touched = append(d.touched, def.Name)
	if raw == "" {
		if current != "" {
			d.changed = true
			delete(d.rec.props, def.Name)
			d.rec.note(def.Name, "", v, d.rec.writtenAt)
		}
		return nil
	}
	value, e, warn := p.sim.values.parse(def, raw, current, v == v2609)
	if e == nil {
		e = def.rule.check(def.Name, value)
	}
	if e != nil {
		e.value = raw
		return e
	}
	if def.Name == "lifecyclestage" && def.HubspotDefined && current != "" {
		stages := lifecycle()
		if to := slices.Index(stages, value); to >= 0 && to < slices.Index(stages, current) {
			return nil // HubSpot keeps the later stage and says nothing
		}
	}
	if warn != nil {
		d.warnings = append(d.warnings, *warn)
	}
	if current != value {
		d.changed = true
		d.rec.props[def.Name] = value
		d.rec.note(def.Name, value, v, d.rec.writtenAt)
	}
	return nil
}

// claim checks that no other record holds a unique value of the draft, and settles
// what becomes of a former address.
func (p *PortalState) claim(o *objects, d *draft, in map[string]string) *failure {
	for _, name := range slices.Sorted(maps.Keys(in)) {
		value := d.rec.props[name]
		if value == "" || !o.isUnique(name) {
			continue
		}
		if o.t.emails && name == "email" {
			if o.blocked[value] && !p.sim.opts.APIUnblocksEmail {
				return invalid([]propertyError{{name: name, code: "BLOCKED_EMAIL", message: "The email address was permanently deleted and is blocked"}})
			}
			if holder := o.byKey(name, value); holder != nil && (d.old == nil || holder.id != d.old.id) {
				return conflict(holder.id, value)
			}
			continue
		}
		if holder := o.byKey(name, value); holder != nil && (d.old == nil || holder.id != d.old.id) {
			return invalid([]propertyError{{name: name, code: "CONFLICTING_UNIQUE_VALUE", message: "Cannot set property " + name + ". " + holder.id + " already has that value."}})
		}
	}
	if o.t.emails && d.old != nil {
		p.moveEmail(d)
	}
	return nil
}

// moveEmail keeps the list of secondary emails right when the primary one changes.
func (p *PortalState) moveEmail(d *draft) {
	before, after := d.old.props["email"], d.rec.props["email"]
	if before == after {
		return
	}
	own := slices.Contains(d.rec.secondary, after)
	d.rec.secondary = slices.DeleteFunc(slices.Clone(d.rec.secondary), func(e string) bool { return e == after })
	if before != "" && after != "" && (own || p.sim.opts.KeepOldEmail) {
		d.rec.secondary = append(d.rec.secondary, before)
	}
}

// commit stores a draft.
func (p *PortalState) commit(o *objects, d *draft) {
	if d.old == nil {
		d.rec.num = p.sim.nextID()
		d.rec.id = formatID(d.rec.num)
		if o.t.computed != nil {
			for name, v := range o.t.computed(d.rec.id) {
				d.rec.props[name] = v
			}
		}
		if email := d.rec.props["email"]; o.t.emails {
			delete(o.blocked, email)
		}
	}
	p.trim(d.rec)
	o.put(d.old, d.rec)
}

// trim drops the versions that search no longer needs.
func (p *PortalState) trim(r *record) {
	if p.sim.opts.SearchLag == 0 {
		r.prev = nil
		return
	}
	seen := r.writtenAt.Add(-p.sim.opts.SearchLag)
	for v := r; v.prev != nil; v = v.prev {
		if !v.prev.writtenAt.After(seen) {
			// the version before is what search sees; nothing older is needed
			if v.prev.prev != nil {
				last := *v.prev
				last.prev = nil
				v.prev = &last
			}
			return
		}
	}
}

// undo takes back a stored draft.
func (o *objects) undo(d *draft) {
	if d.old == nil {
		o.drop(d.rec)
		return
	}
	o.put(d.rec, d.old)
}
