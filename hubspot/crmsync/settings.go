package crmsync

import (
	"errors"
	"strconv"

	"github.com/memberpulse/hubspotplugin/integration"
)

// PluginID is the ID of the HubSpot integration in URLs, tables and logs.
const PluginID integration.ID = "hubspot"

// The setting keys, as in MemberPulse's platform settings.
const (
	settingPortal    = "portalId"
	settingKey       = "apiKey"
	settingContacts  = "syncContacts"
	settingCompanies = "syncCompanies"
)

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
						Key: settingPortal, Label: "Portal ID", Type: integration.TypeText, Required: true, MaxLen: 19,
						Help:  "Only digits, for example 12345678.",
						Check: checkPortalID,
					},
					{
						Key: settingKey, Label: "API Key", Type: integration.TypeSecret, Required: true, MaxLen: 512,
						Help:  "The access token of a Service Key or of an existing private app. It starts with pat-.",
						Check: checkKey,
					},
				},
			},
			{
				Key:   "sync",
				Title: "What is synced",
				Fields: []integration.Field{
					{
						Key: settingContacts, Label: "Sync Contacts", Type: integration.TypeToggle,
						Help:    "Members become contacts in HubSpot.",
						OnHelp:  "Every member with an email address becomes a contact, and changes follow within seconds. Turning it on sends all members once.",
						OffHelp: "Nothing is sent. HubSpot keeps what is there; nothing is deleted.",
					},
					{
						Key: settingCompanies, Label: "Sync Companies", Type: integration.TypeToggle,
						Help:    "Organizations become companies in HubSpot.",
						OnHelp:  "Your choice is kept. This version of the integration does not send organizations yet.",
						OffHelp: "Nothing is sent.",
					},
				},
			},
		}},
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

// options are a tenant's settings in the form that the sync works with.
type options struct {
	portalID int64
	key      integration.Secret
	contacts bool
}

func optionsOf(s integration.Settings) options {
	id, _ := strconv.ParseInt(s.Text(settingPortal), 10, 64)
	return options{portalID: id, key: s.Secret(settingKey), contacts: s.On(settingContacts)}
}
