package hubspot

import (
	"errors"
	"log/slog"
	"net/http"
	"sync/atomic"
	"time"

	"github.com/sony/gobreaker/v2"
)

// Phase is the state of the breaker.
type Phase int

const (
	// Closed: calls pass.
	Closed Phase = iota
	// HalfOpen: one call at a time is let through, to see.
	HalfOpen
	// Open: calls fail at once with ErrBreakerOpen.
	Open
)

// String returns "closed", "half-open" or "open".
func (p Phase) String() string {
	switch p {
	case HalfOpen:
		return "half-open"
	case Open:
		return "open"
	default:
		return "closed"
	}
}

// BreakerState is the breaker's phase; Until is set while it is Open.
type BreakerState struct {
	Phase Phase
	Until time.Time
}

// When the breaker opens: after so many failed calls in a row, or when at
// least half of so many calls within the interval failed. A call counts once,
// with all its repeats.
const (
	tripInARow      = 5
	tripMinCalls    = 20
	breakerInterval = 2 * time.Minute // more than five calls that all time out
	breakerBucket   = 10 * time.Second
	probeWait       = time.Second // while another call is the probe
)

// breaker leaves a portal alone that fails. 5xx, timeouts and network failures
// count; a 4xx is an answer, so it counts as success; a 429, the caller's own
// cancellation and calls that were never sent count as nothing.
type breaker struct {
	next  http.RoundTripper
	cb    *gobreaker.CircuitBreaker[*http.Response]
	now   func() time.Time
	until atomic.Pointer[time.Time]
}

// Verdicts that travel through gobreaker beside the reply.
var (
	errFault   = errors.New("hubspot: server fault")
	errNeutral = errors.New("hubspot: neither good nor bad")
)

func newBreaker(cfg Config, next http.RoundTripper) *breaker {
	b := &breaker{next: next, now: cfg.Now}
	b.cb = gobreaker.NewCircuitBreaker[*http.Response](gobreaker.Settings{
		MaxRequests:  1,
		Interval:     breakerInterval,
		BucketPeriod: breakerBucket,
		Timeout:      cfg.BreakerOpenFor,
		ReadyToTrip: func(n gobreaker.Counts) bool {
			return n.ConsecutiveFailures >= tripInARow ||
				(n.Requests >= tripMinCalls && n.TotalFailures*2 >= n.Requests)
		},
		OnStateChange: func(_ string, _, to gobreaker.State) {
			if to == gobreaker.StateOpen {
				until := cfg.Now().Add(cfg.BreakerOpenFor)
				b.until.Store(&until)
			}
			cfg.Logger.Warn("hubspot breaker", slog.String("phase", phaseOf(to).String()))
		},
		IsExcluded: neutral,
	})
	return b
}

// RoundTrip passes the call on unless the breaker is open.
func (b *breaker) RoundTrip(req *http.Request) (*http.Response, error) {
	resp, err := b.cb.Execute(func() (*http.Response, error) {
		resp, err := b.next.RoundTrip(req)
		switch {
		case err != nil:
			return nil, err
		case resp.StatusCode == http.StatusTooManyRequests:
			return resp, errNeutral
		case resp.StatusCode >= 500:
			return resp, errFault
		}
		return resp, nil
	})
	switch {
	case errors.Is(err, errFault), errors.Is(err, errNeutral):
		return resp, nil
	case errors.Is(err, gobreaker.ErrOpenState):
		return nil, b.refusal(b.opensAt())
	case errors.Is(err, gobreaker.ErrTooManyRequests):
		return nil, b.refusal(b.now().Add(probeWait))
	}
	return resp, err
}

func (b *breaker) refusal(until time.Time) *failure {
	return &failure{
		code:       CodeBreakerOpen,
		unsent:     true,
		retryAfter: max(until.Sub(b.now()), 0),
		cause:      &BreakerOpenError{Until: until},
	}
}

func (b *breaker) opensAt() time.Time {
	if t := b.until.Load(); t != nil {
		return *t
	}
	return b.now()
}

func (b *breaker) state() BreakerState {
	s := BreakerState{Phase: phaseOf(b.cb.State())}
	if s.Phase == Open {
		s.Until = b.opensAt()
	}
	return s
}

func phaseOf(s gobreaker.State) Phase {
	switch s {
	case gobreaker.StateOpen:
		return Open
	case gobreaker.StateHalfOpen:
		return HalfOpen
	default:
		return Closed
	}
}

// neutral reports whether an attempt tells nothing about the portal's health.
func neutral(err error) bool {
	if errors.Is(err, errNeutral) {
		return true
	}
	f, ok := asFailure(err)
	if !ok {
		return false
	}
	switch f.code {
	case CodeNetwork:
		return false
	case CodeTimeout:
		// Time that ran out before anything was sent was the limiter's.
		return false
	}
	return true
}
