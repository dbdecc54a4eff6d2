package hubspot_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/memberpulse/hubspotplugin/hubspot"
)

// Whoever takes whenever it can never gets more calls in any stretch of the
// window's length than HubSpot allows, the console's share included.
func TestNoStretchHoldsMoreThanTheWindow(t *testing.T) {
	t.Parallel()
	const per = 10 * time.Second
	for _, limit := range []int{1, 2, 4, 5, 6, 10, 19, 100, 110, 190, 250} {
		for _, share := range []float64{0.05, 0.2, 0.5} {
			t.Run(fmt.Sprint(limit, share), func(t *testing.T) {
				t.Parallel()
				start := time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)
				w := hubspot.NewWindow(start, hubspot.Limits{Max: limit, Remaining: limit, Window: per}, share)
				var taken []time.Time
				for now := start; now.Before(start.Add(5 * per)); now = now.Add(10 * time.Millisecond) {
					for w.Take(now, true) == 0 || w.Take(now, false) == 0 {
						taken = append(taken, now)
						if len(taken) > 100_000 {
							t.Fatal("no limit at all")
						}
					}
				}
				for i, first := 0, 0; i < len(taken); i++ {
					for taken[i].Sub(taken[first]) >= per {
						first++
					}
					if n := i - first + 1; n > limit {
						t.Fatalf("%d calls within %v, limit %d", n, per, limit)
					}
				}
				if least := max(1, limit-1) * 5 * 6 / 10; len(taken) < least {
					t.Errorf("%d calls in five windows, want at least %d", len(taken), least)
				}
			})
		}
	}
}

func TestReservedShareIsTheConsolesAlone(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)
	w := hubspot.NewWindow(now, hubspot.Limits{Max: 100, Remaining: 100, Window: 10 * time.Second}, 0.1)
	for w.Take(now, false) == 0 {
	}
	if w.Take(now, true) != 0 {
		t.Error("the console waits although its share is untouched")
	}
	if w.Take(now, false) == 0 {
		t.Error("ordinary calls use the reserved share")
	}
}

func TestHeadersTakeCallsAwayAndAddNone(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)
	limits := hubspot.Limits{Max: 190, Remaining: 190, Window: 10 * time.Second}
	count := func(w hubspot.Window) (n int) {
		for w.Take(now, false) == 0 {
			n++
		}
		return n
	}
	full := count(hubspot.NewWindow(now, limits, 0.05))
	w := hubspot.NewWindow(now, limits, 0.05)
	w.Lower(now, 13) // ten of them are reserved
	if n := count(w); n != 3 {
		t.Errorf("%d calls left, want 3 (of %d)", n, full)
	}
	w.Lower(now, 190)
	if n := count(w); n != 0 {
		t.Errorf("%d calls came back", n)
	}
}
