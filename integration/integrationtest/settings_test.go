package integrationtest_test

import (
	"context"
	"database/sql"
	"errors"
	"maps"
	"sync"
	"testing"
	"time"

	"github.com/memberpulse/hubspotplugin/integration"
	"github.com/memberpulse/hubspotplugin/integration/integrationtest"
	"github.com/memberpulse/hubspotplugin/integration/pgstore"
	"github.com/memberpulse/hubspotplugin/migrations/migrationstest"
)

// memory is a correct store without transactions, but for its defects.
type memory struct {
	defects
	mu   sync.Mutex
	rows map[string]integration.StoredSettings
}

func newMemory(d defects) *memory {
	return &memory{defects: d, rows: map[string]integration.StoredSettings{}}
}

// defects of a memory, each a mistake that somebody could make.
type defects struct {
	oneTenant, oneIntegration    bool // the key lacks a part
	noVersionCheck               bool
	checkOutsideLock             bool // version checked, then written without the lock in between
	versionStays                 bool
	merges                       bool // keeps values that a save left out
	dropsSecrets                 bool
	trims                        bool // plain values lose their spaces
	ownError                     bool // for what is not found
	secretAlwaysNew              bool
	secretNeverNew               bool
	believesCaller               bool
	aliases                      bool
	forgetsNothing               bool
	forgetsEverything            bool
	forgetKeepsVersion           bool
	forgetCreates                bool
	forgetsAllTenants            bool
	staleErrorHoldsTheSecretText bool
}

func (m *memory) key(clientID string, id integration.ID) string {
	if m.oneTenant {
		clientID = ""
	}
	if m.oneIntegration {
		id = ""
	}
	return clientID + "/" + string(id)
}

func (m *memory) copyOf(v integration.StoredSettings) integration.StoredSettings {
	if !m.aliases {
		v.SecretsSetAt, v.SecretsSetBy = maps.Clone(v.SecretsSetAt), maps.Clone(v.SecretsSetBy)
	}
	return v
}

func (m *memory) Load(_ context.Context, clientID string, id integration.ID) (integration.StoredSettings, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	v, ok := m.rows[m.key(clientID, id)]
	if !ok && m.ownError {
		return v, errors.New("no rows")
	}
	if !ok {
		return v, integration.ErrNotFound
	}
	return m.copyOf(v), nil
}

func (m *memory) Save(_ context.Context, _ *sql.Tx, v integration.StoredSettings) (integration.StoredSettings, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	key := m.key(v.ClientID, v.Integration)
	old := m.rows[key]
	if old.Version != v.Version && !m.noVersionCheck {
		if m.staleErrorHoldsTheSecretText {
			return v, errors.Join(integration.ErrStale, errors.New(v.Settings.Secret("accessToken").Reveal()))
		}
		return v, integration.ErrStale
	}
	if m.checkOutsideLock {
		m.mu.Unlock()
		<-time.After(20 * time.Millisecond) // long enough for the others to check too
		m.mu.Lock()
	}
	m.settle(&v, old)
	m.rows[key] = m.copyOf(v)
	return v, nil
}

// settle fills in what the store decides.
func (m *memory) settle(v *integration.StoredSettings, old integration.StoredSettings) {
	now := time.Now()
	plain, secrets := v.Settings.Plain(), v.Settings.Secrets()
	if m.merges {
		merged := old.Settings.Plain()
		if merged == nil {
			merged = map[string]string{}
		}
		maps.Copy(merged, plain)
		plain = merged
	}
	if m.trims {
		for k, value := range plain {
			for len(value) > 0 && value[0] == ' ' {
				value = value[1:]
			}
			plain[k] = value
		}
	}
	if m.dropsSecrets {
		secrets = nil
	}
	at, by := map[string]time.Time{}, map[string]string{}
	for k, secret := range secrets {
		at[k], by[k] = now, v.UpdatedBy
		_, had := old.SecretsSetAt[k]
		same := secret.Reveal() == old.Settings.Secret(k).Reveal()
		if had && (same || m.secretNeverNew) && !m.secretAlwaysNew {
			at[k], by[k] = old.SecretsSetAt[k], old.SecretsSetBy[k]
		}
		if m.believesCaller && !v.SecretsSetAt[k].IsZero() {
			at[k], by[k] = v.SecretsSetAt[k], v.SecretsSetBy[k]
		}
	}
	v.Settings = integration.NewSettings(plain, secrets)
	v.SecretsSetAt, v.SecretsSetBy, v.UpdatedAt = at, by, now
	if !m.versionStays || v.Version == 0 {
		v.Version++
	}
}

