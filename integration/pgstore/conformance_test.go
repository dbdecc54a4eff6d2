package pgstore_test

import (
	"context"
	"crypto/rand"
	"database/sql"
	"slices"
	"testing"

	"github.com/uptrace/bun"

	"github.com/memberpulse/hubspotplugin/integration"
	"github.com/memberpulse/hubspotplugin/integration/integrationtest"
	"github.com/memberpulse/hubspotplugin/integration/pgstore"
	"github.com/memberpulse/hubspotplugin/migrations/migrationstest"
)

const (
	tenantA = "7d1f6c1e-5a0b-4c57-9f2e-0d6a4b1c2e3f"
	tenantB = "e0c9a7b4-1111-4222-8333-944445555666"
	hubspot = integration.ID("hubspot")
)

func newKey(t testing.TB) []byte {
	t.Helper()
	key := make([]byte, pgstore.KeySize)
	if _, err := rand.Read(key); err != nil {
		t.Fatal(err)
	}
	return key
}

func newSealer(t testing.TB, keys ...[]byte) *pgstore.Sealer {
	t.Helper()
	if len(keys) == 0 {
		keys = [][]byte{newKey(t)}
	}
	s, err := pgstore.NewSealer(keys[0], keys[1:]...)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func begin(db *bun.DB, opts *sql.TxOptions) func(ctx context.Context) (*sql.Tx, error) {
	return func(ctx context.Context) (*sql.Tx, error) { return db.DB.BeginTx(ctx, opts) }
}

func TestSettingsConform(t *testing.T) {
	t.Parallel()
	integrationtest.TestSettingsStore(t, func(t *testing.T) integrationtest.SettingsHarness {
		db := migrationstest.NewDB(t)
		return integrationtest.SettingsHarness{
			Store: pgstore.NewSettings(db, newSealer(t), pgstore.Options{}),
			Begin: begin(db, nil),
		}
	})
}

// The console's transaction may be stricter than the default.
func TestSettingsConformSerializable(t *testing.T) {
	t.Parallel()
	integrationtest.TestSettingsStore(t, func(t *testing.T) integrationtest.SettingsHarness {
		db := migrationstest.NewDB(t)
		return integrationtest.SettingsHarness{
			Store: pgstore.NewSettings(db, newSealer(t), pgstore.Options{}),
			Begin: begin(db, &sql.TxOptions{Isolation: sql.LevelSerializable}),
		}
	})
}

func TestAuditConform(t *testing.T) {
	t.Parallel()
	integrationtest.TestAuditLog(t, func(t *testing.T) integrationtest.AuditHarness {
		db := migrationstest.NewDB(t)
		log := pgstore.NewAudit(db, pgstore.Options{})
		return integrationtest.AuditHarness{
			Log: log, Begin: begin(db, nil),
			Records: func(ctx context.Context, clientID string, id integration.ID) ([]integration.AuditRecord, error) {
				records, err := log.Newest(ctx, clientID, id, 0)
				slices.Reverse(records)
				return records, err
			},
		}
	})
}

func TestSealerConforms(t *testing.T) {
	t.Parallel()
	integrationtest.TestSealer(t, func(t *testing.T) integrationtest.SealerHarness {
		return integrationtest.SealerHarness{Sealer: newSealer(t), Foreign: newSealer(t)}
	})
}
