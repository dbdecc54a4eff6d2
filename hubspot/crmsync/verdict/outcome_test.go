package verdict_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/memberpulse/hubspotplugin/hubspot"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/verdict"
)

func TestRead(t *testing.T) {
	t.Parallel()
	he := func(status int, c string) *hubspot.Error { return &hubspot.Error{Status: status, Code: c} }
	for name, c := range map[string]struct {
		err                           error
		code                          string
		tenant, hold, unknown, bisect bool
	}{
		"refused here": {hubspot.ErrInvalidInput, "bug", false, true, false, true},
		"breaker":      {&hubspot.BreakerOpenError{}, "outage", true, false, false, false},
		"daily":        {&hubspot.DailyLimitError{}, "daily-limit", true, false, false, false},
		"no reply":     {context.DeadlineExceeded, "outage", true, false, true, false},
		"401":          {he(401, ""), "key-refused", true, true, false, false},
		"owner gone":   {he(403, "USER_DOES_NOT_HAVE_PERMISSIONS"), "key-owner-gone", true, true, false, false},
		"scope":        {&hubspot.Error{Status: 403, Category: "MISSING_SCOPES"}, "scope-missing", true, true, false, false},
		"423":          {he(423, ""), "locked", false, false, false, false},
		"429":          {he(429, ""), "busy", true, false, false, false},
		"throttled":    {he(0, hubspot.CodeThrottled), "busy", true, false, false, false},
		"network":      {he(0, hubspot.CodeNetwork), "outage", true, false, false, false},
		"477":          {he(477, ""), "outage", true, false, false, false},
		"503":          {he(503, ""), "outage", true, false, false, false},
		"html":         {he(200, hubspot.CodeUnreadable), "outage", true, false, false, false},
		"unmentioned":  {he(200, hubspot.CodeUnmentioned), "unconfirmed", false, false, true, false},
		"property":     {he(400, "PROPERTY_DOESNT_EXIST"), "property-unknown", false, false, false, false},
		"email":        {he(400, "INVALID_EMAIL"), "INVALID_EMAIL", false, true, false, true},
		"unknown code": {he(400, "BRAND_NEW_RULE"), "BRAND_NEW_RULE", false, true, false, true},
		"no code":      {he(400, ""), "refused", false, true, false, true},
		"409":          {&hubspot.Error{Status: 409, Category: "CONFLICT"}, "conflict", false, false, false, true},
	} {
		f := verdict.Read(fmt.Errorf("wrapped: %w", c.err))
		if string(f.Code) != c.code || f.Tenant != c.tenant || f.Hold != c.hold || f.Unknown != c.unknown || f.Bisect != c.bisect {
			t.Errorf("%s: %s tenant %v hold %v unknown %v bisect %v", name, f.Code, f.Tenant, f.Hold, f.Unknown, f.Bisect)
		}
	}
}
