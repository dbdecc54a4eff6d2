package hubspottest

import (
	"time"
)

// Options choose how a simulator behaves. The zero value is HubSpot as documented;
// each switch names the other behaviour, which documentation or field reports also
// allow. Options are read once, by [New].
type Options struct {
	// Now is the clock of records, limits and search lag. Default time.Now.
	Now func() time.Time
	// Latency is added to every API call; the wait uses real time and ends when the
	// client goes away. Change it later with [Simulator.SetLatency].
	Latency time.Duration
	// Seed makes result order and correlation ids repeatable. Default 1.
	Seed uint64
	// LogCap is the number of requests kept. Default 20,000; negative keeps none.
	LogCap int
	// LogBodyBytes bounds the bodies kept in the log in all; the oldest bodies are
	// dropped first, their entries stay. Default 64 MiB; negative keeps no body.
	LogBodyBytes int64
	// MaxBody bounds a request body in bytes, beyond it the reply is 413. Default 10 MiB.
	MaxBody int64

	// SearchLag is how long search does not see a write: seconds to about half a
	// minute on a live portal. Default 5 s; negative means no lag.
	// https://developers.hubspot.com/docs/api-reference/2026-03/crm/search-the-crm
	SearchLag time.Duration
	// ListLag is how long a DYNAMIC list is behind: it follows a write, and a new or
	// changed filter is processed, that much later. Default that of search; negative
	// means no lag. https://developers.hubspot.com/docs/api-reference/latest/crm/lists/guide
	ListLag time.Duration
	// PropertyLag is how long after its creation a property is unknown to reads and
	// writes (a quarter to three quarters of a second were observed). Default none.
	PropertyLag time.Duration
	// OrderedResults answers batches in the order of the inputs. HubSpot does not.
	OrderedResults bool
	// MultiStatus2609 answers 207 for partial success on the 2026-09 paths too, as the
	// guides say. The published OpenAPI files of that version know only 200 and 201.
	MultiStatus2609 bool

	// PartialCreatesOnly rejects an update or upsert as a whole in spite of trace ids.
	// The guide promises partial success for creates alone; upserts were seen to have it.
	PartialCreatesOnly bool
	// EmailUpsertsWhole does so for upserts by email alone: the contacts guide says
	// that these know no partial upsert, and leaves open what that means.
	EmailUpsertsWhole bool
	// EmailConflict is what happens to an update or upsert with trace ids when an
	// input's email belongs to another contact. HubSpot documents neither.
	EmailConflict EmailConflict
	// ConflictBody is the shape of the 409 body for an email that is taken.
	ConflictBody ConflictBody
	// ErrorsOmitTraceID leaves objectWriteTraceId out of the error entries of a
	// partial batch reply; the error handling guide shows it there.
	// https://developers.hubspot.com/docs/api-reference/error-handling
	ErrorsOmitTraceID bool
	// ResultsEchoTraceID puts objectWriteTraceId into results. The schema has the
	// field, the guide's example of a 207 does not.
	ResultsEchoTraceID bool
	// NotFoundRejectsUpdate answers 404 for a whole batch update without trace ids
	// that names an unknown record. By default it is an entry of a 207.
	NotFoundRejectsUpdate bool
	// NotFoundBeforeScopes answers 404 (or the 207 entry) for a write to an unknown
	// record before it looks at scopes, so that such a write proves no scope.
	NotFoundBeforeScopes bool

	// KeepOldEmail keeps the former address as a secondary email when email changes.
	KeepOldEmail bool
	// SecondaryEmailHidden makes a lookup by email see primary addresses only.
	SecondaryEmailHidden bool
	// IdenticalWriteKeepsUpdatedAt leaves updatedAt alone when a write changes no value.
	IdenticalWriteKeepsUpdatedAt bool
	// MergeKeepsPrimaryID lets the primary record keep its id in a merge. By default
	// the survivor gets a new one.
	MergeKeepsPrimaryID bool
	// MergedIDRejectsWrite answers "not found" for an update by an id that was merged
	// away. By default such a write lands on the survivor, as reads do.
	MergedIDRejectsWrite bool
	// ErasureBlocksEmail blocks the address of a contact that is erased, too. By default
	// only a GDPR deletion by an email that no contact has blocks that address.
	ErasureBlocksEmail bool
	// APIUnblocksEmail lets an API write use an address that a GDPR deletion blocked.
	// https://developers.hubspot.com/docs/api-reference/crm-contacts-v3/guide
	APIUnblocksEmail bool

	// NoteKeys is what becomes of a unique property of notes: no source shows that
	// HubSpot allows one.
	NoteKeys NoteKeys
	// NoteSchemaScope asks for crm.schemas.notes.write to change the properties of
	// notes. By default the scope of the contacts' schema will do.
	NoteSchemaScope bool
	// FirstCompanyNotPrimary leaves a contact without a primary company when it is
	// associated with its first one. By default that one becomes the primary company.
	FirstCompanyNotPrimary bool
	// AssociationErrorsReject answers 400 for a whole batch of associations that names
	// a record or a type that does not exist. By default it is an entry of the reply.
	AssociationErrorsReject bool
	// AssociationErrorsTerse names such a record in INVALID_OBJECT_IDS alone, as older
	// replies did; newer ones repeat it in objectId and objectType.
	AssociationErrorsTerse bool
	// NoAssociationsEmpty answers a batch read with an empty list for a record without
	// associations. By default that is an error entry, NO_ASSOCIATIONS_FOUND.
	NoAssociationsEmpty bool
	// DeletedListKeepsName refuses a list with the name of a deleted one that can still
	// be restored. By default the name is free. HubSpot documents neither.
	DeletedListKeepsName bool
	// ListLimitForbidden answers 403 when the account has no list left. By default it is
	// a 400. HubSpot documents neither.
	ListLimitForbidden bool
	// PropertyLimitForbidden answers 403 when the account has no custom property left.
	// By default it is a 400. HubSpot documents neither.
	PropertyLimitForbidden bool
	// RestoredPropertyCounts refuses to restore an archived property when the account
	// has no custom property left. By default it comes back all the same. HubSpot
	// documents neither.
	RestoredPropertyCounts bool
	// AddNamesMembers lets the reply to added memberships name records that were members
	// before. By default these are left out of it, as they are ignored.
	AddNamesMembers bool
	// MaxMembershipIDs bounds the ids of one change of memberships. HubSpot documents no
	// bound. Default none.
	MaxMembershipIDs int
	// AttendanceErrorsReject answers 404 for a whole call that records attendance of a
	// contact that does not exist. By default it is an error entry of the reply.
	AttendanceErrorsReject bool
	// MarketingResultsNameEvents puts externalEventId into the results of an upsert of
	// marketing events. The schema leaves out any key that was sent.
	MarketingResultsNameEvents bool
	// EventsSilent accepts occurrences of custom events that are not defined, with
	// properties that are not, or with values that are too long, and drops them. By
	// default they are refused; HubSpot's guide says so of the limits alone.
	EventsSilent bool
	// EventsAtPlainPath serves the custom events of 2026-09 under /events/2026-09, as a
	// catalogue of that version has it, without batches, in place of HubSpot's documents'
	// /events/custom/2026-09.
	EventsAtPlainPath bool
	// RetryAfter puts a Retry-After header on 429 replies. HubSpot documents none.
	RetryAfter bool
}

