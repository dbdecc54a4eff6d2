package verdict

import (
	"errors"
	"slices"
	"time"

	"github.com/memberpulse/hubspotplugin/hubspot"
	"github.com/memberpulse/hubspotplugin/outbox"
)

// The failure classes, as the outbox keeps them beside a record.
const (
	ClassRecord    = "record"    // permanent: a person or a change of the member mends it
	ClassTransient = "transient" // mends itself
	ClassTenant    = "tenant"    // the whole partition waits
	ClassBug       = "bug"
)

// Failure is what HubSpot's refusal of one record, or of a whole call, means.
type Failure struct {
	Code        Code
	Hold        bool // a person must act
	Tenant      bool // concerns the whole tenant, not this record
	Unknown     bool // HubSpot may have written it all the same
	Bisect      bool // one record of the call is to blame, and which one is not known
	After       time.Duration
	Until       time.Time
	Properties  []string // names of properties or scopes
	OtherID     string
	Detail      string
	Correlation string
}

// Read turns an error of the client into its meaning. It never returns
// an empty code.
func Read(err error) Failure {
	var open *hubspot.BreakerOpenError
	var daily *hubspot.DailyLimitError
	switch {
	case errors.As(err, &open):
		return Failure{Code: Outage, Tenant: true, Until: open.Until}
	case errors.As(err, &daily):
		return Failure{Code: DailyLimit, Tenant: true, Until: daily.Until}
	}
	for _, ours := range []error{hubspot.ErrInvalidInput, hubspot.ErrDuplicateInput, hubspot.ErrTooManyInputs} {
		if errors.Is(err, ours) { // refused here, before HubSpot was asked
			return Failure{Code: Panic, Hold: true, Bisect: true, Detail: err.Error()}
		}
	}
	var e *hubspot.Error
	if !errors.As(err, &e) {
		// No reply: the connection, the deadline, or the end of our lease.
		return Failure{Code: Outage, Tenant: true, Unknown: true, After: 2 * time.Second}
	}
	f := Failure{
		Properties: slices.Concat(e.Properties, e.Scopes), OtherID: e.ExistingID, Detail: e.Message, Correlation: e.CorrelationID,
		Unknown: hubspot.OutcomeUnknown(err), After: e.RetryAfter,
	}
	f.classify(e)
	return f
}

func (f *Failure) classify(e *hubspot.Error) {
	switch {
	case e.Code == hubspot.CodeUnmentioned, e.Code == hubspot.CodeNotConfirmed:
		f.Code, f.Unknown = Unconfirmed, true
	case e.Code == hubspot.CodeThrottled:
		f.Code, f.Tenant, f.After = Busy, true, max(f.After, time.Second)
	case e.Code == hubspot.CodeNoToken:
		f.Code, f.Tenant, f.Hold = KeyRefused, true, true
	case e.Status == 0, e.Code == hubspot.CodeUnreadable, e.Code == hubspot.CodeTooLarge, e.Code == hubspot.CodeRedirect:
		// No reply, or none that says anything about a record.
		f.Code, f.Tenant, f.After = Outage, true, max(f.After, 2*time.Second)
	case hubspot.IsMissingScopes(e):
		f.Code, f.Tenant, f.Hold = ScopeMissing, true, true
	case e.Status == 403 && hasCode(e, "USER_DOES_NOT_HAVE_PERMISSIONS"):
		f.Code, f.Tenant, f.Hold = KeyOwnerGone, true, true
	case e.Status == 401, e.Status == 403:
		f.Code, f.Tenant, f.Hold = KeyRefused, true, true
	case hubspot.IsRateLimit(e):
		f.Code, f.Tenant = Busy, true
		f.After = max(f.After, time.Second)
	case e.Status == 423:
		f.Code, f.After = Locked, max(f.After, 2*time.Second)
	case e.Status == 477:
		f.Code, f.Tenant = Outage, true
		f.After = max(f.After, time.Minute)
	case e.Status >= 500, e.Status == 408:
		f.Code, f.Tenant = Outage, true
		f.After = max(f.After, 2*time.Second)
	case hasCode(e, "PROPERTY_DOESNT_EXIST"):
		// The schema is read again, and the record is tried with what it says then.
		f.Code, f.After = NoProperty, max(f.After, time.Second)
	case hubspot.IsConflict(e):
		f.Code, f.Bisect = Conflict, true
	default:
		// A validation rule, an option, an address: HubSpot's code says which.
		f.Code, f.Hold, f.Bisect = Refused, true, true
		if e.Code != "" {
			f.Code = Code(e.Code)
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

// Outcome is the outbox's outcome of a record that failed by itself.
func (f Failure) Outcome() outbox.Outcome {
	switch {
	case f.Hold:
		return outbox.Hold(ClassRecord, string(f.Code))
	default:
		return outbox.Retry(ClassTransient, string(f.Code), f.After)
	}
}

// Park is how long the tenant waits after a failure of the whole partition;
// failures counts those in a row. A hold waits for a person.
func (f Failure) Park(now time.Time, failures int) *outbox.Park {
	p := &outbox.Park{Class: ClassTenant, Reason: string(f.Code)}
	switch {
	case f.Hold:
	case !f.Until.IsZero():
		p.Until = f.Until
	case f.Code == Busy:
		// The window is spent, which says how long to wait; nothing has failed.
		p.Until = now.Add(min(f.After, busyMax))
	default:
		p.Until = now.Add(max(f.After, Pause(failures)))
	}
	return p
}

// busyMax is the length of HubSpot's window.
const busyMax = 10 * time.Second

// Pause doubles from 2 s to 1 minute.
func Pause(failures int) time.Duration {
	return min(2*time.Second<<min(max(failures-1, 0), 5), time.Minute)
}
