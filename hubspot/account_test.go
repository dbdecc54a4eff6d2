package hubspot_test

import (
	"testing"
	"time"

	"github.com/memberpulse/hubspotplugin/hubspot"
	"github.com/memberpulse/hubspotplugin/hubspot/hubspottest"
)

func TestAccountDetails(t *testing.T) {
	t.Parallel()
	bothVersions(t, func(t *testing.T, version func(*hubspot.Config)) {
		b := setup(t, hubspottest.Options{}, version)
		d, err := b.client.AccountDetails(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if d.PortalID != testPortal || d.AccountType != "STANDARD" || d.TimeZone != "US/Eastern" || d.UIDomain == "" ||
			d.DataHostingLocation == "" || d.CompanyCurrency != "USD" || d.UTCOffset > -4*time.Hour {
			t.Errorf("%+v", d)
		}
	})
}

func TestAccountDetailsWithoutPortalAreNone(t *testing.T) {
	t.Parallel()
	for _, body := range []string{`{}`, `{"portalId":0}`, `{"portalId":-3}`, `{"portalId":"x"}`} {
		cl := answering(t, 200, "application/json", body)
		if d, err := cl.AccountDetails(t.Context()); err == nil {
			t.Errorf("%s: %+v", body, d)
		}
	}
}

func TestZoneThatThisMachineDoesNotKnow(t *testing.T) {
	t.Parallel()
	noon := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	replies := []string{`{"portalId":1,"timeZone":"Moon/Crater","utcOffsetMilliseconds":7200000}`, `{"policyName":"DAILY"}`}
	cl := sequence(t, replies, func(c *hubspot.Config) { c.Now = func() time.Time { return noon } })
	if _, err := cl.AccountDetails(t.Context()); err != nil {
		t.Fatal(err)
	}
	_, err := cl.AccountDetails(t.Context())
	until, ok := hubspot.Until(err)
	if want := time.Date(2026, 11, 23, 22, 0, 0, 0, time.UTC); !ok || !until.Equal(want) {
		t.Errorf("until %v, want %v", until, want)
	}
}
