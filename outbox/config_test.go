package outbox_test

import (
	"testing"
	"time"

	"github.com/memberpulse/hubspotplugin/outbox"
)

func TestConfig(t *testing.T) {
	t.Parallel()
	b := setup(t)
	for name, bad := range map[string]outbox.Config{
		"schema":       {Schema: `public"; drop table x; --`},
		"short lease":  {LeaseTTL: 10 * time.Second},
		"slow renewal": {RenewEvery: 20 * time.Second},
		"connections":  {MaxConns: 2},
		"batch":        {BatchSize: -1},
		"kind":         {Kinds: map[string]outbox.Kind{"outbox.raw": {}}},
		"time":         {Idle: -time.Second},
	} {
		if _, err := outbox.New(b.db, bad); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
	if _, err := outbox.New(nil, outbox.Config{}); err == nil {
		t.Error("no database: accepted")
	}
	full := outbox.Config{}.WithDefaults()
	if full.LeaseTTL != 30*time.Second || full.RenewEvery != 10*time.Second || full.BatchSize != 100 || full.MaxInFlight != 32 || full.Owner == "" {
		t.Errorf("%+v", full)
	}
}