func (m *memory) Forget(_ context.Context, _ *sql.Tx, clientID string, id integration.ID) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	for key, v := range m.rows {
		if key != m.key(clientID, id) && !m.forgetsAllTenants {
			continue
		}
		if m.forgetsEverything {
			delete(m.rows, key)
			continue
		}
		if !m.forgetsNothing {
			v.Settings = integration.NewSettings(v.Settings.Plain(), nil)
			v.SecretsSetAt, v.SecretsSetBy = nil, nil
		}
		if !m.forgetKeepsVersion {
			v.Version++
		}
		m.rows[key] = v
	}
	if _, ok := m.rows[m.key(clientID, id)]; !ok && m.forgetCreates {
		m.rows[m.key(clientID, id)] = integration.StoredSettings{ClientID: clientID, Integration: id, Version: 1}
	}
	return nil
}

func TestSettingsSuiteAcceptsACorrectStore(t *testing.T) {
	t.Parallel()
	integrationtest.TestSettingsStore(t, func(*testing.T) integrationtest.SettingsHarness {
		return integrationtest.SettingsHarness{Store: newMemory(defects{})}
	})
}

func TestSettingsSuiteCatches(t *testing.T) {
	t.Parallel()
	const (
		isolation = "tenants and integrations are apart"
		stale     = "a stale save is refused"
		forget    = "forget destroys secrets only"
		since     = "a secret knows when and by whom it was set"
		roundTrip = "what is saved is loaded"
	)
	for defect, tc := range map[string]struct {
		defects defects
		rule    string
	}{
		"one row for all tenants":      {defects{oneTenant: true}, "what is not there is not found"},
		"one row for all integrations": {defects{oneIntegration: true}, isolation},
		"no version check":             {defects{noVersionCheck: true}, stale},
		"check and write apart":        {defects{checkOutsideLock: true}, "one of many savers wins"},
		"the version stays":            {defects{versionStays: true}, "a save replaces"},
		"a save merges":                {defects{merges: true}, "a save replaces"},
		"secrets are dropped":          {defects{dropsSecrets: true}, roundTrip},
		"values are trimmed":           {defects{trims: true}, "values are kept to the letter"},
		"an error of its own":          {defects{ownError: true}, "what is not there is not found"},
		"every save sets all secrets":  {defects{secretAlwaysNew: true}, since},
		"a secret is set once":         {defects{secretNeverNew: true}, since},
		"the caller is believed":       {defects{believesCaller: true}, since},
		"maps are shared":              {defects{aliases: true}, "callers share no memory with the store"},
		"forget forgets nothing":       {defects{forgetsNothing: true}, forget},
		"forget forgets everything":    {defects{forgetsEverything: true}, forget},
		"forget keeps the version":     {defects{forgetKeepsVersion: true}, forget},
		"forget creates":               {defects{forgetCreates: true}, "forget without settings does nothing"},
		"forget hits the neighbours":   {defects{forgetsAllTenants: true}, isolation},
		"an error with the secret":     {defects{staleErrorHoldsTheSecretText: true}, stale},
	} {
		t.Run(defect, func(t *testing.T) {
			t.Parallel()
			wantBroken(t, broken(t, integrationtest.SettingsRules(), func() integrationtest.SettingsHarness {
				return integrationtest.SettingsHarness{Store: newMemory(tc.defects)}
			}), tc.rule)
		})
	}
}

// ownTransactions ignores the caller's transaction, as a store does that
// forgets to pass it on.
type ownTransactions struct {
	integration.SettingsStore
	begin func(ctx context.Context) (*sql.Tx, error)
}

func (o ownTransactions) Save(ctx context.Context, _ *sql.Tx, v integration.StoredSettings) (integration.StoredSettings, error) {
	tx, err := o.begin(ctx)
	if err != nil {
		return v, err
	}
	saved, err := o.SettingsStore.Save(ctx, tx, v)
	if err != nil {
		return saved, errors.Join(err, tx.Rollback())
	}
	return saved, tx.Commit()
}

func TestSettingsSuiteCatchesAnIgnoredTransaction(t *testing.T) {
	t.Parallel()
	key := make([]byte, pgstore.KeySize)
	key[0] = 1
	sealer, err := pgstore.NewSealer(key)
	if err != nil {
		t.Fatal(err)
	}
	got := broken(t, integrationtest.SettingsRules(), func() integrationtest.SettingsHarness {
		db := migrationstest.NewDB(t)
		begin := func(ctx context.Context) (*sql.Tx, error) { return db.DB.BeginTx(ctx, nil) }
		store := ownTransactions{pgstore.NewSettings(db, sealer, pgstore.Options{}), begin}
		return integrationtest.SettingsHarness{Store: store, Begin: begin}
	})
	wantBroken(t, got, "a rollback undoes everything")
	if len(got) != 1 {
		t.Errorf("rules broken: %q, want the one", got)
	}
}
