package hubspot

import (
	"math"
	"time"

	"golang.org/x/time/rate"
)

// defaultWindow is HubSpot's usual one, for replies that do not name it.
const defaultWindow = 10 * time.Second

// burstShare of a window may go out at once; the rest is spread over it. What
// may go out in any stretch of the window's length is then never more than the
// window allows: burst + rate x window = max, whether HubSpot counts a rolling
// or a fixed window.
const burstShare = 0.1

// window is the token bucket of one rate-limit window, and a second one for
// the reserved share. It is guarded by the limiter's lock.
type window struct {
	general *rate.Limiter
	console *rate.Limiter // nil: nothing is reserved
	kept    int           // calls of the window that are reserved
}

func newWindow(now time.Time, l Limits, reserve float64) *window {
	w := &window{}
	if l.Max >= 5 {
		w.kept = int(math.Ceil(float64(l.Max) * reserve))
		w.console = bucket(now, w.kept, l.Window, 0.5)
	}
	w.general = bucket(now, l.Max-w.kept, l.Window, burstShare)
	return w
}

// bucket returns a full bucket that lets at most n calls out per window.
func bucket(now time.Time, n int, per time.Duration, share float64) *rate.Limiter {
	if n < 1 {
		return nil
	}
	burst := max(1, int(float64(n)*share))
	spread := max(n-burst, 1)
	b := rate.NewLimiter(rate.Limit(float64(spread)/per.Seconds()), burst)
	b.AllowN(now, 0) // its clock starts here
	return b
}

// lower takes tokens away until no more are left than HubSpot says, so that
// calls of others with the same token count too. It never adds any.
func (w *window) lower(now time.Time, remaining int) {
	drain(w.general, now, remaining-w.kept)
	if w.console != nil {
		drain(w.console, now, remaining)
	}
}

func drain(b *rate.Limiter, now time.Time, left int) {
	if n := int(math.Ceil(b.TokensAt(now))) - max(left, 0); n > 0 {
		b.ReserveN(now, min(n, b.Burst()))
	}
}

// turn is a place in the queue of a bucket.
type turn struct {
	wait        time.Duration
	reservation *rate.Reservation
}

func (t turn) reserved() bool { return t.reservation != nil }

func (t turn) cancel(now time.Time) { t.reservation.CancelAt(now) }

// take reserves the next free call. A console call takes the reserved share
// only if the general one would make it wait longer.
func (w *window) take(now time.Time, console bool) turn {
	t := reserve(w.general, now)
	if !console || w.console == nil || t.wait == 0 {
		return t
	}
	own := reserve(w.console, now)
	if own.wait < t.wait {
		t.cancel(now)
		return own
	}
	own.cancel(now)
	return t
}

func reserve(b *rate.Limiter, now time.Time) turn {
	r := b.ReserveN(now, 1)
	return turn{wait: r.DelayFrom(now), reservation: r}
}
