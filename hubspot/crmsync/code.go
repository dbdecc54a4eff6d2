package crmsync

// code is the closed word for what came of a member: the key of the words that
// an admin reads (words.go), of incidents, and the filter of the sync log.
// HubSpot's own validation codes (INVALID_EMAIL) are used as they come.
type code string

// Members that are left out, and why.
const (
	codePending          code = "member-pending"
	codeNoEmail          code = "no-email"
	codeDeletedInHubSpot code = "deleted-in-hubspot"
	codeNoName           code = "no-name"
	codeStatusLeftOut    code = "status-left-out"
	codePlanLeftOut      code = "plan-left-out"
	codeTagEnded         code = "tag-ended-before" // of tags
)

// Members in sync with something to say about it.
const (
	codeMemberDeleted code = "member-deleted" // gone from the host; the contact is kept
	codeEmailKept     code = "email-kept"     // no address here; the contact keeps its old one
	codeFieldLeft     code = "field-left-out" // a value that its property cannot take
)

// Members that need a person.
const (
	codeCollision    code = "collision"     // the address belongs to another member's contact
	codeMerged       code = "merged"        // two members' contacts were merged into one
	codeSharedEmail  code = "shared-email"  // two members have the same address
	codeUnknownValue code = "unknown-value" // the host sent a value that the plugin does not know
	codeRefused      code = "refused"       // HubSpot refused it and did not say why
	codePanic        code = "bug"
	codeStuck        code = "stuck" // its batches could not be settled, time and again
)

// What mends itself.
const (
	codeConflict    code = "conflict"         // somebody wrote the same record at the same time
	codeLocked      code = "locked"           // HubSpot works on the record
	codeNoProperty  code = "property-unknown" // HubSpot does not know a property, perhaps not yet
	codeUnconfirmed code = "unconfirmed"      // HubSpot's reply does not mention the record
	codeHost        code = "host"             // the host could not read the member
	codeOutage      code = "outage"           // HubSpot does not answer, or with errors of its own
	codeBusy        code = "busy"             // HubSpot asks us to slow down
	codeDailyLimit  code = "daily-limit"
)

// What stops the whole tenant until a person acts.
const (
	codeKeyRefused   code = "key-refused"
	codeKeyOwnerGone code = "key-owner-gone"
	codeScopeMissing code = "scope-missing"
	codeWrongPortal  code = "wrong-portal"
	codeSchema       code = "property-missing"
	codePortalRule   code = "portal-rule"
	codeManyGone     code = "many-gone"
	codeParked       code = "property-parked" // concerns one field only
	// codePropertyLimit stops everything only if the key's own property is missing.
	codePropertyLimit code = "property-limit"
	codeRefill        code = "refill"     // waits for the admin, and stops nothing
	codeSealed        code = "key-sealed" // the stored key cannot be opened with this host's sealing key
)

// Organizations and their companies.
const (
	codeMatchSearch code = "match-search" // looked for among HubSpot's companies
	codeMatchNeeded code = "match-needed" // an admin says which company it is
	// codeArchived is also that of members.
	codeArchived code = "archived" // gone from the host; its record, which we had made, is archived
)

// Associations.
const (
	codeLabelled    code = "association-labelled" // left, because of a person's label
	codeNoCompany   code = "no-company"           // the organization has none
	codeInvalidPair code = "invalid-pair"         // HubSpot does not know one of the two records
)

// Lists that wait for a person; contacts and tags go on without them. The
// second half of each is the list's state, see listCode.
const (
	codeListTaken   code = "list-name-taken"
	codeListEdited  code = "list-edited"
	codeListDeleted code = "list-deleted"
	codeListLimit   code = "list-limit"
	codeListScope   code = "list-scope"
	codeListRefused code = "list-refused"
)

// codeInvalidEmail is HubSpot's word for an address that it does not accept.
const codeInvalidEmail = "INVALID_EMAIL"

// What can become of marketing events, of attendance and of custom events,
// beside what becomes of members and notes.
const (
	codeAwaitsEvent    code = "awaits-event"   // the event is not in HubSpot yet
	codeEventOver      code = "event-over"     // it had ended before events were sent
	codeEventGone      code = "event-gone"     // gone from the host; the marketing event is marked as cancelled
	codeEventLeftOut   code = "event-left-out" // its event is not sent
	codeNoShow         code = "no-show-kept"   // HubSpot has no call for it
	codePlanMissing    code = "plan-missing"   // HubSpot's plan does not have it
	codeDefinitionGone code = "definition-gone"
	codeSwitchedOff    code = "switched-off"
)

// What can become of activities and tickets, beside what becomes of members.
const (
	codeNotMember     code = "not-a-member"        // nobody of the members
	codeAwaitsContact code = "awaits-contact"      // its member has no contact yet
	codeAwaitsCompany code = "awaits-company"      // it is on the contact; the company is not there yet
	codeNoContact     code = "no-contact"          // its member got none in all that time
	codeNoteDeleted   code = "note-deleted"        // somebody deleted the note in HubSpot
	codeTicketDeleted code = "ticket-deleted"      // gone from the host; the note is kept
	codeNoteUnsure    code = "note-unconfirmed"    // HubSpot's reply does not tell whether it is there
	codeUnreadable    code = "activity-unreadable" // what was recorded is no activity
)
