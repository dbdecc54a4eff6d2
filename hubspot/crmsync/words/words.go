// Package words is what an admin reads of a code: what happened, what it means and
// what to do. It is pure.
package words

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/verdict"
)

// Told is what a code means to an admin: what happened, what it means, what to
// do. The words live here and not in the tables, so that a better wording
// reaches old records too.
type Told struct {
	Title   string
	Meaning string
	Fix     string
	Action  string // what the page offers; see integration.Incident
}

// saying is what codes mean, about members and contacts or about anything: the
// nouns in braces are those of the record's type (tell.go). HubSpot's own
// codes are completed by validation.
var saying = map[verdict.Code]Told{
	verdict.Pending:          {"Waiting for approval", "The member is pending. Pending members are not sent.", "Nothing. The member is sent when it is approved.", ""},
	verdict.NoEmail:          {"No email address", "HubSpot tells contacts apart by their address, so a member without one is not sent.", "Enter an email address for the member. It is sent by itself then.", ""},
	verdict.DeletedInHubSpot: {"Deleted in HubSpot", "Somebody deleted this {contact} in HubSpot. It is left deleted.", "To have it back, restore the {contact} in HubSpot within 90 days, then press Retry.", "retry"},
	verdict.NoName:           {"No name", "HubSpot needs a company's name, and the organization has none.", "Enter a name for the organization. It is sent by itself then.", ""},
	verdict.StatusLeftOut:    {"Left out by status", "Members with this status are left out by the settings.", "Nothing. Change the member statuses in the settings to include them.", ""},
	verdict.PlanLeftOut:      {"Left out by plan", "The member has no membership of the plans that the settings include.", "Nothing. Change the membership plans in the settings to include them.", ""},
	verdict.TagEnded:         {"Ended before tags were sent", "What ended before the connection is sent only on request.", "Nothing. The page Tags sends it, if you want it.", ""},
	verdict.MemberDeleted:    {"No longer a member", "The member was deleted here. The contact is kept, and its member status says so.", "Nothing.", ""},
	verdict.Returned:         {"A {member} again under a new ID", "The {member} was deleted here, and is here again under a new ID. The {contact} is the new {member}'s now.", "Nothing.", ""},
	verdict.Archived:         {"Archived", "The member was deleted here, and the contact, which MemberPulse had created, was archived in HubSpot.", "Nothing. HubSpot keeps it in its recycle bin for 90 days.", ""},
	verdict.EmailKept:        {"In sync, with its old address", "The member has no email address here any more. The contact keeps the one that it had.", "Enter an email address for the member, if there is one.", ""},
	verdict.FieldLeft: {"In sync, but for a value that the property does not take", "The property's options or its type do not allow the member's value. The property is left as it is; everything else is sent.",
		"In HubSpot add the option to the property, or map the field to another one on the page Property mapping. It is sent by itself then.", ""},
	verdict.Parked: {"A mapped property cannot be written", "The portal does not allow it any more. Its field is not sent.", "Put it right in HubSpot, or map the field to another property.", ""},
	verdict.Refill: {"Properties in HubSpot are to be filled for everybody", "They were removed and made again, could not be written for a while, are new, or take tags over from others. They fill whenever a member changes; filling them for everybody at once could start workflows, so it waits for you.",
		"Open the page Tags and confirm. Until then nothing else is held back.", ""},

	verdict.Collision: {"This address belongs to another contact", "HubSpot has a contact with this address that is another member's. Nothing was written, so that nobody's data is mixed.",
		"Look at the contact in HubSpot: correct the address there or here. It is sent by itself when this member changes or the other one is deleted; after a change in HubSpot press Retry. If the contact's MemberPulse member ID is nobody's, clear it there first.", "retry"},
	verdict.Merged: {"Two members, one contact", "Somebody merged the contacts of two members in HubSpot. The other member keeps the contact; this one is frozen and nothing is written for it.",
		"In HubSpot decide whose contact it is. If these are two people, create a contact for this member's address, then press Retry.", "retry"},
	verdict.SharedEmail: {"Two members have this address", "HubSpot allows an address for one contact only. The other member has it; for this one nothing was written.",
		"Give each member an address of their own. The one that you change is sent by itself; then press Retry here.", "retry"},
	verdict.UnknownValue: {"A value that this integration does not know", "The {member} has a status that this version of the integration has no meaning for. Guessing could send the wrong thing, so nothing was sent.",
		"Ask the platform's support to update the integration.", "retry"},
	verdict.Refused: {"HubSpot refused the {contact}", "HubSpot did not say which value it does not accept.", "Compare the {member}'s values with what HubSpot allows, then press Retry. HubSpot's support finds the refusal by its correlation id.", "retry"},
	verdict.Stuck:   {"A fault of this integration", "What was sent for these {members} could not be noted, time and again.", "Ask the platform's support; the log has the details. Then press Retry.", "retry"},
	verdict.Panic:   {"A fault of this integration", "The integration failed on this {member}. The others are not affected.", "Ask the platform's support; the log has the details.", "retry"},

	verdict.Conflict:    {"Somebody else wrote the same {contact}", "Two changes of one {contact} met in HubSpot.", "Nothing. It is tried again by itself.", ""},
	verdict.Locked:      {"HubSpot is busy with the {contact}", "HubSpot has locked the {contact} for work of its own.", "Nothing. It is tried again by itself.", ""},
	verdict.Unconfirmed: {"HubSpot did not confirm the {contact}", "HubSpot's answer does not mention this {contact}, so it is not counted as sent.", "Nothing. It is tried again by itself.", ""},
	verdict.NoProperty:  {"HubSpot does not know a property", "A property was made a moment ago, or somebody has just archived it. The {contact} waits for it.", "Nothing. The portal's properties are read again, and it is tried again by itself.", ""},
	verdict.Host:        {"The {member} could not be read", "The membership database did not answer for this {member}.", "Nothing. It is tried again by itself.", ""},
	verdict.Outage:      {"HubSpot does not answer", "HubSpot answers with errors of its own, or not at all. Changes are kept and sent in order when it is back.", "Nothing. status.hubspot.com tells whether HubSpot knows of a problem.", ""},
	verdict.Busy:        {"HubSpot asks us to slow down", "The HubSpot account's calls of these seconds are used up.", "Nothing. Sending goes on by itself.", ""},
	verdict.DailyLimit: {"HubSpot's calls of the day are used up", "All apps of the HubSpot account share a number of calls a day. Changes are kept.",
		"Nothing; sending goes on after midnight of the HubSpot account's time zone. If this happens often, look in HubSpot which app uses the calls.", ""},

	verdict.KeyRefused: {"HubSpot does not accept the key", "The key was rotated, deleted or has expired. Nothing is sent until there is a new one. Changes are kept.",
		"Make a new key in HubSpot under Settings > Integrations > Service Keys and enter it below.", "credentials"},
	verdict.KeyOwnerGone: {"The person who made the key has left", "The key belongs to a HubSpot user who no longer has access (USER_DOES_NOT_HAVE_PERMISSIONS). Nothing is sent. Changes are kept.",
		"Have a present super admin of HubSpot make a new key and enter it below.", "credentials"},
	verdict.ScopeMissing: {"The key lacks a scope", "HubSpot refuses the key for want of a permission. Nothing is sent until it has it. Changes are kept.",
		"Add the scope to the key in HubSpot, or make a new key that has it, then press Check again.", "recheck"},
	verdict.WrongPortal: {"The key belongs to another portal", "Nothing is sent, so that no data reaches the wrong portal. Changes are kept.", "Enter a key of the portal that is connected, or disconnect first.", "credentials"},
	verdict.Schema: {"A property that we use is gone", "Somebody archived or removed a property in HubSpot. Nothing is sent until it is back. Changes are kept.",
		"Press Check again: what is missing is created again.", "recheck"},
	verdict.PropertyLimit: {"Your HubSpot plan allows too few custom properties", "Properties that MemberPulse needs cannot be made. Nothing is sent until they are there. Changes are kept.",
		"In HubSpot archive custom properties that nobody uses under Settings > Properties, or upgrade the plan; Data Management > Data Model > Limits shows how many there are. Then press Check again.", "recheck"},
	verdict.PortalRule: {"HubSpot refuses {contact} after {contact} for one reason", "A rule of your HubSpot account does not accept what is sent. The {contacts} are tried again later, a few at a time.",
		"Look at the records that need attention: they name the property. Relax its rule in HubSpot under Settings > Properties.", ""},
	verdict.ManyGone: {"Many records are gone at once", "More than a fifth of the members, organizations or events looked at have disappeared here. That can be right, and it can be a fault; to be safe nothing is sent.",
		"If they were really deleted, press Check again. Otherwise ask the platform's support.", "recheck"},
	verdict.Sealed: {"The stored key cannot be opened", "The platform's sealing key is another one than when the API key was stored. Nothing is sent. Changes are kept.",
		"Enter the API key again, or ask the platform's support to put the former sealing key back.", "credentials"},

	verdict.ListTaken: {"HubSpot has another list of this name", "It has another type or another filter than MemberPulse needs, or was deleted and keeps the name for 90 days. It was left alone. Contacts and tags go on; only this list is missing.",
		"Rename the other list in HubSpot, then press Check again. Or choose No list for the tag in the settings.", "recheck"},
	verdict.ListEdited: {"The filter of a list was changed in HubSpot", "The list no longer contains those who have the tag. It was left as it is, with everybody and every workflow that points at it.",
		"In HubSpot set its filter back to the tag's property, then press Check again. Or choose No list for the tag: the list is yours then.", "recheck"},
	verdict.ListDeleted: {"A list was deleted in HubSpot", "HubSpot can no longer restore it. Contacts and tags go on. Workflows and emails that use the list still point at the one that is gone.",
		"To have a new list, choose No list for the tag, save, choose the list again and save. Then let your workflows and emails use the new one: it has another id, and HubSpot does not move them.", ""},
	verdict.ListLimit: {"Your HubSpot plan allows no more lists", "The list could not be made. The tag is written to its property all the same, and workflows, emails and reports can use that without a list.",
		"Choose No list for the tag and use the property. Or delete lists in HubSpot that nobody needs, then press Check again.", "recheck"},
	verdict.ListScope: {"The key may not write lists", "HubSpot refuses the key for want of a scope: lists need both crm.lists.read and crm.lists.write. Contacts and tags go on without lists.",
		"Add both scopes to the key in HubSpot, or make a new key that has them, then press Check again. Or switch Lists off.", "recheck"},
	verdict.ListRefused: {"HubSpot refuses a list", "It did not say more than the code below. Contacts and tags go on; only this list is missing.",
		"Press Check again. If it stays, choose No list for the tag and use the property; HubSpot's support finds the refusal by its correlation id.", "recheck"},
}

