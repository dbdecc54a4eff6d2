package console_test

import (
	"testing"
	"time"

	"github.com/memberpulse/hubspotplugin/integration/console"
)

func TestRelativeTimes(t *testing.T) {
	t.Parallel()
	zone := time.FixedZone("AEDT", 11*3600)
	for _, tc := range []struct {
		ago  time.Duration
		want string
	}{
		{0, "just now"}, {4 * time.Second, "just now"}, {-4 * time.Second, "just now"}, {12 * time.Second, "12 s ago"}, {90 * time.Second, "1 min ago"},
		{3 * time.Hour, "3 h ago"}, {25 * time.Hour, "22 Nov, 22:00"}, {400 * 24 * time.Hour, "19 Oct 2025"},
		{-90 * time.Second, "in 1 min, at 23:01"}, {-3 * time.Hour, "in 3 h, at 02:00"}, {-48 * time.Hour, "25 Nov, 23:00"},
	} {
		if got, _, _ := console.Relative(noon.Add(-tc.ago), noon, zone); got != tc.want {
			t.Errorf("%v ago: %q, want %q", tc.ago, got, tc.want)
		}
	}
	_, absolute, iso := console.Relative(noon, noon, zone)
	if absolute != "23 Nov 2026, 23:00:00 AEDT (23 Nov 12:00:00 UTC)" || iso != "2026-11-23T12:00:00Z" {
		t.Errorf("%q %q", absolute, iso)
	}
	if _, absolute, _ = console.Relative(noon, noon, time.UTC); absolute != "23 Nov 2026, 12:00:00 UTC" {
		t.Errorf("%q", absolute)
	}
	if got, _, iso := console.Relative(time.Time{}, noon, zone); got != "" || iso != "" {
		t.Errorf("no time: %q %q", got, iso)
	}
}

func TestNumbersAndEstimates(t *testing.T) {
	t.Parallel()
	for n, want := range map[int]string{0: "0", 999: "999", 1000: "1,000", 1234567: "1,234,567", -1234: "-1,234", -123: "-123"} {
		if got := console.Number(n); got != want {
			t.Errorf("%d: %q", n, got)
		}
	}
	if console.Count(1, "member", "members") != "1 member" || console.Count(1200, "member", "members") != "1,200 members" || console.Count(0, "member", "members") != "0 members" {
		t.Error("count")
	}
	for n, want := range map[int]string{0: "", 20: "less than a minute left", 95: "about 2 min left", 3600: "about 60 min left", 9000: "about 3 h left"} {
		if got := console.About(n); got != want {
			t.Errorf("%d: %q", n, got)
		}
	}
}
