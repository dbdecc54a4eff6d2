package hubspot_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/memberpulse/hubspotplugin/hubspot"
)

func TestClasses(t *testing.T) {
	t.Parallel()
	type classes struct {
		rate, auth, scopes, forbidden, conflict, notFound, validation, locked, transient bool
	}
	for name, c := range map[string]struct {
		err  hubspot.Error
		want classes
	}{
		"400":                  {hubspot.Error{Status: 400, Category: "VALIDATION_ERROR"}, classes{validation: true}},
		"400 without category": {hubspot.Error{Status: 400}, classes{validation: true}},
		"entry of a 207":       {hubspot.Error{Status: 207, Category: "VALIDATION_ERROR", Code: "INVALID_EMAIL"}, classes{validation: true}},
		"unique value":         {hubspot.Error{Status: 400, Category: "VALIDATION_ERROR", Details: []hubspot.ErrorDetail{{Code: "CONFLICTING_UNIQUE_VALUE"}}}, classes{conflict: true}},
		"401":                  {hubspot.Error{Status: 401, Category: "INVALID_AUTHENTICATION"}, classes{auth: true}},
		"no token":             {hubspot.Error{Code: hubspot.CodeNoToken}, classes{auth: true}},
		"403 scopes":           {hubspot.Error{Status: 403, Category: "MISSING_SCOPES"}, classes{scopes: true, forbidden: true}},
		"403 plan":             {hubspot.Error{Status: 403}, classes{forbidden: true}},
		"404":                  {hubspot.Error{Status: 404}, classes{notFound: true}},
		"not found in a 207":   {hubspot.Error{Status: 207, Category: "OBJECT_NOT_FOUND"}, classes{notFound: true}},
		"409":                  {hubspot.Error{Status: 409}, classes{conflict: true}},
		"conflict in a 207":    {hubspot.Error{Status: 207, Category: "CONFLICT"}, classes{conflict: true}},
		"property exists":      {hubspot.Error{Status: 409, Category: "OBJECT_ALREADY_EXISTS"}, classes{conflict: true}},
		"423":                  {hubspot.Error{Status: 423}, classes{locked: true, transient: true}},
		"429":                  {hubspot.Error{Status: 429}, classes{rate: true, transient: true}},
		"throttled":            {hubspot.Error{Code: hubspot.CodeThrottled}, classes{rate: true, transient: true}},
		"477":                  {hubspot.Error{Status: 477}, classes{transient: true}},
		"408":                  {hubspot.Error{Status: 408}, classes{transient: true}},
		"500":                  {hubspot.Error{Status: 500}, classes{transient: true}},
		"524":                  {hubspot.Error{Status: 524}, classes{transient: true}},
		"timeout":              {hubspot.Error{Code: hubspot.CodeTimeout}, classes{transient: true}},
		"network":              {hubspot.Error{Code: hubspot.CodeNetwork}, classes{transient: true}},
		"breaker":              {hubspot.Error{Code: hubspot.CodeBreakerOpen}, classes{transient: true}},
		"unreadable":           {hubspot.Error{Status: 200, Code: hubspot.CodeUnreadable}, classes{transient: true}},
		"canceled":             {hubspot.Error{Code: hubspot.CodeCanceled}, classes{}},
		"unmentioned":          {hubspot.Error{Status: 200, Code: hubspot.CodeUnmentioned}, classes{}},
		"redirect":             {hubspot.Error{Status: 302, Code: hubspot.CodeRedirect}, classes{}},
	} {
		err := fmt.Errorf("wrapped: %w", &c.err)
		got := classes{
			hubspot.IsRateLimit(err), hubspot.IsAuth(err), hubspot.IsMissingScopes(err), hubspot.IsForbidden(err), hubspot.IsConflict(err),
			hubspot.IsNotFound(err), hubspot.IsValidation(err), hubspot.IsLocked(err), hubspot.IsTransient(err),
		}
		if got != c.want {
			t.Errorf("%s: %+v, want %+v", name, got, c.want)
		}
	}
	other := errors.New("other")
	var none hubspot.InputResult // its Err is a nil pointer
	if hubspot.IsTransient(none.Err) || hubspot.IsConflict(none.Err) || hubspot.IsNotFound(none.Err) || hubspot.OutcomeUnknown(none.Err) ||
		hubspot.IsValidation(none.Err) || hubspot.IsRateLimit(none.Err) || hubspot.IsAuth(none.Err) || hubspot.IsLocked(none.Err) {
		t.Error("no error has a class")
	}
	if hubspot.IsTransient(other) || hubspot.IsConflict(other) || hubspot.OutcomeUnknown(other) || hubspot.IsValidation(nil) {
		t.Error("an error of somebody else has a class")
	}
}
