package crmsync

import (
	"time"

	"github.com/memberpulse/hubspotplugin/hubspot"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/attendance"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/kinds"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/likeness"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/propertymap"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/settings"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/values"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/verdict"
	"github.com/memberpulse/hubspotplugin/integration"
	"github.com/memberpulse/hubspotplugin/tagging"
)

// road is what differs between the kinds of state that become records of their
// own: members become contacts, organizations become companies.
type road struct {
	kind       string // outbox and link kind
	object     hubspot.ObjectType
	entity     string // the sync record's type
	mapped     string // the property map's object
	idProperty string // carries the key, unique in HubSpot
	// email: the record can also be found by an address.
	email bool
	// describe tells what an entity of the host is to HubSpot.
	describe func(lens, integration.Entity) (subject, bool)
	// present are the values that say that the host has it, beside the map's.
	present map[string]string
	// gone are the values that say that the host has it no more.
	gone map[string]string
}

// lens is what a tenant's choices, and what is stored of it, make of its
// entities.
type lens struct {
	options settings.Options
	fields  propertymap.Map
	parked  map[string]bool // properties that the portal's schema does not allow
	loc     *time.Location
	gate    tagGate
	tags    map[string]map[string]tagRow // by member and tag
	hands   map[string][]tagging.Hand    // by member
	link    func(integration.Ref) string
}

// subject is an entity of the host as a road sees it.
type subject struct {
	key          string
	address      string                // its email, normalized; "" = none
	organization string                // that a member is in; "" = none
	likeness     likeness.Organization // what an organization's company is looked for by
	// excluded is why it gets no record, unless it has one already; "" = it gets one.
	excluded verdict.Code
	invalid  error           // it has a value that the plugin does not know
	states   []tagging.State // of its tags; nil = it can have none
	// participations are what it does at events, if that is sent.
	participations []attendance.Participation
	values         propertymap.Values
}

// roads is the table of roads by kind.
func roads() map[string]*road {
	return map[string]*road{
		kinds.Member: {
			kind: kinds.Member, object: hubspot.Contacts, entity: kinds.EntityContact, mapped: propertymap.Contact, idProperty: values.PropMemberID, email: true,
			describe: describeMember, gone: map[string]string{values.PropMemberStatus: values.StatusDeleted},
		},
		kinds.Organization: {
			kind: kinds.Organization, object: hubspot.Companies, entity: kinds.EntityCompany, mapped: propertymap.Company, idProperty: values.PropOrganizationID,
			describe: describeOrganization,
			present:  map[string]string{values.PropOrganizationStatus: values.StatusActive}, gone: map[string]string{values.PropOrganizationStatus: values.StatusDeleted},
		},
	}
}

func describeMember(l lens, e integration.Entity) (subject, bool) {
	m, ok := e.(integration.Member)
	var at []attendance.Participation
	if l.options.EventsOn() {
		at = attendance.Of(m)
	}
	return subject{participations: at, key: m.ID, states: l.states(m), organization: settings.OrganizationOf(m), address: values.NormalEmail(m.Email),
		excluded: l.options.Excluded(m), invalid: m.Validate(), values: l.fields.Values(m, l.loc)}, ok
}

// states computes a member's tags, if tags are sent.
func (l lens) states(m integration.Member) []tagging.State {
	if !l.gate.on {
		return nil
	}
	return tagging.Compute(m, l.hands[m.ID])
}

func describeOrganization(l lens, e integration.Entity) (subject, bool) {
	o, ok := e.(integration.Organization)
	return subject{key: o.ID, excluded: settings.ExcludedOrganization(o), likeness: likeness.Organization{Key: o.ID, Name: o.Name, Domain: o.Domain},
		values: l.fields.Values(o, l.loc)}, ok
}
