package outbox

import "time"

// backoff returns how long to wait before the next attempt, after attempts
// failed ones: a random time up to least doubled per attempt, at most most ("full
// jitter"), but never under floor nor under a tenth of the bound, so that a
// retry is not at once. rnd is in [0, 1).
func backoff(attempts int, least, most, floor time.Duration, rnd float64) time.Duration {
	bound := least
	for i := 1; i < attempts && bound < most; i++ {
		bound *= 2
	}
	bound = min(bound, most)
	wait := time.Duration(rnd * float64(bound))
	return max(wait, bound/10, floor)
}
