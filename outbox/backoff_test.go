package outbox_test

import (
	"testing"
	"time"

	"github.com/memberpulse/hubspotplugin/outbox"
)

func TestBackoff(t *testing.T) {
	t.Parallel()
	const least, most = 2 * time.Second, time.Minute
	for _, c := range []struct {
		attempts int
		floor    time.Duration
		rnd      float64
		want     time.Duration
	}{
		{1, 0, 0.5, time.Second},
		{1, 0, 0, 200 * time.Millisecond}, // never at once
		{2, 0, 0.5, 2 * time.Second},
		{4, 0, 0.75, 12 * time.Second},
		{6, 0, 0.999999999, 59_999_999_940}, // 64 s are cut to a minute
		{5000, 0, 0.5, 30 * time.Second},    // no overflow
		{1, 7 * time.Second, 0.5, 7 * time.Second},
		{4, 7 * time.Second, 0.75, 12 * time.Second},
	} {
		got := outbox.Backoff(c.attempts, least, most, c.floor, c.rnd)
		if d := got - c.want; d < -100 || d > 100 {
			t.Errorf("attempt %d, floor %s, random %g: %s, want %s", c.attempts, c.floor, c.rnd, got, c.want)
		}
	}
}
