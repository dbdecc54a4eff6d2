package hubspot_test

import (
	"testing"
	"time"

	"github.com/memberpulse/hubspotplugin/hubspot"
)

func TestNextMidnight(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ zone, now, want string }{
		{"UTC", "2026-11-23T12:00:00Z", "2026-11-24T00:00:00Z"},
		{"UTC", "2026-11-23T00:00:00Z", "2026-11-24T00:00:00Z"},
		{"UTC", "2026-12-31T23:59:59Z", "2027-01-01T00:00:00Z"},
		{"America/New_York", "2026-11-23T04:59:59Z", "2026-11-23T05:00:00Z"},
		{"America/New_York", "2026-11-23T05:00:00Z", "2026-11-24T05:00:00Z"},
		{"Asia/Tokyo", "2026-11-23T14:00:00Z", "2026-11-23T15:00:00Z"},
		{"Europe/Berlin", "2026-10-24T22:00:00Z", "2026-10-25T23:00:00Z"}, // a day of 25 hours
		{"Europe/Berlin", "2026-03-28T23:30:00Z", "2026-03-29T22:00:00Z"}, // of 23
		{"America/Santiago", "2026-09-05T20:00:00Z", "2026-09-06T04:00:00Z"},
	} {
		zone, err := time.LoadLocation(c.zone)
		if err != nil {
			t.Fatal(err)
		}
		now, err := time.Parse(time.RFC3339, c.now)
		if err != nil {
			t.Fatal(err)
		}
		if got := hubspot.NextMidnight(now.In(zone)).UTC().Format(time.RFC3339); got != c.want {
			t.Errorf("%s at %s: %s, want %s", c.zone, c.now, got, c.want)
		}
	}
}
