package hubspot

import "net/http"

// messageFor says an error of HubSpot's in the client's own words. HubSpot's
// text is never passed on: it quotes values, and it changes without notice.
func messageFor(e *Error) string {
	if IsListLimit(e) {
		return "the portal's plan allows no more lists"
	}
	for _, key := range []string{e.Code, e.SubCategory, e.Category} {
		if s := wordsFor(key); s != "" {
			return s
		}
	}
	switch s := e.Status; {
	case s >= 300 && s < 400:
		return wordsFor(CodeRedirect)
	case s == http.StatusUnauthorized:
		return wordsFor(CategoryInvalidAuth)
	case s == http.StatusForbidden:
		return "the portal's plan or permissions do not allow this"
	case s == http.StatusNotFound:
		return wordsFor(CategoryNotFound)
	case s == http.StatusConflict:
		return wordsFor(CategoryConflict)
	case s == http.StatusRequestURITooLong:
		return "the record has too many merged identities"
	case s == statusLocked:
		return "the records are locked by a bulk change in the portal"
	case s == http.StatusTooManyRequests:
		return wordsFor(CategoryRateLimits)
	case s == statusMigrating:
		return "the account is being moved between data centres"
	case s >= 500:
		return "HubSpot had a fault or was not reachable"
	}
	return "HubSpot refused the call"
}

// wordsFor returns plain words for a code or a category; empty for one that is
// not known.
func wordsFor(code string) string {
	switch code {
	case CodeUnmentioned:
		return "the reply did not mention this input"
	case CodeNotConfirmed:
		return "HubSpot did not confirm that the batch is complete"
	case CodeUnreadable:
		return "the reply could not be read"
	case CodeTooLarge:
		return "the reply was too large"
	case CodeTimeout:
		return "no answer in time"
	case CodeNetwork:
		return "the connection failed"
	case CodeCanceled:
		return "canceled by the caller"
	case CodeBreakerOpen:
		return "not sent, the portal failed too often"
	case CodeThrottled:
		return "not sent, no call left in the portal's window"
	case CodeDailyLimit:
		return "the account's calls of the day are spent"
	case CodeRedirect:
		return "the reply pointed to another address"
	case CodeNoToken:
		return "no usable token"
	case "INVALID_EMAIL":
		return "the email address is not valid"
	case "INVALID_OPTION":
		return "the value is not one of the property's options"
	case "INVALID_DATE":
		return "the value is not a date that the property accepts"
	case "INVALID_LONG", "INVALID_INTEGER", "INVALID_NUMBER":
		return "the value is not a number that the property accepts"
	case "READ_ONLY_VALUE":
		return "the property is read-only"
	case "PROPERTY_DOESNT_EXIST":
		return "the property does not exist in the portal"
	case "CONFLICTING_UNIQUE_VALUE":
		return "another record already has this unique value"
	case "MISSING_REQUIRED_PROPERTY", "MISSING_CONDITIONAL_REQUIRED_PROPERTY":
		return "the portal requires a property that was not sent"
	case subCategoryListName:
		return "a list of that name exists in the portal"
	case "CONTACT_EXISTS":
		return "the contact already exists"
	case CodeInvalidObjects:
		return "a record of the association does not exist"
	case "INVALID_ASSOCIATION_TYPE_ID":
		return "the association type does not exist in the portal"
	case CategoryValidation:
		return "HubSpot does not accept what was sent"
	case CategoryConflict, CategoryExists:
		return "it already exists in the portal"
	case CategoryNotFound:
		return "it does not exist in the portal"
	case CategoryInvalidAuth:
		return "HubSpot does not accept the token"
	case CategoryExpiredAuth:
		return "the token has expired"
	case CategoryMissingScopes:
		return "the token lacks a scope"
	case CategoryRateLimits:
		return "a limit of the portal is reached"
	}
	return ""
}
