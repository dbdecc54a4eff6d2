package outbox

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"
)

// Lane says how urgently an entry is served: 0 before 1 before 2.
type Lane int16

const (
	// LaneUrgent is for erasure and opt-out. It overtakes the others at once.
	LaneUrgent Lane = 0
	// LaneLive is for changes as they happen.
	LaneLive Lane = 1
	// LaneBackfill is for first syncs and repairs. It is served last, though
	// never starved: one batch in Config.BackfillShare starts here.
	LaneBackfill Lane = 2

	lanes = 3
)

const (
	// MaxPayload is the largest payload of an entry, in bytes: above it
	// PostgreSQL would move rows out of line and the drain would slow down.
	MaxPayload = 2048
	// MaxKey is the longest key, subject or kind, in bytes.
	MaxKey = 512
)

// Kind describes one sort of entry.
type Kind struct {
	// Fact kinds are delivered once per entry, with the entry's payload, and
	// their Key is a unique id. Other kinds are state: all waiting entries of
	// one key are one delivery, and current state is read when it is handled.
	Fact bool
}

// Entry is one change to be delivered.
type Entry struct {
	// Tenant is the tenant's UUID in text form.
	Tenant string
	Lane   Lane
	// Kind must be one of Config.Kinds.
	Kind string
	// Key names the record, or the single occurrence if the kind is a fact.
	Key string
	// Subject is whom the entry acts on; two calls never carry one subject at
	// the same time, whatever kind or lane. Empty means Key.
	Subject string
	// Payload is for facts only: valid JSON of at most MaxPayload bytes. It
	// must carry no more personal data than the receiver needs, for it waits
	// in a table until it is delivered.
	Payload json.RawMessage
}

// normalize checks e and fills its defaults. Values never appear in its errors.
func (e Entry) normalize(kinds map[string]Kind) (Entry, error) {
	tenant, err := parseTenant(e.Tenant)
	if err != nil {
		return e, err
	}
	e.Tenant = tenant
	kind, ok := kinds[e.Kind]
	if !ok {
		return e, fmt.Errorf("%w %q", ErrUnknownKind, e.Kind)
	}
	if e.Lane < 0 || e.Lane >= lanes {
		return e, fmt.Errorf("%w: kind %s: lane %d", ErrInvalidEntry, e.Kind, e.Lane)
	}
	if e.Subject == "" {
		e.Subject = e.Key
	}
	if err := checkText("key", e.Key); err != nil {
		return e, fmt.Errorf("%w: kind %s: %w", ErrInvalidEntry, e.Kind, err)
	}
	if err := checkText("subject", e.Subject); err != nil {
		return e, fmt.Errorf("%w: kind %s: %w", ErrInvalidEntry, e.Kind, err)
	}
	if len(e.Payload) == 0 {
		e.Payload = nil
		return e, nil
	}
	if !kind.Fact {
		return e, fmt.Errorf("%w: kind %s is state and takes no payload", ErrInvalidEntry, e.Kind)
	}
	if len(e.Payload) > MaxPayload {
		return e, fmt.Errorf("%w: kind %s: %d bytes, at most %d", ErrPayloadTooLarge, e.Kind, len(e.Payload), MaxPayload)
	}
	if !utf8.Valid(e.Payload) || !json.Valid(e.Payload) {
		return e, fmt.Errorf("%w: kind %s: payload is not valid JSON", ErrInvalidEntry, e.Kind)
	}
	return e, nil
}

func checkText(what, s string) error {
	switch {
	case s == "":
		return fmt.Errorf("no %s", what)
	case len(s) > MaxKey:
		return fmt.Errorf("%s of %d bytes, at most %d", what, len(s), MaxKey)
	case !utf8.ValidString(s), strings.ContainsRune(s, 0):
		return fmt.Errorf("%s is not text that PostgreSQL can store", what)
	}
	return nil
}

// parseTenant returns the canonical form of a UUID. Only the form with hyphens
// is accepted, so that one tenant has one spelling in all of memory.
func parseTenant(s string) (string, error) {
	if len(s) != 36 {
		return "", fmt.Errorf("%w: tenant is not a UUID", ErrInvalidEntry)
	}
	for i := range len(s) {
		c := s[i]
		switch {
		case i == 8 || i == 13 || i == 18 || i == 23:
			if c != '-' {
				return "", fmt.Errorf("%w: tenant is not a UUID", ErrInvalidEntry)
			}
		case c >= '0' && c <= '9', c >= 'a' && c <= 'f', c >= 'A' && c <= 'F':
		default:
			return "", fmt.Errorf("%w: tenant is not a UUID", ErrInvalidEntry)
		}
	}
	return strings.ToLower(s), nil
}

// Delivery is one record of a batch: all waiting entries of one key, or one fact.
type Delivery struct {
	Kind    string          `json:"kind"`
	Key     string          `json:"key"`
	Subject string          `json:"subject"`
	Lane    Lane            `json:"lane"`
	Payload json.RawMessage `json:"payload,omitempty"`
	// RecordedAt is when the oldest entry behind the delivery was recorded.
	RecordedAt time.Time `json:"recordedAt"`
	// Attempt counts earlier failed attempts; 0 at the first.
	Attempt int `json:"attempt,omitempty"`
	// Doubt says that calls for this record may have been made and never
	// settled: what was last written is unknown, so fingerprints prove nothing.
	Doubt bool `json:"doubt,omitempty"`

	// Rows are the entries behind the delivery, per lane, ascending.
	rows  [lanes][]int64
	aside bool
}
