package words

import (
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/settings"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/verdict"
)

// sayingOfEvents are the words for these codes, and for others what they mean
// here.
var sayingOfEvents = map[verdict.Code]Told{
	verdict.AwaitsEvent: {"Waits for its event", "The event is not in HubSpot yet. What the member does at it follows when it is.",
		"Nothing. If the event needs attention, that comes first.", ""},
	verdict.EventOver: {"Ended before marketing events were on", "The event had ended when Marketing events was switched on, so it is not sent.", "Nothing.", ""},
	verdict.EventGone: {"The event is gone", "The event was deleted here. The marketing event, if there is one, is kept and marked as cancelled.", "Nothing. Delete it in HubSpot if it shall go too.", ""},
	verdict.EventLeftOut: {"Its event is not sent", "The events that the member is registered for are not sent to HubSpot; each event's own record says why.",
		"Nothing. If the event is sent one day, this follows.", ""},
	verdict.NothingToTell: {"Nothing to tell any more", "The member's registrations were taken back before HubSpot was told of them.", "Nothing.", ""},
	verdict.NoName:        {"The event has no name", "HubSpot takes no marketing event without a name.", "Give the event a name. It is sent by itself then.", ""},
	verdict.NoShow: {"A no-show is shown as registered", "The member did not come. HubSpot takes registrations, attendance and cancellations, and nothing else, so the contact stays registered there.",
		"Nothing. The tag event-no-show tells who did not come.", ""},
	verdict.InvalidPair: {"HubSpot does not know the contact or the event", "HubSpot says time and again that it does not have one of the two, though it has confirmed both. What the contact does at the event is not shown there. Everything else goes on.",
		"Open both in HubSpot. If they are there, press Retry; if one is not, press Sync everything. HubSpot's support finds the refusal by its correlation id.", "retry"},
	verdict.PlanMissing: {"The HubSpot account's plan does not have this", "HubSpot refuses it, and not for want of a scope. Everything else goes on; this is kept.",
		"Upgrade the HubSpot account and press Check again, or switch this part off in the settings.", "recheck"},
	verdict.ScopeMissing: {"The key lacks a scope", "HubSpot refuses the key for want of a permission that only this part needs. Everything else goes on; this is kept.",
		"Add the scope to the key in HubSpot, or make a new key that has it, then press Check again. Or switch this part off in the settings.", "recheck"},
	verdict.DefinitionGone: {"The custom event was deleted in HubSpot", "HubSpot no longer has the event " + settings.CustomEventName + ", and never lets a deleted event's name be used again. Everything else goes on.",
		"Switch Custom events off in the settings; activities still become notes. If HubSpot's support restores the event, press Check again.", "recheck"},
	verdict.SwitchedOff: {"Switched off", "This part was switched off before it was sent.", "Nothing. What is sent once when it is switched on again comes then.", ""},
	verdict.DeletedInHubSpot: {"The contact was deleted in HubSpot", "Somebody deleted the member's contact, so there is nobody whom this could be told of.",
		"Restore the contact in HubSpot within 90 days and press Retry on the member's own record. What happens from then on is sent.", ""},
	verdict.Unconfirmed:   {"HubSpot did not confirm it", "HubSpot's answer does not tell whether it was taken, so it is not counted as sent. To send it again does no harm.", "Nothing. It is tried again by itself.", ""},
	verdict.MemberDeleted: {"No longer a member", "The member was deleted here. What the contact did at events stays in HubSpot.", "Nothing.", ""},
	verdict.NoContact:     {"No contact in all that time", "The member got no contact in HubSpot for 30 days, so this was given up.", "Nothing. What happens once the member has a contact is sent.", ""},
	verdict.AwaitsContact: {"Waits for the contact", "The member has no contact in HubSpot yet. This follows when there is one.",
		"Nothing. If the member needs attention, that comes first.", ""},
}
