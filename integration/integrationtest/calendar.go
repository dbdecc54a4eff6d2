package integrationtest

import (
	"maps"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/memberpulse/hubspotplugin/integration"
)

// CalendarHarness is one Calendar under test.
type CalendarHarness struct {
	Calendar integration.Calendar
	// Zones are the IANA names of tenants' time zones, by client id: of two
	// tenants at least, in zones that differ. "UTC" also stands for a tenant that
	// has set none.
	Zones map[string]string
}

// TestCalendar holds a Calendar to its contract, one subtest for each rule.
func TestCalendar(t *testing.T, newCalendar func(t *testing.T) CalendarHarness) {
	hold(t, calendarRules(), newCalendar)
}

func calendarRules() []rule[CalendarHarness] {
	return []rule[CalendarHarness]{
		{"a tenant has its time zone", calendarZones},
		{"there is a zone or an error", calendarNever},
		{"many may ask at once", calendarConcurrent},
	}
}

// sameClock reports whether two zones show the same time all year round.
func sameClock(a, b *time.Location) bool {
	for month := time.January; month <= time.December; month++ {
		at := time.Date(2026, month, 15, 12, 0, 0, 0, time.UTC)
		_, east := at.In(a).Zone()
		if _, other := at.In(b).Zone(); east != other {
			return false
		}
	}
	return true
}

func calendarZones(t testing.TB, h CalendarHarness) {
	var zones []*time.Location
	for _, clientID := range slices.Sorted(maps.Keys(h.Zones)) {
		want, err := time.LoadLocation(h.Zones[clientID])
		if err != nil {
			t.Fatalf("the harness names no time zone: %v", err)
		}
		zones = append(zones, want)
		got, err := h.Calendar.TimeZone(t.Context(), clientID)
		switch {
		case err != nil:
			t.Errorf("the zone of a tenant in %s: %v", want, err)
		case got == nil:
			t.Errorf("a tenant in %s has no zone and no error", want)
		case got == time.Local:
			t.Errorf("a tenant in %s has the machine's zone, whatever that is", want)
		case !sameClock(got, want):
			t.Errorf("a tenant in %s has the zone %s", want, got)
		}
	}
	if !slices.ContainsFunc(zones, func(z *time.Location) bool { return !sameClock(z, zones[0]) }) {
		t.Fatal("the tenants of the harness are all in one zone")
	}
}

// A tenant that has not been heard of gets an error, or UTC; never nothing, and
// never the zone of somebody else.
func calendarNever(t testing.TB, h CalendarHarness) {
	for _, clientID := range []string{nowhere, "not-a-uuid", ""} {
		zone, err := h.Calendar.TimeZone(t.Context(), clientID)
		if err == nil && zone == nil {
			t.Errorf("client %q has no zone and no error", clientID)
		} else if err == nil && zone != time.UTC {
			t.Errorf("client %q, whom there is not, has the zone %s, want an error or UTC", clientID, zone)
		}
	}
}

func calendarConcurrent(t testing.TB, h CalendarHarness) {
	var wg sync.WaitGroup
	for range 4 {
		for clientID, name := range h.Zones {
			wg.Go(func() {
				want, err := time.LoadLocation(name)
				if err != nil {
					t.Errorf("the harness names no time zone: %v", err)
					return
				}
				if got, err := h.Calendar.TimeZone(t.Context(), clientID); err != nil || got == nil || !sameClock(got, want) {
					t.Errorf("beside others: a tenant in %s has %v, %v", want, got, err)
				}
			})
		}
	}
	wg.Wait()
}
