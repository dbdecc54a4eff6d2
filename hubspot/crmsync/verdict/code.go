// Package verdict says what HubSpot's reply about one record means: a closed set
// of codes, each with its class, and how the outbox goes on. What an admin reads of
// a code is in package words. It is pure.
// See https://developers.hubspot.com/docs/api-reference/error-handling
package verdict

// Code is the closed word for what came of a member: the key of the words that
// an admin reads (package words), of incidents, and the filter of the sync log.
// HubSpot's own validation codes (INVALID_EMAIL) are used as they come.
type Code string

// Members that are left out, and why.
const (
	Pending          Code = "member-pending"
	NoEmail          Code = "no-email"
	DeletedInHubSpot Code = "deleted-in-hubspot"
	NoName           Code = "no-name"
	StatusLeftOut    Code = "status-left-out"
	PlanLeftOut      Code = "plan-left-out"
	TagEnded         Code = "tag-ended-before" // of tags
)

// Members in sync with something to say about it.
const (
	MemberDeleted Code = "member-deleted" // gone from the host; the contact is kept
	Returned      Code = "returned"       // gone from the host, and there again under another id, which has the contact now
	EmailKept     Code = "email-kept"     // no address here; the contact keeps its old one
	FieldLeft     Code = "field-left-out" // a value that its property cannot take
)

// Members that need a person.
const (
	Collision    Code = "collision"     // the address belongs to another member's contact
	Merged       Code = "merged"        // two members' contacts were merged into one
	SharedEmail  Code = "shared-email"  // two members have the same address
	UnknownValue Code = "unknown-value" // the host sent a value that the plugin does not know
	Refused      Code = "refused"       // HubSpot refused it and did not say why
	Panic        Code = "bug"
	Stuck        Code = "stuck" // its batches could not be settled, time and again
)

// What mends itself.
const (
	Conflict    Code = "conflict"         // somebody wrote the same record at the same time
	Locked      Code = "locked"           // HubSpot works on the record
	NoProperty  Code = "property-unknown" // HubSpot does not know a property, perhaps not yet
	Unconfirmed Code = "unconfirmed"      // HubSpot's reply does not mention the record
	Host        Code = "host"             // the host could not read the member
	Outage      Code = "outage"           // HubSpot does not answer, or with errors of its own
	Busy        Code = "busy"             // HubSpot asks us to slow down
	DailyLimit  Code = "daily-limit"
)

// What stops the whole tenant until a person acts.
const (
	KeyRefused   Code = "key-refused"
	KeyOwnerGone Code = "key-owner-gone"
	ScopeMissing Code = "scope-missing"
	WrongPortal  Code = "wrong-portal"
	Schema       Code = "property-missing"
	PortalRule   Code = "portal-rule"
	ManyGone     Code = "many-gone"
	Parked       Code = "property-parked" // concerns one field only
	// PropertyLimit stops everything only if the key's own property is missing.
	PropertyLimit Code = "property-limit"
	Refill        Code = "refill"     // waits for the admin, and stops nothing
	Sealed        Code = "key-sealed" // the stored key cannot be opened with this host's sealing key
)

// Organizations and their companies.
const (
	MatchSearch Code = "match-search" // looked for among HubSpot's companies
	MatchNeeded Code = "match-needed" // an admin says which company it is
	// Archived is also that of members.
	Archived Code = "archived" // gone from the host; its record, which we had made, is archived
)

// Associations.
const (
	Labelled    Code = "association-labelled" // left, because of a person's label
	NoCompany   Code = "no-company"           // the organization has none
	InvalidPair Code = "invalid-pair"         // HubSpot does not know one of the two records
)

// Lists that wait for a person; contacts and tags go on without them. The
// second half of each is the list's state, see package lists.
const (
	ListTaken   Code = "list-name-taken"
	ListEdited  Code = "list-edited"
	ListDeleted Code = "list-deleted"
	ListLimit   Code = "list-limit"
	ListScope   Code = "list-scope"
	ListRefused Code = "list-refused"
)

// InvalidEmail is HubSpot's word for an address that it does not accept.
const InvalidEmail = "INVALID_EMAIL"

// InvalidOption is HubSpot's word for a value that a property does not offer.
const InvalidOption = "INVALID_OPTION"

// What can become of marketing events, of attendance and of custom events,
// beside what becomes of members and notes.
const (
	AwaitsEvent    Code = "awaits-event"    // the event is not in HubSpot yet
	EventOver      Code = "event-over"      // it had ended before events were sent
	EventGone      Code = "event-gone"      // gone from the host; the marketing event is marked as cancelled
	EventLeftOut   Code = "event-left-out"  // its event is not sent
	NothingToTell  Code = "nothing-to-tell" // it came to nothing before HubSpot was told
	NoShow         Code = "no-show-kept"    // HubSpot has no call for it
	PlanMissing    Code = "plan-missing"    // HubSpot's plan does not have it
	DefinitionGone Code = "definition-gone"
	SwitchedOff    Code = "switched-off"
)

// What can become of activities and tickets, beside what becomes of members.
const (
	NotMember     Code = "not-a-member"        // nobody of the members
	AwaitsContact Code = "awaits-contact"      // its member has no contact yet
	AwaitsCompany Code = "awaits-company"      // it is on the contact; the company is not there yet
	NoContact     Code = "no-contact"          // its member got none in all that time
	NoteDeleted   Code = "note-deleted"        // somebody deleted the note in HubSpot
	TicketDeleted Code = "ticket-deleted"      // gone from the host; the note is kept
	NoteUnsure    Code = "note-unconfirmed"    // HubSpot's reply does not tell whether it is there
	Unreadable    Code = "activity-unreadable" // what was recorded is no activity
)
