package hubspot_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/memberpulse/hubspotplugin/hubspot"
)

func TestErrorText(t *testing.T) {
	t.Parallel()
	for want, e := range map[string]*hubspot.Error{
		"hubspot: contacts batch upsert: the email address is not valid (status 207, VALIDATION_ERROR, INVALID_EMAIL, properties email, correlation id 8a3f6c3a)": {
			Op: "contacts batch upsert", Status: 207, Category: "VALIDATION_ERROR", Code: "INVALID_EMAIL", Message: "the email address is not valid",
			Properties: []string{"email"}, CorrelationID: "8a3f6c3a"},
		"hubspot: no answer in time (TIMEOUT, outcome unknown)": {Message: "no answer in time", Code: "TIMEOUT", Outcome: hubspot.Unknown},
		"hubspot: plain": {Message: "plain"},
	} {
		if e.Error() != want {
			t.Errorf("%q, want %q", e.Error(), want)
		}
	}
}

func TestUntil(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 11, 24, 0, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		err  error
		want error
	}{
		{fmt.Errorf("call: %w", &hubspot.BreakerOpenError{Until: at}), hubspot.ErrBreakerOpen},
		{fmt.Errorf("call: %w", &hubspot.DailyLimitError{Until: at}), hubspot.ErrDailyLimit},
	} {
		got, ok := hubspot.Until(c.err)
		if !ok || !got.Equal(at) || !errors.Is(c.err, c.want) {
			t.Errorf("%v: %v %v", c.err, got, ok)
		}
	}
	if _, ok := hubspot.Until(errors.New("other")); ok {
		t.Error("another error has an end")
	}
}

func TestOutcomeString(t *testing.T) {
	t.Parallel()
	if hubspot.Known.String() != "known" || hubspot.Unknown.String() != "unknown" {
		t.Error("outcome words")
	}
}