// EmailConflict is one of HubSpot's possible answers to a batch with trace ids in
// which one input claims an email of another contact.
type EmailConflict int

const (
	// EmailConflictEntry answers 207 and names the input; the rest is written.
	EmailConflictEntry EmailConflict = iota
	// EmailConflictBatch answers 409 for the whole batch, with the existing id.
	EmailConflictBatch
	// EmailConflictBatchNoID answers 409 for the whole batch, without any id.
	EmailConflictBatchNoID
)

// ConflictBody is a recorded shape of the 409 body for a taken email.
type ConflictBody int

const (
	// ConflictNamesID: category CONFLICT, "Contact already exists. Existing ID: 123".
	ConflictNamesID ConflictBody = iota
	// ConflictWithoutID: the same without any id.
	ConflictWithoutID
	// ConflictIdentityProfile: category OBJECT_ALREADY_EXISTS with an identityProfile
	// object that holds personal data.
	ConflictIdentityProfile
)

// NoteKeys is one of HubSpot's possible answers to a unique property of notes.
type NoteKeys int

const (
	// NoteKeysAllowed: the property is created, and notes can be upserted by it.
	NoteKeysAllowed NoteKeys = iota
	// NoteKeysRefused: 400.
	NoteKeysRefused
	// NoteKeysForbidden: 403 MISSING_SCOPES, whatever the scopes.
	NoteKeysForbidden
)

func (o Options) withDefaults() Options {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Seed == 0 {
		o.Seed = 1
	}
	if o.LogCap == 0 {
		o.LogCap = 20_000
	}
	if o.LogBodyBytes == 0 {
		o.LogBodyBytes = 64 << 20
	}
	if o.MaxBody <= 0 {
		o.MaxBody = 10 << 20
	}
	if o.SearchLag == 0 {
		o.SearchLag = 5 * time.Second
	}
	o.SearchLag = max(o.SearchLag, 0)
	if o.ListLag == 0 {
		o.ListLag = o.SearchLag
	}
	o.ListLag = max(o.ListLag, 0)
	return o
}
