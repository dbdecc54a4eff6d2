package hubspot

import (
	"errors"
	"strconv"
	"strings"
	"time"
)

// Outcome says whether a failed call may have changed the portal.
type Outcome int

const (
	// Known: HubSpot did not do it. Reads are always Known.
	Known Outcome = iota
	// Unknown: HubSpot may have done it, and the answer was lost or unclear.
	Unknown
)

// String returns "known" or "unknown".
func (o Outcome) String() string {
	if o == Unknown {
		return "unknown"
	}
	return "known"
}

// Codes that the client gives itself, but for one. All other codes are HubSpot's.
const (
	// CodeUnmentioned: the reply neither confirmed nor refused this input.
	CodeUnmentioned = "UNMENTIONED"
	// CodeNotConfirmed: the batch's status was not COMPLETE.
	CodeNotConfirmed = "NOT_CONFIRMED"
	// CodeUnreadable: the reply was not the JSON that the call expects.
	CodeUnreadable = "UNREADABLE_REPLY"
	// CodeTooLarge: the reply was larger than the client reads.
	CodeTooLarge = "REPLY_TOO_LARGE"
	// CodeTimeout: no whole reply within the call's time.
	CodeTimeout = "TIMEOUT"
	// CodeNetwork: no connection, or it broke.
	CodeNetwork = "NETWORK"
	// CodeCanceled: the caller gave up.
	CodeCanceled = "CANCELED"
	// CodeBreakerOpen: not sent, the portal failed too often. See ErrBreakerOpen.
	CodeBreakerOpen = "BREAKER_OPEN"
	// CodeThrottled: not sent, the window has no call left before the deadline.
	CodeThrottled = "THROTTLED"
	// CodeDailyLimit: the account's calls of the day are spent. See ErrDailyLimit.
	CodeDailyLimit = "DAILY_LIMIT"
	// CodeRedirect: the reply pointed elsewhere, and was not followed.
	CodeRedirect = "REDIRECT"
	// CodeInvalidObjects is HubSpot's for an association with a record that does not
	// exist, or no longer does.
	CodeInvalidObjects = "INVALID_OBJECT_IDS"
	// CodeNoToken: there is no token, or it cannot stand in a header.
	CodeNoToken = "NO_TOKEN"
)

// Categories that HubSpot uses. The list is not closed.
const (
	CategoryValidation    = "VALIDATION_ERROR"
	CategoryConflict      = "CONFLICT"
	CategoryExists        = "OBJECT_ALREADY_EXISTS"
	CategoryNotFound      = "OBJECT_NOT_FOUND"
	CategoryInvalidAuth   = "INVALID_AUTHENTICATION"
	CategoryExpiredAuth   = "EXPIRED_AUTHENTICATION"
	CategoryMissingScopes = "MISSING_SCOPES"
	CategoryRateLimits    = "RATE_LIMITS"
)

// Error is a failed call, or one failed input of a batch. Nothing in it, and
// nothing in its text, is a property value, an email address or a token:
// every string has passed a narrow grammar, and Message is the client's own
// wording. HubSpot changes its message texts without notice, so decide by
// Category, SubCategory and Code.
// See https://developers.hubspot.com/docs/api-reference/error-handling
type Error struct {
	// Op names the call, such as "contacts batch upsert".
	Op string
	// Status is the HTTP status of the reply: 200 or 207 for one refused input
	// of a batch that went through, 0 if there was no reply.
	Status int
	// Category and SubCategory as HubSpot gave them; empty is possible.
	Category    string
	SubCategory string
	// Code is the first specific code: HubSpot's (INVALID_EMAIL) or a Code
	// constant of this package. Empty if HubSpot gave none.
	Code string
	// Message says it in plain words, safe to show and to log.
	Message string
	// CorrelationID is what HubSpot's support asks for.
	CorrelationID string
	// Policy is the name of the exhausted limit: TEN_SECONDLY_ROLLING, DAILY.
	Policy string
	// Properties are the names of the properties at fault.
	Properties []string
	// Scopes are the scopes of which the token lacks at least one.
	Scopes []string
	// ExistingID is the record that already holds the unique value.
	ExistingID string
	// Details are the single errors, in HubSpot's order.
	Details []ErrorDetail
	// Inputs are the positions of the inputs that HubSpot blamed when it
	// refused the whole batch. Empty if it blamed none by name.
	Inputs []int
	// Outcome says whether the write may have happened nevertheless.
	Outcome Outcome
	// RetryAfter is how long to wait, if HubSpot or the limiter said so.
	RetryAfter time.Duration

	cause error // a sentinel or a context error: never one that quotes a reply
}

// ErrorDetail is one entry of HubSpot's list of errors.
type ErrorDetail struct {
	Code        string
	SubCategory string
	Message     string
	Properties  []string
}

// Error names the call, the status, the codes and the correlation id.
func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString("hubspot: ")
	if e.Op != "" {
		b.WriteString(e.Op)
		b.WriteString(": ")
	}
	b.WriteString(e.Message)
	sep := " ("
	add := func(name, value string) {
		if value == "" {
			return
		}
		b.WriteString(sep)
		b.WriteString(name)
		b.WriteString(value)
		sep = ", "
	}
	if e.Status != 0 {
		add("status ", strconv.Itoa(e.Status))
	}
	add("", e.Category)
	add("", e.SubCategory)
	add("", e.Code)
	add("policy ", e.Policy)
	add("properties ", strings.Join(e.Properties, " "))
	add("scopes ", strings.Join(e.Scopes, " "))
	add("correlation id ", e.CorrelationID)
	if e.Outcome == Unknown {
		add("outcome ", "unknown")
	}
	if sep == ", " {
		b.WriteByte(')')
	}
	return b.String()
}

// Unwrap returns ErrBreakerOpen's or ErrDailyLimit's carrier, a context error,
// or nil.
func (e *Error) Unwrap() error { return e.cause }

// ErrBreakerOpen matches, by errors.Is, calls that were not sent because the
// portal failed too often. Until tells when the next call is let through.
var ErrBreakerOpen = errors.New("hubspot: breaker open")

// ErrDailyLimit matches, by errors.Is, calls that were refused because the
// account's calls of the day are spent. Until tells when they are renewed.
var ErrDailyLimit = errors.New("hubspot: daily limit reached")

// BreakerOpenError carries the time at which the breaker lets a call through.
type BreakerOpenError struct{ Until time.Time }

// Error implements error.
func (e *BreakerOpenError) Error() string { return ErrBreakerOpen.Error() }

// Is matches ErrBreakerOpen.
func (e *BreakerOpenError) Is(target error) bool { return target == ErrBreakerOpen }

// DailyLimitError carries the account's next local midnight.
type DailyLimitError struct{ Until time.Time }

// Error implements error.
func (e *DailyLimitError) Error() string { return ErrDailyLimit.Error() }

// Is matches ErrDailyLimit.
func (e *DailyLimitError) Is(target error) bool { return target == ErrDailyLimit }

// Until returns the time before which repeating the call is pointless, for
// errors that match ErrBreakerOpen or ErrDailyLimit.
func Until(err error) (time.Time, bool) {
	if b, ok := errors.AsType[*BreakerOpenError](err); ok {
		return b.Until, true
	}
	if d, ok := errors.AsType[*DailyLimitError](err); ok {
		return d.Until, true
	}
	return time.Time{}, false
}
