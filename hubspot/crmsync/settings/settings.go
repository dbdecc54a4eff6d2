// Package settings is what a tenant can choose: the form that an admin fills in,
// and the options that the sync works with. It is pure.
package settings

import (
	"errors"
	"strconv"

	"github.com/memberpulse/hubspotplugin/integration"
)

// PluginID is the ID of the HubSpot integration in URLs, tables and logs.
const PluginID integration.ID = "hubspot"

// The setting keys, as in MemberPulse's platform settings where it has them.
const (
	KeyPortal    = "portalId"
	KeyAPI       = "apiKey"
	KeyContacts  = "syncContacts"
	KeyCompanies = "syncCompanies"

	KeyTags       = "syncTags"
	KeyLists      = "syncLists"
	KeyActivities = "syncActivities"
	KeyTickets    = "ticketNotes"

	KeyStatuses = "includeStatuses"
	KeyPlans    = "includePlans"
	KeyGone     = "whenGone"

	KeyActivityCompany = "activityOnCompany"
	KeyCustomEvents    = "customEvents"
	KeyMarketingEvents = "marketingEvents"
	KeyTicketSubject   = "ticketSubject"
	KeyTicketReplies   = "ticketReplies"
)

// The choices of KeyGone.
const (
	goneKeep    = "keep"
	goneArchive = "archive"
)

// DefaultStatuses are the member statuses that are included unless the tenant
// chooses others.
func DefaultStatuses() []string {
	return []string{string(integration.MemberActive), string(integration.MemberInactive), string(integration.MemberSuspended)}
}

// Spec describes the integration and its settings.
func Spec() integration.Spec {
	return integration.Spec{
		ID:       PluginID,
		Name:     "HubSpot",
		Category: "CRM",
		Summary:  "Marketing automation and contact management. Members become HubSpot contacts and stay up to date.",
		Schema: integration.Schema{Sections: []integration.Section{
			{
				Key:   "account",
				Title: "HubSpot account",
				Help: "1. In HubSpot open Settings > Integrations > Service Keys and choose Create.\n" +
					"2. Give the key these scopes: crm.objects.contacts.read, crm.objects.contacts.write, crm.schemas.contacts.read, crm.schemas.contacts.write.\n" +
					"3. Copy the key and enter it here as API Key. An existing private app's token works too; HubSpot no longer lets you create new private apps.\n" +
					"4. The Portal ID is the number in the address of every HubSpot page, also called Hub ID.",
				Fields: []integration.Field{
					{
						Key: KeyPortal, Label: "Portal ID", Type: integration.TypeText, Required: true, MaxLen: 19,
						Help:  "Only digits, for example 12345678.",
						Check: checkPortalID,
					},
					{
						Key: KeyAPI, Label: "API Key", Type: integration.TypeSecret, Required: true, MaxLen: 512,
						Help:  "The access token of a Service Key or of an existing private app. It starts with pat-.",
						Check: checkKey,
					},
				},
			},
			syncSection(),
			whoSection(),
			tagsSection(),
			listsSection(),
			activitiesSection(),
			ticketsSection(),
			eventsSection(),
		}},
	}
}

