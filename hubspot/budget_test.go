package hubspot_test

import (
	"context"
	"testing"
	"time"

	"github.com/memberpulse/hubspotplugin/hubspot"
	"github.com/memberpulse/hubspotplugin/hubspot/hubspottest"
)

// A call that would get its turn just before its deadline is refused, and
// refused at once: sent then, it could only time out.
func TestNoCallStartsInTheLastMoment(t *testing.T) {
	t.Parallel()
	timeless(t, portalSpec(), func(t *testing.T, b bench) {
		b.sim.Inject(hubspottest.Fault{Status: 429, Times: 1}) // empties the window for 10 s
		_, _ = b.client.AccountDetails(t.Context())
		for _, c := range []struct {
			at   time.Duration // since the 429
			goes bool
		}{{time.Second, false}, {1900 * time.Millisecond, false}, {2100 * time.Millisecond, true}} {
			b.sim.ResetRequests()
			start := time.Now()
			until := b.client.Limits().BlockedUntil.Add(-10 * time.Second).Add(c.at)
			pass(until.Sub(start))
			start = time.Now()
			err := update(t.Context(), b.client, "1")
			if sent := len(b.sim.Requests()) > 0; sent != c.goes {
				t.Errorf("at %v: sent %v, error %v", c.at, sent, err)
			}
			if c.goes {
				continue
			}
			if e := wantError(t, err); e.Code != hubspot.CodeThrottled || e.Outcome != hubspot.Known || time.Since(start) > 0 {
				t.Errorf("at %v: %+v after %v", c.at, e, time.Since(start))
			}
		}
	})
}

// The same holds for those who wait for the first call's headers.
func TestWaitingForTheFirstCallEndsInTime(t *testing.T) {
	t.Parallel()
	timeless(t, portalSpec(), func(t *testing.T, b bench) {
		b.sim.Inject(hubspottest.Fault{Delay: 9500 * time.Millisecond, Times: 1})
		go func() { _, _ = b.client.AccountDetails(t.Context()) }()
		pass(time.Millisecond)
		start := time.Now()
		err := update(t.Context(), b.client, "1")
		if e := wantError(t, err); e.Code != hubspot.CodeThrottled || e.Outcome != hubspot.Known || time.Since(start) != 8*time.Second {
			t.Errorf("%+v after %v", e, time.Since(start))
		}
		pass(10 * time.Second)
	})
}

// A caller with little time gets the half of it for the attempt.
func TestShortDeadlinesMayStillWaitALittle(t *testing.T) {
	t.Parallel()
	timeless(t, portalSpec(), func(t *testing.T, b bench) {
		b.sim.Inject(hubspottest.Fault{Status: 503, Times: 1})
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if _, err := b.client.AccountDetails(ctx); err != nil {
			t.Errorf("the repeat had time: %v", err)
		}
	})
}
