package hubspot_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/memberpulse/hubspotplugin/hubspot"
)

func TestLimitsFromHeaders(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		headers map[string]string
		want    hubspot.Limits
	}{
		"all": {map[string]string{
			"X-HubSpot-RateLimit-Max": "190", "X-HubSpot-RateLimit-Remaining": "189",
			"X-HubSpot-RateLimit-Interval-Milliseconds": "10000",
			"X-HubSpot-RateLimit-Daily":                 "625000", "X-HubSpot-RateLimit-Daily-Remaining": "624999",
		}, hubspot.Limits{Max: 190, Remaining: 189, Window: 10 * time.Second, Daily: 625000, DailyRemaining: 624999}},
		"none": {nil, hubspot.Limits{}},
		"daily alone": {map[string]string{"X-HubSpot-RateLimit-Daily": "5", "X-HubSpot-RateLimit-Daily-Remaining": "4"},
			hubspot.Limits{Daily: 5, DailyRemaining: 4}},
		"no interval": {map[string]string{"X-HubSpot-RateLimit-Max": "100", "X-HubSpot-RateLimit-Remaining": "7"},
			hubspot.Limits{Max: 100, Remaining: 7, Window: 10 * time.Second}},
		"nonsense": {map[string]string{"X-HubSpot-RateLimit-Max": "-1", "X-HubSpot-RateLimit-Remaining": "many",
			"X-HubSpot-RateLimit-Daily": "99999999999999999999"}, hubspot.Limits{}},
		"zero": {map[string]string{"X-HubSpot-RateLimit-Max": "0"}, hubspot.Limits{}},
		"more left than there are": {map[string]string{"X-HubSpot-RateLimit-Max": "10", "X-HubSpot-RateLimit-Remaining": "99",
			"X-HubSpot-RateLimit-Interval-Milliseconds": "0"}, hubspot.Limits{Max: 10, Remaining: 10, Window: 10 * time.Second}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cl := against(t, func(w http.ResponseWriter, _ *http.Request) {
				for k, v := range c.headers {
					w.Header().Set(k, v)
				}
				_, _ = w.Write([]byte(`{"portalId":1}`))
			})
			if _, err := cl.AccountDetails(t.Context()); err != nil {
				t.Fatal(err)
			}
			got := cl.Limits()
			if got.At.IsZero() {
				t.Error("no time")
			}
			got.At = time.Time{}
			if got != c.want {
				t.Errorf("%+v, want %+v", got, c.want)
			}
		})
	}
}

func TestRetryAfterForms(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	for value, want := range map[string]time.Duration{
		"":                     0,
		"90":                   90 * time.Second,
		"-5":                   0,
		"soon":                 0,
		"1e9":                  0,
		"99999999":             24 * time.Hour,
		"99999999999999999999": 0,
		now.Add(time.Minute).Format(http.TimeFormat):      time.Minute,
		now.Add(-time.Minute).Format(http.TimeFormat):     0,
		now.Add(1000 * time.Hour).Format(http.TimeFormat): 24 * time.Hour,
	} {
		cl := against(t, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Retry-After", value)
			w.WriteHeader(477)
		}, func(c *hubspot.Config) { c.Now = func() time.Time { return now } })
		_, err := cl.AccountDetails(t.Context())
		if e := wantError(t, err); e.RetryAfter != want {
			t.Errorf("%q: %v, want %v", value, e.RetryAfter, want)
		}
	}
}
