// Package problem is how the reference host says no: one type for modules,
// JSON and pages, rendered as application/problem+json (RFC 9457).
package problem

import (
	"encoding/json"
	"errors"
	"maps"
	"net/http"
	"slices"
	"strings"
)

// Problem is a failure that a person reads. It holds no values that were sent,
// no internals and no personal data.
type Problem struct {
	Status int                 `json:"status"`
	Title  string              `json:"title"`            // what happened
	Detail string              `json:"detail,omitempty"` // what it means
	Fix    string              `json:"fix,omitempty"`    // what to do
	Errors map[string][]string `json:"errors,omitempty"` // by field
	Cause  error               `json:"-"`                // for logs alone
}

// Error implements error. It names fields and never values.
func (p *Problem) Error() string {
	msg := p.Title
	if len(p.Errors) > 0 {
		msg += " (" + strings.Join(slices.Sorted(maps.Keys(p.Errors)), ", ") + ")"
	}
	if p.Cause != nil {
		msg += ": " + p.Cause.Error()
	}
	return msg
}

// Unwrap returns the cause.
func (p *Problem) Unwrap() error { return p.Cause }

// Missing is the answer for an id that does not exist and for one that belongs
// to another client: they must not differ.
func Missing(what string) *Problem {
	return &Problem{
		Status: http.StatusNotFound,
		Title:  "There is no " + what + " with this id.",
		Fix:    "Check the id. It may have been deleted.",
	}
}

// Invalid is the answer for values that cannot be accepted, by field.
func Invalid(errs map[string][]string) *Problem {
	return &Problem{
		Status: http.StatusUnprocessableEntity,
		Title:  "Some values cannot be accepted.",
		Detail: "Nothing was changed.",
		Fix:    "Correct the fields named in errors and send it again.",
		Errors: errs,
	}
}

// Of turns any error into a problem. down decides whether an error that is not
// a problem yet means that the database does not answer.
func Of(err error, down func(error) bool) *Problem {
	var p *Problem
	if errors.As(err, &p) {
		return p
	}
	if down(err) {
		return &Problem{
			Status: http.StatusServiceUnavailable,
			Title:  "The database does not answer.",
			Detail: "Nothing was changed.",
			Fix:    "Try again in a moment. The host recovers by itself as soon as the database is back.",
			Cause:  err,
		}
	}
	return &Problem{
		Status: http.StatusInternalServerError,
		Title:  "Something went wrong in the host.",
		Detail: "Nothing was changed.",
		Fix:    "The reason is in the host's log.",
		Cause:  err,
	}
}

// Write sends p as JSON.
func Write(w http.ResponseWriter, p *Problem) {
	w.Header().Set("Content-Type", "application/problem+json")
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	if p.Status == http.StatusServiceUnavailable {
		w.Header().Set("Retry-After", "2")
	}
	w.WriteHeader(p.Status)
	body := struct {
		Type string `json:"type"`
		*Problem
	}{"about:blank", p}
	_ = json.NewEncoder(w).Encode(body) // the client has gone if this fails
}

// LockedID is the refusal of a CRM ID that somebody types.
const LockedID = "The integration sets the CRM ID. It cannot be changed."
