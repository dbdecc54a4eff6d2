package hubspot

import (
	"context"
	"time"
)

// latestStart is when an attempt must be on its way at the latest, so that it
// has time to be answered: headroom before the deadline, but not more than half
// of what is left now. A write sent in the last moment would only leave its
// outcome open. ok is false without a deadline.
func latestStart(ctx context.Context, now time.Time, headroom time.Duration) (latest time.Time, ok bool) {
	deadline, ok := ctx.Deadline()
	if !ok {
		return time.Time{}, false
	}
	return deadline.Add(-min(headroom, deadline.Sub(now)/2)), true
}

// headroom is the part of a call's time that waits must leave to the attempt
// itself: two of the default ten seconds.
func headroom(cfg Config) time.Duration { return cfg.CallTimeout / 5 }
