package integrationtest_test

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"time"

	"github.com/memberpulse/hubspotplugin/integration"
	"github.com/memberpulse/hubspotplugin/integration/integrationtest"
)

// calendar is one made of a function.
type calendar func(clientID string) (*time.Location, error)

func (c calendar) TimeZone(_ context.Context, clientID string) (*time.Location, error) {
	return c(clientID)
}

func zone(t *testing.T, name string) *time.Location {
	t.Helper()
	z, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return z
}

func calendarHarness(c integration.Calendar) integrationtest.CalendarHarness {
	return integrationtest.CalendarHarness{Calendar: c, Zones: map[string]string{one: "Europe/Berlin", two: "UTC"}}
}

func TestMemoryHostKnowsTimeZones(t *testing.T) {
	t.Parallel()
	integrationtest.TestCalendar(t, func(t *testing.T) integrationtest.CalendarHarness {
		h := integrationtest.NewMemoryHost()
		h.SetTimeZone(one, zone(t, "Europe/Berlin"))
		return calendarHarness(h)
	})
}

func TestCalendarSuiteCatches(t *testing.T) {
	t.Parallel()
	const has, never = "a tenant has its time zone", "there is a zone or an error"
	berlin := zone(t, "Europe/Berlin")
	unknown := errors.New("no such client")
	right := func(clientID string) (*time.Location, error) {
		switch clientID {
		case one:
			return berlin, nil
		case two:
			return time.UTC, nil
		}
		return nil, unknown
	}
	var asked atomic.Int64
	for defect, tc := range map[string]struct {
		calendar calendar
		rule     string
	}{
		"everybody is in UTC": {func(string) (*time.Location, error) { return time.UTC, nil }, has},
		"the machine's zone":  {func(string) (*time.Location, error) { return time.Local, nil }, has},
		"no summer time":      {func(string) (*time.Location, error) { return time.FixedZone("Europe/Berlin", 3600), nil }, has},
		"an error for who has set none": {func(clientID string) (*time.Location, error) {
			if clientID == two {
				return nil, unknown
			}
			return right(clientID)
		}, has},
		"nothing for who has set none": {func(clientID string) (*time.Location, error) {
			if clientID == two {
				return nil, nil
			}
			return right(clientID)
		}, has},
		"nothing for who is unknown": {func(clientID string) (*time.Location, error) {
			z, err := right(clientID)
			if err != nil {
				return nil, nil
			}
			return z, nil
		}, never},
		"somebody's zone for who is unknown": {func(clientID string) (*time.Location, error) {
			if z, err := right(clientID); err == nil {
				return z, nil
			}
			return berlin, nil
		}, never},
		"one at a time": {func(clientID string) (*time.Location, error) {
			if asked.Add(1) > 1 {
				defer asked.Add(-1)
				return nil, errors.New("busy")
			}
			<-time.After(20 * time.Millisecond)
			asked.Add(-1)
			return right(clientID)
		}, "many may ask at once"},
	} {
		t.Run(defect, func(t *testing.T) {
			t.Parallel()
			wantBroken(t, broken(t, integrationtest.CalendarRules(), func() integrationtest.CalendarHarness { return calendarHarness(tc.calendar) }), tc.rule)
		})
	}
}
