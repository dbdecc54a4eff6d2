package console

import (
	"encoding/json"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/memberpulse/hubspotplugin/integration"
)

// problem is a refusal as a client reads it: RFC 9457 problem details with
// three members of our own, fix, retryAt and nextAttempt. A problem says
// nothing that depends on whether a foreign id exists.
type problem struct {
	Type          string                  `json:"type"`
	Title         string                  `json:"title"` // what happened
	Status        int                     `json:"status"`
	Detail        string                  `json:"detail,omitempty"` // what it means
	Fix           string                  `json:"fix,omitempty"`    // what to do
	Errors        integration.FieldErrors `json:"errors,omitempty"`
	CorrelationID string                  `json:"correlationId,omitempty"`
	RetryAt       *time.Time              `json:"retryAt,omitempty"`
	NextAttempt   string                  `json:"nextAttempt"`

	allow string // for 405
	cause error  // for the log
}

// Error implements error.
func (p *problem) Error() string {
	msg := "console: " + strings.TrimPrefix(p.Type, problemType)
	if p.cause != nil {
		msg += ": " + p.cause.Error()
	}
	return msg
}

func (p *problem) Unwrap() error { return p.cause }

const problemType = "urn:memberpulse:problem:"

// notAgain is said of every request that a person has to repeat.
const notAgain = "This request is not repeated by itself."

func newProblem(status int, kind, title, detail, fix string) *problem {
	return &problem{Type: problemType + kind, Title: title, Status: status, Detail: detail, Fix: fix, NextAttempt: notAgain}
}

func unauthenticated() *problem {
	return newProblem(http.StatusUnauthorized, "unauthenticated", "You are not signed in.",
		"We do not know who is asking, so nothing is shown and nothing was changed.", "Sign in, then try again.")
}

// forbidden says in one sentence why who lacks p.
func forbidden(who integration.Identity, p integration.Permission) *problem {
	detail, fix := "Your role does not include integrations.", "Ask an administrator of your organisation."
	switch {
	case who.ImpersonatorID != "" && p == integration.PermConfigure:
		detail = "You are acting for another person. You may look, test, pause and retry, but not change settings, connect, disconnect or start a full sync."
		fix = "Ask the person to do it."
	case p == integration.PermDiagnose:
		detail, fix = "Only platform administrators may look at the status of any organisation.", "Open the status of your own organisation instead."
	case who.Role == integration.RolePlatformAdmin:
		detail, fix = "A platform administrator does not act on an organisation's integrations directly.", "Use the diagnostic status of that organisation."
	case who.Role == integration.RoleClientUser:
		detail = "You may see the status, the tags and the sync log. Only an administrator of your organisation may see or change settings and act on the sync."
	}
	return newProblem(http.StatusForbidden, string(integration.Forbidden), "You may not do this.", detail, fix)
}

func crossOrigin() *problem {
	return newProblem(http.StatusForbidden, "cross-origin", "This request did not come from our pages.",
		"It could have been sent by another website in your name, so nothing was changed.", "Reload the page and try again.")
}

// missing is the one answer for what does not exist and for what belongs to
// another tenant.
func missing() *problem {
	return newProblem(http.StatusNotFound, string(integration.Missing), "There is nothing here.",
		"The address names something that does not exist.", "Check the address, or start again from the list of integrations.")
}

func wrongMethod(allow []string) *problem {
	p := newProblem(http.StatusMethodNotAllowed, "method", "This address does not accept that method.",
		"It accepts "+strings.Join(allow, ", ")+".", "Use one of these methods.")
	p.allow = strings.Join(allow, ", ")
	return p
}

func tooLarge(limit int64) *problem {
	return newProblem(http.StatusRequestEntityTooLarge, "size", "The request is too large.",
		"At most "+strconv.FormatInt(limit, 10)+" bytes are accepted; the rest was not read and nothing was changed.", "Send only the settings.")
}

func wrongMedia(want string) *problem {
	return newProblem(http.StatusUnsupportedMediaType, "media-type", "The request has the wrong content type.",
		"This address reads "+want+".", "Send the header Content-Type: "+want+".")
}

func malformed(detail string) *problem {
	return newProblem(http.StatusBadRequest, string(integration.Malformed), "The request cannot be read.", detail, "Correct the request and send it again.")
}

func stale() *problem {
	return newProblem(http.StatusPreconditionFailed, string(integration.Stale), "Somebody else changed these settings meanwhile.",
		"What you sent was based on an older version, so nothing was saved.", "Look at the settings as they are now, then save again.")
}

func invalid(fields integration.FieldErrors) *problem {
	p := newProblem(http.StatusUnprocessableEntity, string(integration.Invalid), "Some settings cannot be accepted.",
		"Nothing was saved; what worked before still works.", "Correct the settings that are named and send them again.")
	p.Errors = fields
	return p
}

// writeProblem answers with p as application/problem+json.
func (c *Console) writeProblem(w http.ResponseWriter, p *problem) {
	c.problemHeader(w, p)
	w.Header().Set("Content-Type", "application/problem+json")
	w.WriteHeader(p.Status)
	_ = json.NewEncoder(w).Encode(p) // the client is gone if this fails
}

func (c *Console) problemHeader(w http.ResponseWriter, p *problem) {
	if p.allow != "" {
		w.Header().Set("Allow", p.allow)
	}
	if p.RetryAt != nil && p.Status >= 429 {
		wait := max(int(p.RetryAt.Sub(c.cfg.Now()).Round(time.Second)/time.Second), 1)
		w.Header().Set("Retry-After", strconv.Itoa(wait))
	}
	if p.Status == http.StatusRequestEntityTooLarge {
		w.Header().Set("Connection", "close")
	}
}

// refusedFields gives an error that names fields a title and a remedy of its
// own; other errors stay as they are.
func refusedFields(err error, title, fix string) error {
	var fields integration.FieldErrors
	if !errors.As(err, &fields) {
		return err
	}
	p := invalid(fields)
	p.Title, p.Fix, p.cause = title, fix, err
	return p
}
