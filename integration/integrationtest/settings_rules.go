package integrationtest

import (
	"database/sql"
	"errors"
	"maps"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/memberpulse/hubspotplugin/integration"
)

func settingsNotFound(t testing.TB, h SettingsHarness) {
	h.wantNone(t, tenantA, pluginA)
	h.mustSave(t, sample(tenantA, pluginA))
	h.wantNone(t, tenantB, pluginA)
	h.wantNone(t, tenantA, pluginB)
}

func settingsRoundTrip(t testing.TB, h SettingsHarness) {
	v := sample(tenantA, pluginA)
	saved := h.mustSave(t, v)
	if saved.Version != 1 {
		t.Errorf("first save: version %d, want 1", saved.Version)
	}
	if saved.UpdatedAt.IsZero() || saved.UpdatedBy != v.UpdatedBy {
		t.Errorf("first save: updated at %v by %q", saved.UpdatedAt, saved.UpdatedBy)
	}
	if changed := saved.Settings.Changed(v.Settings); len(changed) > 0 {
		t.Errorf("save returned other values of %v", changed)
	}
	for key := range v.Settings.Secrets() {
		if saved.SecretsSetAt[key].IsZero() || saved.SecretsSetBy[key] != v.UpdatedBy {
			t.Errorf("first save: secret %s set at %v by %q", key, saved.SecretsSetAt[key], saved.SecretsSetBy[key])
		}
	}
	wantSame(t, "load after save", h.mustLoad(t, tenantA, pluginA), saved)

	empty := h.mustSave(t, integration.StoredSettings{ClientID: tenantB, Integration: pluginA, UpdatedBy: "user-1"})
	wantSame(t, "settings without a value", h.mustLoad(t, tenantB, pluginA), empty)
}

func settingsOddValues(t testing.TB, h SettingsHarness) {
	odd := map[string]string{
		"quotes":      `'"` + "`" + `\' ; drop table x; --`,
		"placeholder": "? ?0 $1 :name {{.Schema}} %s",
		"unicode":     "Zürich 東京 \U0001F600 e\u0301",
		"space":       " leading and trailing ",
		"json":        `{"a":[null]}`,
	}
	secrets := map[string]integration.Secret{"long": integration.NewSecret(strings.Repeat("0123456789abcdef", 1000))}
	for key, value := range odd {
		secrets["secret-"+key] = integration.NewSecret(value)
	}
	v := sample(tenantA, pluginA)
	v.Settings = integration.NewSettings(odd, secrets)
	v.UpdatedBy = `o'neil?`
	saved := h.mustSave(t, v)
	loaded := h.mustLoad(t, tenantA, pluginA)
	wantSame(t, "odd values", loaded, saved)
	if changed := loaded.Settings.Changed(v.Settings); len(changed) > 0 {
		t.Errorf("the values of %v came back changed", changed)
	}
}

func settingsReplace(t testing.TB, h SettingsHarness) {
	saved := h.mustSave(t, sample(tenantA, pluginA))
	saved.UpdatedBy = "user-2"
	saved.Settings = integration.NewSettings(map[string]string{"portalId": "87654321"},
		map[string]integration.Secret{"accessToken": integration.NewSecret("pat-na1-replaced-0123456789")})
	again := h.mustSave(t, saved)
	if again.Version != 2 {
		t.Errorf("second save: version %d, want 2", again.Version)
	}
	loaded := h.mustLoad(t, tenantA, pluginA)
	wantSame(t, "load after the second save", loaded, again)
	if changed := loaded.Settings.Changed(saved.Settings); len(changed) > 0 {
		t.Errorf("a save is not a merge: the values of %v differ", changed)
	}
	if loaded.UpdatedBy != "user-2" {
		t.Errorf("updated by %q, want the second user", loaded.UpdatedBy)
	}
	if _, ok := loaded.SecretsSetAt["clientSecret1"]; ok {
		t.Error("a removed secret still has a time")
	}
}

