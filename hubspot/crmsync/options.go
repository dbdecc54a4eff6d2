package crmsync

import (
	"slices"
	"strconv"

	"github.com/memberpulse/hubspotplugin/integration"
	"github.com/memberpulse/hubspotplugin/tagging"
)

// options are a tenant's settings in the form that the sync works with.
type options struct {
	portalID int64
	key      integration.Secret

	contacts, companies, tags, lists, activities, tickets bool

	// Who is included: by status, and by plan if any plan is named.
	statuses, plans []string
	archiveGone     bool // contacts that we made are archived when their member leaves
	// Where each family of tags is written, "" = a property of ours.
	tagProperties map[string]string
	// What becomes of a tag as a list, by slug: listActive, listStatic or "".
	tagLists map[string]string

	activityOnCompany, customEvents, marketingEvents bool
	ticketSubject, ticketReplies                     bool
}

func optionsOf(s integration.Settings) options {
	id, _ := strconv.ParseInt(s.Text(settingPortal), 10, 64)
	o := options{
		portalID: id, key: s.Secret(settingKey),
		contacts: s.On(settingContacts), companies: s.On(settingCompanies), tags: s.On(settingTags), lists: s.On(settingLists),
		activities: s.On(settingActivities), tickets: s.On(settingTickets),
		statuses: s.Chosen(settingStatuses), plans: s.Chosen(settingPlans), archiveGone: s.Text(settingGone) == goneArchive,
		tagProperties: tagPropertiesOf(s), tagLists: tagListsOf(s),
		activityOnCompany: s.On(settingActivityCompany), customEvents: s.On(settingCustomEvents), marketingEvents: s.On(settingMarketingEvents),
		ticketSubject: s.On(settingTicketSubject), ticketReplies: s.On(settingTicketReplies),
	}
	if _, set := s.Plain()[settingStatuses]; !set && len(o.statuses) == 0 {
		o.statuses = defaultStatuses() // settings of before the field was there
	}
	return o
}

// associated reports whether contacts are associated with companies.
func (o options) associated() bool { return o.contacts && o.companies }

// eventsOn reports whether marketing events are sent, with who takes part in
// them.
func (o options) eventsOn() bool { return o.contacts && o.marketingEvents }

// customEventsOn reports whether activities become custom events.
func (o options) customEventsOn() bool { return o.contacts && o.customEvents }

// walked are the kinds that a full sync walks over.
func (o options) walked() []string { return o.walkedSince(options{}) }

// walkedSince are the kinds that must be walked over because of what has been
// switched on, or included, since old. What waits behind Sync Contacts comes
// with the contacts themselves.
func (o options) walkedSince(old options) []string {
	var walk []string
	if o.companies && !old.companies {
		walk = append(walk, kindOrganization)
	}
	if o.contacts && (!old.contacts || !slices.Equal(o.statuses, old.statuses) || !slices.Equal(o.plans, old.plans)) {
		walk = append(walk, kindMember)
	}
	if o.contacts && o.tags && !old.tags || o.associated() && !old.companies {
		walk = append(walk, kindMember)
	}
	if o.contacts && o.tickets && (!old.tickets || slices.Contains(walk, kindMember) ||
		o.ticketSubject != old.ticketSubject || o.ticketReplies != old.ticketReplies) {
		walk = append(walk, kindTicket)
	}
	if o.eventsOn() && !old.eventsOn() {
		walk = append(walk, kindEvent, kindMember) // who takes part follows from the members
	}
	return walkOrder(walk)
}

// tagTarget is the property to which a family of tags is written.
func (o options) tagTarget(f tagging.Family) string {
	if p := o.tagProperties[string(f)]; p != "" {
		return p
	}
	return propTags
}