// validation are HubSpot's own codes for a value that it does not accept
// (https://developers.hubspot.com/docs/api-reference/error-handling).
var validation = map[verdict.Code]Told{
	"INVALID_EMAIL": {"HubSpot does not accept the email address", "The address is not valid by HubSpot's rules.",
		"Correct the member's email address. It is sent by itself then.", "retry"},
	"INVALID_OPTION":            {"HubSpot does not know an option", "The property has a list of options, and the {member}'s value is not one of them.", "Add the option to the property in HubSpot, then press Retry.", "retry"},
	"INVALID_DATE":              {"HubSpot does not accept a date", "The {member} has a date that HubSpot cannot store.", "Correct the date of the {member}. It is sent by itself then.", "retry"},
	"READ_ONLY_VALUE":           {"A property cannot be written", "The property is read-only in HubSpot.", "In HubSpot allow editing of the property, then press Retry.", "retry"},
	"MISSING_REQUIRED_PROPERTY": {"HubSpot requires a property", "Your HubSpot account has a rule that {contacts} must have a value there.", "Fill the {member}'s field, or relax the rule in HubSpot under Settings > Properties, then press Retry.", "retry"},
	"MISSING_CONDITIONAL_REQUIRED_PROPERTY": {"HubSpot requires a property", "Your HubSpot account has a rule that such {contacts} must have a value there.",
		"Fill the {member}'s field, or relax the rule in HubSpot under Settings > Properties, then press Retry.", "retry"},
	"PROPERTY_VALIDATION_RULE_FAILED": {"A rule of your HubSpot account refuses a value", "Somebody set a validation rule for the property in HubSpot, and the {member}'s value breaks it. Nothing of this {contact} was written; the others go on.",
		"Correct the {member}'s value, or change the rule in HubSpot under Settings > Properties, then press Retry.", "retry"},
	"CONFLICTING_UNIQUE_VALUE": {"Another {contact} has this value already", "The property must be unique in HubSpot, and another {contact} has the {member}'s value.", "Look at that {contact} in HubSpot, then press Retry.", "retry"},
}

// LowerFirst is a title within a sentence.
func LowerFirst(s string) string {
	r, n := utf8.DecodeRuneInString(s)
	if strings.HasPrefix(s, "HubSpot") {
		return s
	}
	return string(unicode.ToLower(r)) + s[n:]
}

// Counted is a number with its noun.
func Counted(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return strconv.Itoa(n) + " " + many
}
