package words

import (
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/verdict"
)

// sayingOfNotes are the words for these codes, and for those that mean something
// else about a note than about a contact.
var sayingOfNotes = map[verdict.Code]Told{
	verdict.NotMember: {"Not of a member", "It is nobody's of the members here, so there is no contact that it could be shown on.", "Nothing. If a support ticket is given to a member, it is sent by itself.", ""},
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
	verdict.NoContact:   {"No contact in all that time", "The member got no contact in HubSpot for 30 days, so the note was given up.", "Nothing. What happens once the member has a contact is sent.", ""},
	verdict.DeletedInHubSpot: {"The contact was deleted in HubSpot", "Somebody deleted the member's contact, so the note has no place.",
		"To have notes again, restore the contact in HubSpot within 90 days and press Retry on the member's own record. What happens from then on is sent.", ""},
}
