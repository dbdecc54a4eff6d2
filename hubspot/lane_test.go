package hubspot_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/memberpulse/hubspotplugin/hubspot"
)

// The simulator counts associations as HubSpot does; not one call may meet their limit.
func TestNeverOverTheLimitOfAssociations(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ window, own int }{{7, 7}, {100, 100}, {190, 150}, {250, 200}} {
		spec := portalSpec()
		spec.MaxPerWindow, spec.MaxLinking = c.window, c.own
		timeless(t, spec, func(t *testing.T, b bench) {
			calls := c.own*2 + 10
			start := time.Now()
			inParallel(calls, func(i int) {
				var err error
				if i%50 == 0 {
					_, err = b.client.AccountDetails(t.Context())
				} else {
					_, err = b.client.Associations(t.Context(), hubspot.Contacts, hubspot.Companies, []string{"1"})
				}
				if err != nil {
					t.Errorf("window %d: %v", c.window, err)
				}
			})
			for _, r := range b.sim.Requests() {
				if r.Status == http.StatusTooManyRequests {
					t.Fatalf("window %d: HubSpot had to refuse a call", c.window)
				}
			}
			if took := time.Since(start); took > 50*time.Second {
				t.Errorf("window %d: took %v", c.window, took)
			}
		}, patient)
	}
}

// Associations that wait for their own limit do not keep other calls back.
func TestOtherCallsPassWaitingAssociations(t *testing.T) {
	t.Parallel()
	timeless(t, portalSpec(), func(t *testing.T, b bench) {
		if _, err := b.client.AccountDetails(t.Context()); err != nil {
			t.Fatal(err)
		}
		done := make(chan struct{})
		go func() {
			defer close(done)
			inParallel(100, func(int) {
				_, _ = b.client.Associations(t.Context(), hubspot.Contacts, hubspot.Companies, []string{"1"})
			})
		}()
		pass(time.Millisecond)
		start := time.Now()
		if _, err := b.client.AccountDetails(t.Context()); err != nil || time.Since(start) > 2*time.Second {
			t.Errorf("waited %v, error %v", time.Since(start), err)
		}
		<-done
	}, patient)
}
