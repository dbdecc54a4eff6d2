package crmsync

import (
	"context"

	"github.com/memberpulse/hubspotplugin/hubspot"
	"github.com/memberpulse/hubspotplugin/integration"
)

// feature is one part of the sync that has a switch of its own.
type feature struct {
	key  string // of the setting
	name string
	on   func(options) bool
	// behind: it is written to contacts, so it waits for Sync Contacts.
	behind bool
	// entity is the type of its sync records.
	entity string
	// needs adds to a check what the feature needs of the key and of the portal.
	needs func(ctx context.Context, in *portalCheck, client *hubspot.Client, opts options)
}

// features is the table of everything that can be switched on, in the order of
// the settings.
func features() []feature {
	return []feature{
		{
			key: settingContacts, name: "Contacts", on: func(o options) bool { return o.contacts }, entity: entityContact,
			needs: func(ctx context.Context, in *portalCheck, client *hubspot.Client, opts options) {
				in.scope(client.Probe(ctx, scopeContactsRead), "Read contacts", scopeContactsRead)
				in.scope(client.Probe(ctx, scopeContactsWrite), "Write contacts", scopeContactsWrite)
				in.schema(ctx, client, hubspot.Contacts, wanted(hubspot.Contacts, in.maps[hubspot.Contacts], opts))
			},
		},
		{
			key: settingCompanies, name: "Companies", on: func(o options) bool { return o.companies }, entity: entityCompany,
			needs: func(ctx context.Context, in *portalCheck, client *hubspot.Client, opts options) {
				in.scope(client.Probe(ctx, scopeCompaniesRead), "Read companies", scopeCompaniesRead)
				in.scope(client.Probe(ctx, scopeCompaniesWrite), "Write companies", scopeCompaniesWrite)
				in.schema(ctx, client, hubspot.Companies, wanted(hubspot.Companies, in.maps[hubspot.Companies], opts))
				in.add(integration.CheckItem{Name: "HubSpot's automatic companies", State: checkUnknown,
					Detail: "HubSpot does not tell by its API whether \"Create and associate companies with contacts\" is on. If it is, HubSpot makes companies from the domains of email addresses beside those of MemberPulse.",
					Fix:    "Look in HubSpot under Settings > Data Management > Objects > Companies, and switch it off unless you want both."})
			},
		},
		{
			key: settingCompanies, name: "Associations", on: func(o options) bool { return o.companies }, behind: true, entity: entityAssociation,
		},
		{
			key: settingTags, name: "Tags", on: func(o options) bool { return o.tags }, behind: true, entity: entityTag,
			needs: func(_ context.Context, in *portalCheck, _ *hubspot.Client, opts options) { in.tagTargets(opts) },
		},
		{
			key: settingLists, name: "Lists", on: func(o options) bool { return o.lists }, behind: true,
			needs: func(ctx context.Context, in *portalCheck, client *hubspot.Client, opts options) {
				listNeeds(ctx, &in.inspection, in.lists, client, opts)
			},
		},
		{
			key: settingActivities, name: "Activities", on: func(o options) bool { return o.activities }, behind: true, entity: entityActivity,
			needs: func(ctx context.Context, in *portalCheck, client *hubspot.Client, _ options) {
				noteNeeds(ctx, &in.inspection, client)
			},
		},
		{
			key: settingTickets, name: "Ticket notes", on: func(o options) bool { return o.tickets }, behind: true, entity: entityNote,
			needs: func(ctx context.Context, in *portalCheck, client *hubspot.Client, _ options) {
				noteNeeds(ctx, &in.inspection, client)
			},
		},
		{
			key: settingMarketingEvents, name: "Marketing events", on: func(o options) bool { return o.marketingEvents }, behind: true, entity: entityEvent,
			needs: func(ctx context.Context, in *portalCheck, client *hubspot.Client, _ options) {
				marketingNeeds(ctx, &in.inspection, client)
			},
		},
		{
			key: settingMarketingEvents, name: "Event attendance", on: func(o options) bool { return o.marketingEvents }, behind: true, entity: entityAttendance,
		},
		{
			key: settingCustomEvents, name: "Custom events", on: func(o options) bool { return o.customEvents }, behind: true, entity: entityCustomEvent,
			needs: func(ctx context.Context, in *portalCheck, client *hubspot.Client, _ options) {
				customEventNeeds(ctx, &in.inspection, client)
			},
		},
	}
}
