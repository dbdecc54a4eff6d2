package settings

import "github.com/memberpulse/hubspotplugin/integration"

// The scopes of marketing events.
const (
	ScopeMarketingRead  = "crm.objects.marketing_events.read"
	ScopeMarketingWrite = "crm.objects.marketing_events.write"
)

func eventsSection() integration.Section {
	return integration.Section{
		Key: "events", Title: "Events",
		Help: "What HubSpot has of its own for events. Both need Sync Contacts and scopes of their own; a scope or a plan that is missing stops only that part.",
		Fields: []integration.Field{
			{
				Key: KeyMarketingEvents, Label: "Marketing events", Type: integration.TypeToggle,
				Help: "The key needs " + ScopeMarketingRead + " and " + ScopeMarketingWrite + ". " +
					"Each event becomes a marketing event with its name, description, type, organizer, times and a link; who has registered, attended or cancelled is shown on it and on the contact. " +
					"Sent are events that have not ended when this is switched on, and whatever happens at them from then on. HubSpot takes no no-shows: who did not come stays registered there; the tag event-no-show tells them apart. Registrations that are pending are not sent. " +
					"An event that is cancelled or deleted here is marked as cancelled in HubSpot and never deleted; one that somebody deletes in HubSpot comes back with its next change or registration, and with everybody who takes part. Whether an event is completed is yours to say in HubSpot.",
				OnHelp:  "Events and who takes part in them are sent once now and follow within seconds.",
				OffHelp: "No marketing events are made or changed. HubSpot keeps what is there.",
			},
			{
				Key: KeyCustomEvents, Label: "Custom events", Type: integration.TypeToggle,
				Help: "The HubSpot account needs an Enterprise plan, and the key " + ScopeEventDefine + " and " + ScopeEventSend + ". " +
					"Each activity becomes an occurrence of the event " + CustomEventName + " of the contact, with its type, name, date and link, for workflows, segments and reports. It is sent whether or not Activities become notes. " +
					"The event is defined in HubSpot once; if somebody deletes it there, its name can never be used again.",
				OnHelp:  "From now on each activity becomes one custom event, within seconds. Nothing from before is sent.",
				OffHelp: "No custom events are sent, also not later for what still waits or happens meanwhile.",
			},
		},
	}
}

// The custom event that every activity becomes. HubSpot never lets the name of
// a deleted definition be used again.
// See https://developers.hubspot.com/docs/api-reference/latest/events/define-events/guide
const CustomEventName = "memberpulse_activity"

// The scopes of custom events.
const (
	ScopeEventDefine = "behavioral_events.event_definitions.read_write"
	ScopeEventSend   = "analytics.behavioral_events.send"
)
