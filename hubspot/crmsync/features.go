package crmsync

import (
	"context"

	"github.com/memberpulse/hubspotplugin/hubspot"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/customevents"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/inspect"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/kinds"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/lists"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/marketing"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/notes"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/settings"
	"github.com/memberpulse/hubspotplugin/integration"
)

// feature is one part of the sync that has a switch of its own.
type feature struct {
	key  string // of the setting
	name string
	on   func(settings.Options) bool
	// behind: it is written to contacts, so it waits for Sync Contacts.
	behind bool
	// entity is the type of its sync records.
	entity string
	// needs adds to a check what the feature needs of the key and of the portal.
	needs func(ctx context.Context, in *portalCheck, client *hubspot.Client, opts settings.Options)
}

// features is the table of everything that can be switched on, in the order of
// the settings.
func features() []feature {
	return []feature{
		{
			key: settings.KeyContacts, name: "Contacts", on: func(o settings.Options) bool { return o.Contacts }, entity: kinds.EntityContact,
			needs: func(ctx context.Context, in *portalCheck, client *hubspot.Client, opts settings.Options) {
				in.Scope(client.Probe(ctx, scopeContactsRead), "Read contacts", scopeContactsRead)
				in.Scope(client.Probe(ctx, scopeContactsWrite), "Write contacts", scopeContactsWrite)
				in.schema(ctx, client, hubspot.Contacts, wanted(hubspot.Contacts, in.maps[hubspot.Contacts], opts))
			},
		},
		{
			key: settings.KeyCompanies, name: "Companies", on: func(o settings.Options) bool { return o.Companies }, entity: kinds.EntityCompany,
			needs: func(ctx context.Context, in *portalCheck, client *hubspot.Client, opts settings.Options) {
				in.Scope(client.Probe(ctx, scopeCompaniesRead), "Read companies", scopeCompaniesRead)
				in.Scope(client.Probe(ctx, scopeCompaniesWrite), "Write companies", scopeCompaniesWrite)
				in.schema(ctx, client, hubspot.Companies, wanted(hubspot.Companies, in.maps[hubspot.Companies], opts))
				in.Add(integration.CheckItem{Name: "HubSpot's automatic companies", State: inspect.Unknown,
					Detail: "HubSpot does not tell by its API whether \"Create and associate companies with contacts\" is on. If it is, HubSpot makes companies from the domains of email addresses beside those of MemberPulse.",
					Fix:    "Look in HubSpot under Settings > Data Management > Objects > Companies, and switch it off unless you want both."})
			},
		},
		{
			key: settings.KeyCompanies, name: "Associations", on: func(o settings.Options) bool { return o.Companies }, behind: true, entity: kinds.EntityAssociation,
		},
		{
			key: settings.KeyTags, name: "Tags", on: func(o settings.Options) bool { return o.Tags }, behind: true, entity: kinds.EntityTag,
			needs: func(_ context.Context, in *portalCheck, _ *hubspot.Client, opts settings.Options) {
				in.targets(opts)
			},
		},
		{
			key: settings.KeyLists, name: "Lists", on: func(o settings.Options) bool { return o.Lists }, behind: true,
			needs: func(ctx context.Context, in *portalCheck, client *hubspot.Client, opts settings.Options) {
				lists.Needs(ctx, &in.Inspection, in.lists, client, opts)
			},
		},
		{
			key: settings.KeyActivities, name: "Activities", on: func(o settings.Options) bool { return o.Activities }, behind: true, entity: kinds.EntityActivity,
			needs: func(ctx context.Context, in *portalCheck, client *hubspot.Client, _ settings.Options) {
				notes.Needs(ctx, &in.Inspection, client)
			},
		},
		{
			key: settings.KeyTickets, name: "Ticket notes", on: func(o settings.Options) bool { return o.Tickets }, behind: true, entity: kinds.EntityNote,
			needs: func(ctx context.Context, in *portalCheck, client *hubspot.Client, _ settings.Options) {
				notes.Needs(ctx, &in.Inspection, client)
			},
		},
		{
			key: settings.KeyMarketingEvents, name: "Marketing events", on: func(o settings.Options) bool { return o.MarketingEvents }, behind: true, entity: kinds.EntityEvent,
			needs: func(ctx context.Context, in *portalCheck, client *hubspot.Client, _ settings.Options) {
				marketing.Needs(ctx, &in.Inspection, client)
			},
		},
		{
			key: settings.KeyMarketingEvents, name: "Event attendance", on: func(o settings.Options) bool { return o.MarketingEvents }, behind: true, entity: kinds.EntityAttendance,
		},
		{
			key: settings.KeyCustomEvents, name: "Custom events", on: func(o settings.Options) bool { return o.CustomEvents }, behind: true, entity: kinds.EntityCustomEvent,
			needs: func(ctx context.Context, in *portalCheck, client *hubspot.Client, _ settings.Options) {
				customevents.Needs(ctx, &in.Inspection, client)
			},
		},
	}
}
