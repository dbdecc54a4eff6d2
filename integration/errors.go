package integration

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
)

// ErrorKind decides how a failure is answered; the console maps it to an HTTP
// status.
type ErrorKind string

// The error kinds, with the HTTP status that they become.
const (
	Malformed   ErrorKind = "malformed"    // 400
	Forbidden   ErrorKind = "forbidden"    // 403
	Missing     ErrorKind = "missing"      // 404: unknown, or another tenant's
	Conflict    ErrorKind = "conflict"     // 409: a run is active, the portal is taken
	Stale       ErrorKind = "stale"        // 412
	Invalid     ErrorKind = "invalid"      // 422: field errors
	Limited     ErrorKind = "limited"      // 429: ours
	VendorFault ErrorKind = "vendor-fault" // 502: the vendor answered with an error
	VendorSlow  ErrorKind = "vendor-slow"  // 504: the vendor did not answer
	StoreFault  ErrorKind = "store-fault"  // 503: our database does not answer
)

// Error is a failure that a person reads: what happened, what it means, what to
// do. It never holds secrets or personal data.
type Error struct {
	Kind          ErrorKind
	Title         string // what happened
	Detail        string // what it means
	Fix           string // what to do
	CorrelationID string // the vendor's, if it answered
	RetryAt       time.Time
	Fields        FieldErrors
	Cause         error // for logs; not shown
}

// Error implements error.
func (e *Error) Error() string {
	msg := fmt.Sprintf("integration: %s: %s", e.Kind, e.Title)
	if e.CorrelationID != "" {
		msg += " (correlation id " + e.CorrelationID + ")"
	}
	if e.Cause != nil {
		msg += ": " + e.Cause.Error()
	}
	return msg
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Cause }

// FieldErrors are messages for a person by setting key.
type FieldErrors map[string][]string

// Add adds a message for key.
func (f FieldErrors) Add(key, message string) { f[key] = append(f[key], message) }

// Error implements error. It lists keys and messages in a fixed order.
func (f FieldErrors) Error() string {
	parts := make([]string, 0, len(f))
	for _, key := range slices.Sorted(maps.Keys(f)) {
		parts = append(parts, key+": "+strings.Join(f[key], " "))
	}
	return "integration: invalid settings: " + strings.Join(parts, "; ")
}
