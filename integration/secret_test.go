package integration_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"github.com/memberpulse/hubspotplugin/integration"
)

const secretText = "pat-eu1-5f0e1d2c-3b4a-TOKEN"

// carrier holds a Secret where fmt cannot call its methods.
type carrier struct {
	inner  integration.Secret
	byName map[string]integration.Secret
}

func TestSecretShowsItselfNowhere(t *testing.T) {
	t.Parallel()
	secret := integration.NewSecret(secretText)
	settings := integration.NewSettings(nil, map[string]integration.Secret{"accessToken": secret})
	for name, v := range map[string]any{
		"the secret":    secret,
		"a pointer":     &secret,
		"a slice":       []integration.Secret{secret},
		"a struct":      carrier{secret, map[string]integration.Secret{"a": secret}},
		"settings":      settings,
		"stored":        integration.StoredSettings{Settings: settings},
		"a stored one":  &integration.StoredSettings{Settings: settings},
		"inside an any": map[string]any{"x": settings},
	} {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d"} {
			out := fmt.Sprintf(verb, v)
			if strings.Contains(out, "TOKEN") || strings.Contains(strings.ToLower(out), fmt.Sprintf("%x", "TOKEN")) {
				t.Errorf("%s formatted with %s holds the secret", name, verb)
			}
		}
		body, err := json.Marshal(v)
		if err != nil || strings.Contains(string(body), "TOKEN") {
			t.Errorf("%s in JSON: %v, or it holds the secret", name, err)
		}
		for _, handler := range []func(*strings.Builder) slog.Handler{
			func(b *strings.Builder) slog.Handler { return slog.NewTextHandler(b, nil) },
			func(b *strings.Builder) slog.Handler { return slog.NewJSONHandler(b, nil) },
		} {
			var out strings.Builder
			slog.New(handler(&out)).Error("x", "v", v, "err", errors.Join(fmt.Errorf("%v", v)))
			if strings.Contains(out.String(), "TOKEN") {
				t.Errorf("%s in a log holds the secret", name)
			}
		}
	}
}

func TestSecretReveals(t *testing.T) {
	t.Parallel()
	secret := integration.NewSecret(secretText)
	if secret.Reveal() != secretText || secret.IsZero() || secret.Hint() != "OKEN" {
		t.Errorf("hint %q, zero %v", secret.Hint(), secret.IsZero())
	}
	if fp := secret.Fingerprint(); len(fp) != 12 || fp != integration.NewSecret(secretText).Fingerprint() ||
		fp == integration.NewSecret(secretText+"x").Fingerprint() {
		t.Errorf("fingerprint %q", fp)
	}
	for _, none := range []integration.Secret{{}, integration.NewSecret("")} {
		if !none.IsZero() || none.Reveal() != "" || none.Hint() != "" || none.Fingerprint() != "" {
			t.Error("the zero Secret has a value")
		}
	}
	if integration.NewSecret("short").Hint() != "" {
		t.Error("the hint of a short secret tells too much")
	}
}
