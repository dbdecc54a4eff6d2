package crmsync

import (
	"github.com/memberpulse/hubspotplugin/hubspot"
	"github.com/memberpulse/hubspotplugin/integration"
	"github.com/memberpulse/hubspotplugin/tagging"
)

// road is what differs between the kinds of state that become records of their
// own: members become contacts, organizations become companies.
type road struct {
	kind       string // outbox and link kind
	object     hubspot.ObjectType
	entity     string // the sync record's type
	idProperty string // carries the key, unique in HubSpot
	// email: the record can also be found by an address.
	email bool
	// describe tells what an entity of the host is to HubSpot.
	describe func(lens, integration.Entity) (subject, bool)
	// properties are those that the plugin makes on the object.
	properties func(options) []hubspot.Property
	// gone are the values that say that the host has it no more.
	gone map[string]string
}

// lens is what a tenant's choices, and what is stored of it, make of its
// entities.
type lens struct {
	options options
	gate    tagGate
	tags    map[string]map[string]tagRow // by member and tag
	hands   map[string][]tagging.Hand    // by member
	link    func(integration.Ref) string
}

// subject is an entity of the host as a road sees it.
type subject struct {
	key          string
	address      string   // its email, normalized; "" = none
	organization string   // that a member is in; "" = none
	likeness     likeness // what an organization's company is looked for by
	// excluded is why it gets no record, unless it has one already; "" = it gets one.
	excluded code
	invalid  error           // it has a value that the plugin does not know
	states   []tagging.State // of its tags; nil = it can have none
	// values are the properties, given those that we filled before.
	values func(sent []string) map[string]string
}

// roads is the table of roads by kind.
func roads() map[string]*road {
	return map[string]*road{
		kindMember: {
			kind: kindMember, object: hubspot.Contacts, entity: entityContact, idProperty: propMemberID, email: true,
			describe: describeMember, properties: wantedOnContacts,
			gone: map[string]string{propMemberStatus: statusDeleted},
		},
		kindOrganization: {
			kind: kindOrganization, object: hubspot.Companies, entity: entityCompany, idProperty: propOrganizationID,
			describe: describeOrganization, properties: func(options) []hubspot.Property { return companyProperties() },
			gone: map[string]string{propOrganizationStatus: statusDeleted},
		},
	}
}

func describeMember(l lens, e integration.Entity) (subject, bool) {
	m, ok := e.(integration.Member)
	return subject{key: m.ID, states: l.states(m), organization: organizationOf(m), address: normalEmail(m.Email), excluded: l.options.excluded(m), invalid: m.Validate(),
		values: func(sent []string) map[string]string { return properties(contactMap, m, sent) }}, ok
}

// states computes a member's tags, if tags are sent.
func (l lens) states(m integration.Member) []tagging.State {
	if !l.gate.on {
		return nil
	}
	return tagging.Compute(m, l.hands[m.ID])
}

func describeOrganization(_ lens, e integration.Entity) (subject, bool) {
	o, ok := e.(integration.Organization)
	return subject{key: o.ID, excluded: excludedOrganization(o), likeness: likeness{o.ID, o.Name, o.Domain},
		values: func(sent []string) map[string]string { return properties(companyMap, o, sent) }}, ok
}
