package console_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/memberpulse/hubspotplugin/integration"
)

// pgError looks like the errors of the common drivers.
type pgError struct{ state string }

func (e pgError) Error() string    { return "ERROR: relation \"secret_table\" (" + e.state + ")" }
func (e pgError) SQLState() string { return e.state }

type bunError struct{ state string }

func (e bunError) Error() string { return "ERROR: " + e.state }
func (e bunError) Field(k byte) string {
	if k == 'C' {
		return e.state
	}
	return ""
}

func TestStatusOfErrors(t *testing.T) {
	t.Parallel()
	kinds := map[integration.ErrorKind]int{integration.Malformed: 400, integration.Forbidden: 403, integration.Missing: 404, integration.Conflict: 409,
		integration.Stale: 412, integration.Invalid: 422, integration.Limited: 429, integration.VendorFault: 502, integration.VendorSlow: 504,
		integration.StoreFault: 503, "nonsense": 500}
	for kind, status := range kinds {
		b := setup(t)
		b.vendor.prepareErr = fmt.Errorf("outer: %w", &integration.Error{Kind: kind, Title: "The title.", Detail: "The detail.", Fix: "The fix.", CorrelationID: "corr-1", Cause: errors.New("inner cause")})
		w := b.ask("admin", "POST", connectPath, `{"portalId":"1","apiKey":"`+goodKey+`"}`)
		p := wantProblem(t, w, status)
		mustNotContain(t, w.Body.String(), "inner cause", "outer")
		if status != 404 && status != 500 && (p.Title != "The title." || p.CorrelationID != "corr-1") {
			t.Errorf("%s: %+v", kind, p)
		}
		if p.Type == "" {
			t.Errorf("%s: no type", kind)
		}
	}
	for name, tc := range map[string]struct {
		err    error
		status int
	}{
		"connection refused":    {errors.New("dial tcp: refused"), 503},
		"deadline":              {context.DeadlineExceeded, 503},
		"server is going down":  {pgError{"57P01"}, 503},
		"too many connections":  {bunError{"53300"}, 503},
		"our statement is bad":  {pgError{"42P01"}, 500},
		"our statement, by bun": {bunError{"42703"}, 500},
		"not found":             {integration.ErrNotFound, 404},
		"stale":                 {integration.ErrStale, 412},
		"not connected":         {integration.ErrNotConnected, 409},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := setup(t).connected()
			b.vendor.statusErr = tc.err
			w := b.ask("admin", "GET", "/api/integrations/acme/status", "")
			wantProblem(t, w, tc.status)
			mustNotContain(t, w.Body.String(), "secret_table", "dial")
		})
	}
}

func TestEveryFailureSaysWhenItIsTriedNext(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.vendor.prepareErr = &integration.Error{Kind: integration.Limited, Title: "Slow down.", Detail: "d", Fix: "f", RetryAt: noon.Add(90 * time.Second)}
	w := b.ask("admin", "POST", connectPath, `{"portalId":"1","apiKey":"`+goodKey+`"}`)
	p := wantProblem(t, w, http.StatusTooManyRequests)
	if p.RetryAt == nil || !p.RetryAt.Equal(noon.Add(90*time.Second)) || w.Header().Get("Retry-After") != "90" {
		t.Errorf("%+v, Retry-After %q", p, w.Header().Get("Retry-After"))
	}
	mustContain(t, p.NextAttempt, "not repeated by itself", "2026-11-23T12:01:30Z")
}