func settingsStale(t testing.TB, h SettingsHarness) {
	refuse := func(what string, v integration.StoredSettings) {
		t.Helper()
		_, err := h.save(t, v)
		if !errors.Is(err, integration.ErrStale) {
			t.Errorf("%s: error %v, want ErrStale", what, err)
			return
		}
		for key, secret := range v.Settings.Secrets() {
			if strings.Contains(err.Error(), secret.Reveal()) {
				t.Errorf("%s: the error holds the secret %s", what, key)
			}
		}
	}
	ahead := sample(tenantA, pluginA)
	ahead.Version = 1
	refuse("a later version of nothing", ahead)
	h.wantNone(t, tenantA, pluginA)

	first := h.mustSave(t, sample(tenantA, pluginA))
	refuse("a first save beside another", sample(tenantA, pluginA))
	second := h.mustSave(t, with(first, "accessToken", "pat-eu1-second-0123456789", "user-2"))
	refuse("a save of an old version", with(first, "accessToken", "pat-eu1-stale-0123456789", "user-3"))
	future := with(second, "accessToken", "pat-eu1-future-0123456789", "user-3")
	future.Version++
	refuse("a save of a version to come", future)
	wantSame(t, "after refused saves", h.mustLoad(t, tenantA, pluginA), second)
}

func settingsRace(t testing.TB, h SettingsHarness) {
	const savers = 6
	for round, v := range []integration.StoredSettings{sample(tenantA, pluginA), {}} {
		if round > 0 {
			v = h.mustLoad(t, tenantA, pluginA)
		}
		before := v.Version
		errs := make([]error, savers)
		var wg sync.WaitGroup
		for i := range savers {
			wg.Go(func() { errs[i] = h.trySave(t, with(v, "accessToken", "pat-eu1-0123456789-racer", "racer")) })
		}
		wg.Wait()
		won := 0
		for _, err := range errs {
			switch {
			case err == nil:
				won++
			case !errors.Is(err, integration.ErrStale):
				t.Errorf("round %d: a loser got %v, want ErrStale", round, err)
			}
		}
		if won != 1 {
			t.Errorf("round %d: %d of %d savers of one version won, want 1", round, won, savers)
		}
		if got := h.mustLoad(t, tenantA, pluginA).Version; got != before+1 {
			t.Errorf("round %d: version %d, want %d", round, got, before+1)
		}
	}
}

// trySave is save for goroutines: nothing in it is fatal.
func (h SettingsHarness) trySave(t testing.TB, v integration.StoredSettings) error {
	if h.Begin == nil {
		_, err := h.Store.Save(t.Context(), nil, v)
		return err
	}
	tx, err := h.Begin(t.Context())
	if err != nil {
		return err
	}
	if _, err := h.Store.Save(t.Context(), tx, v); err != nil {
		_ = tx.Rollback()
		return err
	}
	return tx.Commit()
}

func settingsIsolation(t testing.TB, h SettingsHarness) {
	kept := map[string]integration.StoredSettings{}
	for _, tenant := range []string{tenantA, tenantB} {
		for _, id := range []integration.ID{pluginA, pluginB} {
			v := sample(tenant, id)
			kept[tenant+string(id)] = h.mustSave(t, with(v, "accessToken", "token of "+tenant+string(id), "user of "+tenant))
		}
	}
	// Change and forget in one place; three others must not notice.
	v := with(kept[tenantA+string(pluginA)], "accessToken", "token after a change", "user-9")
	h.mustSave(t, v)
	h.mustForget(t, tenantA, pluginA)
	for _, tenant := range []string{tenantA, tenantB} {
		for _, id := range []integration.ID{pluginA, pluginB} {
			if tenant == tenantA && id == pluginA {
				continue
			}
			wantSame(t, "a neighbour of "+tenant, h.mustLoad(t, tenant, id), kept[tenant+string(id)])
		}
	}
}

func settingsSecretSince(t testing.TB, h SettingsHarness) {
	first := h.mustSave(t, sample(tenantA, pluginA))

	// The other user changes a plain value and one secret.
	next := with(first, "accessToken", "pat-eu1-rotated-0123456789", "user-2")
	second := h.mustSave(t, next)
	if second.SecretsSetBy["accessToken"] != "user-2" || second.SecretsSetAt["accessToken"].Before(first.SecretsSetAt["accessToken"]) {
		t.Errorf("a changed secret: set at %v by %q; it was set just now by user-2",
			second.SecretsSetAt["accessToken"], second.SecretsSetBy["accessToken"])
	}
	if second.SecretsSetBy["clientSecret1"] != "user-1" || !second.SecretsSetAt["clientSecret1"].Equal(first.SecretsSetAt["clientSecret1"]) {
		t.Errorf("an unchanged secret: set at %v by %q, want %v by user-1",
			second.SecretsSetAt["clientSecret1"], second.SecretsSetBy["clientSecret1"], first.SecretsSetAt["clientSecret1"])
	}
	// What the caller claims about times and authors is not believed.
	forged := second
	forged.UpdatedBy = "user-3"
	forged.SecretsSetAt = map[string]time.Time{"accessToken": time.Unix(0, 0), "clientSecret1": time.Unix(0, 0)}
	forged.SecretsSetBy = map[string]string{"accessToken": "mallory", "clientSecret1": "mallory"}
	third := h.mustSave(t, forged)
	if !maps.Equal(third.SecretsSetBy, second.SecretsSetBy) || third.SecretsSetAt["accessToken"].Year() == 1970 {
		t.Errorf("a save without a new secret: SecretsSetBy %v, want %v", third.SecretsSetBy, second.SecretsSetBy)
	}
	wantSame(t, "load", h.mustLoad(t, tenantA, pluginA), third)
}

