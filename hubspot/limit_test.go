package hubspot_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/memberpulse/hubspotplugin/hubspot"
	"github.com/memberpulse/hubspotplugin/hubspot/hubspottest"
)

func patient(c *hubspot.Config) { c.CallTimeout = time.Hour }

func inParallel(n int, f func(i int)) {
	var wg sync.WaitGroup
	for i := range n {
		wg.Go(func() { f(i) })
	}
	wg.Wait()
}

func TestFirstCallGoesAlone(t *testing.T) {
	t.Parallel()
	timeless(t, portalSpec(), func(t *testing.T, b bench) {
		b.sim.SetLatency(time.Second)
		start := time.Now()
		go inParallel(8, func(int) { _, _ = b.client.AccountDetails(t.Context()) })
		synctest.Wait()
		pass(time.Second) // virtual: the first reply
		synctest.Wait()
		if n := len(b.sim.Requests()); n != 1 {
			t.Errorf("%d calls were answered in the first second, want 1", n)
		}
		pass(time.Second)
		synctest.Wait()
		if n := len(b.sim.Requests()); n != 8 {
			t.Errorf("%d calls were answered after %v, want 8", n, time.Since(start))
		}
	})
}

// The simulator counts as HubSpot does; not one call may meet its limit.
func TestNeverOverTheWindow(t *testing.T) {
	t.Parallel()
	for _, limit := range []int{5, 19, 100, 190} {
		spec := portalSpec()
		spec.MaxPerWindow = limit
		timeless(t, spec, func(t *testing.T, b bench) {
			calls := 40 + limit
			start := time.Now()
			inParallel(calls, func(i int) {
				c := b.client
				if i%10 == 0 {
					c = c.Console()
				}
				if _, err := c.AccountDetails(t.Context()); err != nil {
					t.Errorf("limit %d: %v", limit, err)
				}
			})
			for _, r := range b.sim.Requests() {
				if r.Status == http.StatusTooManyRequests {
					t.Fatalf("limit %d: HubSpot had to refuse a call", limit)
				}
			}
			windows := float64(time.Since(start)) / float64(10*time.Second)
			if most := float64(calls)/float64(limit)*1.7 + 1; windows > most {
				t.Errorf("limit %d: took %.1f windows, want at most %.1f", limit, windows, most)
			}
		}, patient)
	}
}

func TestExhaustedWindowIsWaitedFor(t *testing.T) {
	t.Parallel()
	timeless(t, portalSpec(), func(t *testing.T, b bench) {
		if _, err := b.client.AccountDetails(t.Context()); err != nil {
			t.Fatal(err)
		}
		b.sim.Inject(hubspottest.Fault{Status: http.StatusTooManyRequests, Times: 1})
		start := time.Now()
		_, err := b.client.AccountDetails(t.Context())
		e := wantError(t, err)
		if !hubspot.IsRateLimit(e) || e.Policy != "TEN_SECONDLY_ROLLING" || e.RetryAfter != 10*time.Second || e.Outcome != hubspot.Known {
			t.Fatalf("error %+v", e)
		}
		if time.Since(start) != 0 {
			t.Errorf("waited %v for a window that is beyond the call's time", time.Since(start))
		}
		if until := b.client.Limits().BlockedUntil; !until.Equal(start.Add(10 * time.Second)) {
			t.Errorf("blocked until %v", until)
		}
		// The window is empty for everybody: nothing is sent meanwhile.
		sent := len(b.sim.Requests())
		_, err = b.client.Console().AccountDetails(t.Context())
		e = wantError(t, err)
		if e.Code != hubspot.CodeThrottled || e.RetryAfter != 10*time.Second || !hubspot.IsRateLimit(e) || !hubspot.IsTransient(e) {
			t.Errorf("error %+v", e)
		}
		if len(b.sim.Requests()) != sent {
			t.Error("a call was sent into the empty window")
		}
		pass(5 * time.Second)
		if _, err := b.client.AccountDetails(t.Context()); err != nil {
			t.Errorf("five seconds before the window: %v", err)
		}
		if waited := time.Since(start); waited != 10*time.Second {
			t.Errorf("went out after %v, want 10s", waited)
		}
	})
}

