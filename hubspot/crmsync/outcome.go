package crmsync

import (
	"errors"
	"slices"
	"time"

	"github.com/memberpulse/hubspotplugin/hubspot"
	"github.com/memberpulse/hubspotplugin/outbox"
)

// The failure classes, as the outbox keeps them beside a record.
const (
	classRecord    = "record"    // permanent: a person or a change of the member mends it
	classTransient = "transient" // mends itself
	classTenant    = "tenant"    // the whole partition waits
	classBug       = "bug"
)

// failure is what HubSpot's refusal of one record, or of a whole call, means.
type failure struct {
	code        code
	hold        bool // a person must act
	tenant      bool // concerns the whole tenant, not this record
	unknown     bool // HubSpot may have written it all the same
	bisect      bool // one record of the call is to blame, and which one is not known
	after       time.Duration
	until       time.Time
	properties  []string // names of properties or scopes
	otherID     string
	detail      string
	correlation string
}

// readFailure turns an error of the client into its meaning. It never returns
// an empty code.
func readFailure(err error) failure {
	var open *hubspot.BreakerOpenError
	var daily *hubspot.DailyLimitError
	switch {
	case errors.As(err, &open):
		return failure{code: codeOutage, tenant: true, until: open.Until}
	case errors.As(err, &daily):
		return failure{code: codeDailyLimit, tenant: true, until: daily.Until}
	}
	var e *hubspot.Error
	if !errors.As(err, &e) {
		// No reply: the connection, the deadline, or the end of our lease.
		return failure{code: codeOutage, tenant: true, unknown: true, after: 2 * time.Second}
	}
	f := failure{
		properties: slices.Concat(e.Properties, e.Scopes), otherID: e.ExistingID, detail: e.Message, correlation: e.CorrelationID,
		unknown: hubspot.OutcomeUnknown(err), after: e.RetryAfter,
	}
	f.classify(e)
	return f
}

func (f *failure) classify(e *hubspot.Error) {
	switch {
	case e.Code == hubspot.CodeUnmentioned, e.Code == hubspot.CodeNotConfirmed:
		f.code, f.unknown = codeUnconfirmed, true
	case e.Code == hubspot.CodeThrottled:
		f.code, f.tenant, f.after = codeBusy, true, max(f.after, time.Second)
	case e.Code == hubspot.CodeNoToken:
		f.code, f.tenant, f.hold = codeKeyRefused, true, true
	case e.Status == 0, e.Code == hubspot.CodeUnreadable, e.Code == hubspot.CodeTooLarge, e.Code == hubspot.CodeRedirect:
		// No reply, or none that says anything about a record.
		f.code, f.tenant, f.after = codeOutage, true, max(f.after, 2*time.Second)
	case hubspot.IsMissingScopes(e):
		f.code, f.tenant, f.hold = codeScopeMissing, true, true
	case e.Status == 403 && hasCode(e, "USER_DOES_NOT_HAVE_PERMISSIONS"):
		f.code, f.tenant, f.hold = codeKeyOwnerGone, true, true
	case e.Status == 401, e.Status == 403:
		f.code, f.tenant, f.hold = codeKeyRefused, true, true
	case hubspot.IsRateLimit(e):
		f.code, f.tenant = codeBusy, true
		f.after = max(f.after, time.Second)
	case e.Status == 423:
		f.code, f.after = codeLocked, max(f.after, 2*time.Second)
	case e.Status == 477:
		f.code, f.tenant = codeOutage, true
		f.after = max(f.after, time.Minute)
	case e.Status >= 500, e.Status == 408:
		f.code, f.tenant = codeOutage, true
		f.after = max(f.after, 2*time.Second)
	case hasCode(e, "PROPERTY_DOESNT_EXIST"):
		// The schema is read again, and the record is tried with what it says then.
		f.code, f.after = codeNoProperty, max(f.after, time.Second)
	case hubspot.IsConflict(e):
		f.code, f.bisect = codeConflict, true
	default:
		// A validation rule, an option, an address: HubSpot's code says which.
		f.code, f.hold, f.bisect = codeRefused, true, true
		if e.Code != "" {
			f.code = code(e.Code)
		}
	}
}

func hasCode(e *hubspot.Error, want string) bool {
	if e.Code == want || e.Category == want {
		return true
	}
	for _, d := range e.Details {
		if d.Code == want {
			return true
		}
	}
	return false
}

// verdict is the outbox's outcome of a record that failed by itself.
func (f failure) verdict() outbox.Outcome {
	switch {
	case f.hold:
		return outbox.Hold(classRecord, string(f.code))
	default:
		return outbox.Retry(classTransient, string(f.code), f.after)
	}
}

// park is how long the tenant waits after a failure of the whole partition;
// failures counts those in a row. A hold waits for a person.
func (f failure) park(now time.Time, failures int) *outbox.Park {
	p := &outbox.Park{Class: classTenant, Reason: string(f.code)}
	switch {
	case f.hold:
	case !f.until.IsZero():
		p.Until = f.until
	case f.code == codeBusy:
		// The window is spent, which says how long to wait; nothing has failed.
		p.Until = now.Add(min(f.after, busyMax))
	default:
		p.Until = now.Add(max(f.after, pause(failures)))
	}
	return p
}

// busyMax is the length of HubSpot's window.
const busyMax = 10 * time.Second

// pause doubles from 2 s to 1 minute.
func pause(failures int) time.Duration {
	return min(2*time.Second<<min(max(failures-1, 0), 5), time.Minute)
}
