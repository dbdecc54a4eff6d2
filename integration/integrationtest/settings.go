package integrationtest

import (
	"context"
	"database/sql"
	"errors"
	"maps"
	"slices"
	"testing"

	"github.com/memberpulse/hubspotplugin/integration"
)

// SettingsHarness is one SettingsStore under test, empty at first.
type SettingsHarness struct {
	Store integration.SettingsStore
	// Begin starts a transaction of the kind that Store writes in. Nil says that
	// the store ignores transactions: it is given none, and the rules about
	// rolling back do not apply.
	Begin func(ctx context.Context) (*sql.Tx, error)
}

// TestSettingsStore holds a SettingsStore to its contract, one subtest for each
// rule. newStore makes a new, empty store for each of them; they run in
// parallel.
func TestSettingsStore(t *testing.T, newStore func(t *testing.T) SettingsHarness) {
	hold(t, settingsRules(), newStore)
}

func settingsRules() []rule[SettingsHarness] {
	return []rule[SettingsHarness]{
		{"what is not there is not found", settingsNotFound},
		{"what is saved is loaded", settingsRoundTrip},
		{"values are kept to the letter", settingsOddValues},
		{"a save replaces", settingsReplace},
		{"a stale save is refused", settingsStale},
		{"one of many savers wins", settingsRace},
		{"tenants and integrations are apart", settingsIsolation},
		{"a secret knows when and by whom it was set", settingsSecretSince},
		{"forget destroys secrets only", settingsForget},
		{"forget without settings does nothing", settingsForgetNothing},
		{"a rollback undoes everything", settingsRollback},
		{"callers share no memory with the store", settingsAliasing},
	}
}

func (h SettingsHarness) save(t testing.TB, v integration.StoredSettings) (integration.StoredSettings, error) {
	t.Helper()
	var saved integration.StoredSettings
	err := beginFunc(h.Begin).within(t, func(tx *sql.Tx) (err error) {
		saved, err = h.Store.Save(t.Context(), tx, v)
		return err
	})
	return saved, err
}

func (h SettingsHarness) mustSave(t testing.TB, v integration.StoredSettings) integration.StoredSettings {
	t.Helper()
	saved, err := h.save(t, v)
	if err != nil {
		t.Fatalf("save at version %d: %v", v.Version, err)
	}
	return saved
}

func (h SettingsHarness) mustLoad(t testing.TB, clientID string, id integration.ID) integration.StoredSettings {
	t.Helper()
	loaded, err := h.Store.Load(t.Context(), clientID, id)
	if err != nil {
		t.Fatalf("load: %v", err)
	}
	return loaded
}

func (h SettingsHarness) mustForget(t testing.TB, clientID string, id integration.ID) {
	t.Helper()
	err := beginFunc(h.Begin).within(t, func(tx *sql.Tx) error { return h.Store.Forget(t.Context(), tx, clientID, id) })
	if err != nil {
		t.Fatalf("forget: %v", err)
	}
}

func (h SettingsHarness) wantNone(t testing.TB, clientID string, id integration.ID) {
	t.Helper()
	got, err := h.Store.Load(t.Context(), clientID, id)
	if !errors.Is(err, integration.ErrNotFound) {
		t.Errorf("load of what is not there: version %d, error %v; want ErrNotFound", got.Version, err)
	}
}

// wantSame compares everything but the values of secrets in its messages.
func wantSame(t testing.TB, what string, got, want integration.StoredSettings) {
	t.Helper()
	if got.ClientID != want.ClientID || got.Integration != want.Integration {
		t.Errorf("%s: place %s/%s, want %s/%s", what, got.ClientID, got.Integration, want.ClientID, want.Integration)
	}
	if got.Version != want.Version {
		t.Errorf("%s: version %d, want %d", what, got.Version, want.Version)
	}
	if got.UpdatedBy != want.UpdatedBy {
		t.Errorf("%s: updated by %q, want %q", what, got.UpdatedBy, want.UpdatedBy)
	}
	if !got.UpdatedAt.Equal(want.UpdatedAt) {
		t.Errorf("%s: updated at %v, want %v", what, got.UpdatedAt, want.UpdatedAt)
	}
	if changed := got.Settings.Changed(want.Settings); len(changed) > 0 {
		t.Errorf("%s: the values of %v differ", what, changed)
	}
	gotKeys := slices.Sorted(maps.Keys(got.SecretsSetAt))
	if wantKeys := slices.Sorted(maps.Keys(want.SecretsSetAt)); !slices.Equal(gotKeys, wantKeys) {
		t.Errorf("%s: SecretsSetAt has %v, want %v", what, gotKeys, wantKeys)
	}
	for key, at := range want.SecretsSetAt {
		if !got.SecretsSetAt[key].Equal(at) {
			t.Errorf("%s: secret %s set at %v, want %v", what, key, got.SecretsSetAt[key], at)
		}
	}
	if !maps.Equal(got.SecretsSetBy, want.SecretsSetBy) {
		t.Errorf("%s: SecretsSetBy %v, want %v", what, got.SecretsSetBy, want.SecretsSetBy)
	}
}

// sample is a first version with two plain values and two secrets.
func sample(clientID string, id integration.ID) integration.StoredSettings {
	return integration.StoredSettings{
		ClientID: clientID, Integration: id, UpdatedBy: "user-1",
		Settings: integration.NewSettings(
			map[string]string{"portalId": "12345678", "syncTags": "true"},
			map[string]integration.Secret{
				"accessToken":   integration.NewSecret("pat-eu1-0123456789-" + string(id)),
				"clientSecret1": integration.NewSecret("webhook-0123456789"),
			}),
	}
}

// with returns v with one secret replaced, for the next save by user.
func with(v integration.StoredSettings, key, secret, user string) integration.StoredSettings {
	secrets := v.Settings.Secrets()
	if secrets == nil {
		secrets = map[string]integration.Secret{}
	}
	secrets[key] = integration.NewSecret(secret)
	v.Settings = integration.NewSettings(v.Settings.Plain(), secrets)
	v.UpdatedBy = user
	return v
}
