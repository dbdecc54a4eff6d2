package hubspottest

import (
	"slices"
	"time"
)

// Record answers a record of any object type by its id or by the id of one that was
// merged into it; archived ones too. It is false for an id that never was, or was
// erased.
func (p *PortalState) Record(objectType, id string) (Record, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	o := p.mustObjects(objectType)
	r := o.byID[o.resolve(id)]
	if r == nil {
		return Record{}, false
	}
	return o.report(r), true
}

// PutRecord creates a record as a person in HubSpot does. It panics on values that
// HubSpot would refuse.
func (p *PortalState) PutRecord(objectType string, props map[string]string) Record {
	defer p.sim.touch()
	p.mu.Lock()
	defer p.mu.Unlock()
	o := p.mustObjects(objectType)
	return o.report(p.mustWrite(o, nil, props))
}

// EditRecord changes a record as a person does; an empty value clears a property.
func (p *PortalState) EditRecord(objectType, id string, props map[string]string) Record {
	defer p.sim.touch()
	p.mu.Lock()
	defer p.mu.Unlock()
	o := p.mustObjects(objectType)
	return o.report(p.mustWrite(o, mustGet(o, id), props))
}

// ArchiveRecord moves a record to the recycle bin. Its unique values are free from then
// on; its associations are out of sight, and come back with it.
func (p *PortalState) ArchiveRecord(objectType, id string) {
	defer p.sim.touch()
	p.mu.Lock()
	defer p.mu.Unlock()
	o := p.mustObjects(objectType)
	p.archive(o, mustGet(o, id), p.sim.now())
}

// RestoreRecord takes a record out of the recycle bin, with its associations. It panics
// if there is no such record in it, or another one has its unique values by now.
// https://knowledge.hubspot.com/records/restore-deleted-records
func (p *PortalState) RestoreRecord(objectType, id string) Record {
	defer p.sim.touch()
	p.mu.Lock()
	defer p.mu.Unlock()
	o := p.mustObjects(objectType)
	old := o.byID[id]
	if old == nil || !old.archived() {
		panic("hubspottest: no archived " + o.t.singular + " " + id)
	}
	for name, key := range o.keys(old) {
		if o.unique[name][key] != "" {
			panic("hubspottest: another " + o.t.singular + " has the value of " + name)
		}
	}
	now := p.sim.now()
	r := old.next(now)
	r.archivedAt, r.updatedAt = time.Time{}, now
	p.trim(r)
	o.put(old, r)
	return o.report(r)
}

// MergeRecords merges secondary into primary and answers the id of the survivor, which
// has the associations of both.
func (p *PortalState) MergeRecords(objectType, primary, secondary string) (survivor string) {
	defer p.sim.touch()
	p.mu.Lock()
	defer p.mu.Unlock()
	r, f := p.merge(p.mustObjects(objectType), primary, secondary, p.sim.now())
	if f != nil {
		panic("hubspottest: HubSpot refuses the merge: " + f.text(p.portal.ID))
	}
	return r.id
}

// Association is one type of an association in one direction. The same pair has an
// Association of its own in the other direction, and one more for each of its labels.
type Association struct {
	FromType string `json:"fromType"` // plural, such as contacts
	FromID   string `json:"fromId"`
	ToType   string `json:"toType"`
	ToID     string `json:"toId"`
	TypeID   int    `json:"typeId"`
	Category string `json:"category"` // HUBSPOT_DEFINED or USER_DEFINED
	Label    string `json:"label"`    // empty for the unlabelled association
}

// PutAssociation associates two records as a person does, with labels of the pair of
// object types, if any. A label that is not defined panics.
func (p *PortalState) PutAssociation(fromType, fromID, toType, toID string, labels ...string) {
	defer p.sim.touch()
	p.mu.Lock()
	defer p.mu.Unlock()
	from, to := p.mustEnd(fromType, fromID), p.mustEnd(toType, toID)
	if from == to || p.links.unlabelled(from.typeID, to.typeID) == (spec{}) {
		panic("hubspottest: " + fromType + " and " + toType + " cannot be associated")
	}
	p.associate(from, to)
	for _, label := range labels {
		p.links.add(from, to, p.mustLabel(from, to, label))
	}
}

// RemoveAssociation takes labels off an association as a person does; without labels
// it ends the association.
func (p *PortalState) RemoveAssociation(fromType, fromID, toType, toID string, labels ...string) {
	defer p.sim.touch()
	p.mu.Lock()
	defer p.mu.Unlock()
	from, to := p.mustEnd(fromType, fromID), p.mustEnd(toType, toID)
	if len(labels) == 0 {
		p.links.unlink(from, to)
	}
	for _, label := range labels {
		p.links.remove(from, to, p.mustLabel(from, to, label))
	}
}

func (p *PortalState) mustEnd(objectType, id string) end {
	o := p.mustObjects(objectType)
	return end{o.t.id, mustGet(o, id).id}
}

func (p *PortalState) mustLabel(from, to end, label string) spec {
	defs := p.links.defs[[2]string{from.typeID, to.typeID}]
	i := slices.IndexFunc(defs, func(d definition) bool { return label != "" && d.label == label })
	if i < 0 {
		panic("hubspottest: there is no association label " + label)
	}
	return defs[i].spec
}

// DefineLabel defines a custom label and answers its type id. The other direction
// carries inverse, or the same label if that is empty.
func (p *PortalState) DefineLabel(fromType, toType, label, inverse string) (typeID int) {
	defer p.sim.touch()
	p.mu.Lock()
	defer p.mu.Unlock()
	from, to := p.mustObjects(fromType).t.id, p.mustObjects(toType).t.id
	if label == "" || p.links.unlabelled(from, to) == (spec{}) {
		panic("hubspottest: " + fromType + " and " + toType + " cannot have the label")
	}
	there, _ := p.links.define(from, to, label, label, inverse)
	return there.TypeID
}

// Associations lists the associations between the live records of two object types, in
// the direction asked for, by the ids of the records and then by type.
func (p *PortalState) Associations(fromType, toType string) []Association {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.associationsOf(p.mustObjects(fromType), p.mustObjects(toType))
}

func (p *PortalState) associationsOf(from, to *objects) []Association {
	out := []Association{}
	for r := range from.each(false) {
		one := end{from.t.id, r.id}
		for _, n := range p.links.order[towards{one, to.t.id}] {
			other := end{to.t.id, formatID(n)}
			if to.get(other.id) == nil {
				continue
			}
			for _, s := range p.links.types[[2]end{one, other}] {
				out = append(out, Association{
					from.t.plural, one.id, to.t.plural, other.id, s.TypeID, s.Category, p.links.definition(one.typeID, other.typeID, s).label,
				})
			}
		}
	}
	return out
}

// AllAssociations lists the associations of all object types, each in both directions.
func (p *PortalState) AllAssociations() []Association {
	p.mu.Lock()
	defer p.mu.Unlock()
	out := []Association{}
	for _, from := range p.types {
		for _, to := range p.types {
			out = append(out, p.associationsOf(from, to)...)
		}
	}
	return out
}
