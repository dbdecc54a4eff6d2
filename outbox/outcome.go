package outbox

import "time"

// Verdict says where a delivery goes when its batch is settled.
type Verdict int8

// The verdicts; each constructor below says what its own does.
const (
	// VerdictMissing is the zero value: the handler said nothing. It is a loud
	// retry, since silence is no success.
	VerdictMissing Verdict = iota
	VerdictDelivered
	VerdictDiscard
	VerdictRetry
	VerdictHold
	VerdictWait
	VerdictSnooze
)

// String returns the word used in logs.
func (v Verdict) String() string {
	switch v {
	case VerdictDelivered:
		return "delivered"
	case VerdictDiscard:
		return "discard"
	case VerdictRetry:
		return "retry"
	case VerdictHold:
		return "hold"
	case VerdictWait:
		return "wait"
	case VerdictSnooze:
		return "snooze"
	}
	return "missing"
}

// Outcome is what became of one delivery. Build it with a constructor.
type Outcome struct {
	Verdict Verdict
	// Class and Reason are stored beside a record that is set aside and shown
	// to people: never put a secret or a member's data into them.
	Class, Reason string
	// After is the shortest wait before the next attempt. For Retry the
	// schedule applies if it asks for more; for Snooze zero means that the
	// outbox chooses.
	After time.Duration
	// WaitsFor is "kind:key" of the record that must be settled first.
	WaitsFor string
}

// Delivered removes the record's entries: the receiver has them.
func Delivered() Outcome { return Outcome{Verdict: VerdictDelivered} }

// Discard removes the record's entries undelivered, for ever.
func Discard(reason string) Outcome { return Outcome{Verdict: VerdictDiscard, Reason: reason} }

// Retry sets the record aside until its next attempt, at least after from now.
func Retry(class, reason string, after time.Duration) Outcome {
	return Outcome{Verdict: VerdictRetry, Class: class, Reason: reason, After: after}
}

// Hold sets the record aside for a human. A new change of its key, or Resend,
// sends it again.
func Hold(class, reason string) Outcome {
	return Outcome{Verdict: VerdictHold, Class: class, Reason: reason}
}

// Wait sets the record aside until the record kind:key is delivered or
// discarded. No attempt is spent.
func Wait(kind, key, reason string) Outcome {
	return Outcome{Verdict: VerdictWait, Reason: reason, WaitsFor: kind + ":" + key}
}

// Snooze leaves the record where it is and spends no attempt. Its lane, and the
// lanes behind it, rest for a moment.
func Snooze() Outcome { return Outcome{Verdict: VerdictSnooze} }
