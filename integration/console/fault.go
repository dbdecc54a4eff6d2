package console

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"time"

	"github.com/memberpulse/hubspotplugin/integration"
)

// step says where an error without a kind of its own came from.
type step string

const (
	stepStore  step = "store"  // our database
	stepVendor step = "vendor" // the plugin, calling its vendor
)

type stepError struct {
	step step
	err  error
}

func (e *stepError) Error() string { return "console: " + string(e.step) + ": " + e.err.Error() }
func (e *stepError) Unwrap() error { return e.err }

// inStore and atVendor mark where err happened; nil stays nil.
func inStore(err error) error  { return mark(stepStore, err) }
func atVendor(err error) error { return mark(stepVendor, err) }

func mark(s step, err error) error {
	if err == nil {
		return nil
	}
	return &stepError{s, err}
}

var statusOfKind = map[integration.ErrorKind]int{
	integration.Malformed:   http.StatusBadRequest,
	integration.Forbidden:   http.StatusForbidden,
	integration.Missing:     http.StatusNotFound,
	integration.Conflict:    http.StatusConflict,
	integration.Stale:       http.StatusPreconditionFailed,
	integration.Invalid:     http.StatusUnprocessableEntity,
	integration.Limited:     http.StatusTooManyRequests,
	integration.VendorFault: http.StatusBadGateway,
	integration.VendorSlow:  http.StatusGatewayTimeout,
	integration.StoreFault:  http.StatusServiceUnavailable,
}

// problemOf turns any error into what a person may read about it. name is the
// plugin's. Nothing of an error that has no kind is shown.
func problemOf(err error, name string) *problem {
	var (
		own    *problem
		typed  *integration.Error
		fields integration.FieldErrors
		where  *stepError
	)
	switch {
	case errors.As(err, &own):
		return own
	case errors.As(err, &typed):
		return problemOfTyped(typed, err)
	case errors.As(err, &fields):
		p := invalid(fields)
		p.cause = err
		return p
	case errors.Is(err, integration.ErrNotFound):
		return missing()
	case errors.Is(err, integration.ErrStale):
		return stale()
	case errors.Is(err, integration.ErrNotConnected):
		return newProblem(http.StatusConflict, string(integration.Conflict), name+" is not connected.",
			"There is nothing to act on before it is connected.", "Connect "+name+" first.")
	}
	errors.As(err, &where)
	p := internal()
	switch {
	case where != nil && where.step == stepStore && !fromStatement(err):
		p = newProblem(http.StatusServiceUnavailable, string(integration.StoreFault), "Our database does not answer.",
			"Nothing was changed by this request. Changes that were recorded before are kept and are sent later.", "Try again in a minute.")
	case where != nil && where.step == stepVendor && errors.Is(err, context.DeadlineExceeded):
		p = newProblem(http.StatusGatewayTimeout, string(integration.VendorSlow), name+" did not answer in time.",
			"Nothing was changed here.", "Try again in a few minutes.")
	case where != nil && where.step == stepVendor && !fromStatement(err):
		p = newProblem(http.StatusBadGateway, string(integration.VendorFault), name+" could not be reached.",
			"Nothing was changed here.", "Try again in a few minutes.")
	}
	p.cause = err
	return p
}

func internal() *problem {
	return newProblem(http.StatusInternalServerError, "internal", "Something went wrong on our side.",
		"The request was not completed. The cause is in our log under the correlation id.", "Try again; if it happens again, give the correlation id to support.")
}

func problemOfTyped(e *integration.Error, err error) *problem {
	status, ok := statusOfKind[e.Kind]
	if !ok {
		p := internal()
		p.cause = err
		return p
	}
	if e.Kind == integration.Missing {
		return missing()
	}
	p := newProblem(status, string(e.Kind), e.Title, e.Detail, e.Fix)
	p.Errors, p.CorrelationID, p.cause = e.Fields, e.CorrelationID, err
	if !e.RetryAt.IsZero() {
		at := e.RetryAt.UTC()
		p.RetryAt = &at
		p.NextAttempt = "This request is not repeated by itself; it may be sent again from " + at.Format(time.RFC3339) + "."
	}
	return p
}

// fromStatement reports whether the database answered, with an error about the
// statement: then it is not down, and we have a mistake. Both common drivers'
// error types are recognised by their methods.
func fromStatement(err error) bool {
	var state string
	var pg interface{ Field(byte) string }
	var std interface{ SQLState() string }
	switch {
	case errors.As(err, &std):
		state = std.SQLState()
	case errors.As(err, &pg):
		state = pg.Field('C')
	}
	if state == "" {
		return false
	}
	// 08 connection, 25006 read-only standby, 40 rollback, 53 resources,
	// 55P03 lock timeout, 57 shutdown or cancelled, 58 system: come and go.
	for _, passing := range []string{"08", "25006", "40", "53", "55P03", "57", "58"} {
		if strings.HasPrefix(state, passing) {
			return false
		}
	}
	return true
}
