package console_test

import (
	"testing"

	"github.com/memberpulse/hubspotplugin/integration"
	"github.com/memberpulse/hubspotplugin/integration/console"
)

func TestHealthWords(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		s    integration.Status
		want string
	}{
		{integration.Status{}, "Not connected"},
		{integration.Status{Connected: true, Health: integration.HealthOK}, "Live"},
		{integration.Status{Connected: true, Health: integration.HealthDegraded}, "Degraded"},
		{integration.Status{Connected: true, Health: integration.HealthFailing}, "Stopped"},
		{integration.Status{Connected: true, Health: integration.HealthFailing, Paused: true}, "Paused"},
		{integration.Status{Connected: true, Health: integration.HealthOff}, "Off"},
	} {
		if got := console.HealthWord(tc.s); got != tc.want {
			t.Errorf("%+v: %q", tc.s, got)
		}
	}
}

func TestProportionsFillTheLine(t *testing.T) {
	t.Parallel()
	for _, m := range []integration.MemberCounts{{InSync: 1}, {InSync: 3, NotIncluded: 3, NeedsAttention: 3, Waiting: 1}, {InSync: 1_000_000, Waiting: 7}, {Waiting: 2, NotIncluded: 1}} {
		if widths, total := console.Bars(m); total != 1000 {
			t.Errorf("%+v: %v add up to %d", m, widths, total)
		}
	}
	if widths, _ := console.Bars(integration.MemberCounts{}); widths != nil {
		t.Errorf("nobody: %v", widths)
	}
}