func settingsForget(t testing.TB, h SettingsHarness) {
	saved := h.mustSave(t, sample(tenantA, pluginA))
	h.mustForget(t, tenantA, pluginA)
	loaded := h.mustLoad(t, tenantA, pluginA)
	for key := range saved.Settings.Secrets() {
		if !loaded.Settings.Secret(key).IsZero() {
			t.Errorf("the secret %s is still there after Forget", key)
		}
	}
	if len(loaded.SecretsSetAt) > 0 || len(loaded.SecretsSetBy) > 0 {
		t.Errorf("after Forget: SecretsSetAt %v, SecretsSetBy %v", loaded.SecretsSetAt, loaded.SecretsSetBy)
	}
	if !maps.Equal(loaded.Settings.Plain(), saved.Settings.Plain()) {
		t.Errorf("plain values after Forget: %v, want %v", loaded.Settings.Plain(), saved.Settings.Plain())
	}
	if loaded.Version != saved.Version+1 {
		t.Errorf("version after Forget: %d, want %d", loaded.Version, saved.Version+1)
	}
	// A page that was open during the disconnect must not bring the secret back.
	if _, err := h.save(t, saved); !errors.Is(err, integration.ErrStale) {
		t.Errorf("a save from before Forget: %v, want ErrStale", err)
	}
	// Connecting again goes on from there.
	again := h.mustSave(t, with(loaded, "accessToken", saved.Settings.Secret("accessToken").Reveal(), "user-2"))
	if again.SecretsSetBy["accessToken"] != "user-2" {
		t.Errorf("a secret entered after Forget was set by %q, want user-2", again.SecretsSetBy["accessToken"])
	}
}

func settingsForgetNothing(t testing.TB, h SettingsHarness) {
	h.mustForget(t, tenantA, pluginA)
	h.wantNone(t, tenantA, pluginA)
	h.mustSave(t, sample(tenantA, pluginA)) // at version 0, as if nothing had happened
}

func settingsRollback(t testing.TB, h SettingsHarness) {
	if h.Begin == nil {
		return // the store has said that it ignores transactions
	}
	begin := beginFunc(h.Begin)
	save := func(v integration.StoredSettings) func(*sql.Tx) error {
		return func(tx *sql.Tx) error {
			_, err := h.Store.Save(t.Context(), tx, v)
			return err
		}
	}
	begin.undone(t, save(sample(tenantA, pluginA)), func() { h.wantNone(t, tenantA, pluginA) })
	h.wantNone(t, tenantA, pluginA)

	saved := h.mustSave(t, sample(tenantA, pluginA))
	begin.undone(t, save(with(saved, "accessToken", "pat-eu1-undone-0123456789", "user-2")), func() {
		wantSame(t, "during another transaction", h.mustLoad(t, tenantA, pluginA), saved)
	})
	wantSame(t, "after a save that was rolled back", h.mustLoad(t, tenantA, pluginA), saved)
	begin.undone(t, func(tx *sql.Tx) error { return h.Store.Forget(t.Context(), tx, tenantA, pluginA) }, nil)
	wantSame(t, "after a Forget that was rolled back", h.mustLoad(t, tenantA, pluginA), saved)
}

func settingsAliasing(t testing.TB, h SettingsHarness) {
	saved := h.mustSave(t, sample(tenantA, pluginA))
	want := h.mustLoad(t, tenantA, pluginA)
	spoil := func(v integration.StoredSettings) {
		for key := range v.SecretsSetBy {
			v.SecretsSetBy[key] = "spoilt"
			v.SecretsSetAt[key] = time.Unix(0, 0)
		}
	}
	reference := want
	reference.SecretsSetAt, reference.SecretsSetBy = maps.Clone(want.SecretsSetAt), maps.Clone(want.SecretsSetBy)
	spoil(saved)
	spoil(want)
	wantSame(t, "after the caller wrote into its maps", h.mustLoad(t, tenantA, pluginA), reference)
}
