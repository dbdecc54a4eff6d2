package hubspottest

import (
	"maps"
	"slices"
	"strings"
	"time"
)

// Record is a CRM record as a person sees it.
type Record struct {
	ID         string
	Properties map[string]string // with computed ones; properties without a value are left out
	CreatedAt  time.Time
	UpdatedAt  time.Time
	Archived   bool
	MergedIDs  []string
}

func (o *objects) report(r *record) Record {
	rec := Record{ID: r.id, Properties: map[string]string{}, CreatedAt: r.createdAt, UpdatedAt: r.updatedAt, Archived: r.archived(), MergedIDs: slices.Clone(r.merged)}
	for name := range r.props {
		if o.schema.live[name] != nil {
			rec.Properties[name] = r.props[name]
		}
	}
	for _, name := range append([]string{"hs_merged_object_ids", "hs_additional_emails", "hs_email_domain"}, o.t.always...) {
		if v, ok := r.value(o.t, name); ok && v != "" && o.schema.live[name] != nil {
			rec.Properties[name] = v
		}
	}
	return rec
}

// Records answers the live records of an object type, sorted by id.
func (p *PortalState) Records(objectType string) []Record {
	p.mu.Lock()
	defer p.mu.Unlock()
	o := p.mustObjects(objectType)
	out := make([]Record, 0, o.live)
	for r := range o.each(false) {
		out = append(out, o.report(r))
	}
	return out
}

// Count answers the number of live records of an object type, at no cost.
func (p *PortalState) Count(objectType string) int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.mustObjects(objectType).live
}

// Contacts answers the live contacts, sorted by id.
func (p *PortalState) Contacts() []Record { return p.Records("contacts") }

// Contact answers a contact by its id or by the id of one that was merged into it;
// archived ones too. It is false for an id that never was, or was erased.
func (p *PortalState) Contact(id string) (Record, bool) { return p.Record("contacts", id) }

// PutContact creates a contact as a person in HubSpot does. The value of
// hs_additional_emails, separated by semicolons, becomes its secondary emails. It
// panics on values that HubSpot would refuse, a taken email among them.
func (p *PortalState) PutContact(props map[string]string) Record {
	return p.PutRecord("contacts", props)
}

// EditContact changes a contact as a person does; see PutContact.
func (p *PortalState) EditContact(id string, props map[string]string) Record {
	return p.EditRecord("contacts", id, props)
}

func (p *PortalState) mustWrite(o *objects, old *record, props map[string]string) *record {
	props = maps.Clone(props)
	more, hasMore := props["hs_additional_emails"]
	delete(props, "hs_additional_emails")
	d, f := p.prepare(o, old, props, byHand, p.sim.now())
	if f != nil {
		panic("hubspottest: HubSpot refuses the record: " + f.text(p.portal.ID))
	}
	if hasMore {
		d.rec.secondary = nil
		for _, email := range strings.FieldsFunc(more, func(r rune) bool { return r == ';' }) {
			email = foldEmail(email)
			if holder := o.byKey("email", email); holder != nil && (old == nil || holder.id != old.id) || email == d.rec.props["email"] {
				panic("hubspottest: a secondary email is taken")
			}
			d.rec.secondary = append(d.rec.secondary, email)
		}
	}
	p.commit(o, d)
	p.finish(o, d)
	return d.rec
}

func mustGet(o *objects, id string) *record {
	r := o.get(id)
	if r == nil {
		panic("hubspottest: no live " + o.t.singular + " " + id)
	}
	return r
}

// mustObjects begins what a person does; first of all, lists and workflows catch up.
func (p *PortalState) mustObjects(name string) *objects {
	p.follow(p.sim.now())
	o := p.objects(name)
	if o == nil {
		panic("hubspottest: no object type " + name)
	}
	return o
}

// ArchiveContact moves a contact to the recycle bin. Its email and unique values are
// free from then on.
func (p *PortalState) ArchiveContact(id string) { p.ArchiveRecord("contacts", id) }

// MergeContacts merges secondary into primary and answers the id of the survivor.
func (p *PortalState) MergeContacts(primary, secondary string) (survivor string) {
	return p.MergeRecords("contacts", primary, secondary)
}

// UseProperty makes a workflow or list depend on a property, so that it cannot be
// archived any more.
func (p *PortalState) UseProperty(objectType, name string) {
	defer p.sim.touch()
	p.mu.Lock()
	defer p.mu.Unlock()
	o := p.mustObjects(objectType)
	old := o.schema.live[name]
	if old == nil {
		panic("hubspottest: no property " + name)
	}
	def := *old
	def.inUse = true
	o.schema.live[name] = &def
}

// ArchiveProperty archives a custom property of an object type.
func (p *PortalState) ArchiveProperty(objectType, name string) {
	defer p.sim.touch()
	p.mu.Lock()
	defer p.mu.Unlock()
	if f := p.mustObjects(objectType).shelve(name, p.sim.now()); f != nil {
		panic("hubspottest: HubSpot refuses to archive the property: " + f.text(p.portal.ID))
	}
}