func TestDailyLimitStopsUntilTheAccountsMidnight(t *testing.T) {
	t.Parallel()
	spec := portalSpec()
	spec.TimeZone, spec.Daily = "America/New_York", 3
	timeless(t, spec, func(t *testing.T, b bench) {
		for range 3 {
			if _, err := b.client.AccountDetails(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		if l := b.client.Limits(); l.Daily != 3 || l.DailyRemaining != 0 {
			t.Errorf("limits %+v", l)
		}
		zone, err := time.LoadLocation(spec.TimeZone)
		if err != nil {
			t.Fatal(err)
		}
		y, m, d := time.Now().In(zone).Date()
		midnight := time.Date(y, m, d+1, 0, 0, 0, 0, zone)
		for range 2 { // told by HubSpot, then known
			_, err := b.client.AccountDetails(t.Context())
			until, ok := hubspot.Until(err)
			if !errors.Is(err, hubspot.ErrDailyLimit) || !ok || !until.Equal(midnight) {
				t.Fatalf("until %v, want %v; error %v", until, midnight, err)
			}
			e := wantError(t, err)
			if e.Code != hubspot.CodeDailyLimit || hubspot.IsTransient(e) || !hubspot.IsRateLimit(e) || e.RetryAfter != time.Until(midnight) {
				t.Errorf("error %+v", e)
			}
		}
		if n := len(b.sim.Requests()); n != 4 {
			t.Errorf("%d requests, want 4: the stop must hold without asking", n)
		}
		if l := b.client.Limits(); !l.DailyUntil.Equal(midnight) {
			t.Errorf("daily until %v", l.DailyUntil)
		}
		pass(time.Until(midnight) + time.Second)
		if _, err := b.client.AccountDetails(t.Context()); err != nil {
			t.Errorf("on the next day: %v", err)
		}
	})
}

func TestDailyLimitWithoutTimeZoneIsLookedAtHourly(t *testing.T) {
	t.Parallel()
	timeless(t, portalSpec(), func(t *testing.T, b bench) {
		b.sim.Inject(hubspottest.Fault{Status: 429, Times: 1, Body: `{"status":"error","errorType":"RATE_LIMIT","policyName":"DAILY"}`})
		_, err := b.client.Properties(t.Context(), hubspot.Contacts)
		if until, _ := hubspot.Until(err); !until.Equal(time.Now().Add(time.Hour)) {
			t.Errorf("until %v, error %v", until, err)
		}
	})
}

func TestConsoleDrawsOnItsOwnShare(t *testing.T) {
	t.Parallel()
	spec := portalSpec()
	spec.MaxPerWindow = 100
	timeless(t, spec, func(t *testing.T, b bench) {
		ctx, stop := context.WithCancel(t.Context())
		done := make(chan struct{})
		go func() { // a backfill that wants every call there is
			defer close(done)
			inParallel(200, func(int) { _, _ = b.client.AccountDetails(ctx) })
		}()
		pass(5 * time.Second)
		for range 2 {
			start := time.Now()
			if _, err := b.client.Console().AccountDetails(t.Context()); err != nil {
				t.Errorf("console: %v", err)
			}
			if waited := time.Since(start); waited > 100*time.Millisecond {
				t.Errorf("the console waited %v behind the backfill", waited)
			}
		}
		stop()
		<-done
	}, patient)
}

func TestCancellationEndsTheWaitAtOnce(t *testing.T) {
	t.Parallel()
	timeless(t, portalSpec(), func(t *testing.T, b bench) {
		b.sim.Inject(hubspottest.Fault{Status: 429, Times: 1})
		short, end := context.WithTimeout(t.Context(), time.Second)
		defer end()
		_, _ = b.client.AccountDetails(short) // meets the empty window
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(time.Second, cancel)
		start := time.Now()
		_, err := b.client.AccountDetails(ctx)
		e := wantError(t, err)
		if !errors.Is(err, context.Canceled) || e.Code != hubspot.CodeCanceled || e.Outcome != hubspot.Known {
			t.Errorf("error %+v", e)
		}
		if time.Since(start) != time.Second {
			t.Errorf("returned after %v, want 1s", time.Since(start))
		}
	}, patient)
}

func TestCallsOfOthersWithTheSameTokenAreSeen(t *testing.T) {
	t.Parallel()
	spec := portalSpec()
	spec.MaxPerWindow = 100
	timeless(t, spec, func(t *testing.T, b bench) {
		for range 92 { // somebody else uses nearly the whole window
			req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://localhost/account-info/2026-03/details", nil)
			if err != nil {
				t.Fatal(err)
			}
			req.Header.Set("Authorization", "Bearer "+testToken)
			if resp, err := (direct{b.sim}).RoundTrip(req); err != nil || resp.StatusCode != http.StatusOK {
				t.Fatalf("%v, error %v", resp, err)
			}
		}
		b.sim.ResetRequests()
		b.sim.SetLatency(100 * time.Millisecond)
		inParallel(40, func(int) { _, _ = b.client.AccountDetails(t.Context()) })
		sent := b.sim.Requests()
		for _, r := range sent {
			if r.Status == http.StatusTooManyRequests {
				t.Fatal("a call was refused although the headers had told")
			}
		}
		if len(sent) < 3 {
			t.Errorf("%d calls went out, the window had eight", len(sent))
		}
	}, func(c *hubspot.Config) { c.CallTimeout = 500 * time.Millisecond })
}

func TestQuietWindowStartsOver(t *testing.T) {
	t.Parallel()
	timeless(t, portalSpec(), func(t *testing.T, b bench) {
		if _, err := b.client.AccountDetails(t.Context()); err != nil {
			t.Fatal(err)
		}
		pass(11 * time.Second)
		b.sim.SetLatency(time.Second)
		b.sim.ResetRequests()
		go inParallel(4, func(int) { _, _ = b.client.AccountDetails(t.Context()) })
		pass(1500 * time.Millisecond)
		if n := len(b.sim.Requests()); n != 1 {
			t.Errorf("%d calls at once after a quiet time, want 1", n)
		}
		pass(time.Second)
	})
}

func TestPortalWithoutHeadersGetsOneCallAtATime(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	now, most := 0, 0
	c := against(t, func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		now++
		most = max(most, now)
		mu.Unlock()
		_, _ = w.Write([]byte(`{"portalId":1}`))
		mu.Lock()
		now--
		mu.Unlock()
	})
	inParallel(10, func(int) {
		if _, err := c.AccountDetails(t.Context()); err != nil {
			t.Error(err)
		}
	})
	if most != 1 {
		t.Errorf("%d calls at once", most)
	}
}

func TestUnknownTimeZone(t *testing.T) {
	t.Parallel()
	b := setup(t, hubspottest.Options{})
	if err := b.client.SetTimeZone("Nowhere/At all"); err == nil || strings.Contains(err.Error(), "Nowhere") {
		t.Errorf("error %v", err)
	}
	if err := b.client.SetTimeZone("Europe/Berlin"); err != nil {
		t.Error(err)
	}
}
