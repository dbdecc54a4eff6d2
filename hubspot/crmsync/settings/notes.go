package settings

import "github.com/memberpulse/hubspotplugin/integration"

func activitiesSection() integration.Section {
	return integration.Section{
		Key: "activities", Title: "Activities",
		Help: "What members do, as notes on the timeline of their contact: memberships joined, renewed, upgraded, downgraded, cancelled and expired; events registered for, attended and missed; courses enrolled in and completed. A note has what it is about, its date and a link to MemberPulse.",
		Fields: []integration.Field{
			{
				Key: KeyActivities, Label: "Activities", Type: integration.TypeToggle,
				Help:    "Needs Sync Contacts. Only members who have a contact get notes; everybody else is counted with the reason.",
				OnHelp:  "From now on each activity becomes one note, within seconds. Nothing from before is sent.",
				OffHelp: "No notes are made, also not later for what happens meanwhile. Notes that are there stay.",
			},
			{
				Key: KeyActivityCompany, Label: "Also on the company", Type: integration.TypeToggle,
				Help:    "Shows the note on the company of the member's organization too. The note names nobody, but whoever opens it in HubSpot sees which contact it belongs to.",
				OnHelp:  "New notes show on the contact and on its company.",
				OffHelp: "Notes show on the contact only.",
			},
		},
	}
}

func ticketsSection() integration.Section {
	return integration.Section{
		Key: "tickets", Title: "Support tickets",
		Help: "One note for each support ticket on the contact of the member who asked: number, status, how the status changed, and a link to the ticket. It stands at the time when the ticket was opened and is kept up to date. Internal replies never leave MemberPulse.",
		Fields: []integration.Field{
			{
				Key: KeyTickets, Label: "Ticket notes", Type: integration.TypeToggle,
				Help:    "Needs Sync Contacts. Everybody with access to the contact in HubSpot sees that the member asked for help, and how it went.",
				OnHelp:  "Every ticket of a member who has a contact becomes a note; turning it on sends all of them once. A note that somebody deletes in HubSpot is not made again.",
				OffHelp: "No notes are made or changed. Notes that are there stay.",
			},
			{
				Key: KeyTicketSubject, Label: "Include the subject", Type: integration.TypeToggle,
				Help:    "The subject is the member's own words and can hold personal details.",
				OnHelp:  "Notes show the subject.",
				OffHelp: "The subject stays in MemberPulse. Notes that show it lose it with the ticket's next change, or when you sync everything again.",
			},
			{
				Key: KeyTicketReplies, Label: "Include public replies", Type: integration.TypeToggle,
				Help:    "The replies that the member can see too, word for word. They can hold personal details.",
				OnHelp:  "Notes show public replies, each with its time.",
				OffHelp: "Replies stay in MemberPulse. Notes that show them lose them with the ticket's next change, or when you sync everything again.",
			},
		},
	}
}
