package words

import (
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/verdict"
)

// sayingOfNotes are the words for these codes, and for those that mean something
// else about a note than about a contact.
var sayingOfNotes = map[verdict.Code]Told{
	verdict.NotMember: {"Not of a member", "It is nobody's of the members here, so there is no contact that it could be shown on.",
		"Nothing. If the ticket is given to a member, or its member is added here, it is sent by itself.", ""},
	verdict.Pending: {"Its member waits for approval", "The member is pending and has no contact that the note could be shown on.",
		"Nothing. When the member is approved, the note follows the contact by itself.", ""},
	verdict.NoEmail: {"Its member has no email address", "The member has no contact that the note could be shown on, for want of an email address.",
		"Enter an email address for the member. The note follows the contact by itself then.", ""},
	verdict.StatusLeftOut: {"Its member is left out by status", "Members with this status are left out by the settings, so there is no contact that the note could be shown on.",
		"Nothing. If you change the member statuses in the settings to include them, the note follows the contact by itself.", ""},
	verdict.PlanLeftOut: {"Its member is left out by plan", "The member has no membership of the plans that the settings include, so there is no contact that the note could be shown on.",
		"Nothing. If you change the membership plans in the settings to include it, the note follows the contact by itself.", ""},
	verdict.AwaitsContact: {"Waits for the contact", "The member has no contact in HubSpot yet. The note follows when there is one.",
		"Nothing. If the member needs attention, that comes first.", ""},
	verdict.AwaitsCompany: {"Waits for the company", "The note is on the contact. The company of the member's organization is not in HubSpot yet; the note is put there too when it is.",
		"Nothing. If the organization needs attention, that comes first.", ""},
	verdict.NoContact:     {"No contact in all that time", "The member got no contact in HubSpot for 30 days, so the note was given up.", "Nothing. The note is sent by itself if the member gets a contact.", ""},
	verdict.NoteDeleted:   {"Note deleted in HubSpot", "Somebody deleted this note in HubSpot. It is not made again.", "To have it back, restore it in HubSpot within 90 days, then press Retry.", "retry"},
	verdict.TicketDeleted: {"The ticket is gone", "The support ticket was deleted here. Its note, if there is one, stays in HubSpot as it was.", "Nothing. Delete the note in HubSpot if it shall go too.", ""},
	verdict.NoteUnsure:    {"HubSpot did not confirm the note", "HubSpot's answer does not tell whether the note is there. It is looked for before anything is sent again, so that there are never two.", "Nothing. It is tried again by itself.", ""},
	verdict.DeletedInHubSpot: {"The contact was deleted in HubSpot", "Somebody deleted the member's contact, so the note has no place.",
		"To have notes again, restore the contact in HubSpot within 90 days and press Retry on the member's own record. The ticket's note follows by itself.", ""},
	verdict.UnknownValue: {"A ticket without a time", "The ticket does not say when it was opened, and a note must stand at a time.", "Ask the platform's support. Then press Retry.", "retry"},
	verdict.Unreadable:   {"A fault of this integration", "What was recorded of an activity cannot be read by this version of the integration.", "Ask the platform's support; an update may read it. Then press Retry.", "retry"},
}

// activitySaying is what codes mean about the note of an activity, where that is
// not what they mean about a ticket's: what is not sent is not told again.
var activitySaying = map[verdict.Code]Told{
	verdict.NoteDeleted: {"Note deleted in HubSpot", "Somebody deleted this note in HubSpot. It is not made again.", "To have it back, restore it in HubSpot within 90 days. Nothing has to be done here.", ""},
	verdict.NotMember: {"Not of a member", "It is nobody's of the members here, so there is no contact that it could be shown on.",
		"Nothing. If its member is added here, what happens from then on is sent.", ""},
	verdict.Pending: {"Its member waits for approval", "The member is pending and has no contact that the note could be shown on.",
		"Nothing. When the member is approved, what happens from then on is sent; this is not told later.", ""},
	verdict.NoEmail: {"Its member has no email address", "The member has no contact that the note could be shown on, for want of an email address.",
		"Enter an email address for the member. What happens from then on is sent; this is not told later.", ""},
	verdict.StatusLeftOut: {"Its member is left out by status", "Members with this status are left out by the settings, so there is no contact that the note could be shown on.",
		"Nothing. If you change the member statuses in the settings to include them, what happens from then on is sent; this is not told later.", ""},
	verdict.PlanLeftOut: {"Its member is left out by plan", "The member has no membership of the plans that the settings include, so there is no contact that the note could be shown on.",
		"Nothing. If you change the membership plans in the settings to include it, what happens from then on is sent; this is not told later.", ""},
	verdict.NoContact: {"No contact in all that time", "The member got no contact in HubSpot for 30 days, so the note was given up.",
		"Nothing. Once the member has a contact, what happens from then on is sent.", ""},
	verdict.DeletedInHubSpot: {"The contact was deleted in HubSpot", "Somebody deleted the member's contact, so the note has no place.",
		"To have notes again, restore the contact in HubSpot within 90 days and press Retry on the member's own record. What happens from then on is sent.", ""},
}
