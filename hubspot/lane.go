package hubspot

import (
	"time"

	"golang.org/x/time/rate"
)

// lane is a kind of call that has a limit of its own besides the window.
type lane int

const (
	_ lane = iota // the window alone
	// laneAssociations: fewer calls in a window than others, by the portal's plan. A
	// call takes one of the window, too.
	laneAssociations
	// laneSearch: five a second of the whole account, and the replies say nothing about
	// it. HubSpot does not count them in the window; here they take a call of it all the
	// same: they are few, and one path for all calls is worth more than what that costs.
	laneSearch
	lanes
)

// searchRate leaves one of the account's five searches a second to others.
const searchRate = 4

// laneLimit is the limit of one lane. It is guarded by the limiter's lock.
type laneLimit struct {
	bucket  *rate.Limiter // nil: none, or not known yet
	sized   Limits        // for which the bucket was made
	blocked time.Time     // monotonic: nothing of this lane goes out before
}

// associationLimit is how many association calls a window takes. No header tells it,
// but the window's own size tells the plan.
// See https://developers.hubspot.com/docs/developer-tooling/platform/usage-guidelines
func associationLimit(window int) int {
	switch {
	case window >= 250:
		return 200
	case window >= 190:
		return 150
	}
	return min(window, 100)
}

// wait is how long the lane has no room.
func (q *laneLimit) wait(now time.Time) time.Duration {
	rest := max(q.blocked.Sub(now), 0)
	if q.bucket == nil {
		return rest
	}
	t := reserve(q.bucket, now)
	t.cancel(now)
	return max(t.wait, rest)
}

// take takes one call of the lane, if it has room.
func (q *laneLimit) take(now time.Time) bool {
	return !q.blocked.After(now) && (q.bucket == nil || q.bucket.AllowN(now, 1))
}

// resize makes the bucket that fits what the headers say.
func (q *laneLimit) resize(in lane, now time.Time, last Limits) {
	switch {
	case in == laneSearch && q.bucket == nil:
		q.bucket = rate.NewLimiter(searchRate, 1)
		q.bucket.AllowN(now, 0) // its clock starts here
	case in == laneAssociations && last.Max > 0 && (q.sized.Max != last.Max || q.sized.Window != last.Window):
		q.bucket = bucket(now, associationLimit(last.Max), last.Window, burstShare)
		q.bucket.AllowN(now, 1) // the call that told may have been one of them
		q.sized = last
	}
}