func syncSection() integration.Section {
	return integration.Section{
		Key: "sync", Title: "What is synced",
		Help: "Everything is off until you switch it on. Turning a part on later sends what there is of it once.",
		Fields: []integration.Field{
			{
				Key: KeyContacts, Label: "Sync Contacts", Type: integration.TypeToggle,
				Help:    "Members become contacts in HubSpot. Tags, lists, activities and ticket notes are written to contacts, so they wait for this.",
				OnHelp:  "Every included member becomes a contact, and changes follow within seconds. Turning it on sends all members once.",
				OffHelp: "Nothing is sent to contacts. HubSpot keeps what is there; nothing is deleted.",
			},
			{
				Key: KeyCompanies, Label: "Sync Companies", Type: integration.TypeToggle,
				Help: "Organizations become companies in HubSpot, and their members' contacts are associated with them. The key needs crm.objects.companies.read and .write and crm.schemas.companies.read and .write.\n" +
					"Look first at HubSpot's own setting under Settings > Data Management > Objects > Companies, \"Create and associate companies with contacts\". While it is on, HubSpot makes a company from the domain of every new contact's email address and associates the two, beside what MemberPulse does. If several members share a domain with their organization, that can leave two companies for one organization. Switch it off, unless you want both.",
				OnHelp:  "Every organization becomes a company. First HubSpot is searched once for companies of the same name or domain, and you are asked which of them is the organization; the others are created at once. Members are associated with their organization's company and moved with it. Associations that people made or labelled stay, and a primary company is never changed.",
				OffHelp: "Nothing is sent to companies. HubSpot keeps what is there; nothing is deleted.",
			},
			{
				Key: KeyTags, Label: "Tags", Type: integration.TypeToggle,
				Help:    "Ten predefined tags of memberships, events and courses, written to a property of the contact, for lists and workflows.",
				OnHelp:  "What holds now waits for your confirmation on the page Tags, so that no workflow starts for everybody at once; what happens from now on is sent within seconds.",
				OffHelp: "Tags are not written. HubSpot keeps those that are there.",
			},
			{
				Key: KeyLists, Label: "Lists", Type: integration.TypeToggle,
				Help:    "Tags can have a list each in HubSpot, which calls lists segments. Needs Tags. The key needs crm.lists.read and crm.lists.write.",
				OnHelp:  "The lists that you choose below are made in the folder " + ListFolder + " in HubSpot and follow the tags.",
				OffHelp: "Lists are left alone. HubSpot keeps them and everybody in the static ones; active ones go on following the property.",
			},
		},
	}
}

func whoSection() integration.Section {
	return integration.Section{
		Key: "who", Title: "Who is included",
		Help: "Whoever is left out is counted with the reason. A member who has a contact already goes on being updated, so that no contact shows old data.",
		Fields: []integration.Field{
			{
				Key: KeyStatuses, Label: "Member statuses", Type: integration.TypeChoices,
				Default: "active,inactive,suspended",
				Help:    "Members with one of these statuses become contacts, if they have an email address.",
				Options: []integration.Option{
					{Value: string(integration.MemberActive), Label: "Active"}, {Value: string(integration.MemberInactive), Label: "Inactive"},
					{Value: string(integration.MemberSuspended), Label: "Suspended"}, {Value: string(integration.MemberPending), Label: "Pending approval"},
				},
			},
			{
				Key: KeyPlans, Label: "Membership plans", Type: integration.TypeChoices,
				Help: "Only members who have a membership of one of these plans. None chosen: all members, with or without a plan.",
			},
			{
				Key: KeyGone, Label: "When a member or organization is deleted here", Type: integration.TypeSelect, Default: goneKeep,
				Help: "Keeping writes the status Deleted to the contact and ends its tags. Archiving puts what MemberPulse has created into HubSpot's recycle bin for 90 days; what was there before, or was merged with it, is always kept. The association of a kept contact with its company stays.",
				Options: []integration.Option{{Value: goneKeep, Label: "Keep it in HubSpot, marked as deleted"},
					{Value: goneArchive, Label: "Archive it, if MemberPulse created it"}},
			},
		},
	}
}

func checkPortalID(value string) error {
	for _, r := range value {
		if r < '0' || r > '9' {
			return errors.New("A Portal ID has only digits. You find it in the address of every HubSpot page.")
		}
	}
	if n, err := strconv.ParseInt(value, 10, 64); err != nil || n <= 0 {
		return errors.New("This is not a Portal ID: it is a positive whole number of at most 19 digits.")
	}
	return nil
}

func checkKey(value string) error {
	for _, r := range value {
		if r <= ' ' || r > '~' {
			return errors.New("The key contains a space or a character that no HubSpot key has. Copy it again, whole.")
		}
	}
	if len(value) < 16 {
		return errors.New("The key is too short to be whole. Copy it again from HubSpot.")
	}
	return nil
}
