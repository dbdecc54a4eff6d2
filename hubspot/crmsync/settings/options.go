package settings

import (
	"slices"
	"strconv"

	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/kinds"
	"github.com/memberpulse/hubspotplugin/integration"
	"github.com/memberpulse/hubspotplugin/tagging"
)

// Options are a tenant's settings in the form that the sync works with.
type Options struct {
	PortalID int64
	Key      integration.Secret

	Contacts, Companies, Tags, Lists, Activities, Tickets bool

	// Who is included: by status, and by plan if any plan is named.
	Statuses, plans []string
	ArchiveGone     bool // contacts that we made are archived when their member leaves
	// Where each family of tags is written, "" = a property of ours.
	TagProperties map[string]string
	// What becomes of a tag as a list, by slug: ListActive, ListStatic or "".
	TagLists map[string]string

	ActivityOnCompany, CustomEvents, MarketingEvents bool
	TicketSubject, TicketReplies                     bool
}

// Of reads the options from a tenant's settings.
func Of(s integration.Settings) Options {
	id, _ := strconv.ParseInt(s.Text(KeyPortal), 10, 64)
	o := Options{
		PortalID: id, Key: s.Secret(KeyAPI),
		Contacts: s.On(KeyContacts), Companies: s.On(KeyCompanies), Tags: s.On(KeyTags), Lists: s.On(KeyLists),
		Activities: s.On(KeyActivities), Tickets: s.On(KeyTickets),
		Statuses: s.Chosen(KeyStatuses), plans: s.Chosen(KeyPlans), ArchiveGone: s.Text(KeyGone) == goneArchive,
		TagProperties: tagPropertiesOf(s), TagLists: tagListsOf(s),
		ActivityOnCompany: s.On(KeyActivityCompany), CustomEvents: s.On(KeyCustomEvents), MarketingEvents: s.On(KeyMarketingEvents),
		TicketSubject: s.On(KeyTicketSubject), TicketReplies: s.On(KeyTicketReplies),
	}
	if _, set := s.Plain()[KeyStatuses]; !set && len(o.Statuses) == 0 {
		o.Statuses = DefaultStatuses() // settings of before the field was there
	}
	return o
}

// TagsOn reports whether tags are sent.
func (o Options) TagsOn() bool { return o.Contacts && o.Tags }

// Widened reports whether members are included that old left out.
func (o Options) Widened(old Options) bool {
	more := func(now, before []string) bool {
		return slices.ContainsFunc(now, func(x string) bool { return !slices.Contains(before, x) })
	}
	plans := len(old.plans) > 0 && (len(o.plans) == 0 || more(o.plans, old.plans))
	return more(o.Statuses, old.Statuses) || plans
}

// Associated reports whether contacts are associated with companies.
func (o Options) Associated() bool { return o.Contacts && o.Companies }

// EventsOn reports whether marketing events are sent, with who takes part in
// them.
func (o Options) EventsOn() bool { return o.Contacts && o.MarketingEvents }

// CustomEventsOn reports whether activities become custom events.
func (o Options) CustomEventsOn() bool { return o.Contacts && o.CustomEvents }

// Walked are the kinds that a full sync walks over.
func (o Options) Walked() []string { return o.WalkedSince(Options{}) }

// WalkedSince are the kinds that must be walked over because of what has been
// switched on, or included, since old. What waits behind Sync Contacts comes
// with the contacts themselves.
func (o Options) WalkedSince(old Options) []string {
	var walk []string
	if o.Companies && !old.Companies {
		walk = append(walk, kinds.Organization)
	}
	if o.Contacts && (!old.Contacts || !slices.Equal(o.Statuses, old.Statuses) || !slices.Equal(o.plans, old.plans)) {
		walk = append(walk, kinds.Member)
	}
	if o.Contacts && o.Tags && !old.Tags || o.Associated() && !old.Companies {
		walk = append(walk, kinds.Member)
	}
	if o.Contacts && o.Tickets && (!old.Tickets || slices.Contains(walk, kinds.Member) ||
		o.TicketSubject != old.TicketSubject || o.TicketReplies != old.TicketReplies) {
		walk = append(walk, kinds.Ticket)
	}
	if o.EventsOn() && !old.EventsOn() {
		walk = append(walk, kinds.Event, kinds.Member) // who takes part follows from the members
	}
	return kinds.WalkOrder(walk)
}

// TagTarget is the property to which a family of tags is written.
func (o Options) TagTarget(f tagging.Family) string {
	if p := o.TagProperties[string(f)]; p != "" {
		return p
	}
	return PropTags
}
