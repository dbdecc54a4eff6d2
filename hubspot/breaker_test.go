package hubspot_test

import (
	"context"
	"errors"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/memberpulse/hubspotplugin/hubspot"
	"github.com/memberpulse/hubspotplugin/hubspot/hubspottest"
)

func (b bench) trip(t *testing.T, f hubspottest.Fault) {
	t.Helper()
	b.sim.Inject(f)
	for range 5 {
		if _, err := b.client.AccountDetails(t.Context()); err == nil {
			t.Fatal("the fault did not work")
		}
	}
	b.sim.ClearFaults()
}

func TestBreakerOpensProbesAndCloses(t *testing.T) {
	t.Parallel()
	timeless(t, portalSpec(), func(t *testing.T, b bench) {
		if s := b.client.Breaker(); s.Phase != hubspot.Closed || !s.Until.IsZero() {
			t.Fatalf("at first %+v", s)
		}
		b.trip(t, hubspottest.Fault{Status: http.StatusServiceUnavailable})
		s := b.client.Breaker()
		if s.Phase != hubspot.Open || !s.Until.Equal(time.Now().Add(15*time.Second)) {
			t.Fatalf("after five failures %+v", s)
		}
		sent := len(b.sim.Requests())
		_, err := b.client.AccountDetails(t.Context())
		until, ok := hubspot.Until(err)
		if !errors.Is(err, hubspot.ErrBreakerOpen) || !ok || !until.Equal(s.Until) {
			t.Errorf("until %v, error %v", until, err)
		}
		e := wantError(t, err)
		if e.Outcome != hubspot.Known || !hubspot.IsTransient(e) || e.RetryAfter != 15*time.Second {
			t.Errorf("error %+v", e)
		}
		if len(b.sim.Requests()) != sent {
			t.Error("an open breaker let a call through")
		}
		pass(15*time.Second + time.Millisecond)
		if s := b.client.Breaker(); s.Phase != hubspot.HalfOpen {
			t.Errorf("after its time %+v", s)
		}
		if _, err := b.client.AccountDetails(t.Context()); err != nil {
			t.Errorf("probe: %v", err)
		}
		if s := b.client.Breaker(); s.Phase != hubspot.Closed {
			t.Errorf("after the probe %+v", s)
		}
	})
}

func TestHalfOpenLetsOneCallThrough(t *testing.T) {
	t.Parallel()
	timeless(t, portalSpec(), func(t *testing.T, b bench) {
		b.trip(t, hubspottest.Fault{Status: http.StatusBadGateway})
		pass(16 * time.Second)
		b.sim.SetLatency(time.Second)
		b.sim.ResetRequests()
		refused := make(chan error, 4)
		go inParallel(5, func(int) {
			if _, err := b.client.AccountDetails(t.Context()); err != nil {
				refused <- err
			}
		})
		synctest.Wait()
		if len(refused) != 4 {
			t.Fatalf("%d refused at once, want 4", len(refused))
		}
		if err := <-refused; !errors.Is(err, hubspot.ErrBreakerOpen) {
			t.Errorf("error %v", err)
		}
		pass(2 * time.Second)
		if n := len(b.sim.Requests()); n != 1 {
			t.Errorf("%d probes", n)
		}
	})
}

func TestFailedProbeOpensAgain(t *testing.T) {
	t.Parallel()
	timeless(t, portalSpec(), func(t *testing.T, b bench) {
		b.trip(t, hubspottest.Fault{DropBefore: true})
		pass(16 * time.Second)
		b.sim.Inject(hubspottest.Fault{DropBefore: true})
		_, _ = b.client.AccountDetails(t.Context())
		if s := b.client.Breaker(); s.Phase != hubspot.Open {
			t.Errorf("after a failed probe %+v", s)
		}
	})
}

func TestWhatDoesNotCountAgainstThePortal(t *testing.T) {
	t.Parallel()
	for name, call := range map[string]func(t *testing.T, b bench){
		"429": func(t *testing.T, b bench) {
			b.sim.Inject(hubspottest.Fault{Status: 429, Times: 1})
			_, _ = b.client.AccountDetails(t.Context())
			pass(10 * time.Second)
		},
		"our own limiter": func(t *testing.T, b bench) {
			b.sim.Inject(hubspottest.Fault{Status: 429, Times: 1})
			_, _ = b.client.AccountDetails(t.Context())
			_, _ = b.client.AccountDetails(t.Context())
		},
		"cancellation": func(t *testing.T, b bench) {
			b.sim.SetLatency(time.Minute)
			ctx, cancel := context.WithCancel(t.Context())
			time.AfterFunc(time.Second, cancel)
			_, _ = b.client.AccountDetails(ctx)
		},
		"401": func(t *testing.T, b bench) {
			b.portal.RevokeToken(testToken)
			_, _ = b.client.AccountDetails(t.Context())
		},
		"404": func(t *testing.T, b bench) { _, _ = b.client.Property(t.Context(), hubspot.Contacts, "nope") },
		"400": func(t *testing.T, b bench) {
			_, _ = b.client.BatchUpdate(t.Context(), "unknowns", []hubspot.Input{{ID: "1"}})
		},
		"423": func(t *testing.T, b bench) {
			b.sim.Inject(hubspottest.Fault{Status: 423, Times: 1})
			_, _ = b.client.AccountDetails(t.Context())
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			timeless(t, portalSpec(), func(t *testing.T, b bench) {
				for range 30 {
					call(t, b)
				}
				if s := b.client.Breaker(); s.Phase != hubspot.Closed {
					t.Errorf("breaker %+v", s)
				}
			})
		})
	}
}

func TestTimeoutsCountAgainstThePortal(t *testing.T) {
	t.Parallel()
	timeless(t, portalSpec(), func(t *testing.T, b bench) {
		b.sim.SetLatency(time.Minute)
		for range 5 {
			_, err := b.client.AccountDetails(t.Context())
			e := wantError(t, err)
			if e.Code != hubspot.CodeTimeout || !errors.Is(err, context.DeadlineExceeded) {
				t.Fatalf("error %+v", e)
			}
		}
		if s := b.client.Breaker(); s.Phase != hubspot.Open {
			t.Errorf("breaker %+v", s)
		}
	})
}

func TestEachClientHasItsOwnBreaker(t *testing.T) {
	t.Parallel()
	timeless(t, portalSpec(), func(t *testing.T, b bench) {
		b.trip(t, hubspottest.Fault{Status: 500})
		if s := b.client.Console().Breaker(); s.Phase != hubspot.Open {
			t.Errorf("the console of the same portal: %+v", s)
		}
		b.sim.AddPortal(hubspottest.Portal{ID: 2, Token: "second"})
		other, err := hubspot.NewClient(hubspot.Config{BaseURL: "http://localhost", Token: func() string { return "second" }, Transport: direct{b.sim}})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := other.AccountDetails(t.Context()); err != nil {
			t.Errorf("another portal: %v", err)
		}
	})
}
