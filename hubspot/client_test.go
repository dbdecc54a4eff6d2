package hubspot_test

import (
	"math"
	"testing"
	"time"

	"github.com/memberpulse/hubspotplugin/hubspot"
	"github.com/memberpulse/hubspotplugin/hubspot/hubspottest"
)

func TestConfigIsValidated(t *testing.T) {
	t.Parallel()
	token := func() string { return "t" }
	for name, cfg := range map[string]hubspot.Config{
		"no token":         {},
		"version":          {Token: token, Version: "v3"},
		"reserve negative": {Token: token, Reserve: -0.1},
		"reserve over":     {Token: token, Reserve: 0.6},
		"reserve nan":      {Token: token, Reserve: math.NaN()},
		"timeout":          {Token: token, CallTimeout: -time.Second},
		"breaker":          {Token: token, BreakerOpenFor: -time.Second},
	} {
		if _, err := hubspot.NewClient(cfg); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}

func TestDefaults(t *testing.T) {
	t.Parallel()
	var empty hubspot.Config
	cfg := empty.WithDefaults()
	if cfg.BaseURL != hubspot.DefaultBaseURL || cfg.Version != hubspot.Version202603 || cfg.CallTimeout != 10*time.Second ||
		cfg.Reserve != 0.05 || cfg.Transport == nil || cfg.Logger == nil || cfg.Now == nil {
		t.Errorf("%+v", cfg)
	}
	if empty.Transport != nil || empty.Version != "" {
		t.Error("the original was changed")
	}
}

func TestConsoleIsTheSamePortal(t *testing.T) {
	t.Parallel()
	b := setup(t, hubspottest.Options{})
	d, err := b.client.Console().AccountDetails(t.Context())
	if err != nil || d.PortalID != testPortal {
		t.Fatalf("%+v, error %v", d, err)
	}
	if l := b.client.Limits(); l.Max != 190 || l != b.client.Console().Limits() {
		t.Errorf("limits are not shared: %+v", l)
	}
	if b.client.Version() != hubspot.Version202603 {
		t.Error("version")
	}
}

func TestTwoPortalsInOneProcess(t *testing.T) {
	t.Parallel()
	one, two := setup(t, hubspottest.Options{}), setup(t, hubspottest.Options{})
	one.sim.Inject(hubspottest.Fault{Status: 429})
	if _, err := one.client.AccountDetails(t.Context()); !hubspot.IsRateLimit(err) {
		t.Fatal(err)
	}
	if _, err := two.client.AccountDetails(t.Context()); err != nil {
		t.Errorf("the other portal is held back: %v", err)
	}
}
