package hubspot_test

import (
	"testing"

	"github.com/memberpulse/hubspotplugin/hubspot"
)

func TestEveryErrorHasWords(t *testing.T) {
	t.Parallel()
	for status := range 600 {
		if hubspot.MessageFor(&hubspot.Error{Status: status}) == "" {
			t.Errorf("status %d has no words", status)
		}
	}
	for _, code := range []string{
		hubspot.CodeUnmentioned, hubspot.CodeNotConfirmed, hubspot.CodeUnreadable, hubspot.CodeTooLarge, hubspot.CodeTimeout,
		hubspot.CodeNetwork, hubspot.CodeCanceled, hubspot.CodeBreakerOpen, hubspot.CodeThrottled, hubspot.CodeDailyLimit,
		hubspot.CodeRedirect, hubspot.CodeNoToken, "INVALID_EMAIL", "INVALID_OPTION", "PROPERTY_DOESNT_EXIST", "READ_ONLY_VALUE",
		"MISSING_REQUIRED_PROPERTY", "MISSING_CONDITIONAL_REQUIRED_PROPERTY", "CONFLICTING_UNIQUE_VALUE",
		hubspot.CategoryMissingScopes, hubspot.CategoryNotFound, hubspot.CategoryConflict,
	} {
		if hubspot.WordsFor(code) == "" {
			t.Errorf("%s has no words", code)
		}
	}
	if hubspot.WordsFor("SOMETHING_NEW") != "" {
		t.Error("an unknown code has words")
	}
	specific := hubspot.MessageFor(&hubspot.Error{Status: 400, Category: "VALIDATION_ERROR", Code: "INVALID_EMAIL"})
	if specific != hubspot.WordsFor("INVALID_EMAIL") {
		t.Errorf("the code is more specific than the category: %q", specific)
	}
}
