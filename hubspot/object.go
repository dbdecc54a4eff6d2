package hubspot

import (
	"errors"
	"time"
)

// ObjectType is a CRM object type, by name ("contacts") or by type id ("0-1").
type ObjectType string

// Object types that the plugin writes. Any other name works alike.
const (
	Contacts  ObjectType = "contacts"
	Companies ObjectType = "companies"
	Notes     ObjectType = "notes"
	Tickets   ObjectType = "tickets"
)

// valid reports whether t can stand in a path. It does not ask HubSpot.
func (t ObjectType) valid() bool {
	if t == "" || len(t) > 100 {
		return false
	}
	for _, r := range string(t) {
		switch {
		case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9', r == '_', r == '-':
		default:
			return false
		}
	}
	return true
}

// id returns the object type id, which lists insist on.
func (t ObjectType) id() string {
	switch t {
	case Contacts:
		return "0-1"
	case Companies:
		return "0-2"
	case Tickets:
		return "0-5"
	case Notes:
		return "0-46"
	}
	return string(t)
}

// MaxInputs is how many records one batch call may carry.
// See https://developers.hubspot.com/docs/api-reference/latest/crm/objects/contacts/guide
const MaxInputs = 100

// Refusals of a call before anything is sent. They name positions, never ids:
// an id can be an email address.
var (
	// ErrTooManyInputs is returned for more inputs than one call may carry.
	ErrTooManyInputs = errors.New("hubspot: too many inputs")
	// ErrDuplicateInput is returned when two inputs name one record. HubSpot
	// would refuse the whole batch.
	ErrDuplicateInput = errors.New("hubspot: duplicate input")
	// ErrInvalidInput is returned for an empty id, an object type that cannot
	// stand in a path, or an id property that cannot key the call.
	ErrInvalidInput = errors.New("hubspot: invalid input")
)

// Record is a CRM record as HubSpot returned it. Properties holds only what
// the reply held: after a write that is less than the record has. A property
// without a value is absent.
type Record struct {
	ID         string
	Properties map[string]string
	CreatedAt  time.Time
	UpdatedAt  time.Time
	Archived   bool
	// History holds former values by property, the latest first: BatchReadHistory.
	History map[string][]PropertyValue
}

// Input is one record of a batch write. ID is the record id, or the value of
// the id property of an upsert. An empty property value clears the property.
// Trace ids are the client's own business.
type Input struct {
	ID         string
	Properties map[string]string
}

// WriteResult accounts for a batch write: Results has one entry per input, in
// input order, whenever the call got as far as building a request. It is nil
// only when the call was refused before (ErrTooManyInputs and the like).
type WriteResult struct {
	Results []InputResult
}

// InputResult says what became of one input: exactly one of Record and Err is
// set.
type InputResult struct {
	// Record is what HubSpot confirmed. Its ID can differ from the input's
	// when the record was merged into another.
	Record *Record
	// New reports that an upsert created the record.
	New bool
	// Err says why the input is not confirmed. Its Code is CodeUnmentioned if
	// the reply neither confirmed nor refused the input, CodeNotConfirmed if
	// the batch did not complete.
	Err *Error
	// Warnings are HubSpot's remarks on a write that it did accept.
	Warnings []Warning
}

// Warning is HubSpot's remark on an accepted write, for instance that a date
// was normalised. It names properties, never values.
type Warning struct {
	Category   string
	Properties []string
}

// BatchRead asks for records by id.
type BatchRead struct {
	// IDProperty names the unique property that IDs holds values of. Empty
	// means record ids.
	IDProperty string
	// IDs are at most MaxInputs, without duplicates (compared case-folded and
	// trimmed).
	IDs []string
	// Properties to return. Names that the portal does not have are ignored
	// by HubSpot. The property by which answers are told apart (the key, the
	// secondary emails, the merged ids) comes along by itself; without names
	// there is little else.
	Properties []string
}

// ReadResult answers every id of a BatchRead: it is found (see Find), Missing,
// in Failed, or Unmentioned.
type ReadResult struct {
	// Records in no particular order.
	Records []Record
	// Missing are the ids that HubSpot named as not found.
	Missing []string
	// Unmentioned are the ids that the reply said nothing about. Nothing
	// follows from that: they may exist.
	Unmentioned []string
	// Failed are the ids that HubSpot named in another error.
	Failed map[string]*Error

	found map[string]int // asked id -> index in Records
}

// Find returns the record that answers an id exactly as it was asked for: also
// a secondary email of the contact, or the id of a record that was merged into
// it.
func (r ReadResult) Find(id string) (Record, bool) {
	i, ok := r.found[id]
	if !ok {
		return Record{}, false
	}
	return r.Records[i], true
}
