package hubspot

import (
	"errors"
	"net/http"
	"strconv"
	"time"
)

// maxRetryAfter caps what a reply may ask to wait: HubSpot names a day at most.
const maxRetryAfter = 24 * time.Hour

// retryAfter reads the Retry-After header, seconds or a date; 0 if there is
// none that makes sense.
func retryAfter(h http.Header, now time.Time) time.Duration {
	v := h.Get("Retry-After")
	if v == "" {
		return 0
	}
	if n, err := strconv.ParseUint(v, 10, 31); err == nil {
		return min(time.Duration(n)*time.Second, maxRetryAfter)
	}
	if t, err := http.ParseTime(v); err == nil {
		return min(max(t.Sub(now), 0), maxRetryAfter)
	}
	return 0
}

// Limits is what HubSpot's rate-limit headers said last. Zero until the first
// reply that had them.
// See https://developers.hubspot.com/docs/developer-tooling/platform/usage-guidelines
type Limits struct {
	Max            int           // calls per window
	Remaining      int           // of them left, at the time of the reply
	Window         time.Duration // usually 10 s
	Daily          int           // calls per day of the whole account; 0 if not told
	DailyRemaining int           // of them left
	At             time.Time     // when the reply was read
	// BlockedUntil is set while a 429 keeps calls back.
	BlockedUntil time.Time
	// DailyUntil is set while the daily limit keeps calls back.
	DailyUntil time.Time
}

// readLimits takes the headers over into l; ok reports whether the reply told
// the window. A reply may hold the daily figures alone.
func readLimits(h http.Header, l *Limits) (ok bool) {
	if n, found := headerInt(h, "X-HubSpot-RateLimit-Daily"); found {
		l.Daily = n
	}
	if n, found := headerInt(h, "X-HubSpot-RateLimit-Daily-Remaining"); found {
		l.DailyRemaining = n
	}
	m, found := headerInt(h, "X-HubSpot-RateLimit-Max")
	if !found || m < 1 {
		return false
	}
	rest, found := headerInt(h, "X-HubSpot-RateLimit-Remaining")
	if !found {
		rest = m
	}
	window := defaultWindow
	if ms, found := headerInt(h, "X-HubSpot-RateLimit-Interval-Milliseconds"); found && ms > 0 {
		window = min(time.Duration(ms)*time.Millisecond, time.Hour)
	}
	l.Max, l.Remaining, l.Window = m, min(rest, m), window
	return true
}

// headerInt reads a non-negative number of a sane size.
func headerInt(h http.Header, name string) (int, bool) {
	n, err := strconv.ParseUint(h.Get(name), 10, 30)
	return int(n), err == nil
}

func asFailure(err error) (*failure, bool) {
	return errors.AsType[*failure](err)
}
