package hubspot

import (
	"errors"
	"net/http"
)

// statusMigrating is HubSpot's own code for an account that moves between data
// centres, statusLocked the standard's for one that is busy with a bulk write.
const (
	statusMigrating = 477
	statusLocked    = http.StatusLocked
)

// asError also takes the Err of an InputResult that has none: a nil *Error in an
// error is no error of any class.
func asError(err error) (*Error, bool) {
	e, ok := errors.AsType[*Error](err)
	return e, ok && e != nil
}

// IsRateLimit reports that a limit of the portal is spent: HubSpot's 429, the
// client's own limiter, or the daily limit. Nothing was written.
func IsRateLimit(err error) bool {
	e, ok := asError(err)
	return ok && (e.Status == http.StatusTooManyRequests || e.Category == CategoryRateLimits ||
		e.Code == CodeThrottled || e.Code == CodeDailyLimit)
}

// IsAuth reports that HubSpot does not accept the token, or that there is none.
func IsAuth(err error) bool {
	e, ok := asError(err)
	return ok && (e.Status == http.StatusUnauthorized || e.Code == CodeNoToken ||
		e.Category == CategoryInvalidAuth || e.Category == CategoryExpiredAuth)
}

// IsMissingScopes reports that the token lacks a scope: see Error.Scopes.
func IsMissingScopes(err error) bool {
	e, ok := asError(err)
	return ok && e.Category == CategoryMissingScopes
}

// IsForbidden reports any 403: missing scopes, or something that the portal's
// plan or a person's permissions do not allow.
func IsForbidden(err error) bool {
	e, ok := asError(err)
	return ok && (e.Status == http.StatusForbidden || e.Category == CategoryMissingScopes)
}

// IsConflict reports that another record, or a thing of that name, already
// exists: see Error.ExistingID, which may be empty.
func IsConflict(err error) bool {
	e, ok := asError(err)
	if !ok {
		return false
	}
	if e.Status == http.StatusConflict || e.Category == CategoryConflict || e.Category == CategoryExists ||
		e.SubCategory == subCategoryListName {
		return true
	}
	return e.HasCode("CONFLICTING_UNIQUE_VALUE")
}

// IsNotFound reports that the record, property or path does not exist.
func IsNotFound(err error) bool {
	e, ok := asError(err)
	return ok && (e.Status == http.StatusNotFound || e.Category == CategoryNotFound)
}

// IsValidation reports that HubSpot refused what was sent, and would again.
// Conflicts are not among them.
func IsValidation(err error) bool {
	e, ok := asError(err)
	return ok && (e.Status == http.StatusBadRequest || e.Category == CategoryValidation) && !IsConflict(err)
}

// IsLocked reports a 423: HubSpot is busy with a bulk change of these records.
func IsLocked(err error) bool {
	e, ok := asError(err)
	return ok && e.Status == statusLocked
}

// IsTransient reports that the same call may succeed later without anybody
// changing anything: no or no readable answer, 5xx, a lock, an account that
// moves, an open breaker, a spent window. Not the daily limit, and not the
// caller's own cancellation. It says nothing about whether a write happened:
// ask OutcomeUnknown.
func IsTransient(err error) bool {
	e, ok := asError(err)
	if !ok || e.Code == CodeDailyLimit {
		return false
	}
	switch e.Code {
	case CodeTimeout, CodeNetwork, CodeUnreadable, CodeBreakerOpen, CodeThrottled:
		return true
	}
	switch {
	case e.Status >= 500, e.Status == statusLocked, e.Status == statusMigrating,
		e.Status == http.StatusRequestTimeout:
		return true
	}
	return IsRateLimit(err)
}

// OutcomeUnknown reports that the failed write may have happened. Read before
// writing again, or repeat only what is keyed.
func OutcomeUnknown(err error) bool {
	e, ok := asError(err)
	return ok && e.Outcome == Unknown
}

// HasCode reports whether the error, or one of its details, has that code.
func (e *Error) HasCode(code string) bool {
	if e.Code == code {
		return true
	}
	for _, d := range e.Details {
		if d.Code == code {
			return true
		}
	}
	return false
}
